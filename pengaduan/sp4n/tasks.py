"""Answers are fetched by themselves; safe to run twice."""

from celery import shared_task

from . import pulling


@shared_task
def pull() -> None:
    pulling.pull_all()
