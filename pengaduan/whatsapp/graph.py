"""WhatsApp Cloud API: a file by its id, and a reply. https://developers.facebook.com/docs/whatsapp/cloud-api

The address of the API is a setting, and so are the hosts where its files may lie: they are fetched with our key.
"""

import json
import logging
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.utils.translation import gettext as _
from urllib3.util import parse_url

from mpp_portal.notifikasi.channels import Permanent, Temporary, guard

from ..attachments import MEGABYTES

logger = logging.getLogger(__name__)
MOST = MEGABYTES * 1024 * 1024  # bytes of one file, as in the form
ANSWER = 1_000_000  # bytes of any other answer
WAIT = 12  # seconds for one file
OUR_KEY = (401, 403)
LETTERS = 4096  # of one reply


def fetch(media_id: str) -> bytes:
    """Raises Temporary or Permanent, with a sentence that the sender reads."""
    told = _ask("GET", f"/{quote(media_id, safe='')}")
    url = told.get("url")
    if not isinstance(url, str) or not _is_theirs(url):
        raise Permanent(_("Berkas ini tidak dapat diambil dari WhatsApp. Kirim lagi."))
    size = told.get("file_size")
    if isinstance(size, int) and size > MOST:
        raise Permanent(_too_big())
    try:
        return _call("GET", url, most=MOST, wait=WAIT)
    except guard.Overlong:
        raise Permanent(_too_big()) from None


def _is_theirs(url: str) -> bool:
    """Read as the library reads it that calls it: others see another host in an odd address."""
    try:
        host = parse_url(url).host
    except ValueError:
        return False
    return host in settings.WHATSAPP_HOST_BERKAS and not {"\\", "@"} & set(url)


def _too_big() -> str:
    return _("Berkas paling besar %s MB. Ambil fotonya dengan ukuran lebih kecil.") % MEGABYTES


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
    try:
        told = json.loads(_call(method, settings.WHATSAPP_URL.rstrip("/") + path, body=body))
    except (ValueError, guard.Overlong):
        told = None
    if not isinstance(told, dict):
        raise Temporary(_("WhatsApp menjawab dengan sesuatu yang tidak dapat dibaca."))
    return told


def _call(method: str, url: str, *, body: bytes | None = None, most: int = ANSWER, wait: float = 0) -> bytes:
    """Only files are fetched, only replies are posted. Raises Overlong too."""
    headers = {"Authorization": f"Bearer {settings.WHATSAPP_TOKEN}", "Content-Type": "application/json"}
    try:
        answer = guard.ask(method, url, seconds=wait or guard.READ, most=most, headers=headers, data=body)
    except guard.Overlong:
        raise
    except Temporary as error:
        raise Temporary(_("WhatsApp sedang tidak menjawab."), everyone=error.everyone) from error
    except Permanent as error:  # our own guard's, in English
        fetching = _("Berkas ini tidak dapat diambil dari WhatsApp. Kirim lagi.")
        raise Permanent(fetching if method == "GET" else _("WhatsApp menolaknya.")) from error
    if method == "GET" and answer.status in OUR_KEY:
        logger.error("WhatsApp does not take our key: HTTP %s", answer.status)
        raise Temporary(_("WhatsApp sedang tidak menjawab."), everyone=True)  # a new key brings the file
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
