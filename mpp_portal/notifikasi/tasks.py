"""What the outbox does by itself; each task is safe to run twice, and beside itself."""

from celery import shared_task

from . import actions, sending


@shared_task
def drain() -> None:
    """Send what is due. Asked for after each commit that enqueued something, and by beat every ten seconds."""
    sending.drain()


@shared_task
def tidy() -> None:
    """Forget addresses and messages of matters that are over."""
    actions.tidy()
