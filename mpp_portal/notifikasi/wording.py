"""The words of a message: the wording of the mall, of all malls, or the shipped one, with its variables filled in.

Placeholders are `{nomor}`: names only, from the variables of that event, checked when a wording is saved.
"""

import logging
from dataclasses import dataclass, field
from string import Formatter
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext as _

from . import registry
from .models import Kanal, Pesan, Templat

logger = logging.getLogger(__name__)
SUREL, PENDEK = Templat.Kelompok.SUREL.value, Templat.Kelompok.PENDEK.value


@dataclass(frozen=True)
class Rendered:
    """A message as it leaves: `values` are its variables, for systems that read no sentences."""

    judul: str
    isi: str
    tautan: str
    values: dict[str, str] = field(default_factory=dict)


def check(kind: registry.Kind, text: str) -> None:
    """Raise ValidationError with a sentence that names what is not a variable of this event."""
    known = ", ".join(f"{{{name}}}" for name in sorted(kind.variables))
    try:
        parts = list(Formatter().parse(text))
    except ValueError:
        raise ValidationError(
            _("Ada kurung kurawal yang belum berpasangan. Variabel ditulis di antara { dan }, misalnya {nomor}.")
        ) from None
    for _text, name, spec, conversion in parts:
        if name is not None and (name not in kind.variables or spec or conversion):
            raise ValidationError(
                _("{%(nama)s} tidak dikenal. Yang dapat dipakai: %(dikenal)s.") % {"nama": name, "dikenal": known}
            )


def fill(kind: registry.Kind, judul: str, isi: str, values: dict[str, str]) -> tuple[str, str]:
    for text in (judul, isi):
        check(kind, text)
    # A title is one line: it becomes a mail header.
    return " ".join(judul.format_map(values).split()), isi.format_map(values)


def preview(kind: registry.Kind, judul: str, isi: str) -> tuple[str, str]:
    """The words with the event's sample values. Raises ValidationError like `check`."""
    return fill(kind, judul, isi, {**kind.sample, "tautan": f"{settings.PORTAL_URL}/…"})


def shipped(kind: registry.Kind, kelompok: str, bahasa: str) -> tuple[str, str]:
    text = kind.texts[kelompok][bahasa]
    return text["judul"], text["isi"]


def render(pesan: Pesan, kind: registry.Kind, message: registry.Message) -> Rendered:
    """The message for its channel and its reader. A broken wording is reported and the shipped one used instead."""
    kelompok = SUREL if pesan.kanal == Kanal.SUREL else PENDEK
    bahasa = pesan.langganan.bahasa if pesan.langganan else "id"
    link = f"{settings.PORTAL_URL}{message.url}"
    values = {**message.values, "tautan": link}
    judul, isi = _filled(_own(pesan, kelompok, bahasa), kind, kelompok, bahasa, values)
    return Rendered(judul, isi + _how_to_stop(pesan), link, message.values)


def _filled(
    own: Templat | None, kind: registry.Kind, kelompok: str, bahasa: str, values: dict[str, str]
) -> tuple[str, str]:
    if own:
        try:
            return fill(kind, own.judul, own.isi, values)
        except Exception as error:
            logger.error("Wording %s of %s is broken, the shipped one is sent", own.pk, kind.jenis, exc_info=error)
            _report(own, error)
    return fill(kind, *shipped(kind, kelompok, bahasa), values)


def _how_to_stop(pesan: Pesan) -> str:
    """Browsers have their own way to stop, and systems are stopped by who set them up."""
    if pesan.langganan is None or pesan.kanal == Kanal.WEBPUSH:
        return ""
    with translation.override(pesan.langganan.bahasa):
        return "\n\n" + _("Berhenti dikabari: %s") % pesan.langganan.stop_url


def make(pesan: Pesan, kind: registry.Kind) -> registry.Message | None:
    """What there is to say about the change, in the language of who reads it."""
    with translation.override(pesan.langganan.bahasa if pesan.langganan else "id"):
        return kind.make(pesan.peristiwa)


def _own(pesan: Pesan, kelompok: str, bahasa: str) -> Templat | None:
    if pesan.kanal == Kanal.WEBHOOK:
        return None
    rows = Templat.objects.filter(jenis=pesan.peristiwa.jenis, kelompok=kelompok, bahasa=bahasa)
    found: dict[Any, Templat] = {row.mpp_id: row for row in rows.filter(mpp_id=None) | rows.filter(mpp_id=pesan.mpp_id)}
    return found.get(pesan.mpp_id) or found.get(None)


def _report(own: Templat, error: Exception) -> None:
    sentence = "; ".join(error.messages) if isinstance(error, ValidationError) else f"{type(error).__name__}: {error}"
    Templat.objects.filter(pk=own.pk).exclude(last_error=sentence[:300]).update(last_error=sentence[:300])
