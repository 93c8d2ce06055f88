"""Slots made from a line's weekly patterns, and made again when these change, without harming what is booked."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

from layanan.models import Layanan
from layanan.opening import Calendar, calendar
from mpp_portal.actions import action

from .models import Antrean, Pemesanan, PolaJadwal, Slot

PLANNED = ("selesai", "opens_at", "closes_at")


@action
def regenerate(antrean: Antrean, *, now: datetime | None = None) -> int:
    """Bring the slots ahead in line with the patterns; returns how many are new.

    A slot that is booked keeps the room for its bookings, also where the pattern has none any more. Closures and
    holidays leave the slots as they are: who books asks the hours of that instant.
    """
    now = now or timezone.now()
    wanted = {slot.mulai: slot for slot in _wanted(antrean, now)}
    ahead = Slot.objects.select_for_update(no_key=True).filter(antrean=antrean, mulai__gt=now).order_by("pk")
    changed = []
    for slot in ahead:  # locked: a booking made meanwhile is seen here, or sees the new capacity
        plan = wanted.pop(slot.mulai, None)
        new = {"kapasitas": max(slot.terisi, plan.kapasitas if plan else 0)}
        new |= {name: getattr(plan, name) for name in PLANNED} if plan else {}
        if any(getattr(slot, name) != value for name, value in new.items()):
            for name, value in new.items():
                setattr(slot, name, value)
            changed.append(slot)
    Slot.objects.bulk_update(changed, ["kapasitas", *PLANNED], batch_size=100)  # one by one they keep bookings waiting
    return len(Slot.objects.bulk_create(wanted.values(), ignore_conflicts=True))


def _wanted(antrean: Antrean, now: datetime) -> Iterator[Slot]:
    mpp = antrean.gerai.mpp
    today = mpp.today(now)
    for pola in antrean.pola.select_related("antrean"):
        for ahead in range(pola.hari_ke_depan + 1):
            tanggal = today + timedelta(days=ahead)
            if tanggal.weekday() == pola.hari:
                yield from (slot for slot in _of(pola, antrean, tanggal) if slot.mulai > now)


def _of(pola: PolaJadwal, antrean: Antrean, tanggal: date) -> Iterator[Slot]:
    mpp = antrean.gerai.mpp
    start, end = (datetime.combine(tanggal, clock, mpp.zone) for clock in (pola.mulai, pola.selesai))
    length = timedelta(minutes=pola.menit)
    while start + length <= end:
        yield Slot(
            antrean=antrean,
            tanggal=tanggal,
            mulai=start,
            selesai=start + length,
            kapasitas=pola.kapasitas,
            opens_at=pola.opens_at(tanggal, mpp),
            closes_at=start - timedelta(minutes=pola.batas_menit),
        )
        start += length


@dataclass(frozen=True)
class Day:
    """One date as somebody who books sees it: `free` slots with their places left, or why there are none."""

    tanggal: date
    free: list[Any]  # Slot with `sisa`
    reason: str = ""
    full: bool = False  # sold out: one may wait for a place

    @property
    def places(self) -> int:
        return sum(slot.sisa for slot in self.free)

    @property
    def all_collide(self) -> bool:
        """There are places, but none at a time that this person can keep."""
        return bool(self.free) and all(slot.bentrok for slot in self.free)


def days(antrean: Antrean, layanan: Layanan, *, now: datetime | None = None) -> list[Day]:
    """The dates that people can look at, from today to the farthest one that has slots. Four queries."""
    now = now or timezone.now()
    today = antrean.gerai.mpp.today(now)
    rows = _ahead(antrean, now)
    by_date = {tanggal: list(group) for tanggal, group in groupby(rows, key=attrgetter("tanggal"))}
    hours = calendar(antrean.gerai, layanan, since=now)
    last = max(by_date, default=today)
    dates = (today + timedelta(days=n) for n in range((last - today).days + 1))
    return [_day(tanggal, by_date.get(tanggal, []), hours, now) for tanggal in dates]


def day(antrean: Antrean, layanan: Layanan, tanggal: date, *, now: datetime | None = None) -> Day | None:
    """One of these dates; None where it is over or has no slots."""
    now = now or timezone.now()
    rows = _ahead(antrean, now, tanggal=tanggal)
    return _day(tanggal, rows, calendar(antrean.gerai, layanan, since=now), now) if rows else None


def _ahead(antrean: Antrean, now: datetime, **only: Any) -> list[Any]:
    rows: list[Any] = list(Slot.objects.ahead(antrean, now).filter(**only).order_by("mulai"))
    for slot in rows:
        slot.antrean = antrean
    return rows


@dataclass(frozen=True)
class Pair:
    """A date with the first two times of it that one person can keep, the second after the first; or why not."""

    tanggal: date
    first: Any = None  # Slot
    then: Any = None
    reason: str = ""


def pairs(first: tuple[Antrean, Layanan], then: tuple[Antrean, Layanan]) -> list[Pair]:
    """For what yields something and what requires it: the dates of both lines."""
    later = {day.tanggal: day for day in days(*then)}
    return [_pair(day, later[day.tanggal]) for day in days(*first) if day.tanggal in later]


def _pair(first: Day, then: Day) -> Pair:
    for early in first.free:
        late = next((slot for slot in then.free if slot.mulai >= early.frees_at), None)
        if late:
            return Pair(first.tanggal, early, late)
    reason = _("Tidak ada dua jam yang berurutan") if first.free and then.free else first.reason or then.reason
    return Pair(first.tanggal, reason=reason)


def mark(day: Day, others: Iterable[Pemesanan]) -> None:
    """Say of each time of this day which of the other bookings of the same person it collides with."""
    others = list(others)
    for slot in day.free:
        slot.bentrok = next((other for other in others if slot.collides_with(other.slot)), None)


def why_unserved(row: Pemesanan, *, at: datetime | None = None) -> str:
    """Why no loket serves at the time of this booking after all, or at `at`; empty where one does."""
    at = at or row.slot.mulai
    answer = calendar(row.slot.antrean.gerai, row.layanan, since=at).serving(at)
    return "" if answer else answer.reason.rstrip(".")


def _day(tanggal: date, rows: list[Any], hours: Calendar, now: datetime) -> Day:
    day = hours.day(tanggal)
    if not day.serving:
        return Day(tanggal, [], day.reason or next((cut.reason for cut in day.closures), _("Tutup")))
    sold = [slot for slot in rows if slot.kapasitas and hours.bookable(slot.mulai, now=now)]
    if not sold:
        return Day(tanggal, [], _("Tanpa jadwal: datang langsung"))
    if now < sold[0].opens_at:
        opens = timezone.localtime(sold[0].opens_at, hours.mpp.zone)
        return Day(tanggal, [], _("Belum dibuka: mulai %s") % f"{date_format(opens, 'l')} {time_format(opens)}")
    open_now = [slot for slot in sold if now < slot.closes_at]
    if not open_now:
        return Day(tanggal, [], _("Sudah terlalu dekat: datang langsung"))
    free = [slot for slot in open_now if slot.sisa > 0]
    return Day(tanggal, free, "" if free else _("Penuh"), full=not free)
