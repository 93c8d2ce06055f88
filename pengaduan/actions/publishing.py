"""What everybody may read of a report: its own text stays as it came, what is published is a second one beside it."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from mpp_portal.actions import Refused, action

from .. import personal
from ..models import Dukungan, Kata, Laporan
from ..models.dukungan import fingerprint
from ..states import Status
from ._steps import lock, tell


@action
def publish(
    laporan: Laporan, *, judul: str, isi: str, jawaban: str = "", by: Any, now: datetime | None = None
) -> Laporan:
    """Let everybody read this text of a report, without a name; again with another text replaces the first."""
    now = now or timezone.now()
    laporan = lock(laporan)
    if laporan.rahasia:
        raise Refused(_("Laporan rahasia tidak diterbitkan."))
    if not laporan.verified_at or laporan.status == Status.DIBATALKAN:
        raise Refused(_("Yang diterbitkan hanya laporan yang sudah diverifikasi dan tidak ditarik."))
    judul, isi, jawaban = judul.strip(), isi.strip(), jawaban.strip()
    if not judul or not isi:
        raise Refused(_("Tulis judul dan isi yang boleh dibaca semua orang."))
    if laporan.nama and laporan.nama.casefold() in f"{judul} {isi} {jawaban}".casefold():
        raise Refused(_("Nama pelapor masih tertulis di sana. Hapus dahulu."))
    if any(map(personal.is_in, (judul, isi, jawaban))):
        raise Refused(_("Masih ada NIK, nomor telepon, atau alamat surel di sana. Samarkan dahulu."))
    laporan.judul_publik, laporan.isi_publik, laporan.jawaban_publik = judul, isi, jawaban
    laporan.kata_publik = f"{judul} {isi}".lower()
    laporan.published_at, laporan.penerbit = laporan.published_at or now, by
    laporan.save(update_fields=[*PUBLIC, "published_at", "penerbit"])
    Kata.objects.rewrite(laporan, laporan.kata_publik)
    tell(laporan, "diterbitkan", at=now, by=by)
    return laporan


@action
def unpublish(laporan: Laporan, *, by: Any, now: datetime | None = None) -> Laporan:
    """Nobody but its people reads it any more; what was published is gone too."""
    laporan = lock(laporan)
    if not laporan.published_at:
        raise Refused(_("Laporan ini tidak sedang diterbitkan."))
    laporan.published_at = laporan.penerbit = None
    for name in PUBLIC:
        setattr(laporan, name, "")
    laporan.save(update_fields=[*PUBLIC, "published_at", "penerbit"])
    Kata.objects.rewrite(laporan, "")
    tell(laporan, "tidak_diterbitkan", at=now or timezone.now(), by=by)
    return laporan


PUBLIC = ("judul_publik", "isi_publik", "jawaban_publik", "kata_publik")


@action
def support(laporan: Laporan, *, sender: str) -> bool:
    """„Saya juga mengalami“; False when this device has said so before."""
    if not Laporan.objects.public().filter(pk=laporan.pk).exists():
        raise Refused(_("Laporan ini tidak sedang diterbitkan."))
    _row, new = Dukungan.objects.get_or_create(laporan=laporan, sidik=fingerprint(sender, laporan))
    return new
