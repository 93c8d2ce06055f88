"""Who read which confidential report, and when: for those who watch over it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from mpp_portal.models import Peristiwa

from ..models import Laporan
from .publik import page_number

PER_PAGE = 50


@never_cache
def listing(request: HttpRequest) -> HttpResponse:
    """Newest first, by code alone: who looks here need not read the reports themselves."""
    if not Laporan.objects.watches(request.user):
        raise Http404
    watched = Laporan.objects.watched_by(request.user).select_related("mpp__wilayah")
    kode = "-".join(request.GET.get("kode", "").upper().replace("-", " ").split())[:20]
    chosen = watched.filter(kode=kode) if kode else watched
    rows = Peristiwa.objects.filter(
        jenis="laporan.dibaca", subjek=Laporan._meta.label_lower, subjek_id__in=chosen.values("pk")
    )
    at = page_number(request)
    shown = list(rows.select_related("oleh").order_by("-pk")[(at - 1) * PER_PAGE : at * PER_PAGE + 1])
    reports = watched.in_bulk({row.subjek_id for row in shown})
    context = {
        "page": [(row, reports[row.subjek_id]) for row in shown[:PER_PAGE]],
        "kode": kode,
        "before": at - 1,
        "after": at + 1 if len(shown) > PER_PAGE else 0,
    }
    return render(request, "pengaduan/views.html", context)
