"""Every write of the API, called through this module: `actions.send(…)`."""

import secrets
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from mpp_portal.actions import Refused, action
from mpp_portal.models import record

from .. import actions as reports
from .models import Kiriman, KunciApi, fingerprint

__all__ = ["Refused", "renew", "send"]


@action
def renew(kunci: KunciApi, *, by: Any) -> str:
    """A new api_key; the one before it opens nothing any more. Only this answer knows it."""
    key = secrets.token_urlsafe(24)
    kunci.sidik = fingerprint(key)
    kunci.save(update_fields=["sidik"])
    record("kunciapi.diberi_kunci", kunci, mpp_id=kunci.mpp_id, by=by)
    return key


@action
def send(
    kunci: KunciApi, given: reports.Given, *, token: str, bahasa: str, now: datetime | None = None
) -> reports.Sent:
    """Take a report as the form does. The same token is the same report, however often it comes."""
    known = Kiriman.objects.filter(token=token).first()
    if known and known.kunci_id != kunci.pk:
        raise Refused(_("Idempotency-Key ini sudah dipakai. Buat yang baru untuk tiap laporan."))
    sent = reports.submit(kunci.mpp, given, sender=f"open311:{kunci.pk}", key=token, bahasa=bahasa, now=now)
    Kiriman.objects.get_or_create(laporan=sent.laporan, defaults={"kunci": kunci, "token": token})
    return sent
