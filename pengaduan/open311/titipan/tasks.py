"""Servers of offices are asked by themselves."""

from celery import shared_task

from . import listening


@shared_task
def listen() -> None:
    listening.listen()
