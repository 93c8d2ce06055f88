"""Wiring and plumbing shared by all apps; imports no domain app."""

from .celery import app as celery_app

__all__ = ["celery_app"]
