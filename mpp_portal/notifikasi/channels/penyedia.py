"""WhatsApp, SMS and Telegram through apprise: one address per provider, with `{tujuan}` where the person's goes.

apprise answers only yes or no: a no is temporary, and the cap on attempts parks what never gets through.
"""

from urllib.parse import quote

import apprise
from django.conf import settings

from ..models import Pesan
from ..wording import Rendered
from . import CONNECT, READ, Permanent, Temporary


def send(pesan: Pesan, rendered: Rendered) -> None:
    assert pesan.langganan is not None  # noqa: S101 — pesan_satu_pelanggan
    template = getattr(settings, f"KABAR_{pesan.kanal.upper()}_URL")
    url = template.replace("{tujuan}", quote(pesan.langganan.tujuan.lstrip("+"), safe=""))
    url += f"{'&' if '?' in url else '?'}cto={CONNECT}&rto={READ}"
    provider = apprise.Apprise(asset=apprise.AppriseAsset(async_mode=False, secure_logging=True))
    if not provider.add(url):
        raise Permanent(f"KABAR_{pesan.kanal.upper()}_URL is not an address that apprise knows")
    if not provider.notify(title=rendered.judul, body=rendered.isi):
        raise Temporary(f"{pesan.kanal}: the provider did not take it")
