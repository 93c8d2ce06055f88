"""The number of a person's identity card: sixteen digits, read by who must, shown masked."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

DIGITS = 16


def clean(typed: str) -> str:
    """The sixteen digits without the spaces and dots people set between them. Raises ValidationError.

    A number that disagrees with somebody's birth date is theirs all the same: offices do issue such ones.
    """
    digits = re.sub(r"[\s.-]", "", typed)
    if not re.fullmatch(r"[0-9]+", digits):
        raise ValidationError(_("NIK terdiri dari 16 angka, tanpa huruf. Contoh: 7471 0101 0190 0000."))
    if len(digits) != DIGITS:
        said = ngettext("yang ditulis %s angka", "yang ditulis %s angka", len(digits)) % len(digits)
        raise ValidationError(_("NIK terdiri dari 16 angka, %s. Lihat KTP-el atau Kartu Keluarga.") % said)
    return digits


def mask(nik: str) -> str:
    """7471••••••••0000: enough to see which one it is, without the birth date."""
    return f"{nik[:4]}••••••••{nik[-4:]}" if nik else ""
