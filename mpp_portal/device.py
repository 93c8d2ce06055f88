"""What a browser carries for us in signed cookies, and how often one device may ask."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from mpp_portal import valkey

YEAR = timedelta(days=365)


def read(request: HttpRequest, name: str, age: timedelta) -> str | None:
    """The value of this cookie, unless it is forged or older than `age`."""
    return request.get_signed_cookie(name, default=None, salt=_salt(name), max_age=age)


def write(response: HttpResponse, name: str, value: str, age: timedelta) -> None:
    response.set_signed_cookie(
        name,
        value,
        salt=_salt(name),
        max_age=age,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def token(request: HttpRequest, name: str) -> str:
    """What stands for the device under this name; a new one is to be written with the answer."""
    return read(request, name, YEAR) or secrets.token_urlsafe(16)


def within_limit(device: str, what: str, most: int) -> bool:
    """False when this device has asked for this too often within the hour. Without a cache everybody may."""
    key = f"batas:{what}:{signing.Signer(salt='mpp.batas').signature(device)}"

    def count() -> int:
        with valkey.client().pipeline(transaction=False) as commands:  # one round trip: every number waits for it
            commands.set(key, 0, nx=True, ex=3600)
            commands.incr(key)
            return int(commands.execute()[1])

    return valkey.attempt(count, 0) <= most


def _salt(name: str) -> str:
    return f"mpp.kuki.{name}"
