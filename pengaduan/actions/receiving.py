"""A report that somebody takes down for a person who came, rang up or wrote."""

from datetime import date, datetime, time
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from layanan.models import Mpp
from mpp_portal.actions import Refused, action

from ..models import Laporan, Penerimaan
from ..models.penerimaan import BY_HAND
from ._steps import lock, tell
from .sending import Given, Sent, submit


@action
def receive(
    mpp: Mpp,
    given: Given,
    *,
    saluran: str,
    tanggal: date,
    jawab_lewat: str,
    alamat: str = "",
    key: str,
    by: Any,
    now: datetime | None = None,
) -> Sent:
    """The clocks start on the day it was received, which for a letter is not the day it is typed."""
    now = now or timezone.now()
    if tanggal > mpp.today(now):
        raise Refused(_("Tanggal itu belum tiba. Periksa lagi tahun dan bulannya."))
    if jawab_lewat in BY_HAND and given["anonim"]:
        raise Refused(_("Pelapor anonim tidak dapat ditelepon atau disurati. Pilih cara lain."))
    received = now if tanggal == mpp.today(now) else datetime.combine(tanggal, time(12), mpp.zone)
    sent = submit(mpp, given, sender=f"meja:{by.pk}", key=key, received_at=received, by=by, now=now)
    told = {"saluran": saluran, "tanggal": tanggal, "jawab_lewat": jawab_lewat, "alamat": alamat.strip()}
    Penerimaan.objects.get_or_create(laporan=sent.laporan, defaults=told | {"penerima": by, "at": now})
    return sent


@action
def pass_word(laporan: Laporan, *, by: Any, now: datetime | None = None) -> Penerimaan:
    """Somebody rang the reporter up, or wrote to them, with all that was said until now."""
    now = now or timezone.now()
    laporan = lock(laporan)
    row = Penerimaan.objects.untold().filter(laporan=laporan).first()
    if row is None:
        raise Refused(_("Pelapornya sudah dikabari. Muat ulang halaman."))
    row.told_at, row.penyampai = now, by
    row.save(update_fields=["told_at", "penyampai"])
    tell(laporan, "disampaikan", at=now, by=by)
    return row
