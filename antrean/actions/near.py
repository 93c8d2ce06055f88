"""Tell those who asked for messages that their turn comes near."""

from datetime import datetime, timedelta

from django.db.models import F, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from mpp_portal.actions import action
from mpp_portal.models import record
from mpp_portal.notifikasi.models import Langganan

from ..models import Kunjungan, Tiket

SETTLED = timedelta(minutes=5)  # who has only just taken a number knows how many are ahead


@action
def tell_when(visit: Kunjungan, *, sisa: int) -> None:
    """From how few people ahead its holder wishes to hear; one of `SISA`. A number that was told already stays told."""
    visit.kabari_sisa = sisa
    visit.save(update_fields=["kabari_sisa"])


@action
def tell_near(*, now: datetime | None = None) -> int:
    """One message for each number that has come near the front; returns how many."""
    now = now or timezone.now()
    listening = Langganan.objects.current().filter(subjek=Kunjungan._meta.label_lower).values("subjek_id")
    place = Window(RowNumber(), partition_by="sesi", order_by=["giliran_pada", "nomor"])
    rows = Tiket.objects.waiting().ready().annotate(place=place).filter(place__lte=F("kunjungan__kabari_sisa") + 1)
    told = 0
    for tiket in rows.select_related("kunjungan"):
        if tiket.told_at or tiket.absent_at or tiket.created_at > now - SETTLED:
            continue
        told += _tell(tiket, now) if listening.filter(subjek_id=tiket.kunjungan_id).exists() else 0
    return told


def _tell(tiket: Tiket, now: datetime) -> int:
    """Update if unchanged: beat may run twice at once."""
    changed = Tiket.objects.waiting().filter(pk=tiket.pk, told_at__isnull=True).update(told_at=now)
    if changed:
        record("tiket.mendekat", tiket, mpp_id=tiket.kunjungan.mpp_id, about=tiket.kunjungan, at=now)
    return changed
