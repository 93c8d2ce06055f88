"""Web push (RFC 8030, 8291, 8292): encrypted for the one browser that asked; its push service cannot read it."""

import hashlib
import json

from django.conf import settings
from pywebpush import WebPushException, webpush

from ..models import Pesan
from ..wording import Rendered
from . import CONNECT, READ, Gone, Permanent, guard

TTL = 3600  # seconds that the push service keeps it for a phone that is off


def send(pesan: Pesan, rendered: Rendered) -> None:
    assert pesan.langganan is not None  # noqa: S101 — pesan_satu_pelanggan
    subscription = pesan.langganan.subscription
    guard.require_push_service(subscription["endpoint"])
    content = {"judul": rendered.judul, "isi": rendered.isi, "tautan": rendered.tautan, "kunci": pesan.key}
    headers = {
        "Urgency": "high" if pesan.segera else "normal",
        # The service keeps one undelivered message per topic: a resend replaces the first.
        "Topic": hashlib.sha256(pesan.key.encode()).hexdigest()[:32],
    }
    with guard.session() as http:
        try:
            webpush(
                subscription,
                json.dumps(content),
                vapid_private_key=settings.KABAR_VAPID_KEY,
                vapid_claims={"sub": settings.KABAR_VAPID_CONTACT},
                ttl=TTL,
                headers=headers,
                timeout=(CONNECT, READ),
                requests_session=http,
            )
        except WebPushException as error:
            if error.response is None:
                raise Permanent(str(error)) from error
            if error.response.status_code in (404, 410):
                raise Gone(f"HTTP {error.response.status_code}") from error
            guard.settle(error.response.status_code)
            raise Permanent(str(error)) from error
