"""A channel that is half open is said at start: it would take what nobody answers, or nothing at all."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, register

from mpp_portal.notifikasi.channels import Permanent, guard

NEEDED = ("WHATSAPP_NOMOR", "WHATSAPP_SANDI", "WHATSAPP_TOKEN", "WHATSAPP_URL", "WHATSAPP_VERIFIKASI")


@register
def the_channel_is_whole(**kwargs: Any) -> list[Error]:
    given = [name for name in NEEDED if getattr(settings, name)]
    if not given:
        return []
    found = [
        Error(f"{name} is missing: the reports by WhatsApp need all of {', '.join(NEEDED)}.", id="whatsapp.E001")
        for name in NEEDED
        if name not in given
    ]
    if not all("=" in pair for pair in settings.WHATSAPP_NOMOR):
        found.append(Error("WHATSAPP_NOMOR: write phone_number_id=slug.", id="whatsapp.E002"))
    try:
        guard.require_public(settings.WHATSAPP_URL)
    except Permanent:
        found.append(Error("WHATSAPP_URL: https, or a host of KABAR_PRIVATE_HOSTS.", id="whatsapp.E003"))
    return found
