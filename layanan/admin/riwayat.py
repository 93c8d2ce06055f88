"""A Peristiwa in words: what happened, and to which fields."""

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.text import capfirst

from mpp_portal.models import Peristiwa


def kind(row: Peristiwa) -> str:
    """`tiket.dipanggil` is `Tiket dipanggil`; `jambuka.diubah` is `Jam buka diubah`."""
    noun, _dot, verb = row.jenis.partition(".")
    model = apps.get_model(row.subjek)
    name = model._meta.verbose_name if noun == model._meta.model_name else noun
    return capfirst(f"{name} {verb}".replace("_", " ").strip())


def detail(row: Peristiwa) -> str:
    """From which state to which; or the labels of the fields that an edit changed."""
    if row.dari:
        return f"{row.dari} → {row.ke}"
    model = apps.get_model(row.subjek)
    return ", ".join(_label(model, name) for name in row.ke.split(", ") if name)


def _label(model: type[models.Model], name: str) -> str:
    for related in model._meta.related_objects:
        if related.related_model._meta.model_name == name:
            return str(related.related_model._meta.verbose_name)
    try:
        return str(getattr(model._meta.get_field(name), "verbose_name", name))
    except FieldDoesNotExist:
        return name
