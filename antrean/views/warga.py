"""In the hall, by phone: scan the QR, pick a line, take a number."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from layanan.models import Layanan, Mpp

from .. import actions, lines, presence
from ..forms import TakeForm
from ..models import Tiket
from .offers import by_gerai


@never_cache
@login_not_required
def arrive(request: HttpRequest, token: str) -> HttpResponse:
    """The hall's QR leads here: remember the device, go on to where it wanted to go."""
    try:
        mpp = get_object_or_404(Mpp.objects.running(), pk=presence.read(token))
    except signing.BadSignature:
        return render(request, "antrean/old_code.html", status=410)
    response = redirect(_wanted(request, mpp))
    presence.admit(request, response, mpp.pk)
    return response


def _wanted(request: HttpRequest, mpp: Mpp) -> str:
    pick = reverse("antrean:pick", args=[mpp.slug])
    here = (request.GET.get("next"), presence.wish(request))
    safe = (path for path in here if path and url_has_allowed_host_and_scheme(path, allowed_hosts=None))
    return next((path for path in safe if f"/antrean/{mpp.slug}/ambil/" in path), pick)


@never_cache
@login_not_required
def pick(request: HttpRequest, mpp: str) -> HttpResponse:
    """Every line of the mall, with what it serves and whether numbers are given now."""
    place = get_object_or_404(Mpp.objects.running().select_related("wilayah"), slug=mpp)
    sought = request.GET.get("q", "").strip()[:100]
    context = {
        "mpp": place,
        "sought": sought,
        "offers": by_gerai(place, sought),
        "present": presence.visitor(request, place) is not None,
    }
    return render(request, "antrean/pick.html", context)


@never_cache
@login_not_required
def take(request: HttpRequest, mpp: str, instansi: str, jenis: str) -> HttpResponse:
    """What to bring, how long, one button; then the number."""
    layanan = _layanan(mpp, instansi, jenis)
    place = layanan.gerai.mpp
    device = presence.visitor(request, place)
    line = lines.of_layanan(layanan)
    form = TakeForm(request.POST) if request.method == "POST" else TakeForm()
    context = {"layanan": layanan, "gerai": layanan.gerai, "mpp": place, "line": line, "form": form}
    if not device:
        response = render(request, "antrean/come_first.html", context, status=403 if request.method == "POST" else 200)
        presence.remember_wish(response, request.path)
        return response
    if request.method != "POST" or line is None:
        return render(request, "antrean/take.html", context)
    return _give(request, device, context)


def _give(request: HttpRequest, device: str, context: dict[str, Any]) -> HttpResponse:
    form, line = context["form"], context["line"]
    if not form.is_valid():
        form.refuse()
        return render(request, "antrean/take.html", context)
    try:
        if not line.numbered:
            raise actions.Refused(line.answer.reason)
        if not presence.within_limit(device):
            raise actions.Refused(
                _("Ponsel ini sudah sering meminta nomor. Coba lagi satu jam lagi, atau minta petugas.")
            )
        tiket = actions.take(
            line.antrean,
            context["layanan"],
            sender=device,
            key=form.cleaned_data["kunci"],
            asal=Tiket.Asal.AULA,
            prioritas=form.cleaned_data["prioritas"],
        )
    except actions.Refused as refusal:
        if refusal.subject:
            messages.info(request, str(refusal))
            return redirect(refusal.subject.kunjungan)
        form.refuse(str(refusal))
        return render(request, "antrean/take.html", context, status=409)
    return redirect(tiket.kunjungan)


def _layanan(mpp: str, instansi: str, jenis: str) -> Layanan:
    """Also of a gerai that rests: its page says so."""
    rows = Layanan.objects.filter(tampil=True, gerai__mpp__aktif=True)
    return get_object_or_404(
        rows.select_related("jenis", "gerai__mpp__wilayah", "gerai__instansi").prefetch_related("persyaratan"),
        gerai__mpp__slug=mpp,
        gerai__instansi__slug=instansi,
        jenis__slug=jenis,
    )
