"""The penyelia's view of the whole hall, and which lines a loket serves."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import conditional_page

from layanan.models import Loket, Mpp, Peran
from mpp_portal.siaran import tokens

from .. import actions, floor
from ..forms.petugas import LinesForm

FLOOR = (Peran.PENYELIA, Peran.PENGELOLA)


def _mall(request: HttpRequest, slug: str) -> Mpp:
    rows = Mpp.objects.running().staffed_by(request.user, *FLOOR).select_related("wilayah")
    return get_object_or_404(rows, slug=slug)


@never_cache
def hall(request: HttpRequest, mpp: str) -> HttpResponse:
    context = floor.floor(_mall(request, mpp))
    return render(request, "antrean/floor.html", context | {"stream": tokens.url(*context["channels"])})


@cache_control(private=True, no_cache=True)
@conditional_page
def hall_now(request: HttpRequest, mpp: str) -> HttpResponse:
    """The fragment that changes with every number, call and loket."""
    return render(request, "antrean/_floor.html", floor.floor(_mall(request, mpp)))


@never_cache
def loket_lines(request: HttpRequest, mpp: str, pk: int) -> HttpResponse:
    """Which lines of its gerai this loket serves from now on."""
    place = _mall(request, mpp)
    loket = get_object_or_404(Loket.objects.filter(mpp=place, aktif=True).select_related("gerai__instansi"), pk=pk)
    form = LinesForm(request.POST if request.method == "POST" else None, loket=loket)
    if request.method == "POST" and form.is_valid():
        actions.assign(loket, form.cleaned_data["antrean"], by=request.user)
        messages.success(request, _("%s melayani antrean yang Anda pilih mulai panggilan berikutnya.") % loket)
        return redirect("antrean:hall", mpp=place.slug)
    context = {"mpp": place, "loket": loket, "form": form}
    return render(request, "antrean/loket_lines.html", context, status=422 if form.errors else 200)
