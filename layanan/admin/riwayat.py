"""A Peristiwa in words: what happened, and to which fields."""

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import pgettext_lazy

from mpp_portal.models import Peristiwa

# The second half of a kind; the first is a model's name. Apps above add their own (see antrean/admin).
VERBS: dict[str, Promise] = {
    "dibuat": pgettext_lazy("peristiwa", "dibuat"),
    "diubah": pgettext_lazy("peristiwa", "diubah"),
    "dihapus": pgettext_lazy("peristiwa", "dihapus"),
    "dicoba_lagi": pgettext_lazy("peristiwa", "dicoba lagi"),
    "dibatalkan": pgettext_lazy("peristiwa", "dibatalkan"),
}


def words(jenis: str) -> str:
    """`tiket.dipanggil` is `Tiket dipanggil`, Ticket called; `jambuka.diubah` is `Jam buka diubah`."""
    noun, _dot, verb = jenis.partition(".")
    named = (model._meta.verbose_name for model in apps.get_models() if model._meta.model_name == noun)
    said = VERBS.get(verb, verb.replace("_", " "))
    return capfirst(f"{next(named, noun)} {said}".strip())


def detail(row: Peristiwa) -> str:
    """From which state to which; or the labels of the fields that an edit changed."""
    model = apps.get_model(row.subjek)
    states = _states(model)
    if row.dari or row.ke in states:
        return " → ".join(states.get(state, state) for state in (row.dari, row.ke) if state)
    return ", ".join(_label(model, name) for name in row.ke.split(", ") if name)


def _states(model: type[models.Model]) -> dict[str, str]:
    known = (field for field in model._meta.fields if field.name == "status")
    return {str(value): str(label) for field in known for value, label in field.flatchoices}


def _label(model: type[models.Model], name: str) -> str:
    for related in model._meta.related_objects:
        if related.related_model._meta.model_name == name:
            return str(related.related_model._meta.verbose_name)
    try:
        return str(getattr(model._meta.get_field(name), "verbose_name", name))
    except FieldDoesNotExist:
        return name
