"""Which device asks: a browser shows its token in a signed cookie, a program in the Authorization header."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse

from mpp_portal import device

from . import actions
from .models import Perangkat

COOKIE = "terpasang"
AGE = timedelta(days=400)  # as long as browsers keep any


def of(request: HttpRequest, jenis: str) -> Perangkat | None:
    """The paired device of this kind that asks, noted as heard."""
    token = _token(request)
    return _heard(token, jenis) if token else None


def program(request: HttpRequest) -> Perangkat | None:
    """The paired printing program that asks."""
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    return _heard(token.strip(), Perangkat.Jenis.CETAK) if scheme == "Bearer" else None


def _token(request: HttpRequest) -> str:
    return device.read(request, COOKIE, AGE) or ""


def _heard(token: str, jenis: str) -> Perangkat | None:
    perangkat = Perangkat.objects.holding(token).filter(jenis=jenis).select_related("mpp__wilayah", "pencetak").first()
    if perangkat:
        actions.seen(perangkat)
    return perangkat


def renew(request: HttpRequest, response: HttpResponse) -> None:
    """A device that is in use does not forget what it is."""
    remember(response, _token(request))


def remember(response: HttpResponse, token: str) -> None:
    device.write(response, COOKIE, token, AGE)
