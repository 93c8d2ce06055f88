"""In the hall, by phone: scan the QR, pick a line, take a number."""

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
from ..forms.warga import TakeForm, take_form
from ..models import Kunjungan, Tiket
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
    wanted = (f"/antrean/{mpp.slug}/ambil/", "/antrean/k/")  # a number, or to say that one has come
    return next((path for path in safe if any(part in path for part in wanted)), pick)


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
def take(request: HttpRequest, mpp: str, instansi: str, jenis: str, visit: Kunjungan | None = None) -> HttpResponse:
    """What to bring, how long, one button; then the number, of this visit where it is known."""
    if request.method == "POST":
        return _give(request, mpp, instansi, jenis, visit=visit)
    layanan = layanan_of(mpp, instansi, jenis)
    if presence.visitor(request, layanan.gerai.mpp):
        return _page(request, layanan, visit=visit)
    return _come_first(request, layanan)


def _come_first(request: HttpRequest, layanan: Layanan, *, status: int = 200) -> HttpResponse:
    response = _page(request, layanan, template="antrean/come_first.html", status=status)
    presence.remember_wish(response, request.path)
    return response


def _give(request: HttpRequest, *slugs: str, visit: Kunjungan | None) -> HttpResponse:
    found = lines.numbered(*slugs)
    place = found[0].gerai.mpp if found else layanan_of(*slugs).gerai.mpp
    device = presence.visitor(request, place)
    if not device:
        return _come_first(request, layanan_of(*slugs), status=403)
    line, service = found or (None, None)
    form = take_form(line, service, request.POST)
    if not form.is_valid():
        form.refuse()
        return _page(request, layanan_of(*slugs), form, visit=visit)
    if found is None:
        return _page(request, layanan_of(*slugs), form, visit=visit, status=409)
    try:
        if not presence.within_limit(device):
            raise actions.Refused(
                _("Ponsel ini sudah sering meminta nomor. Coba lagi satu jam lagi, atau minta petugas.")
            )
        tiket = actions.take(*found, sender=device, asal=Tiket.Asal.AULA, visit=visit, **form.wish)
    except actions.Refused as refusal:
        if refusal.subject:
            messages.info(request, str(refusal))
            return redirect(refusal.subject.kunjungan)
        form.refuse(str(refusal))
        return _page(request, layanan_of(*slugs), form, visit=visit, status=409)
    return redirect(tiket.kunjungan)


def _page(
    request: HttpRequest,
    layanan: Layanan,
    form: TakeForm | None = None,
    template: str = "antrean/take.html",
    *,
    visit: Kunjungan | None = None,
    status: int = 200,
) -> HttpResponse:
    gerai, line = layanan.gerai, lines.of_layanan(layanan)
    form = form or take_form(line.antrean if line else None, layanan)
    context = {"layanan": layanan, "gerai": gerai, "mpp": gerai.mpp, "line": line, "form": form, "kunjungan": visit}
    return render(request, template, context, status=status)


def layanan_of(mpp: str, instansi: str, jenis: str) -> Layanan:
    """Also of a gerai that rests: its page says so."""
    return get_object_or_404(
        Layanan.objects.select_related("jenis", "gerai__mpp__wilayah", "gerai__instansi"),
        tampil=True,
        gerai__mpp__aktif=True,
        gerai__mpp__slug=mpp,
        gerai__instansi__slug=instansi,
        jenis__slug=jenis,
    )
