"""WhatsApp Cloud API: a file by its id, and a reply. https://developers.facebook.com/docs/whatsapp/cloud-api

The address of the API is a setting, and so are the hosts where its files may lie: they are fetched with our key.
"""

import json
from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from mpp_portal.notifikasi.channels import Permanent, Temporary, guard

from ..attachments import MEGABYTES

MOST = MEGABYTES * 1024 * 1024  # bytes of one file, as in the form
ANSWER = 1_000_000  # bytes of any other answer
WAIT = 20  # seconds for one file
LETTERS = 4096  # of one reply


def fetch(media_id: str) -> bytes:
    """Raises Temporary or Permanent, with a sentence that the sender reads."""
    told = _ask("GET", f"/{quote(media_id, safe='')}")
    url = told.get("url")
    host = urlsplit(url).hostname if isinstance(url, str) else None
    if not host or host not in settings.WHATSAPP_HOST_BERKAS:
        raise Permanent(_("Berkas ini tidak dapat diambil dari WhatsApp. Kirim lagi."))
    size = told.get("file_size")
    if isinstance(size, int) and size > MOST:
        raise Permanent(_("Berkas paling besar %s MB. Ambil fotonya dengan ukuran lebih kecil.") % MEGABYTES)
    return _call("GET", str(url), most=MOST, wait=WAIT)


def send(number_id: str, *, to: str, text: str) -> str:
    """The id of the message that was sent."""
    body = {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": to,
        "type": "text",
        "text": {"preview_url": False, "body": text[:LETTERS]},
    }
    told = _ask("POST", f"/{quote(number_id, safe='')}/messages", json.dumps(body).encode())
    sent = told.get("messages")
    first = sent[0] if isinstance(sent, list) and sent and isinstance(sent[0], dict) else {}
    return str(first.get("id") or "")


def _ask(method: str, path: str, body: bytes | None = None) -> dict[str, Any]:
    answer = _call(method, settings.WHATSAPP_URL.rstrip("/") + path, body=body)
    try:
        told = json.loads(answer)
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise Temporary(_("WhatsApp menjawab dengan sesuatu yang tidak dapat dibaca."))
    return told


def _call(method: str, url: str, *, body: bytes | None = None, most: int = ANSWER, wait: float = 0) -> bytes:
    headers = {"Authorization": f"Bearer {settings.WHATSAPP_TOKEN}", "Content-Type": "application/json"}
    try:
        answer = guard.ask(method, url, seconds=wait or guard.READ, most=most, headers=headers, data=body)
    except (Temporary, guard.Overlong) as error:
        everyone = getattr(error, "everyone", False)
        raise Temporary(_("WhatsApp sedang tidak menjawab."), everyone=everyone) from error
    _settle(answer.status)
    return answer.body


def _settle(status: int) -> None:
    """What it said beside the status may name a telephone number: it goes nowhere."""
    try:
        guard.settle(status)
    except Temporary as error:
        sentence = _("WhatsApp sedang tidak menjawab.")
        raise Temporary(f"{sentence} (HTTP {status})", everyone=error.everyone) from None
    except Permanent:
        sentence = _("WhatsApp menolaknya.")
        raise Permanent(f"{sentence} (HTTP {status})") from None
