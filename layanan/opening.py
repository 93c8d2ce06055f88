"""Open or closed: one function, `calendars`, and four answers for any instant.

*hall open* · *loket serving* · *numbers given* · *bookable*, each with its reason and the next change. Precedence:
closure → special date → holiday and cuti bersama → Ramadan hours → gerai hours → MPP hours. Breaks and Friday prayer
are part of the hours: the hall is open, the loket do not serve. Everything is on the clock of the mall's own zone.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import holidays
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from .models import Gerai, HariLibur, JamBuka, Layanan, Mpp, Penutupan

HORIZON = 60  # days looked ahead for the next change
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Answer:
    """`yes`, why in a sentence for people, and the instant when the answer changes (None: not within 60 days)."""

    yes: bool
    reason: str
    changes_at: datetime | None = None

    def __bool__(self) -> bool:
        return self.yes


@dataclass(frozen=True)
class Span:
    """From `start` until just before `end`; `reason` says why, for a break or a closure."""

    start: datetime
    end: datetime
    reason: str = ""

    def __contains__(self, at: datetime) -> bool:
        return self.start <= at < self.end


@dataclass(frozen=True)
class Day:
    """One date of a place: what is open, the breaks inside, and one reason where nothing is open."""

    tanggal: date
    open: tuple[Span, ...] = ()
    breaks: tuple[Span, ...] = ()
    reason: str = ""
    note: str = ""

    @property
    def opens_at(self) -> datetime | None:
        return self.open[0].start if self.open else None

    @property
    def closes_at(self) -> datetime | None:
        return self.open[-1].end if self.open else None

    def serving(self) -> Iterator[Span]:
        """The open spans with the breaks cut out."""
        for span in self.open:
            yield from _without(span, self.breaks)


def _without(span: Span, cuts: Iterable[Span]) -> Iterator[Span]:
    start = span.start
    for cut in sorted(cuts, key=lambda cut: cut.start):
        if cut.end <= start or cut.start >= span.end:
            continue
        if cut.start > start:
            yield Span(start, cut.start, span.reason)
        start = max(start, cut.end)
    if start < span.end:
        yield Span(start, span.end, span.reason)


def _said(row: JamBuka | HariLibur | Penutupan, name: str) -> str:
    english = getattr(row, f"{name}_en") if get_language() == "en" else ""
    return english or getattr(row, name)


@dataclass
class Calendar:
    """The answers for one place: a mall, a gerai in it, or one layanan of that gerai."""

    mpp: Mpp
    hours: list[JamBuka]
    days_off: dict[date, HariLibur]
    closures: list[Penutupan]
    _days: dict[date, Day] = field(default_factory=dict)

    def day(self, tanggal: date) -> Day:
        if tanggal not in self._days:
            self._days[tanggal] = self._build(tanggal)
        return self._days[tanggal]

    def today(self, at: datetime | None = None) -> Day:
        return self.day(self.mpp.today(at))

    def hall(self, at: datetime) -> Answer:
        """Is the door open?"""
        day = self.today(at)
        for span in day.open:
            if at in span:
                return Answer(True, day.note or _("Buka"), span.end)
        return Answer(False, self._why_closed(at, day), self._next_start(at))

    def serving(self, at: datetime) -> Answer:
        """Do loket call people now?"""
        hall = self.hall(at)
        if not hall:
            return hall
        day = self.today(at)
        for pause in day.breaks:
            if at in pause:
                return Answer(False, pause.reason, pause.end)
        ends = [pause.start for pause in day.breaks if pause.start > at]
        return Answer(True, hall.reason, min([*ends, hall.changes_at or at]))

    def numbers(
        self, at: datetime, *, lead: timedelta, expected_turn: datetime | None = None, quota_left: int | None = None
    ) -> Answer:
        """Are numbers given? From `lead` before opening, also in a break; not once the day's work is given away."""
        day = self.today(at)
        ahead = [span for span in day.open if span.end > at]
        if not ahead:
            why = _("Loket sudah tutup hari ini.") if day.open else self._why_closed(at, day)
            return Answer(False, why, self._next_start(at, lead))
        if at < ahead[0].start - lead:
            when = timezone.localtime(ahead[0].start - lead, self.mpp.zone)
            return Answer(False, _("Nomor dibagikan mulai pukul %s.") % f"{when:%H.%M}", ahead[0].start - lead)
        if any(at in closure for closure in self._closed_spans(day.tanggal)):
            return Answer(False, self._why_closed(at, day), ahead[0].start)
        if quota_left is not None and quota_left <= 0:
            return Answer(False, _("Kuota hari ini sudah habis."), self._next_start(ahead[-1].end, lead))
        if expected_turn is not None and expected_turn >= ahead[-1].end:
            return Answer(
                False,
                _("Antrean hari ini sudah penuh: giliran Anda akan melewati jam tutup."),
                self._next_start(ahead[-1].end, lead),
            )
        return Answer(True, _("Nomor dibagikan"), ahead[-1].end)

    def bookable(self, at: datetime, *, now: datetime | None = None) -> Answer:
        """May this instant be promised to somebody? It lies ahead, and loket serve then."""
        if at <= (now or timezone.now()):
            return Answer(False, _("Waktu itu sudah lewat."))
        return self.serving(at)

    def after(self, start: datetime, minutes: float) -> datetime:
        """The instant when `minutes` of service have passed since `start`, breaks skipped; past closing it runs on."""
        left = timedelta(minutes=minutes)
        last = start
        for span in self.today(start).serving():
            if span.end <= start:
                continue
            begin = max(start, span.start)
            if begin + left < span.end:
                return begin + left
            left -= span.end - begin
            last = span.end
        return last + left

    def _build(self, tanggal: date) -> Day:
        rows, reason = self._rows(tanggal)
        if not rows:
            return Day(tanggal, reason=reason)
        windows = [Span(self._at(tanggal, row.buka), self._at(tanggal, row.tutup)) for row in rows]
        breaks = tuple(
            Span(self._at(tanggal, row.istirahat_mulai), self._at(tanggal, row.istirahat_selesai), self._break(row))
            for row in rows
            if row.istirahat_mulai and row.istirahat_selesai
        )
        closed = self._closed_spans(tanggal)
        spans = tuple(span for window in windows for span in _without(window, closed))
        note = next((_said(row, "keterangan") for row in rows if row.keterangan), "")
        return Day(tanggal, spans, breaks, "" if spans else closed[0].reason, note)

    def _rows(self, tanggal: date) -> tuple[list[JamBuka], str]:
        """The hours that hold on a date, or the reason why there are none."""
        special = self._dated(tanggal, JamBuka.Musim.KHUSUS)
        if special:
            return special, ""
        holiday = self._holiday(tanggal)
        if holiday:
            return [], _("Tutup: %s") % holiday
        ramadan = self._dated(tanggal, JamBuka.Musim.RAMADAN)
        if ramadan:
            return ramadan, ""
        weekly = [row for row in self.hours if row.musim == JamBuka.Musim.BIASA]
        own = [row for row in weekly if row.gerai_id] or weekly
        if not own:
            return [], _("Jam buka belum diisi. Tanyakan kepada petugas informasi.")
        rows = [row for row in own if row.hari == tanggal.weekday()]
        return rows, _("Tutup pada hari %s") % JamBuka.Hari(tanggal.weekday()).label

    def _dated(self, tanggal: date, musim: str) -> list[JamBuka]:
        rows = [
            row
            for row in self.hours
            if row.musim == musim
            and row.hari == tanggal.weekday()
            and row.dari
            and row.sampai
            and row.dari <= tanggal <= row.sampai
        ]
        return [row for row in rows if row.gerai_id] or rows

    def _holiday(self, tanggal: date) -> str:
        row = self.days_off.get(tanggal)
        if row:
            return "" if row.tetap_buka else _said(row, "nama")
        if any(known.tanggal.year == tanggal.year and known.mpp_id is None for known in self.days_off.values()):
            return ""  # the year is announced in our own data, so the date is an ordinary one
        return holidays.country_holidays("ID", years=tanggal.year).get(tanggal) or ""

    def _closed_spans(self, tanggal: date) -> list[Span]:
        start = datetime.combine(tanggal, datetime.min.time(), self.mpp.zone)
        end = start + timedelta(days=1)
        return [
            Span(max(start, row.mulai), min(end, row.selesai), _said(row, "alasan"))
            for row in self.closures
            if row.mulai < end and row.selesai > start
        ]

    def _why_closed(self, at: datetime, day: Day) -> str:
        for closure in self._closed_spans(day.tanggal):
            if at in closure:
                return closure.reason
        if not day.open:
            return day.reason
        return _("Belum buka") if at < day.open[-1].start else _("Sudah tutup hari ini")

    def _next_start(self, at: datetime, lead: timedelta = timedelta(0)) -> datetime | None:
        first = self.mpp.today(at)
        for ahead in range(HORIZON):
            for span in self.day(first + timedelta(days=ahead)).open:
                if span.start > at:
                    return span.start - lead
        return None

    def _at(self, tanggal: date, clock: object) -> datetime:
        return datetime.combine(tanggal, clock, self.mpp.zone)  # type: ignore[arg-type]

    def _break(self, row: JamBuka) -> str:
        until = f"{row.istirahat_selesai:%H.%M}"
        if row.hari == JamBuka.Hari.JUMAT:
            return _("Istirahat dan salat Jumat sampai pukul %s") % until
        return _("Istirahat sampai pukul %s") % until


