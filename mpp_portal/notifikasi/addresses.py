"""Addresses of people: one spelling to store, a masked one to show."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

PHONE = re.compile(r"(?:\+?62|0)(8\d{8,11})")


def phone(typed: str) -> str:
    """`0812-3456-7890`, `62812…` and `+62 812 …` are +6281234567890. Raises ValidationError with the sentence.

    Mobile numbers of Indonesia only: one pattern, where a library would bring the numbering plans of the world.
    """
    match = PHONE.fullmatch(re.sub(r"[\s().-]", "", typed))
    if not match:
        raise ValidationError(_("Nomor WhatsApp terdiri dari 10–13 angka. Contoh: 0812 3456 7890."))
    return f"+62{match[1]}"


def email(typed: str) -> str:
    typed = typed.strip()
    try:
        validate_email(typed)
    except ValidationError:
        raise ValidationError(
            _("Alamat surel terdiri dari nama, tanda @, dan domain. Contoh: nama@contoh.id.")
        ) from None
    local, _at, domain = typed.rpartition("@")
    return f"{local}@{domain.lower()}"


def mask(kanal: str, address: str) -> str:
    """0812•••7890 · b•••@contoh.id · for a browser, nothing of its address."""
    if kanal == "surel":
        local, _at, domain = address.rpartition("@")
        return f"{local[:1]}•••@{domain}"
    if kanal == "webpush":
        return _("peramban ini")
    local = re.sub(r"^\+62", "0", address)
    return f"{local[:4]}•••{local[-4:]}" if len(local) > 8 else "•••"
