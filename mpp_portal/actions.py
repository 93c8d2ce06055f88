"""What every action shares: a refusal with a sentence, and one transaction that survives a deadlock."""

import functools
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from django.db import OperationalError, connection, transaction

P = ParamSpec("P")
R = TypeVar("R")
DEADLOCK = {"40P01", "40001"}  # PostgreSQL: deadlock_detected, serialization_failure


class Refused(Exception):  # noqa: N818 — a rule's answer, not an error
    """A rule says no. `str()` is the sentence that the person reads; `subject` is what they may be shown instead."""

    def __init__(self, sentence: str, subject: Any = None) -> None:
        super().__init__(sentence)
        self.subject = subject


def action(function: Callable[P, R]) -> Callable[P, R]:
    """Run in one transaction of its own; the victim of a deadlock is run once more."""

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            with transaction.atomic():
                return function(*args, **kwargs)
        except OperationalError as error:
            if connection.in_atomic_block or getattr(error.__cause__, "sqlstate", "") not in DEADLOCK:
                raise
        with transaction.atomic():
            return function(*args, **kwargs)

    return run
