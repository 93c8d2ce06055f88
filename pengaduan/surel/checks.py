"""A mailbox that is to be read can be, and its letters can be answered; said at start."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, register

from .mailbox import Place


@register
def mailboxes_are_whole(**kwargs: Any) -> list[Error]:
    found = []
    for n, url in enumerate(settings.KOTAK_SURAT, 1):
        try:
            Place.of(url)
        except ValueError as error:
            found.append(Error(f"KOTAK_SURAT, number {n}: write {error}.", id="surel.E001"))
    if settings.KOTAK_SURAT and settings.KABAR_KANAL["surel"] == "mati":
        found.append(Error("KOTAK_SURAT needs KABAR_SUREL=hidup: who writes gets a receipt.", id="surel.E002"))
    return found
