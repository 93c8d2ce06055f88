"""The information desk: give a number to who has no phone, find a ticket, bring somebody back into the line."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from layanan.models import Layanan, Mpp, Peran
from mpp_portal import qr

from .. import actions, lines, tracking
from ..forms.warga import take_form
from ..models import Kunjungan, Pemesanan, Tiket
from .offers import by_gerai

DESK = (Peran.PETUGAS_INFORMASI, Peran.PENYELIA)


def mall_of(request: HttpRequest, slug: str) -> Mpp:
    rows = Mpp.objects.running().staffed_by(request.user, *DESK).select_related("wilayah")
    return get_object_or_404(rows, slug=slug)


def _tickets(request: HttpRequest, mpp: Mpp) -> QuerySet[Tiket]:
    rows = Tiket.objects.filter(kunjungan__in=Kunjungan.objects.at_desk_of(request.user), kunjungan__mpp=mpp)
    return rows.select_related("kunjungan__mpp__wilayah", "sesi__antrean__gerai__instansi", "layanan__jenis", "loket")


@never_cache
def desk(request: HttpRequest, mpp: str) -> HttpResponse:
    """One box for services, one for tickets of today."""
    place = mall_of(request, mpp)
    sought, code = (request.GET.get(name, "").strip()[:100] for name in ("q", "kode"))
    context = {
        "mpp": place,
        "sought": sought,
        "code": code,
        "offers": by_gerai(place, sought) if sought else [],
        "tickets": tracking.find(code, mpp=place) if code else [],
        "bookings": tracking.find_booked(code, mpp=place) if code else [],
    }
    return render(request, "antrean/desk.html", context)


@never_cache
def give(request: HttpRequest, mpp: str, instansi: str, jenis: str) -> HttpResponse:
    """Give a number to who stands at the desk."""
    place = mall_of(request, mpp)
    rows = Layanan.objects.offered().select_related("jenis", "gerai__mpp__wilayah", "gerai__instansi")
    layanan = get_object_or_404(
        rows.prefetch_related("persyaratan"), gerai__mpp=place, gerai__instansi__slug=instansi, jenis__slug=jenis
    )
    line = lines.of_layanan(layanan)
    form = take_form(line.antrean if line else None, layanan, request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"mpp": place, "layanan": layanan, "gerai": layanan.gerai, "line": line, "form": form}
    if request.method == "POST" and not form.is_valid():
        form.refuse()
    elif request.method == "POST" and line and line.numbered:
        try:
            tiket = actions.take(
                line.antrean,
                layanan,
                sender=request.session.session_key or "",
                asal=Tiket.Asal.MEJA,
                by=request.user,
                **form.wish,
            )
        except actions.Refused as refusal:
            form.refuse(str(refusal))
            return render(request, "antrean/give.html", context, status=409)
        return redirect("antrean:desk_tiket", mpp=place.slug, pk=tiket.pk)
    return render(request, "antrean/give.html", context)


@never_cache
def tiket(request: HttpRequest, mpp: str, pk: int) -> HttpResponse:
    """A ticket to hand over: 80 mm wide on paper, with the QR of its own page."""
    place = mall_of(request, mpp)
    row = get_object_or_404(_tickets(request, place), pk=pk)
    link = request.build_absolute_uri(row.kunjungan.get_absolute_url())
    context = {"mpp": place, "tiket": row, "papers": [one for one in (row.awaited, row) if one], "link": link}
    return render(request, "antrean/desk_tiket.html", context | {"qr": qr.svg(link)})


@require_POST
def come_back(request: HttpRequest, mpp: str, pk: int) -> HttpResponse:
    return _step(request, mpp, pk, actions.come_back, _("Nomor %s kembali dalam antrean."))


@require_POST
def postpone(request: HttpRequest, mpp: str, pk: int) -> HttpResponse:
    return _step(request, mpp, pk, actions.postpone, _("Nomor %s ditunda sampai orangnya kembali."))


@require_POST
def hand_over(request: HttpRequest, mpp: str, pk: int) -> HttpResponse:
    """The kiosk's paper did not come: the desk has printed it."""
    return _step(request, mpp, pk, actions.hand_over, _("Nomor %s dipanggil menurut gilirannya."))


@require_POST
def assist(request: HttpRequest, mpp: str, pk: int) -> HttpResponse:
    needed = request.POST.get("perlu") == "ya"
    done = _("Petugas loket diberi tahu: %s perlu didampingi.") if needed else _("%s tidak lagi perlu didampingi.")
    return _step(request, mpp, pk, actions.assist, done, needed=needed)


def _step(request: HttpRequest, mpp: str, pk: int, act: Callable[..., Tiket], done: str, **given: Any) -> HttpResponse:
    row = get_object_or_404(_tickets(request, mall_of(request, mpp)), pk=pk)
    try:
        act(row, by=request.user, **given)
        messages.success(request, done % row.label)
    except actions.Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("antrean:desk_tiket", mpp=mpp, pk=pk)


@require_POST
def arrive(request: HttpRequest, mpp: str, pk: int) -> HttpResponse:
    """Somebody with a booking stands at the desk: they get their number."""
    place = mall_of(request, mpp)
    row = get_object_or_404(Pemesanan.objects.at_desk_of(request.user).filter(kunjungan__mpp=place), pk=pk)
    try:
        tiket = actions.arrive(row, by=request.user)
    except actions.Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("antrean:desk", mpp=mpp)
    return redirect("antrean:desk_tiket", mpp=mpp, pk=tiket.pk)
