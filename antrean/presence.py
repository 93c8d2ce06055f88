"""Who is in the hall: a phone that scanned the changing QR. It names a device, never a person, and is never logged."""

import time
from datetime import timedelta

from django.core import signing
from django.http import HttpRequest, HttpResponse

from layanan.models import Mpp
from mpp_portal import device as devices

TURNS = 60  # seconds: the poster shows another code after this
CODE_AGE = 180  # seconds: how long a code is accepted, so that a slow phone still gets in
STAY = timedelta(hours=1)
HOURLY = 10  # numbers one device may ask for

HALL, DEVICE, WISH, VISIT = "aula", "perangkat", "tujuan", "kunjungan"


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
    devices.write(response, HALL, str(mpp_id), STAY)


def visitor(request: HttpRequest, mpp: Mpp) -> str | None:
    """The device, if it is in the hall of this mall."""
    here = devices.read(request, HALL, STAY) == str(mpp.pk)
    return devices.read(request, DEVICE, devices.YEAR) if here else None


def remember_wish(response: HttpResponse, path: str) -> None:
    """Where this device wanted to go before it was in the hall."""
    devices.write(response, WISH, path, STAY)


def wish(request: HttpRequest) -> str | None:
    return devices.read(request, WISH, STAY)


def remember_visit(response: HttpResponse, rahasia: str) -> None:
    """The visit that this device is adding to: the pages of services offer to do so, too, for an hour."""
    devices.write(response, VISIT, rahasia, STAY)


def visit(request: HttpRequest) -> str | None:
    return devices.read(request, VISIT, STAY)


def device_of(request: HttpRequest) -> str:
    """The device that asks, wherever it is; a new one is to be remembered with the answer."""
    return devices.token(request, DEVICE)


def remember(response: HttpResponse, device: str) -> None:
    devices.write(response, DEVICE, device, devices.YEAR)


def within_limit(device: str, what: str = "ambil", most: int = HOURLY) -> bool:
    return devices.within_limit(device, f"antrean:{what}", most)
