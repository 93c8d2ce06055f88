"""What the portal does by itself."""

from celery import shared_task

from . import sehat


@shared_task
def pulse() -> None:
    """Beat asked and a worker did: both live."""
    sehat.pulse()
