"""Devices of the hall: a code to pair with, the pairing, a sign of life, and the end of it."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.core.signing import Signer
from django.utils import timezone
from django.utils.translation import gettext as _

from layanan.models import Mpp
from mpp_portal.actions import Refused, action
from mpp_portal.models import record
from mpp_portal.siaran.bus import wake

from ..models import ALFABET, Perangkat
from ..models.perangkat import digest

CODE_LENGTH = 8
CODE_AGE = timedelta(minutes=15)
NOTED = timedelta(seconds=45)  # a sign of life is written once in this time, however often the device asks


@action
def offer_code(perangkat: Perangkat, *, by: Any, now: datetime | None = None) -> str:
    """A code to be typed at the device within 15 minutes, once. What it is paired with now goes on until then."""
    now = now or timezone.now()
    code = "".join(secrets.choice(ALFABET) for _n in range(CODE_LENGTH))
    perangkat.kode, perangkat.kode_until = digest(code), now + CODE_AGE
    perangkat.save(update_fields=["kode", "kode_until"])
    record("perangkat.ditawarkan", perangkat, mpp_id=perangkat.mpp_id, by=by, at=now)
    return code


@action
def pair(code: str, *, jenis: tuple[str, ...], now: datetime | None = None) -> tuple[Perangkat, str]:
    """The device of this code and its new token, which nobody can read again. Whoever held it before is out."""
    now = now or timezone.now()
    wanted = "".join(code.upper().split()).replace("-", "")
    rows = Perangkat.objects.offered(wanted, now).filter(jenis__in=jenis, mpp__aktif=True)
    perangkat = rows.select_for_update(of=("self",)).select_related("mpp__wilayah").first()
    if perangkat is None:
        raise Refused(_("Kode ini tidak dikenal atau sudah lewat 15 menit. Minta kode baru di halaman pengelolaan."))
    token = secrets.token_urlsafe(32)
    return install(perangkat, token, now=now), token


@action
def pair_demo(mpp: Mpp) -> tuple[Perangkat, str]:
    """The demo's kiosk of a mall: every browser that opens it is this one device."""
    token = Signer(salt="antrean.contoh").signature(mpp.slug)
    perangkat, _made = Perangkat.objects.get_or_create(
        mpp=mpp, nama="Anjungan contoh", defaults={"jenis": Perangkat.Jenis.ANJUNGAN}
    )
    return (perangkat if perangkat.token == digest(token) else install(perangkat, token, now=timezone.now())), token


def install(perangkat: Perangkat, token: str, *, now: datetime) -> Perangkat:
    """Let the holder of this token be the device."""
    perangkat.token, perangkat.paired_at, perangkat.last_seen_at = digest(token), now, now
    perangkat.kode, perangkat.kode_until = "", None
    perangkat.save(update_fields=["token", "paired_at", "last_seen_at", "kode", "kode_until"])
    record("perangkat.dipasang", perangkat, mpp_id=perangkat.mpp_id, at=now)
    return perangkat


@action
def revoke(perangkat: Perangkat, *, by: Any, now: datetime | None = None) -> Perangkat:
    """From the next request on the device is a stranger; a code that was offered is void as well."""
    perangkat.token, perangkat.paired_at, perangkat.kertas = "", None, ""
    perangkat.kode, perangkat.kode_until = "", None
    perangkat.save(update_fields=["token", "paired_at", "kertas", "kode", "kode_until"])
    record("perangkat.dicabut", perangkat, mpp_id=perangkat.mpp_id, by=by, at=now or timezone.now())
    return perangkat


def seen(perangkat: Perangkat, *, kertas: str = "", now: datetime | None = None) -> None:
    """Note a sign of life, and what a printer says of its paper; most of the time there is nothing to write."""
    now = now or timezone.now()
    told = kertas or perangkat.kertas
    noted = perangkat.last_seen_at is not None and now - perangkat.last_seen_at < NOTED
    if noted and told == perangkat.kertas:
        return
    Perangkat.objects.filter(pk=perangkat.pk).exclude(token="").update(last_seen_at=now, kertas=told)
    if told != perangkat.kertas:
        wake(*(f"perangkat-{pk}" for pk in Perangkat.objects.filter(pencetak=perangkat).values_list("pk", flat=True)))
    perangkat.last_seen_at, perangkat.kertas = now, told
