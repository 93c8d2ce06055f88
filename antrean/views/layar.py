"""Screens in the hall: the calls, and the changing QR of who is here."""

import re
from operator import itemgetter
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.cache import cache
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import conditional_page

from layanan.models import Mpp, Peran
from mpp_portal.siaran import fragments, tokens

from .. import devices, presence, qr
from ..models import Jaga, Panggilan, Tiket
from ..states import DI_LOKET, Status

RECENT = 6
CALL = {
    "label": F("tiket__label"),
    "nomor": F("loket__nomor"),
    "lantai": F("loket__gerai__lantai"),
    "instansi": F("tiket__sesi__antrean__gerai__instansi__singkatan"),
}
LOKET = {"nomor": F("loket__nomor"), "instansi": F("loket__gerai__instansi__singkatan")}
KEPT = 60  # seconds for which a mall is taken to be as it was
POSTER = (Peran.PETUGAS_INFORMASI, Peran.PENYELIA, Peran.PENGELOLA)


def _mall(slug: str) -> Mpp:
    return get_object_or_404(Mpp.objects.running().select_related("wilayah"), slug=slug)


@login_not_required
@never_cache
def display(request: HttpRequest, mpp: str) -> HttpResponse:
    place = _mall(mpp)
    devices.note(request)
    return render(
        request, "antrean/display.html", {**_calls(place, _floor(request)), "stream": tokens.url(f"mpp-{place.pk}")}
    )


@login_not_required
@cache_control(no_cache=True)
@conditional_page
def calls(request: HttpRequest, mpp: str) -> HttpResponse:
    """The fragment that changes with every call: numbers, loket, instansi and floors, nobody's name."""
    devices.note(request)
    lantai = _floor(request)
    place: Any = cache.get_or_set(f"layar:{mpp}", lambda: _mall(mpp), KEPT)  # every display asks, at every call
    made = fragments.once(
        f"mpp-{place.pk}",
        f"layar-{get_language()}-{lantai}",
        lambda: render_to_string("antrean/_calls.html", _calls(place, lantai), request),
    )
    return HttpResponse(made)


def _floor(request: HttpRequest) -> int | None:
    """A display for one floor, `?lantai=2`; anything else shows the whole mall."""
    asked = re.fullmatch(r"-?\d{1,2}", request.GET.get("lantai", ""))
    return int(asked[0]) if asked else None


def _calls(mpp: Mpp, lantai: int | None) -> dict[str, Any]:
    """Of each row only what is shown: the whole hall waits while this is made."""
    today: Any = Panggilan.objects.on(mpp, mpp.today()).values("urut", "tiket_id", **CALL)
    on_duty = Jaga.objects.open().filter(loket__mpp=mpp).order_by("loket__nomor")
    if lantai is not None:
        today, on_duty = today.filter(loket__gerai__lantai=lantai), on_duty.filter(loket__gerai__lantai=lantai)
    current: dict[int, Any] = {}
    for call in today.filter(tiket__status=Status.DIPANGGIL, tiket__loket=F("loket")):
        current.setdefault(call["tiket_id"], call)  # newest first: a call said again replaces the one before
    recent: dict[int, Any] = {}
    for call in today[: 3 * RECENT]:
        recent.setdefault(call["tiket_id"], call)
    serving = dict(Tiket.objects.filter(loket__mpp=mpp, status__in=DI_LOKET).values_list("loket", "label"))
    return {
        "mpp": mpp,
        "lantai": lantai,
        "now": timezone.now(),
        "current": sorted(current.values(), key=itemgetter("urut")),
        "newest": next((call["urut"] for call in recent.values()), 0),
        "recent": list(recent.values())[:RECENT],
        "loket": [jaga | {"label": serving.get(jaga["loket_id"], "")} for jaga in on_duty.values("loket_id", **LOKET)],
    }


def _poster_open_to(request: HttpRequest, mpp: Mpp) -> bool:
    return settings.DEMO or Mpp.objects.staffed_by(request.user, *POSTER).filter(pk=mpp.pk).exists()


def _code(request: HttpRequest, mpp: Mpp) -> dict[str, Any]:
    link = request.build_absolute_uri(reverse("antrean:arrive", args=[presence.code(mpp)]))
    return {"mpp": mpp, "link": link, "qr": qr.svg(link)}


@login_not_required
@never_cache
def poster(request: HttpRequest, mpp: str) -> HttpResponse:
    """Who may see the code counts as being in the hall, so it is for the mall's own screens; open in the demo."""
    return _poster(request, mpp, "antrean/poster.html")


@login_not_required
@never_cache
def poster_code(request: HttpRequest, mpp: str) -> HttpResponse:
    """The fragment that turns."""
    return _poster(request, mpp, "antrean/_poster.html")


def _poster(request: HttpRequest, mpp: str, template: str) -> HttpResponse:
    place = _mall(mpp)
    if _poster_open_to(request, place):
        return render(request, template, _code(request, place))
    if request.user.is_authenticated:
        raise Http404
    return redirect_to_login(request.get_full_path())
