"""Signed webhooks: `MPP-Signature: t=<unix time>,v1=<hex>`, HMAC-SHA256 with the webhook's key over `t.body`.

A receiver computes the same, compares in constant time, refuses a `t` more than five minutes from its own clock
(replay), and remembers `Idempotency-Key` for a day (a resend keeps it).
"""

import hashlib
import hmac
import json
import time

from ..models import Pesan
from ..wording import Rendered
from . import guard


def send(pesan: Pesan, rendered: Rendered) -> None:
    assert pesan.webhook is not None  # noqa: S101 — pesan_satu_pelanggan
    peristiwa = pesan.peristiwa
    content = {
        "kunci": pesan.key,
        "jenis": peristiwa.jenis,
        "mpp": peristiwa.mpp_id,
        "at": peristiwa.at.isoformat(),
        "data": rendered.values,
    }
    body = json.dumps(content, separators=(",", ":")).encode()
    signature = sign(pesan.webhook.rahasia, int(time.time()), body)
    guard.post(pesan.webhook.url, body, {"MPP-Signature": signature, "Idempotency-Key": pesan.key})


def sign(key: str, at: int, body: bytes) -> str:
    digest = hmac.new(key.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"
