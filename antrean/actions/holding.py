"""A place kept for ten minutes while a name is typed."""

import hashlib
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _

from layanan.models import Layanan
from mpp_portal.actions import Refused, action

from ..models import Kunjungan, Pemesanan, Slot
from ..states import StatusPesan
from ._persons import place_of
from ._places import fill, move, require_fitting, require_place, trace
from ._slots import lock
from ._waiting import offer_next

HOLD = timedelta(minutes=10)  # to type one's name


def hold(
    slot: Slot,
    layanan: Layanan,
    *,
    sender: str,
    key: str,
    along: Pemesanan | None = None,
    visit: Kunjungan | None = None,
    by: Any = None,
    now: datetime | None = None,
) -> Pemesanan:
    """Keep one place of a slot for ten minutes. The same `sender` and `key` get the same hold, however often they come.

    `along` is the booking of somebody on the same phone: the new one keeps its contact. `visit` is the person's visit
    of that day, which the new one joins: it replaces what is held there without a name. Raises Refused with the
    sentence: full, not yet or no longer bookable, closed at that time, four people on that phone already, too close
    to another time of that visit.
    """
    now = now or timezone.now()
    kunci = hashlib.sha256(f"{sender}:{key}".encode()).hexdigest()
    try:
        return _hold(slot, layanan, kunci=kunci, along=along, visit=visit, by=by, now=now)
    except IntegrityError:  # the same form for another slot at the same instant: the loser is rolled back
        first = Pemesanan.objects.filter(kunci=kunci).select_related("kunjungan").first()
        if first is None:
            raise
        return _same(first, slot, layanan)


def _same(first: Pemesanan, slot: Slot, layanan: Layanan) -> Pemesanan:
    if (first.slot_id, first.layanan_id) != (slot.pk, layanan.pk):
        raise Refused(_("Formulir ini sudah dipakai untuk jadwal lain. Muat ulang, lalu pilih lagi."))
    return first


@action
def _hold(
    slot: Slot,
    layanan: Layanan,
    *,
    kunci: str,
    along: Pemesanan | None,
    visit: Kunjungan | None,
    by: Any,
    now: datetime,
) -> Pemesanan:
    locked = {row.pk: row for row in lock(slot.pk, *_held_in(visit), now=now)}
    slot = locked[slot.pk]
    first = Pemesanan.objects.filter(kunci=kunci).select_related("kunjungan").first()
    if first:
        return _same(first, slot, layanan)
    if visit:
        _let_go(visit, locked, but=slot, now=now)
    require_place(slot, layanan, now)
    if along:
        place_of(along.sidik_kontak, slot.tanggal)  # said before a name is typed; made sure of when it is confirmed
    row = _keep(slot, layanan, visit or _new_visit(slot, along, now), along=along, kunci=kunci, now=now)
    if visit:
        require_fitting(row, slot, now)
    trace(row, "", by=by, at=now, tell=False)
    return row


def _held_in(visit: Kunjungan | None) -> list[int]:
    """The slots of what is held in a visit and has no name yet."""
    rows = Pemesanan.objects.filter(kunjungan=visit, status=StatusPesan.DITAHAN, nama="")
    return list(rows.values_list("slot_id", flat=True)) if visit else []


def _let_go(visit: Kunjungan, locked: dict[int, Slot], *, but: Slot, now: datetime) -> None:
    """Who chooses another time no longer needs the one that they were about to confirm; `but` is what they choose."""
    rows = Pemesanan.objects.filter(kunjungan=visit, status=StatusPesan.DITAHAN, nama="", slot__in=locked)
    for row in rows.select_related("kunjungan"):
        move(row, StatusPesan.BATAL, at=now, tell=False, ended_at=now)
        fill(locked[row.slot_id], -1)
        if row.slot_id != but.pk:
            offer_next(locked[row.slot_id], now)


def _new_visit(slot: Slot, along: Pemesanan | None, now: datetime) -> Kunjungan:
    return Kunjungan.objects.create(
        mpp_id=slot.antrean.mpp_id,
        tanggal=slot.tanggal,
        rombongan_id=along.kunjungan.group_id if along else None,
        created_at=now,
    )


def _keep(
    slot: Slot, layanan: Layanan, visit: Kunjungan, *, along: Pemesanan | None, kunci: str, now: datetime
) -> Pemesanan:
    if (visit.mpp_id, visit.tanggal) != (slot.antrean.mpp_id, slot.tanggal):
        raise Refused(_("Kunjungan itu untuk hari atau gedung lain. Pesan jadwal ini sendiri."))
    row = Pemesanan.objects.create(
        slot=slot,
        tanggal=slot.tanggal,
        layanan=layanan,
        kunjungan=visit,
        kontak=along.kontak if along else "",
        kunci=kunci,
        held_until=now + HOLD,
        created_at=now,
    )
    fill(slot, +1)
    return row
