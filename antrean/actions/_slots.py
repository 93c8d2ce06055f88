"""A slot under its lock, and its places that come free.

Whoever makes a slot scarcer locks its row first and lets holds that ran out lapse under that lock: what is left is then
true. Lock order: Slot by pk → DaftarTunggu → Sesi by pk → Loket → Kunjungan → call counter.
"""

import secrets
from datetime import datetime, timedelta

from ..models import Pemesanan, Slot
from ..states import StatusPesan, StatusTunggu
from ._places import fill, move
from ._waiting import offer_next, settle

QUIET = (timedelta(minutes=5), timedelta(minutes=20))  # nobody knows when a place given back is on sale again


def lock(*slots: int, now: datetime | None, but: int | None = None) -> list[Slot]:
    """Lock these slots in the order of their pk; holds that ran out by `now` lapse, except the one of `but`."""
    rows = Slot.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=slots).order_by("pk")
    locked = list(rows.select_related("antrean__gerai__mpp__wilayah", "antrean__gerai__instansi"))
    if now:
        for slot in locked:
            lapse_holds(slot, now, but)
    return locked


def lapse_holds(slot: Slot, now: datetime, but: int | None = None) -> int:
    over = Pemesanan.objects.filter(slot=slot, status=StatusPesan.DITAHAN, held_until__lte=now)
    rows = [row for row in over.select_related("kunjungan") if row.pk != but]
    for row in rows:
        move(row, StatusPesan.HANGUS, at=now, tell=False, ended_at=now)
        settle(row, StatusTunggu.TERLEWAT, at=now)
        fill(slot, -1)
        offer_next(slot, now)
    return len(rows)


def give_back(slot: Slot, now: datetime) -> None:
    """A booked place comes free: who waits for that day is offered it, else it is on sale, but not at once."""
    was_full = slot.terisi >= slot.kapasitas
    fill(slot, -1)
    if offer_next(slot, now) or not was_full:
        return
    least, most = QUIET
    quiet = least + timedelta(seconds=secrets.randbelow(int((most - least).total_seconds())))
    slot.quiet_until = now + min(quiet, max(slot.closes_at - now, timedelta(0)) / 2)
    slot.save(update_fields=["quiet_until"])
