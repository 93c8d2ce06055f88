"""What reports do by themselves; safe to run twice."""

from celery import shared_task

from . import actions


@shared_task
def lapse() -> None:
    """Close after the reporter's silence, archive what was never completed."""
    actions.lapse()


@shared_task
def escalate() -> None:
    """Tell who is above when a clock has run out, in working hours; of a leak at any hour."""
    actions.escalate_leaks()
    actions.escalate()


@shared_task
def tidy_drafts() -> None:
    """Forget the files of forms that were never sent."""
    actions.tidy_drafts()


@shared_task
def forget() -> None:
    """Empty the reports that are long over."""
    actions.forget()
