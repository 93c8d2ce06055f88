"""A booking that moves to another time."""

import hashlib
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from mpp_portal.actions import Refused, action
from mpp_portal.notifikasi import actions as kabar

from ..models import Kunjungan, Pemesanan, Slot
from ..states import StatusPesan
from ._persons import again_on_collision, hand_on, others, place_of
from ._places import fill, move, read, require_fitting, require_place, require_step
from ._slots import give_back, lock
from ._waiting import satisfy
from .holding import HOLD


def reschedule(pemesanan: Pemesanan, slot: Slot, *, by: Any = None, now: datetime | None = None) -> Pemesanan:
    """Move a booking to another time of its line: the new place is sure before the old one is given back.

    A second tap gets the booking that the first one made.
    """
    now = now or timezone.now()
    return again_on_collision(
        lambda: _reschedule(pemesanan, slot, by=by, now=now), others(pemesanan, slot.tanggal, pemesanan.orang)
    )


@action
def _reschedule(pemesanan: Pemesanan, slot: Slot, *, by: Any, now: datetime) -> Pemesanan:
    slots = {row.pk: row for row in lock(pemesanan.slot_id, slot.pk, now=now, but=pemesanan.pk)}
    old = read(pemesanan)
    before, after = slots[old.slot_id], slots[slot.pk]
    if old.pengganti and old.pengganti.slot_id == after.pk:
        return old.pengganti
    if before.antrean_id != after.antrean_id or before == after:
        raise Refused(_("Pilih jam lain untuk layanan yang sama."))
    require_step(old, StatusPesan.DIJADWALKAN_ULANG)
    require_place(after, old.layanan, now)
    visit = old.kunjungan
    if after.tanggal != visit.tanggal:
        visit = Kunjungan.objects.create(
            mpp_id=visit.mpp_id, tanggal=after.tanggal, rombongan_id=visit.group_id, created_at=now
        )
    new = Pemesanan.objects.create(
        slot=after,
        tanggal=after.tanggal,
        layanan=old.layanan,
        kunjungan=visit,
        prasyarat=old.prasyarat,
        kunci=hashlib.sha256(f"pindah:{old.pk}".encode()).hexdigest(),
        held_until=now + HOLD,
        created_at=now,
    )
    move(old, StatusPesan.DIJADWALKAN_ULANG, by=by, at=now, tell=False, ended_at=now, pengganti=new)
    fill(after, +1)
    give_back(before, now)
    kabar.follow_along(visit._meta.label_lower, old.kunjungan_id, visit.pk, mpp_id=visit.mpp_id)
    person = {name: getattr(old, name) for name in ("nama", "kontak", "nik", "prioritas", "orang", "sidik_kontak")}
    new.sekaligus.add(*old.sekaligus.filter(antrean=after.antrean))
    old.lanjutan.update(prasyarat=new)
    urut = old.urut_kontak if visit.pk == old.kunjungan_id else place_of(old.sidik_kontak, after.tanggal)
    move(new, StatusPesan.DIPESAN, by=by, at=now, urut_kontak=urut, **person)
    satisfy(new, at=now)
    require_fitting(new, after, now)
    if visit.pk != old.kunjungan_id:
        hand_on(old)
    return new
