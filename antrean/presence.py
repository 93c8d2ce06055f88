"""Who is in the hall: a phone that scanned the changing QR. It names a device, never a person, and is never logged."""

import secrets
import time
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from layanan.models import Mpp
from mpp_portal import valkey

TURNS = 60  # seconds: the poster shows another code after this
CODE_AGE = 180  # seconds: how long a code is accepted, so that a slow phone still gets in
STAY = timedelta(hours=1)
DEVICE_AGE = timedelta(days=365)
HOURLY = 10  # numbers one device may ask for

HALL, DEVICE, WISH = "aula", "perangkat", "tujuan"


class _HallSigner(signing.TimestampSigner):
    """The same code all through a turn, so that a display which asks twice shows no new one."""

    def timestamp(self) -> str:
        return signing.b62_encode(int(time.time()) // TURNS * TURNS)


_signer = _HallSigner(salt="antrean.aula")


def code(mpp: Mpp) -> str:
    """What the hall's QR says now."""
    return _signer.sign(str(mpp.pk))


def read(token: str) -> int:
    """The mall of a code. Raises signing.BadSignature for a forged one and for one that has turned."""
    return int(_signer.unsign(token, max_age=CODE_AGE))


def admit(request: HttpRequest, response: HttpResponse, mpp_id: int) -> None:
    """From now on this device counts as being in that mall's hall."""
    remember(response, device_of(request))
    _set(response, HALL, str(mpp_id), STAY)


def visitor(request: HttpRequest, mpp: Mpp) -> str | None:
    """The device, if it is in the hall of this mall."""
    here = _signed(request, HALL, STAY) == str(mpp.pk)
    return _signed(request, DEVICE, DEVICE_AGE) if here else None


def remember_wish(response: HttpResponse, path: str) -> None:
    """Where this device wanted to go before it was in the hall."""
    _set(response, WISH, path, STAY)


def wish(request: HttpRequest) -> str | None:
    return _signed(request, WISH, STAY)


def device_of(request: HttpRequest) -> str:
    """The device that asks, wherever it is; a new one is to be remembered with the answer."""
    return _signed(request, DEVICE, DEVICE_AGE) or secrets.token_urlsafe(16)


def remember(response: HttpResponse, device: str) -> None:
    _set(response, DEVICE, device, DEVICE_AGE)


def within_limit(device: str, what: str = "ambil", most: int = HOURLY) -> bool:
    """False when this device has asked for too many numbers this hour. Without a cache everybody may."""
    key = f"antrean:{what}:{signing.Signer(salt='antrean.batas').signature(device)}"

    def count() -> int:
        with valkey.client().pipeline(transaction=False) as commands:  # one round trip: every number waits for it
            commands.set(key, 0, nx=True, ex=3600)
            commands.incr(key)
            return int(commands.execute()[1])

    return valkey.attempt(count, 0) <= most


def _signed(request: HttpRequest, name: str, age: timedelta) -> str | None:
    return request.get_signed_cookie(name, default=None, salt=f"antrean.{name}", max_age=age)


def _set(response: HttpResponse, name: str, value: str, age: timedelta) -> None:
    response.set_signed_cookie(
        name,
        value,
        salt=f"antrean.{name}",
        max_age=age,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
