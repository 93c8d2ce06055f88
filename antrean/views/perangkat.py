"""Pairing a screen of the hall with the portal: the code that staff were shown is typed here, once."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from layanan.models import Mpp

from .. import actions, devices, presence
from ..forms.petugas import PairForm
from ..models import Perangkat

BROWSERS = (Perangkat.Jenis.ANJUNGAN, Perangkat.Jenis.LAYAR)
TRIES = 20  # codes an unknown browser may try in an hour


@never_cache
@login_not_required
def pair(request: HttpRequest) -> HttpResponse:
    """The page a new kiosk or display opens; a paired one goes on to its work."""
    if request.method != "POST":
        known = next((found for jenis in BROWSERS if (found := devices.of(request, jenis))), None)
        return render(request, "antrean/pair.html", {"form": PairForm(), "known": known, "next": known and home(known)})
    browser, form = presence.device_of(request), PairForm(request.POST)
    response: HttpResponse | None = None
    if form.is_valid():
        try:
            if not presence.within_limit(browser, "pasang", TRIES):
                raise actions.Refused(_("Terlalu banyak kode dicoba dari sini. Tunggu satu jam, lalu coba lagi."))
            perangkat, token = actions.pair(form.cleaned_data["kode"], jenis=BROWSERS)
        except actions.Refused as refusal:
            form.add_error("kode", str(refusal))
        else:
            response = redirect(home(perangkat))
            devices.remember(response, token)
    response = response or render(request, "antrean/pair.html", {"form": form}, status=422)
    presence.remember(response, browser)
    return response


@never_cache
@login_not_required
def pair_demo(request: HttpRequest, mpp: str) -> HttpResponse:
    """In the demo a kiosk is a click away."""
    if not settings.DEMO:
        raise Http404
    place = get_object_or_404(Mpp.objects.running().filter(contoh=True), slug=mpp)
    perangkat, token = actions.pair_demo(place)
    response = redirect(home(perangkat))
    devices.remember(response, token)
    return response


def home(perangkat: Perangkat) -> str:
    """Where this device does its work."""
    if perangkat.jenis == Perangkat.Jenis.ANJUNGAN:
        return reverse("antrean:kiosk")
    floor = f"?lantai={perangkat.lantai}" if perangkat.lantai is not None else ""
    return reverse("antrean:display", args=[perangkat.mpp.slug]) + floor
