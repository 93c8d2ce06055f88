"""One visit, several gerai: what else a person does in the same building, under the same code and on the same page."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from .. import actions, presence
from ..models import Kunjungan
from . import pesan, warga
from .kunjungan import secret
from .offers import by_gerai


def _visit(rahasia: str) -> Kunjungan:
    """A visit that is still to come or going on."""
    return get_object_or_404(Kunjungan.objects.going_on().select_related("mpp__wilayah"), rahasia=rahasia)


@secret
@never_cache
def services(request: HttpRequest, rahasia: str) -> HttpResponse:
    """What else this building offers. From now on the pages of its services know of the visit, too."""
    visit = _visit(rahasia)
    sought = request.GET.get("q", "").strip()[:100]
    context = {
        "kunjungan": visit,
        "mpp": visit.mpp,
        "sought": sought,
        "offers": by_gerai(visit.mpp, sought),
        "today": visit.tanggal == visit.mpp.today(),
    }
    response = render(request, "antrean/pick.html", context)
    presence.remember_visit(response, rahasia)
    return response


@secret
@never_cache
def times(request: HttpRequest, rahasia: str, instansi: str, jenis: str) -> HttpResponse:
    """The times of that day, those marked that cannot be kept beside the others; without any: how to get a number."""
    visit = _visit(rahasia)
    slugs = (visit.mpp.slug, instansi, jenis)
    today = visit.tanggal == visit.mpp.today()
    take_url = reverse("antrean:add_take", args=[rahasia, instansi, jenis])
    found = pesan.bookable(*slugs)
    if found is None and today:
        return redirect(take_url)
    back, wait_url = reverse("antrean:add", args=[rahasia]), reverse("antrean:book", args=slugs)
    links: dict[str, Any] = {"back": back, "wait_url": wait_url, "take_url": take_url if today else ""}
    if found is None:
        context = {"layanan": warga.layanan_of(*slugs), "kunjungan": visit, "mpp": visit.mpp}
        return render(request, "antrean/on_the_day.html", context | links)
    return pesan.choose(request, pesan.context_of(*found, kunjungan=visit, adding=True, **links), str(visit.tanggal))


@secret
@never_cache
def take(request: HttpRequest, rahasia: str, instansi: str, jenis: str) -> HttpResponse:
    """In the hall: a number of the same visit."""
    visit = _visit(rahasia)
    return warga.take(request, visit.mpp.slug, instansi, jenis, visit=visit)


@secret
@never_cache
def cancel_all(request: HttpRequest, rahasia: str) -> HttpResponse:
    """Not coming at all: every time and every number of the visit that still waits is given back."""
    visit = _visit(rahasia)
    if request.method != "POST":
        bookings, tickets = actions.open_in(visit)
        context = {"kunjungan": visit, "mpp": visit.mpp, "bookings": bookings, "tickets": tickets}
        return render(request, "antrean/cancel_all.html", context)
    refusals = actions.cancel_all(visit)
    for sentence in refusals:
        messages.error(request, sentence)
    if not refusals:
        messages.success(request, _("Semua dibatalkan. Tempat Anda diberikan kepada yang lain."))
    return redirect(visit)
