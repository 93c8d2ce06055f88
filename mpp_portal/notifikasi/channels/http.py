"""A provider that takes JSON: for gateways of one's own. The key is the same for every attempt."""

import json

from django.conf import settings

from ..models import Pesan
from ..wording import Rendered
from . import guard


def send(pesan: Pesan, rendered: Rendered) -> None:
    assert pesan.langganan is not None  # noqa: S101 — pesan_satu_pelanggan
    body = {
        "ke": pesan.langganan.tujuan,
        "judul": rendered.judul,
        "isi": rendered.isi,
        "tautan": rendered.tautan,
        "kunci": pesan.key,
    }
    headers = {"Idempotency-Key": pesan.key}
    if settings.KABAR_HTTP_TOKEN:
        headers["Authorization"] = f"Bearer {settings.KABAR_HTTP_TOKEN}"
    guard.post(settings.KABAR_HTTP_URL, json.dumps(body).encode(), headers)
