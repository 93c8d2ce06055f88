"""Messages are dealt with by themselves; safe to run twice."""

from celery import shared_task

from . import actions, reading


@shared_task
def read() -> None:
    reading.read_all()


@shared_task
def tidy() -> None:
    actions.tidy()
