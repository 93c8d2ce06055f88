"""A place kept for ten minutes while a name is typed."""

import hashlib
from datetime import datetime, timedelta
from typing import Any, NamedTuple

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
    then: tuple[Slot, Layanan] | None = None,
    along: Pemesanan | None = None,
    visit: Kunjungan | None = None,
    by: Any = None,
    now: datetime | None = None,
) -> Pemesanan:
    """Keep one place of a slot for ten minutes. The same `sender` and `key` get the same hold, however often they come.

    `then` is what requires its result, on the same day and afterwards: both are held or neither, and the later is
    returned. `along` is the booking of somebody on the same phone: the new one keeps its contact. `visit` is the
    person's visit of that day, which the new one joins: it replaces what is held there without a name. Raises Refused
    with the sentence: full, not yet or no longer bookable, closed at that time, four people on that phone already,
    too close to another time of that visit.
    """
    now = now or timezone.now()
    kunci = hashlib.sha256(f"{sender}:{key}".encode()).hexdigest()
    wishes = [Wish(slot, layanan, kunci)]
    if then:
        wishes.append(Wish(*then, hashlib.sha256(f"{kunci}:lalu".encode()).hexdigest()))
    try:
        return _hold(wishes, along=along, visit=visit, by=by, now=now)
    except IntegrityError:  # the same form for another slot at the same instant: the loser is rolled back
        first = _same(wishes)
        if first is None:
            raise
        return first


class Wish(NamedTuple):
    slot: Slot
    layanan: Layanan
    kunci: str


def _same(wishes: list[Wish]) -> Pemesanan | None:
    """What this form got before, if it was sent before."""
    rows = Pemesanan.objects.filter(kunci__in=[wish.kunci for wish in wishes]).select_related("kunjungan")
    found = {(row.kunci, row.slot_id, row.layanan_id): row for row in rows}
    if not found:
        return None
    asked = [(wish.kunci, wish.slot.pk, wish.layanan.pk) for wish in wishes]
    if set(found) != set(asked):
        raise Refused(_("Formulir ini sudah dipakai untuk jadwal lain. Muat ulang, lalu pilih lagi."))
    return found[asked[-1]]


@action
def _hold(wishes: list[Wish], *, along: Pemesanan | None, visit: Kunjungan | None, by: Any, now: datetime) -> Pemesanan:
    locked = {row.pk: row for row in lock(*(wish.slot.pk for wish in wishes), *_held_in(visit), now=now)}
    first = _same(wishes)
    if first:
        return first
    if visit:
        _let_go(visit, locked, but=wishes[0].slot, now=now)
    if along:
        place_of(along.sidik_kontak, wishes[0].slot.tanggal)  # said before a name is typed; made sure of afterwards
    rows: list[Pemesanan] = []
    for wish in wishes:
        slot = locked[wish.slot.pk]
        require_place(slot, wish.layanan, now)
        own = rows[0].kunjungan if rows else visit or _new_visit(slot, along, now)
        row = _keep(slot, wish, own, along=along, prasyarat=rows[-1] if rows else None, now=now)
        if visit or rows:
            require_fitting(row, slot, now)
        trace(row, "", by=by, at=now, tell=False)
        rows.append(row)
    return rows[-1]


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
    slot: Slot,
    wish: Wish,
    visit: Kunjungan,
    *,
    along: Pemesanan | None,
    prasyarat: Pemesanan | None,
    now: datetime,
) -> Pemesanan:
    if (visit.mpp_id, visit.tanggal) != (slot.antrean.mpp_id, slot.tanggal):
        raise Refused(_("Kunjungan itu untuk hari atau gedung lain. Pesan jadwal ini sendiri."))
    row = Pemesanan.objects.create(
        slot=slot,
        tanggal=slot.tanggal,
        layanan=wish.layanan,
        kunjungan=visit,
        prasyarat=prasyarat,
        kontak=along.kontak if along else "",
        kunci=wish.kunci,
        held_until=now + HOLD,
        created_at=now,
    )
    fill(slot, +1)
    return row
