"""One gerai yields what the other requires: both times in one tap, in their order, under one code."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from .. import actions, presence, slots
from ..models import Slot
from .pesan import HOURLY_HOLDS, before, bookable, context_of, line_of, number_of


@never_cache
@login_not_required
def both(request: HttpRequest, mpp: str, instansi: str, jenis: str, dahulu: str) -> HttpResponse:
    """For each day the first two times that fit; pressing a day holds both."""
    antrean, layanan = line_of(mpp, instansi, jenis)
    source = next((row for row in before(antrean, layanan) if row.jenis.slug == dahulu), None)
    first = bookable(mpp, source.gerai.instansi.slug, dahulu) if source else None
    if first is None:
        raise Http404
    device, status = presence.device_of(request), 200
    if request.method == "POST":
        early, _sep, late = request.POST.get("pasangan", "").partition("-")
        slot = get_object_or_404(Slot, pk=number_of(early), antrean=first[0])
        then = get_object_or_404(Slot, pk=number_of(late), antrean=antrean)
        try:
            if not presence.within_limit(device, "pesan", HOURLY_HOLDS):
                raise actions.Refused(_("Ponsel ini sudah sering memilih jadwal. Coba lagi satu jam lagi."))
            key = request.POST.get("kunci", "")[:64]
            row = actions.hold(slot, first[1], sender=device, key=key, then=(then, layanan))
            return redirect("antrean:details", row.kunjungan.rahasia)
        except actions.Refused as refusal:
            messages.error(request, str(refusal))
            status = 409
    context = context_of(antrean, layanan, pairs=slots.pairs(first, (antrean, layanan)), first=first[1])
    response = render(request, "antrean/both.html", context | {"key": get_random_string(22)}, status=status)
    presence.remember(response, device)
    return response
