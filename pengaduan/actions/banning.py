"""Who abuses reporting is kept out for a while, and a second person looks at it."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from layanan.models import Mpp
from mpp_portal.actions import Refused, action
from mpp_portal.notifikasi.models import fingerprint

from ..models import Laporan, Larangan
from ..states import StatusLarangan
from ._steps import lock, tell

LONGEST = 90  # days


@action
def ban(laporan: Laporan, *, alasan: str, hari: int, by: Any, now: datetime | None = None) -> Larangan:
    """Keep out whoever sent this report: the contact they gave, and the device it came from."""
    now = now or timezone.now()
    laporan = lock(laporan)
    first = laporan.asal or laporan  # of a report that was split, the device sent the first part
    if not alasan.strip() or not 1 <= hari <= LONGEST:
        raise Refused(_("Tulis alasannya, dan pilih paling lama %s hari.") % LONGEST)
    if not laporan.kontak and not first.sidik_perangkat:
        raise Refused(_("Laporan ini tidak menyebut kontak dan tidak dikirim dari ponsel yang dikenal."))
    if Larangan.objects.in_force(now).filter(laporan=laporan).exists():
        raise Refused(_("Pengirim laporan ini sudah dilarang melapor."))
    row = Larangan.objects.create(
        laporan=laporan, alasan=alasan.strip(), oleh=by, at=now, sampai=now + timedelta(days=hari), garam=first.kunci,
        sidik_kontak=fingerprint(laporan.kontak) if laporan.kontak else "", sidik_perangkat=first.sidik_perangkat,
    )  # fmt: skip
    tell(laporan, "pengirim_dilarang", at=now, by=by)
    return row


@action
def review_ban(larangan: Larangan, *, confirm: bool, by: Any, now: datetime | None = None) -> Larangan:
    """A second person confirms it or lifts it; what was confirmed can still be lifted."""
    now = now or timezone.now()
    laporan = lock(larangan.laporan)
    row = Larangan.objects.get(pk=larangan.pk)
    if row.oleh_id == by.pk:
        raise Refused(_("Yang melarang tidak boleh meninjaunya sendiri. Minta rekan Anda."))
    if row.status == StatusLarangan.DICABUT or (confirm and row.status == StatusLarangan.DISAHKAN):
        raise Refused(_("Larangan ini sudah ditinjau. Muat ulang halaman."))
    row.status = StatusLarangan.DISAHKAN if confirm else StatusLarangan.DICABUT
    row.peninjau, row.reviewed_at = by, now
    row.save(update_fields=["status", "peninjau", "reviewed_at"])
    tell(laporan, "larangan_disahkan" if confirm else "larangan_dicabut", at=now, by=by)
    return row


def refuse_banned(mpp: Mpp, *, device: str, kontak: str, now: datetime) -> None:
    """Raises Refused with until when, why, and whom to ask."""
    row = Larangan.objects.of_sender(mpp, device=device, kontak=kontak, now=now)
    if row is None:
        return
    ask = _("meja informasi %s") % mpp.nama + (_(", telepon %s") % mpp.telepon if mpp.telepon else "")
    raise Refused(
        _("Laporan dari ponsel atau kontak ini tidak kami terima sampai %(until)s. Alasannya: %(why)s Keberatan? "
          "Tanyakan di %(ask)s. Keadaan darurat: telepon 112.")
        % {"until": date_format(mpp.local(row.ends_at()), "l, j F Y"), "why": f"{row.alasan.rstrip('.')}.", "ask": ask}
    )  # fmt: skip
