"""The private steps of a booking: whether a slot has a place, and the walk of a booking's states, under its lock."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from layanan.models import Layanan
from layanan.opening import Answer, calendar, said
from mpp_portal.actions import Refused
from mpp_portal.models import record
from mpp_portal.siaran.bus import wake

from ..models import Kunjungan, Pemesanan, Slot
from ..states import MEMEGANG, NEXT_PESAN, StatusPesan


def require_place(slot: Slot, layanan: Layanan, now: datetime) -> None:
    """Raise Refused unless one more person may have this time. The slot is locked."""
    if now < slot.opens_at:
        raise Refused(_("Jadwal hari itu belum dibuka. Pilih hari yang lebih dekat."))
    if now >= slot.closes_at:
        raise Refused(_("Jam itu sudah tidak bisa dipesan. Pilih jam lain, atau datang langsung."))
    require_served(slot, layanan, now)
    if slot.terisi >= slot.kapasitas or slot.is_quiet(now):
        clock = time_format(timezone.localtime(slot.mulai, slot.antrean.gerai.mpp.zone))
        raise Refused(_("Jadwal pukul %s baru saja penuh. Pilih jam lain di bawah.") % clock)


def require_fitting(row: Pemesanan, slot: Slot, now: datetime) -> None:
    """Raise Refused where the person of this visit cannot keep `row`, at `slot`, beside their other times.

    Locks the visit: two bookings of one person, each under the lock of its own slot, see each other here.
    """
    Kunjungan.objects.select_for_update(no_key=True).get(pk=row.kunjungan_id)
    others = Pemesanan.objects.occupying(row.kunjungan, now).exclude(pk=row.pk)
    other = next((other for other in others if slot.collides_with(other.slot)), None)
    if other:
        gerai = other.slot.antrean.gerai
        clock = time_format(timezone.localtime(other.slot.mulai, gerai.mpp.zone))
        raise Refused(
            _("Jam itu bentrok dengan jadwal Anda di %(gerai)s pukul %(jam)s. Pilih jam lain.")
            % {"gerai": gerai.instansi.singkatan, "jam": clock}
        )
    _require_order(row, slot)


def _require_order(row: Pemesanan, slot: Slot) -> None:
    """What yields a document comes before what requires it."""
    first = row.prasyarat
    if first and first.status in MEMEGANG and slot.mulai < first.slot.frees_at:
        raise _reversed(first.layanan, row.layanan)
    for later in row.lanjutan.holding():
        if later.slot.mulai < slot.frees_at:
            raise _reversed(row.layanan, later.layanan)


def _reversed(first: Layanan, then: Layanan) -> Refused:
    names = {"dahulu": said(first.jenis, "nama"), "lalu": said(then.jenis, "nama")}
    return Refused(_("%(dahulu)s harus selesai sebelum %(lalu)s. Pilih jam lain.") % names)


def require_served(slot: Slot, layanan: Layanan, now: datetime) -> None:
    """Raise Refused where loket do not serve at that time: a closure acts at once, also on a time that is held."""
    answer = served(slot, layanan, now)
    if not answer:
        raise Refused(_("Loket tidak melayani pada jam itu: %s. Pilih jam lain.") % answer.reason.rstrip("."))


def served(slot: Slot, layanan: Layanan, now: datetime) -> Answer:
    return calendar(slot.antrean.gerai, layanan, since=now).bookable(slot.mulai, now=now)


def fill(slot: Slot, change: int) -> None:
    slot.terisi += change
    slot.save(update_fields=["terisi"])


def read(pemesanan: Pemesanan) -> Pemesanan:
    """The booking as it is under its slot's lock."""
    rows = Pemesanan.objects.select_related("kunjungan__mpp__wilayah", "layanan", "tiket", "pengganti__kunjungan")
    return rows.get(pk=pemesanan.pk)


def move(
    row: Pemesanan, status: StatusPesan, *, at: datetime, by: Any = None, tell: bool = True, **fields: Any
) -> None:
    """Walk one step and leave its trace. The caller holds the slot's lock and has read the row under it."""
    require_step(row, status)
    before, row.status = row.status, status
    for name, value in fields.items():
        setattr(row, name, value)
    row.save(update_fields=["status", *fields])
    trace(row, before, by=by, at=at, tell=tell)


def require_step(row: Pemesanan, status: StatusPesan) -> None:
    if status not in NEXT_PESAN[row.status]:
        raise Refused(_("Jadwal ini sudah %s. Muat ulang halaman.") % row.get_status_display())


def trace(row: Pemesanan, before: str, *, at: datetime, by: Any, tell: bool) -> None:
    visit = row.kunjungan
    step = {"dari": before, "ke": row.status, "at": at}
    record(f"pemesanan.{row.status}", row, mpp_id=visit.mpp_id, by=by, about=visit if tell else None, **step)
    wake(visit.channel)
