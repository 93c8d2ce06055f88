"""Slots made from a line's weekly patterns, and made again when these change, without harming what is booked."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.utils import timezone

from mpp_portal.actions import action

from .models import Antrean, PolaJadwal, Slot


@action
def regenerate(antrean: Antrean, *, now: datetime | None = None) -> int:
    """Bring the slots ahead in line with the patterns; returns how many are new.

    A slot that is booked keeps the room for its bookings, also where the pattern has none any more. Closures and
    holidays leave the slots as they are: who books asks the hours of that instant.
    """
    now = now or timezone.now()
    wanted = {slot.mulai: slot for slot in _wanted(antrean, now)}
    ahead = Slot.objects.select_for_update(no_key=True).filter(antrean=antrean, mulai__gt=now).order_by("pk")
    for slot in ahead:  # locked: a booking made meanwhile is seen here, or sees the new capacity
        plan = wanted.pop(slot.mulai, None)
        slot.kapasitas = max(slot.terisi, plan.kapasitas if plan else 0)
        if plan:
            slot.selesai, slot.opens_at, slot.closes_at = plan.selesai, plan.opens_at, plan.closes_at
        slot.save(update_fields=["kapasitas", "selesai", "opens_at", "closes_at"])
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
