"""What becomes of a booking on its day: its holder arrives, or it lapses."""

import hashlib
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from layanan.models import Layanan
from layanan.opening import calendar
from mpp_portal.actions import Refused, action

from .. import order
from ..models import Pemesanan, Slot, Tiket
from ..states import StatusPesan
from ._persons import hand_on
from ._places import fill, move, read, require_step
from ._slots import lapse_holds, lock
from ._steps import issue, next_number

LATE = timedelta(minutes=60)  # after the promised time: the booking lapses, its holder takes a number like anybody


@action
def arrive(pemesanan: Pemesanan, *, by: Any = None, now: datetime | None = None) -> Tiket:
    """„Saya sudah datang“: a number with the promised time as its turn, or as a walk-in's when it is too late for that.

    Raises Refused on another day than the booked one, and when the booking has lapsed or was given up.
    """
    now = now or timezone.now()
    slot = lock(pemesanan.slot_id, now=now, but=pemesanan.pk)[0]
    row = read(pemesanan)
    if row.status == StatusPesan.HADIR and row.tiket:
        return row.tiket
    require_step(row, StatusPesan.HADIR)
    antrean, mpp = slot.antrean, slot.antrean.gerai.mpp
    if row.tanggal != mpp.today(now):
        raise Refused(_("Jadwal ini untuk hari lain. Periksa tanggalnya di bawah."))
    if now > slot.mulai + LATE:
        raise Refused(_("Jadwal Anda sudah lewat lebih dari satu jam. Silakan ambil nomor di aula."))
    sesi_id, nomor = next_number(antrean, row.tanggal)
    turn = slot.mulai if now <= slot.mulai + order.GRACE else _walk_in_turn(slot, row.layanan, sesi_id, now)
    kunci = hashlib.sha256(f"pemesanan:{row.pk}".encode()).hexdigest()
    given = {"asal": Tiket.Asal.PESAN, "prioritas": row.prioritas, "kunci": kunci}
    turns = {"giliran_pada": turn, "jadwal": slot.mulai}
    tiket = issue(antrean, row.kunjungan, row.layanan, sesi=sesi_id, nomor=nomor, by=by, at=now, **given, **turns)
    tiket.sekaligus.add(*row.sekaligus.filter(antrean=antrean))  # what has left the line since is arranged elsewhere
    move(row, StatusPesan.HADIR, by=by, at=now, tell=False, tiket=tiket)
    return tiket


def _walk_in_turn(slot: Slot, layanan: Layanan, sesi_id: int, now: datetime) -> datetime:
    antrean = slot.antrean
    waiting, last = order.line(sesi_id)
    booked = order.booked(antrean.pk, slot.tanggal)
    booked.remove(slot.mulai)  # one of these is the person who has come
    return order.walk_in_turn(
        antrean,
        calendar(antrean.gerai, layanan, since=now),
        now,
        waiting=waiting,
        last=last,
        loket=order.rostered(antrean),
        booked=booked,
    )


def lapse_bookings(*, now: datetime | None = None) -> int:
    """Let holds that ran out and bookings that nobody claimed lapse; returns how many. Beat only tidies with it."""
    now = now or timezone.now()
    rows = Pemesanan.objects.filter(status=StatusPesan.DITAHAN, held_until__lte=now)
    rows = rows | Pemesanan.objects.filter(status=StatusPesan.DIPESAN, slot__mulai__lt=now - LATE)
    slots = rows.order_by("slot_id").values_list("slot_id", flat=True).distinct()
    return sum(_lapse_in(pk, now) for pk in list(slots))


@action
def _lapse_in(slot_id: int, now: datetime) -> int:
    slot = lock(slot_id, now=None)[0]
    lapsed = lapse_holds(slot, now)
    if slot.mulai < now - LATE:
        for row in Pemesanan.objects.expected().filter(slot=slot).select_related("kunjungan"):
            move(row, StatusPesan.HANGUS, at=now, tell=row.told_at is None, ended_at=now)  # or we were not there
            fill(slot, -1)
            hand_on(row)
            lapsed += 1
    return lapsed