def calendars(
    mpp: Mpp, gerai: Iterable[Gerai] = (), layanan: Layanan | None = None, since: datetime | None = None
) -> dict[int | None, Calendar]:
    """Calendars of a mall (key None) and of these gerai of it (key their id), in three queries.

    They answer for instants from `since` (yesterday, if none is given) on. With `layanan`, its own closures count too
    for its gerai.
    """
    since = since or timezone.now() - timedelta(days=1)
    places = {place.pk: place for place in gerai}
    hours = list(JamBuka.objects.filter(Q(mpp=mpp) | Q(gerai__in=places)))
    holidays_here = Q(mpp__isnull=True) | Q(mpp=mpp)
    days_off = {
        row.tanggal: row
        for row in HariLibur.objects.filter(holidays_here, tanggal__gte=date(since.year, 1, 1))
        .order_by(F("mpp").asc(nulls_first=True))
    }
    concerned = Q(mpp=mpp) | Q(gerai__in=places)
    if layanan:
        concerned |= Q(layanan=layanan)
    closures = list(Penutupan.objects.filter(concerned, selesai__gt=since).order_by("mulai"))
    return {
        key: Calendar(
            mpp=mpp,
            hours=[row for row in hours if row.gerai_id in (None, key)],
            days_off=days_off,
            closures=[row for row in closures if row.mpp_id or key == (row.gerai_id or (layanan and layanan.gerai_id))],
        )
        for key in [None, *places]
    }


def calendar(gerai: Gerai, layanan: Layanan | None = None) -> Calendar:
    """The calendar of one gerai, or of one layanan there."""
    return calendars(gerai.mpp, [gerai], layanan)[gerai.pk]
