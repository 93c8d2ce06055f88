"""The figures of a mall or of one's own gerai: as a page, as XLSX and as CSV."""

from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache

from layanan.models import Mpp
from mpp_portal import angka, tabel
from mpp_portal.angka import PeriodForm
from mpp_portal.templatetags.mpp import in_words

from .. import statistik
from ..models import Antrean

WEEK = timedelta(days=6)


def _asked(request: HttpRequest, slug: str) -> tuple[Mpp, list[Antrean], PeriodForm]:
    mpp = get_object_or_404(Mpp.objects.running().select_related("wilayah"), slug=slug)
    lines = Antrean.objects.counted_for(request.user).filter(mpp=mpp).select_related("gerai__instansi")
    found = list(lines.order_by("huruf"))
    if not found:
        raise Http404
    today = mpp.today()
    usual = {"dari": today - WEEK, "sampai": today}
    return mpp, found, PeriodForm({**usual, **request.GET.dict()})


@never_cache
def page(request: HttpRequest, mpp: str) -> HttpResponse:
    place, lines, form = _asked(request, mpp)
    counted = None
    if form.is_valid():
        counted = statistik.figures(lines, place, form.cleaned_data["dari"], form.cleaned_data["sampai"])
    context = {"mpp": place, "form": form, "figures": counted}
    return render(request, "antrean/figures.html", context, status=200 if counted else 422)


@never_cache
def download(request: HttpRequest, mpp: str, bentuk: str) -> HttpResponse:
    """One row for each figure, with its definition, scope and cut-off."""
    place, lines, form = _asked(request, mpp)
    if bentuk not in tabel.FORMATS or not form.is_valid():
        raise Http404
    counted = statistik.figures(lines, place, form.cleaned_data["dari"], form.cleaned_data["sampai"])
    cut_off = in_words(counted.cut_off, place)
    rows = angka.rows(counted.parts, counted.scope, counted.since, counted.until, cut_off)
    return tabel.file(rows, f"angka-{place.slug}-{counted.since:%Y%m%d}-{counted.until:%Y%m%d}", bentuk)
