"""The device a report comes from: it makes a second tap the same report, and limits how often one device may ask."""

import secrets
from datetime import timedelta

import segno
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString, mark_safe

from mpp_portal import valkey

AGE = timedelta(days=365)
RECEIPT = timedelta(minutes=30)  # how long the receipt still shows the PIN
HOURLY = {"lapor": 10, "pin": 30}
_DEVICE, _PIN = "perangkat_laporan", "pin_laporan"


def device_of(request: HttpRequest) -> str:
    """The device that asks; a new one is to be remembered with the answer."""
    return _signed(request, _DEVICE, AGE) or secrets.token_urlsafe(16)


def remember(response: HttpResponse, device: str) -> None:
    _set(response, _DEVICE, device, AGE)


def hand_over(response: HttpResponse, kode: str, pin: str) -> None:
    """The PIN travels to the receipt in the reporter's own browser: it is stored nowhere else."""
    _set(response, _PIN, f"{kode}:{pin}", RECEIPT)


def handed_over(request: HttpRequest, kode: str) -> str:
    found, _colon, pin = (_signed(request, _PIN, RECEIPT) or "").partition(":")
    return pin if found == kode else ""


def within_limit(device: str, what: str) -> bool:
    """False when this device has asked too often this hour. Without a cache everybody may."""
    key = f"pengaduan:{what}:{signing.Signer(salt='pengaduan.batas').signature(device)}"

    def count() -> int:
        with valkey.client().pipeline(transaction=False) as commands:
            commands.set(key, 0, nx=True, ex=3600)
            commands.incr(key)
            return int(commands.execute()[1])

    return valkey.attempt(count, 0) <= HOURLY[what]


def qr(text: str) -> SafeString:
    drawing = segno.make(text, error="m", micro=False)
    return mark_safe(drawing.svg_inline(border=2, omitsize=True, svgclass="qr", lineclass=None))


def _signed(request: HttpRequest, name: str, age: timedelta) -> str | None:
    return request.get_signed_cookie(name, default=None, salt=f"pengaduan.{name}", max_age=age)


def _set(response: HttpResponse, name: str, value: str, age: timedelta) -> None:
    response.set_signed_cookie(
        name,
        value,
        salt=f"pengaduan.{name}",
        max_age=age,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
