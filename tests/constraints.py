"""Break a named constraint, and know it by its name on both databases."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction


def named(*app_labels: str) -> dict[str, models.BaseConstraint]:
    """All constraints of these apps' models by name."""
    return {
        constraint.name: constraint
        for label in app_labels
        for model in apps.get_app_config(label).get_models()
        for constraint in model._meta.constraints
    }


def assert_breaks(name: str, write: Callable[[], Any], constraint: models.BaseConstraint) -> None:
    """`write` is refused by this constraint and no other. SQLite names a broken UNIQUE by its columns, not its name."""
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        write()
    said = str(refusal.value)
    if name not in said:
        assert isinstance(constraint, models.UniqueConstraint), said
        names = [*constraint.fields, *(expression.name for expression in constraint.expressions)]
        columns = {name.removesuffix("_id") for name in names}
        told = {part.split(".")[-1].removesuffix("_id") for part in said.partition(": ")[2].split(", ")}
        assert told == columns, said
