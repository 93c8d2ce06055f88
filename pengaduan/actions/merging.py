"""The same matter reported twice: one report is handled, the other points to it and shares its answer."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from mpp_portal.actions import Refused, action

from ..models import Laporan, Tenggat
from ..states import BERAKHIR, Status
from ._steps import derived, lock, lock_both, move, note_next


@action
def merge(laporan: Laporan, induk: Laporan, *, by: Any, now: datetime | None = None) -> Laporan:
    """Have `laporan` wait for the answer of `induk`; its own clocks end here."""
    if laporan.pk == induk.pk:
        raise Refused(_("Laporan tidak dapat digabung dengan dirinya sendiri."))
    laporan, induk = lock_both(laporan, induk)
    if induk.status in BERAKHIR:
        raise Refused(_("Laporan %s sudah berakhir. Pilih laporan yang masih berjalan.") % induk.kode)
    same = all(getattr(laporan, name) == getattr(induk, name) for name in ("mpp_id", "rahasia", "tentang_pengelola"))
    if not same:
        raise Refused(_("Hanya laporan dari MPP yang sama dan sama kerahasiaannya yang dapat digabung."))
    if laporan.anak.exists():
        raise Refused(_("Laporan ini sendiri induk laporan lain. Gabungkan yang lain itu lebih dahulu."))
    move(laporan, Status.DIGABUNG, at=now or timezone.now(), by=by, induk=induk)
    return laporan


@action
def unmerge(laporan: Laporan, *, by: Any, now: datetime | None = None) -> Laporan:
    """Handle it by itself again: where it was, by the dates that it had."""
    laporan = lock(laporan)
    if laporan.status != Status.DIGABUNG:
        raise Refused(_("Laporan ini tidak sedang digabung."))
    merged_at = laporan.ended_at
    status = derived(laporan) if laporan.verified_at else Status.DITERIMA
    move(laporan, status, at=now or timezone.now(), by=by, kind="dipisahkan", induk=None)
    Tenggat.objects.filter(laporan=laporan, dropped_at=merged_at).update(dropped_at=None)
    note_next(laporan)
    return laporan
