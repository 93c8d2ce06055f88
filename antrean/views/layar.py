"""Screens in the hall: the calls, and the changing QR of who is here."""

import re
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import conditional_page

from layanan.models import Mpp, Peran
from mpp_portal import qr
from mpp_portal.siaran import fragments, tokens
from mpp_portal.siaran.shared import SHARED

from .. import devices, hall, presence
from ..models import Perangkat

KEPT = 60  # seconds for which a mall is taken to be as it was
POSTER = (Peran.PETUGAS_INFORMASI, Peran.PENYELIA, Peran.PENGELOLA)


def _mall(slug: str) -> Mpp:
    return get_object_or_404(Mpp.objects.running().select_related("wilayah"), slug=slug)


@login_not_required
@never_cache
def display(request: HttpRequest, mpp: str) -> HttpResponse:
    place = _mall(mpp)
    paired = devices.of(request, Perangkat.Jenis.LAYAR)
    wish = _wish(request, paired)
    context = {**hall.screen(place, lantai=wish["lantai"]), **_shown(place, wish)}
    return render(
        request, "antrean/display.html", {**context, "paired": paired, "stream": tokens.url(f"mpp-{place.pk}")}
    )


@login_not_required
@cache_control(no_cache=True)
def heard(request: HttpRequest) -> HttpResponse:
    """The fragment by which a paired display says, within each minute, that it is there; it shows nothing."""
    devices.of(request, Perangkat.Jenis.LAYAR)
    return render(request, "antrean/_heard.html")


@login_not_required
@cache_control(no_cache=True)
@conditional_page
def calls(request: HttpRequest, mpp: str) -> HttpResponse:
    """The fragment that changes with every call: numbers, loket, instansi and floors, nobody's name."""
    wish = _wish(request)
    place: Any = cache.get_or_set(f"layar:{mpp}", lambda: _mall(mpp), KEPT)  # every display asks, at every call
    made = fragments.once(
        f"mpp-{place.pk}",
        f"layar-{get_language()}-{wish['lantai']}-{wish['bahasa']}",
        lambda: render_to_string(
            "antrean/_calls.html", {**hall.screen(place, lantai=wish["lantai"]), **_shown(place, wish)}, request
        ),
    )
    return HttpResponse(made, headers={SHARED: f"mpp-{place.pk}"})


def _wish(request: HttpRequest, paired: Perangkat | None = None) -> dict[str, Any]:
    """One floor, `?lantai=2`, and its languages, `?bahasa=en`; anything else is the whole mall, and as that speaks."""
    floor = re.fullmatch(r"-?\d{1,2}", request.GET.get("lantai", ""))
    bahasa = paired.bahasa if paired else request.GET.get("bahasa", "")
    return {"lantai": int(floor[0]) if floor else None, "bahasa": bahasa if bahasa in Perangkat.Bahasa.values else ""}


def _shown(place: Mpp, wish: dict[str, Any]) -> dict[str, Any]:
    """Is it said, and written, in English too? With the query by which the fragment asks for the same."""
    english = wish["bahasa"] == Perangkat.Bahasa.EN if wish["bahasa"] else place.suara_inggris
    query = urlencode({name: value for name, value in wish.items() if value not in (None, "")})
    return {"english": english, "second": english and get_language() != "en", "query": f"?{query}" if query else ""}


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
