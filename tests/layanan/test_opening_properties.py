"""Whatever the hours, breaks and closures: the answers agree with reading the rows minute by minute."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from layanan.models import JamBuka, Mpp, Penutupan, Wilayah
from layanan.opening import Calendar

ZONE = ZoneInfo("Asia/Makassar")
MONDAY = datetime(2026, 11, 23, tzinfo=ZONE)
MINUTE = timedelta(minutes=1)
LEAD = timedelta(minutes=45)

unhurried = settings(deadline=None, max_examples=60)  # every example walks a day minute by minute

clocks = st.integers(0, 1439)


@st.composite
def rows(draw):
    """One window of Monday or Tuesday, perhaps with a break inside."""
    opens, first, last, closes = sorted(draw(st.lists(clocks, min_size=4, max_size=4, unique=True)))
    rests = draw(st.booleans())
    return JamBuka(
        musim="biasa",
        hari=draw(st.integers(0, 1)),
        buka=_clock(opens),
        tutup=_clock(closes),
        istirahat_mulai=_clock(first) if rests else None,
        istirahat_selesai=_clock(last) if rests else None,
    )


@st.composite
def closures(draw):
    start, end = sorted(draw(st.lists(st.integers(-600, 3480), min_size=2, max_size=2, unique=True)))
    return Penutupan(mulai=MONDAY + start * MINUTE, selesai=MONDAY + end * MINUTE, alasan="Rapat")


def _clock(minute: int) -> time:
    return time(minute // 60, minute % 60)


calendars = st.builds(
    lambda hours, closed: Calendar(
        mpp=Mpp(wilayah=Wilayah(zona="Asia/Makassar")),
        hours=hours,
        days_off={},
        announced=frozenset({2026, 2027}),
        closures=closed,
    ),
    st.lists(rows(), min_size=1, max_size=3),
    st.lists(closures(), max_size=2),
)
instants = st.integers(0, 2879).map(lambda minute: MONDAY + minute * MINUTE)


def hall(calendar: Calendar, at: datetime) -> bool:
    return _not_closed(calendar, at) and any(_inside(row, at) for row in calendar.hours)


def serving(calendar: Calendar, at: datetime) -> bool:
    return _not_closed(calendar, at) and any(_inside(row, at) and not _resting(row, at) for row in calendar.hours)


def numbers(calendar: Calendar, at: datetime) -> bool:
    midnight = at.replace(hour=0, minute=0)
    day = [midnight + minute * MINUTE for minute in range(1440)]
    opens = next((instant for instant in day if hall(calendar, instant)), None)
    last = next((instant for instant in reversed(day) if serving(calendar, instant)), None)
    return opens is not None and last is not None and opens - LEAD <= at <= last and _not_closed(calendar, at)


def _inside(row: JamBuka, at: datetime) -> bool:
    return row.hari == at.weekday() and row.buka <= at.time() < row.tutup


def _resting(row: JamBuka, at: datetime) -> bool:
    return row.istirahat_mulai is not None and row.istirahat_mulai <= at.time() < row.istirahat_selesai


def _not_closed(calendar: Calendar, at: datetime) -> bool:
    return not any(row.mulai <= at < row.selesai for row in calendar.closures)


@unhurried
@given(calendars, instants)
def test_hall_and_loket_agree_with_the_rows(calendar, at):
    assert calendar.hall(at).yes is hall(calendar, at)
    assert calendar.serving(at).yes is serving(calendar, at)


@unhurried
@given(calendars, instants)
def test_numbers_agree_with_the_rows(calendar, at):
    assert calendar.numbers(at, lead=LEAD).yes is numbers(calendar, at)


@unhurried
@given(calendars, instants)
def test_the_next_change_is_the_first_change(calendar, at):
    answers = [calendar.hall, calendar.serving, lambda instant: calendar.numbers(instant, lead=LEAD)]
    for ask in answers:
        answer = ask(at)
        until = answer.changes_at or at + timedelta(days=14)
        assert until > at
        instant = at
        while instant < min(until, at + timedelta(days=1)):
            assert ask(instant).yes is answer.yes
            instant += MINUTE
        if answer.changes_at:
            assert ask(answer.changes_at).yes is not answer.yes


@unhurried
@given(calendars, instants, st.integers(0, 600))
def test_service_minutes_are_counted_one_by_one(calendar, start, minutes):
    end = calendar.after(start, minutes)
    day = calendar.today(start)
    inside = [start + MINUTE * step for step in range(1440) if (start + MINUTE * step).date() == day.tanggal]
    served = sum(serving(calendar, instant) for instant in inside if instant < end)
    ahead = sum(serving(calendar, instant) for instant in inside)
    assert end >= start
    assert served == min(minutes, ahead)


@unhurried
@given(calendars, st.integers(0, 1))
def test_open_is_serving_plus_breaks(calendar, ahead):
    day = calendar.day(date(2026, 11, 23) + timedelta(days=ahead))
    total = sum((span.end - span.start for span in day.open), timedelta())
    assert total == sum((span.end - span.start for span in day.serving), timedelta()) + sum(
        (MINUTE for minute in range(1440) if any(_at(day, minute) in pause for pause in day.breaks)), timedelta()
    )


def _at(day, minute: int) -> datetime:
    return datetime.combine(day.tanggal, _clock(minute), ZONE)
