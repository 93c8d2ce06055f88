"""One report that says two things: a second report takes one of them along, with the dates of the first."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from layanan.models import Gerai
from mpp_portal.actions import Refused, action
from mpp_portal.notifikasi import actions as kabar

from ..attachments import Clean
from ..models import Lampiran, Laporan, Penerimaan, Tenggat
from ..states import DAPAT_DIPECAH, JenisTenggat, Status
from ._steps import lock, start, tell
from .attaching import store
from .sending import form_key, next_code

SAME = ("mpp", "jenis", "lokasi", "terjadi_pada", "anonim", "rahasia", "nama", "kanal", "kontak", "created_at",
        "asked_at", "pin")  # fmt: skip
VERIFIED = ("klasifikasi", "urgensi", "alasan_urgensi", "verifikator", "verified_at")


@action
def split(
    laporan: Laporan,
    *,
    pokok: str,
    judul: str,
    isi: str,
    gerai: Gerai | None = None,
    lampiran: Iterable[Lampiran] = (),
    by: Any,
    now: datetime | None = None,
) -> Laporan:
    """`pokok` is what is handled here from now on, `judul` and `isi` are the second report's, which begins where
    the first one stands: to be verified, or to be passed on. What came from the reporter stays whole in the first."""
    now = now or timezone.now()
    laporan = lock(laporan)
    pokok, judul, isi = pokok.strip(), judul.strip(), isi.strip()
    if laporan.status not in DAPAT_DIPECAH:
        raise Refused(_("Laporan ini tidak dapat dipecah sekarang. Muat ulang halaman untuk melihat keadaan terbaru."))
    if not (pokok and judul and isi) or pokok == isi:
        raise Refused(_("Bagi isinya: tulis apa yang tetap di sini dan apa yang menjadi laporan kedua."))
    if gerai and gerai.mpp_id != laporan.mpp_id:
        raise Refused(_("Pilih instansi di MPP yang sama."))
    second = _second(laporan, judul, isi, gerai, now)
    for row in lampiran:
        with row.berkas.open() as file:
            store(Clean(row.nama, row.jenis, file.read()), now, laporan=second)
    laporan.pokok = pokok
    laporan.save(update_fields=["pokok"])
    _start_clocks(laporan, second, now)
    tell(laporan, "dipecah", at=now, by=by)
    tell(second, "pecahan", at=now, by=by)
    kabar.follow_along(laporan._meta.label_lower, laporan.pk, second.pk, mpp_id=laporan.mpp_id)
    return second


def _second(laporan: Laporan, judul: str, isi: str, gerai: Gerai | None, now: datetime) -> Laporan:
    """The PIN of the first opens it; of its own link nobody knows the secret, the first one's page leads there."""
    kunci = form_key(f"pecahan:{laporan.pk}", f"{judul}:{isi}")
    if there := Laporan.objects.filter(kunci=kunci).first():
        raise Refused(_("Bagian itu sudah menjadi laporan %s.") % there.kode)
    given = {name: getattr(laporan, name) for name in (*SAME, *(VERIFIED if laporan.verified_at else ()))}
    second = Laporan(**given, judul=judul, isi=isi, gerai=gerai, kunci=kunci, asal=laporan.asal or laporan)
    second.tentang_pengelola = laporan.tentang_pengelola and gerai is None
    second.status = Status.BUKAN_KEWENANGAN if laporan.verified_at else Status.DITERIMA
    second.sidik_rahasia = hashlib.sha256(secrets.token_bytes(32)).hexdigest()
    second.kode = next_code(f"{laporan.mpp.today(now):%y%m}")
    second.save()
    for row in Penerimaan.objects.filter(laporan=laporan):  # whoever is rung up about the one is about the other too
        row.pk, row.laporan, row.told_at, row.penyampai = None, second, None, None
        row.save()
    return second


def _start_clocks(laporan: Laporan, second: Laporan, now: datetime) -> None:
    """From the day on which the reporter sent it, with the pauses of the first."""
    kind = JenisTenggat.PENYELESAIAN if second.verified_at else JenisTenggat.VERIFIKASI
    clocks = Tenggat.objects.filter(laporan=laporan, jenis=kind).order_by("-pk")
    start(second, kind, at=laporan.created_at, klasifikasi=second.klasifikasi, jeda=clocks[0].jeda)
    if second.verified_at:
        start(second, JenisTenggat.PENINJAUAN, at=now)
