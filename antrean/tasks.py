"""What the queue does by itself: a task takes an id, or nothing, and makes one call; safe to run twice."""

from celery import shared_task

from . import actions
from .models import Antrean


@shared_task
def close_days() -> None:
    """Let yesterday's unserved numbers lapse, each mall by its own day."""
    for antrean in Antrean.objects.select_related("gerai__mpp__wilayah"):
        actions.lapse_before(antrean, antrean.gerai.mpp.today())
