"""The clocks of a report as people read them: by when, late or not, paused or not, and how the date came about."""

from dataclasses import dataclass
from datetime import date, datetime

from .models import Laporan, Tenggat
from .states import MENUNGGU_PELAPOR
from .workdays import PAUSE, Skipped


@dataclass(frozen=True)
class Shown:
    label: str
    office: str
    tanggal: date
    days: int
    source: str
    running: bool
    paused: bool
    late: bool
    skipped: list[Skipped]

    @property
    def paused_days(self) -> int:
        return sum(day.jenis == PAUSE for day in self.skipped)


def of(laporan: Laporan, now: datetime) -> list[Shown]:
    """Those that run and those that were met; in one query."""
    rows = laporan.tenggat.filter(dropped_at=None).select_related("kebijakan", "disposisi__gerai__instansi")
    return [_shown(row, now) for row in rows]


@dataclass(frozen=True)
class Summary:
    late: bool
    paused_days: int


def summary(laporan: Laporan, now: datetime) -> Summary:
    """Of a report whose `tenggat` were prefetched: is the office late, and how long was the reporter waited for?"""
    rows = [row for row in laporan.tenggat.all() if row.dropped_at is None and row.jenis not in MENUNGGU_PELAPOR]
    paused = {day[0] for row in rows for day in row.dilewati if day[1] == PAUSE}
    return Summary(any(row.is_running and row.is_late(now) for row in rows), len(paused))


def _shown(row: Tenggat, now: datetime) -> Shown:
    return Shown(
        label=row.kebijakan.label,
        office=row.disposisi.office if row.disposisi else "",
        tanggal=row.jatuh,
        days=row.kebijakan.hari_kerja,
        source=row.kebijakan.sumber,
        running=row.is_running,
        paused=row.paused_at is not None,
        late=row.is_late(now),
        skipped=[Skipped.from_stored(day) for day in row.dilewati],
    )
