"""Where: the country's malls, one mall, one office in it, and the office wherever it serves."""

from itertools import groupby
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db.models import Count, Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import cache_control

from layanan import warna
from layanan.models import Gerai, Instansi, Layanan, Mpp, Wilayah
from layanan.opening import calendars
from layanan.views.now import now, week
from mpp_portal import portal


@login_not_required
def places(request: HttpRequest) -> HttpResponse:
    """All malls by province, those that run on this portal first."""
    sought, province = request.GET.get("q", "").strip()[:80], request.GET.get("provinsi", "")[:2]
    rows = Mpp.objects.select_related("wilayah__induk").order_by("wilayah__kode", "nama")
    if sought:
        rows = rows.filter(
            Q(nama__icontains=sought) | Q(wilayah__nama__icontains=sought) | Q(wilayah__induk__nama__icontains=sought)
        )
    if province:
        rows = rows.filter(wilayah__kode__startswith=province)
    found = sorted(rows, key=lambda mpp: mpp.wilayah.provinsi.nama)
    context = {
        "sought": sought,
        "province": province,
        "provinces": Wilayah.objects.filter(induk__isnull=True).order_by("nama"),
        "running": [mpp for mpp in found if mpp.aktif],
        "listed": [
            (name, list(group))
            for name, group in groupby(
                (mpp for mpp in found if not mpp.aktif), key=lambda mpp: mpp.wilayah.provinsi.nama
            )
        ],
        "count": len(found),
    }
    return render(request, "layanan/places.html", context)


def _gerai_of(mpp: Mpp) -> list[Gerai]:
    offered = Layanan.objects.offered().select_related("jenis").order_by("jenis__nama")
    rows = mpp.gerai.filter(aktif=True).select_related("instansi")
    return list(
        rows.order_by("lantai", "instansi__singkatan").prefetch_related(Prefetch("layanan", offered, to_attr="offered"))
    )


@login_not_required
def mpp(request: HttpRequest, mpp: str) -> HttpResponse:
    place = get_object_or_404(Mpp.objects.select_related("wilayah__induk"), slug=mpp)
    if not place.aktif:
        return render(request, "layanan/mpp_listed.html", {"mpp": place})
    rows, at = _gerai_of(place), timezone.now()
    calendar = calendars(place, rows)
    context: dict[str, Any] = {
        "mpp": place,
        "now": now(calendar[None], at),
        "days": week(calendar[None], at),
        "gerai": [(row, now(calendar[row.pk], at)) for row in rows],
        "panels": portal.panels("mpp", request, mpp_id=place.pk, hours=calendar),
    }
    return render(request, "layanan/mpp.html", context)


@login_not_required
def gerai(request: HttpRequest, mpp: str, instansi: str) -> HttpResponse:
    rows = Gerai.objects.running().select_related("mpp__wilayah", "instansi")
    place = get_object_or_404(rows, mpp__slug=mpp, instansi__slug=instansi)
    at = timezone.now()
    calendar = calendars(place.mpp, [place])[place.pk]
    context = {
        "gerai": place,
        "mpp": place.mpp,
        "now": now(calendar, at),
        "days": week(calendar, at),
        "offered": place.layanan.offered().select_related("jenis", "gerai__mpp", "gerai__instansi"),
        "panels": portal.panels("gerai", request, gerai_id=place.pk, hours=calendar),
    }
    return render(request, "layanan/gerai.html", context)


@login_not_required
def instansi(request: HttpRequest, instansi: str) -> HttpResponse:
    office = get_object_or_404(Instansi, slug=instansi)
    here = Q(layanan__tampil=True, layanan__gerai__aktif=True, layanan__gerai__mpp__aktif=True)
    context = {
        "instansi": office,
        "gerai": office.gerai.running().select_related("mpp__wilayah", "instansi").order_by("mpp__nama"),
        "jenis": office.jenis_layanan.annotate(places=Count("layanan", filter=here)),
    }
    return render(request, "layanan/instansi.html", context)


@login_not_required
@cache_control(public=True, max_age=86_400)
def colours(request: HttpRequest, utama: str, aksen: str) -> HttpResponse:
    """The style sheet of a mall with these colours. They stand in its address, so that no browser keeps an old one."""
    return HttpResponse(warna.stylesheet(f"#{utama}", f"#{aksen}"), content_type="text/css")
