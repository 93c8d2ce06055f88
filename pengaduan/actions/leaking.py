"""A leak of personal data: the clock of 3 × 24 hours, who hears of it, and the notice to those concerned."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from layanan.models import Penugasan, Peran
from mpp_portal.actions import Refused, action
from mpp_portal.models import Pengguna

from ..models import Kebocoran, Laporan
from ..models.kebocoran import WITHIN
from ._steps import lock, tell
from .escalating import not_of_reported, send

DAY = timedelta(hours=24)


@action
def mark_leak(laporan: Laporan, *, by: Any, now: datetime | None = None) -> Kebocoran:
    """Start the clock, from when the report came in, and tell the pengelola at once, at any hour."""
    now = now or timezone.now()
    laporan = lock(laporan)
    if Kebocoran.objects.filter(laporan=laporan).exists():
        raise Refused(_("Laporan ini sudah ditandai sebagai kebocoran data."))
    start = laporan.created_at
    row = Kebocoran.objects.create(laporan=laporan, mulai=start, due_at=start + WITHIN, penanda=by, dikabari=1)
    tell(laporan, "kebocoran", at=now, by=by)
    _tell_those_above(laporan, now)
    return row


@action
def notify_leak(
    laporan: Laporan, *, data: str, kejadian: str, upaya: str, by: Any, now: datetime | None = None
) -> Kebocoran:
    """Those concerned were told, in these words. That ends the clock."""
    laporan, row = _running(laporan)
    row.data, row.kejadian, row.upaya = data.strip(), kejadian.strip(), upaya.strip()
    if not (row.data and row.kejadian and row.upaya):
        raise Refused(_("Isi ketiga bagiannya: undang-undang memintanya."))
    row.pemberi_tahu, row.notified_at = by, now or timezone.now()
    row.save(update_fields=["data", "kejadian", "upaya", "pemberi_tahu", "notified_at"])
    tell(laporan, "kebocoran_diberitahukan", at=row.notified_at, by=by)
    return row


@action
def drop_leak(laporan: Laporan, alasan: str, *, by: Any, now: datetime | None = None) -> Kebocoran:
    """It turned out to be none."""
    laporan, row = _running(laporan)
    if not alasan.strip():
        raise Refused(_("Tulis alasannya."))
    row.dropped_at, row.alasan_gugur = now or timezone.now(), alasan.strip()
    row.save(update_fields=["dropped_at", "alasan_gugur"])
    tell(laporan, "kebocoran_gugur", at=row.dropped_at, by=by)
    return row


def _running(laporan: Laporan) -> tuple[Laporan, Kebocoran]:
    laporan = lock(laporan)
    row = Kebocoran.objects.running().filter(laporan=laporan).first()
    if row is None:
        raise Refused(_("Tidak ada kebocoran data yang sedang berjalan pada laporan ini."))
    return laporan, row


def escalate_leaks(*, now: datetime | None = None) -> int:
    """Tell those above again a day before the end and at the end; returns how many leaks were told of."""
    now = now or timezone.now()
    due = Kebocoran.objects.running().filter(dikabari__lt=3, due_at__lte=now + DAY)
    return sum(_escalate(row, now) for row in due.select_related("laporan").order_by("pk"))


@action
def _escalate(row: Kebocoran, now: datetime) -> bool:
    laporan = lock(row.laporan)
    rung = 3 if now >= row.due_at else 2
    told = Kebocoran.objects.running().filter(pk=row.pk, dikabari__lt=rung).update(dikabari=rung)
    if told:
        _tell_those_above(laporan, now)
    return bool(told)


def _tell_those_above(laporan: Laporan, now: datetime) -> None:
    role = Peran.INSPEKTORAT if laporan.tentang_pengelola else Peran.PENGELOLA
    rows = Penugasan.objects.in_force(now).filter(pengguna__is_active=True)
    people = not_of_reported(rows, laporan).filter(peran=role, mpp=laporan.mpp_id)
    for person in Pengguna.objects.filter(pk__in=people.values("pengguna")).order_by("pk"):
        send(person, "laporan.bocor", mpp_id=laporan.told_mpp_id, ke=laporan.kode, now=now)
