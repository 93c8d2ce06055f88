"""A channel that is switched on has what it needs, said at start and not by the first message."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, register

MODES = ("mati", "coba", "hidup")
NEEDS = {
    "whatsapp": "KABAR_WHATSAPP_URL",
    "sms": "KABAR_SMS_URL",
    "telegram": "KABAR_TELEGRAM_URL",
    "http": "KABAR_HTTP_URL",
    "webpush": "KABAR_VAPID_KEY",
}


@register
def channels_have_what_they_need(**kwargs: Any) -> list[Error]:
    found = []
    for kanal, mode in settings.KABAR_KANAL.items():
        if mode not in MODES:
            found.append(Error(f"KABAR_{kanal.upper()}={mode!r}: choose one of {', '.join(MODES)}.", id="kabar.E001"))
        elif mode == "hidup" and not getattr(settings, NEEDS.get(kanal, "DEFAULT_FROM_EMAIL")):
            found.append(Error(f"KABAR_{kanal.upper()}=hidup needs {NEEDS[kanal]}.", id="kabar.E002"))
    return found
