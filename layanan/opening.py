"""Open or closed: one function, `calendars`, and four answers for any instant.

*hall open* · *loket serving* · *numbers given* · *bookable*, each with its reason and the next change. Precedence:
closure → special date → holiday and cuti bersama → Ramadan hours → gerai hours → MPP hours. Breaks and Friday prayer
are part of the hours: the hall is open, the loket do not serve. Everything is on the clock of the mall's own zone.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import chain
from operator import attrgetter
from typing import Any

import holidays
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from .models import Gerai, HariLibur, JamBuka, Layanan, Mpp, Penutupan

HORIZON = 60  # days looked ahead for the next change


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
    """One date of a place: when it is open, when loket serve, the breaks between, and why where nothing is open."""

    tanggal: date
    open: tuple[Span, ...] = ()
    serving: tuple[Span, ...] = ()
    breaks: tuple[Span, ...] = ()
    closures: tuple[Span, ...] = ()
    reason: str = ""
    note: str = ""

    @property
    def opens_at(self) -> datetime | None:
        return self.open[0].start if self.open else None

    @property
    def closes_at(self) -> datetime | None:
        return self.open[-1].end if self.open else None

    def giving(self, lead: timedelta) -> tuple[Span, ...]:
        """When numbers of this date are given: from `lead` before opening until loket serve for the last time."""
        if not self.serving:
            return ()
        opens = self.open[0].start
        midnight = opens.replace(hour=0, minute=0, second=0, microsecond=0)
        return _without([Span(max(midnight, opens - lead), self.serving[-1].end)], self.closures)


def _around(at: datetime, spans: Iterable[Span]) -> Span | None:
    return next((span for span in spans if at in span), None)


def _merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same instants in as few spans as possible, in their order."""
    merged: list[Span] = []
    for span in sorted(spans, key=lambda span: span.start):
        if merged and span.start <= merged[-1].end:
            merged[-1] = replace(merged[-1], end=max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return tuple(merged)


def _without(spans: Iterable[Span], cuts: Iterable[Span]) -> tuple[Span, ...]:
    pieces = list(spans)
    for cut in cuts:
        around = [
            (replace(span, end=min(span.end, cut.start)), replace(span, start=max(span.start, cut.end)))
            for span in pieces
        ]
        pieces = [piece for pair in around for piece in pair if piece.start < piece.end]
    return tuple(pieces)


@lru_cache(maxsize=32)
def _estimated_holidays(year: int, language: str) -> Mapping[date, str]:
    return dict(holidays.country_holidays("ID", years=year, language=language).items())


def said(row: Any, name: str) -> str:
    """A text of the catalogue in the language of who reads, without markup; Indonesian where it has no other."""
    english = getattr(row, f"{name}_en") if get_language() == "en" else ""
    return english or getattr(row, name)


@dataclass
class Calendar:
    """The answers for one place: a mall, a gerai in it, or one layanan of that gerai."""

    mpp: Mpp
    hours: list[JamBuka]
    days_off: dict[date, HariLibur]
    announced: frozenset[int]
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
        span = _around(at, day.open)
        if span:
            return Answer(True, day.note or _("Buka"), span.end)
        return Answer(False, self._why_closed(at, day), self._next(at, attrgetter("open")))

    def closed_early(self, at: datetime) -> bool:
        """Has a closure ended a day that would still be open, or is yet to open?"""
        day = self.today(at)
        return _around(at, day.closures) is not None and not any(span.end > at for span in day.open)

    def serving(self, at: datetime) -> Answer:
        """Do loket call people now?"""
        day = self.today(at)
        span = _around(at, day.serving)
        if span:
            return Answer(True, day.note or _("Buka"), span.end)
        pause = _around(at, day.breaks)
        reason = pause.reason if pause else self._why_closed(at, day)
        return Answer(False, reason, self._next(at, attrgetter("serving")))

    def numbers(
        self, at: datetime, *, lead: timedelta, expected_turn: datetime | None = None, quota_left: int | None = None
    ) -> Answer:
        """Are numbers given? From `lead` before opening, also in a break; not once the day's work is given away."""

        def given(day: Day) -> tuple[Span, ...]:
            return day.giving(lead)

        day = self.today(at)
        span = _around(at, given(day))
        if not span:
            return Answer(False, self._why_no_numbers(at, day, lead), self._next(at, given))
        ends = day.serving[-1].end
        if quota_left is not None and quota_left <= 0:
            return Answer(False, _("Kuota hari ini sudah habis."), self._next(ends, given))
        if expected_turn is not None and expected_turn >= ends:
            full = _("Antrean hari ini sudah penuh: giliran Anda akan melewati jam tutup.")
            return Answer(False, full, self._next(ends, given))
        return Answer(True, _("Nomor dibagikan"), span.end)

    def bookable(self, at: datetime, *, now: datetime | None = None) -> Answer:
        """May this instant be promised to somebody? It lies ahead, and loket serve then."""
        if at <= (now or timezone.now()):
            return Answer(False, _("Waktu itu sudah lewat."))
        return self.serving(at)

    def after(self, start: datetime, minutes: float) -> datetime:
        """The instant when `minutes` of service have passed since `start`, breaks skipped; past closing it runs on."""
        left = timedelta(minutes=minutes)
        last = start
        for span in self.today(start).serving:
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
        windows = [self._span(tanggal, row.buka, row.tutup) for row in rows]
        pauses = [self._pause(tanggal, row) for row in rows]
        pairs = zip(windows, pauses, strict=True)
        served = _merged(piece for window, pause in pairs for piece in _without([window], pause))
        closures = self._closures(tanggal)
        opened = _without(_merged(windows), closures)
        if windows and not opened:
            reason = next(cut.reason for cut in closures if _without(windows, [cut]) != tuple(windows))
        return Day(
            tanggal,
            open=opened,
            serving=_without(served, closures),
            breaks=_without(chain.from_iterable(pauses), [*served, *closures]),
            closures=closures,
            reason=reason,
            note=next((said(row, "keterangan") for row in rows if row.keterangan), ""),
        )

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
            return [], _("Jam buka belum diisi, tanyakan kepada petugas informasi")
        rows = [row for row in own if row.hari == tanggal.weekday()]
        return rows, "" if rows else _("Tutup pada hari %s") % JamBuka.Hari(tanggal.weekday()).label

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
            return "" if row.tetap_buka else said(row, "nama")
        if tanggal.year in self.announced:
            return ""
        return _estimated_holidays(tanggal.year, "en_US" if get_language() == "en" else "id").get(tanggal, "")

    def _closures(self, tanggal: date) -> tuple[Span, ...]:
        start = datetime.combine(tanggal, time.min, self.mpp.zone)
        end = start + timedelta(days=1)
        return tuple(
            Span(max(start, self.mpp.local(row.mulai)), min(end, self.mpp.local(row.selesai)), said(row, "alasan"))
            for row in self.closures
            if row.mulai < end and row.selesai > start
        )

    def _why_closed(self, at: datetime, day: Day) -> str:
        closure = _around(at, day.closures)
        if closure:
            return closure.reason
        if not day.open:
            return day.reason
        return _("Belum buka") if at < day.open[-1].start else _("Sudah tutup hari ini")

    def _why_no_numbers(self, at: datetime, day: Day, lead: timedelta) -> str:
        if not day.open or _around(at, day.closures):
            return self._why_closed(at, day)
        ahead = [span.start for span in day.giving(lead) if span.start > at]
        if ahead:
            return _("Nomor dibagikan mulai pukul %s.") % time_format(timezone.localtime(ahead[0], self.mpp.zone))
        return _("Loket sudah tutup hari ini.")

    def _next(self, at: datetime, spans: Callable[[Day], Iterable[Span]]) -> datetime | None:
        """The first start after `at` among these spans of the days ahead."""
        first = self.mpp.today(at)
        days = (self.day(first + timedelta(days=ahead)) for ahead in range(HORIZON))
        return next((span.start for day in days for span in spans(day) if span.start > at), None)

    def _span(self, tanggal: date, start: time, end: time, reason: str = "") -> Span:
        zone = self.mpp.zone
        return Span(datetime.combine(tanggal, start, zone), datetime.combine(tanggal, end, zone), reason)

    def _pause(self, tanggal: date, row: JamBuka) -> list[Span]:
        if not (row.istirahat_mulai and row.istirahat_selesai):
            return []
        friday = row.hari == JamBuka.Hari.JUMAT
        words = _("Istirahat dan salat Jumat sampai pukul %s") if friday else _("Istirahat sampai pukul %s")
        reason = words % time_format(row.istirahat_selesai)
        return [self._span(tanggal, row.istirahat_mulai, row.istirahat_selesai, reason)]


def calendars(
    mpp: Mpp,
    gerai: Iterable[Gerai] = (),
    layanan: Layanan | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> dict[int | None, Calendar]:
    """Calendars of a mall (key None) and of these gerai of it (key their id), in three queries.

    They answer for instants from the day before `since` (now, if none is given) to `until` (none: for ever). With
    `layanan`, its own closures count too for its gerai.
    """
    places = {place.pk: place for place in gerai}
    rows = _rows_of([mpp.pk], list(places), layanan.pk if layanan else None, since, until)
    return {key: rows.calendar(mpp, key, layanan) for key in [None, *places]}


def halls(malls: Collection[Mpp], since: datetime | None = None) -> dict[int, Calendar]:
    """The calendar of each of these malls by its id, in three queries however many they are."""
    rows = _rows_of([mpp.pk for mpp in malls], [], None, since)
    return {mpp.pk: rows.calendar(mpp) for mpp in malls}


@dataclass(frozen=True)
class _Rows:
    """What calendars are made of: hours, days off (the nation's first) and closures of several places."""

    hours: list[JamBuka]
    listed: list[HariLibur]
    closures: list[Penutupan]

    def calendar(self, mpp: Mpp, gerai_id: int | None = None, layanan: Layanan | None = None) -> Calendar:
        # A year is announced when its New Year's Day stands in our own list; other years are estimated by `holidays`.
        announced = frozenset(
            row.tanggal.year for row in self.listed if (row.tanggal.month, row.tanggal.day, row.mpp_id) == (1, 1, None)
        )
        closed = layanan.gerai_id if layanan else None
        return Calendar(
            mpp=mpp,
            hours=[row for row in self.hours if (row.mpp_id, row.gerai_id) in ((mpp.pk, None), (None, gerai_id))],
            days_off={row.tanggal: row for row in self.listed if row.mpp_id in (None, mpp.pk)},
            announced=announced,
            closures=[
                row
                for row in self.closures
                if (row.mpp_id == mpp.pk if row.mpp_id else gerai_id == (row.gerai_id or closed))
            ],
        )


def _rows_of(
    mpp_ids: list[int],
    gerai_ids: list[int],
    layanan_id: int | None,
    since: datetime | None,
    until: datetime | None = None,
) -> _Rows:
    """In SQL: every number given asks it, and composing it takes thrice as long."""
    since = (since or timezone.now()) - timedelta(days=1)
    first, last = since.date() - timedelta(days=1), until.date() + timedelta(days=1) if until else date.max
    malls, places = (", ".join(["%s"] * len(ids)) or "NULL" for ids in (mpp_ids, gerai_ids))
    here = f"mpp_id IN ({malls}) OR gerai_id IN ({places})"
    hours = JamBuka.objects.raw(
        f"SELECT * FROM {JamBuka._meta.db_table} WHERE {here} ORDER BY musim, hari, buka",  # noqa: S608
        [*mpp_ids, *gerai_ids],
    )
    days_off = HariLibur.objects.raw(
        f"SELECT id, tanggal, mpp_id, nama, nama_en, tetap_buka FROM {HariLibur._meta.db_table}"  # noqa: S608
        f" WHERE (mpp_id IS NULL OR mpp_id IN ({malls})) AND (tanggal BETWEEN %s AND %s OR tanggal = %s)"
        " ORDER BY mpp_id IS NOT NULL, tanggal",
        [*mpp_ids, first, last, date(since.year, 1, 1)],  # New Year's Day tells whether a year is announced
    )
    closures = Penutupan.objects.raw(
        f"SELECT * FROM {Penutupan._meta.db_table}"  # noqa: S608
        f" WHERE ({here} OR layanan_id = %s) AND selesai > %s ORDER BY mulai",
        [*mpp_ids, *gerai_ids, layanan_id, since],
    )
    return _Rows(list(hours), list(days_off), list(closures))


def calendar(
    gerai: Gerai, layanan: Layanan | None = None, since: datetime | None = None, until: datetime | None = None
) -> Calendar:
    """The calendar of one gerai, or of one layanan there."""
    return calendars(gerai.mpp, [gerai], layanan, since, until)[gerai.pk]
