"""Letters are read by themselves."""

from celery import shared_task

from . import reading


@shared_task
def read() -> None:
    reading.read_all()
