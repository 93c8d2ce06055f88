"""From a moment to a date some working days later, with every day that was skipped named.

The day on which a clock starts never counts, at whatever hour that was: day one is the next working day. So a report of
Friday 14 August 2026, 16.55 that is promised within one working day is due on Tuesday 18 August. Saturdays, Sundays,
national holidays, cuti bersama and holidays of the MPP's own region are no working days. A hall that stays open on a
holiday (`tetap_buka`) makes no working day of it: the offices behind the counters are closed.

A pause takes out every day it touches, the first and the last too; so a question asked on the last day leaves a day to
act once it is answered. Days are those of the MPP's own zone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

import holidays
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from layanan.models import HariLibur, Mpp

DAY = timedelta(days=1)
Span = tuple[datetime, datetime]
WEEKEND, HOLIDAY, PAUSE = "akhir_pekan", "libur", "jeda"


@dataclass(frozen=True)
class Skipped:
    """A day that did not count, and why. `nama` and `nama_en` are a holiday's own."""

    tanggal: date
    jenis: str
    nama: str = ""
    nama_en: str = ""

    @property
    def reason(self) -> str:
        if self.jenis == WEEKEND:
            return _("akhir pekan")
        if self.jenis == PAUSE:
            return _("jeda: menunggu pelapor")
        return (self.nama_en if get_language() == "en" else "") or self.nama

    def stored(self) -> list[str]:
        return [self.tanggal.isoformat(), self.jenis, self.nama, self.nama_en]

    @classmethod
    def from_stored(cls, row: list[str]) -> "Skipped":
        return cls(date.fromisoformat(row[0]), *row[1:])


@dataclass(frozen=True)
class Due:
    """The last day, the instant from which it is late, and the days on the way that did not count."""

    tanggal: date
    at: datetime
    skipped: tuple[Skipped, ...] = ()


@lru_cache(maxsize=32)
def _estimated(year: int) -> Mapping[date, tuple[str, str]]:
    """What PyPI's `holidays` knows of a year that our own list does not hold yet."""
    named = [
        holidays.country_holidays("ID", years=year, language=language, categories=("public", "government"))
        for language in ("id", "en_US")
    ]
    return {day: (name, named[1].get(day, "")) for day, name in named[0].items()}


@dataclass
class Workdays:
    """The working days of one MPP. `of` reads its holidays once; every question after that is arithmetic."""

    mpp: Mpp
    days_off: Mapping[date, HariLibur]
    announced: frozenset[int] = field(default_factory=frozenset)

    @classmethod
    def of(cls, mpp: Mpp) -> "Workdays":
        rows = list(HariLibur.objects.filter(Q(mpp=None) | Q(mpp=mpp), tetap_buka=False))
        # As in layanan.opening: a year is announced when its New Year's Day stands in our own list.
        announced = (
            row.tanggal.year for row in rows if (row.tanggal.month, row.tanggal.day, row.mpp_id) == (1, 1, None)
        )
        return cls(mpp, {row.tanggal: row for row in rows}, frozenset(announced))

    def skipped(self, tanggal: date) -> Skipped | None:
        """Why this date is no working day, or None. A holiday on a weekend is named as the holiday."""
        row: Any = self.days_off.get(tanggal)
        if row:
            return Skipped(tanggal, HOLIDAY, row.nama, row.nama_en)
        if tanggal.year not in self.announced and tanggal in _estimated(tanggal.year):
            return Skipped(tanggal, HOLIDAY, *_estimated(tanggal.year)[tanggal])
        return Skipped(tanggal, WEEKEND) if tanggal.weekday() >= 5 else None

    def due(self, start: datetime, days: int, pauses: Iterable[Span] = ()) -> Due:
        """`days` working days after the day of `start`."""
        paused = [(self.mpp.today(begin), self.mpp.today(end)) for begin, end in pauses]
        tanggal, left, passed = self.mpp.today(start), days, []
        while left:
            tanggal += DAY
            why = self.skipped(tanggal)
            if why is None and any(begin <= tanggal <= end for begin, end in paused):
                why = Skipped(tanggal, PAUSE)
            if why:
                passed.append(why)
            else:
                left -= 1
        return Due(tanggal, datetime.combine(tanggal + DAY, time.min, self.mpp.zone), tuple(passed))

    def left(self, now: datetime, due: date) -> int:
        """Working days from today until `due`, today not counted; negative when it is past."""
        today = self.mpp.today(now)
        first, last = sorted((today, due))
        count = sum(self.skipped(first + DAY * n) is None for n in range(1, (last - first).days + 1))
        return count if today <= due else -count
