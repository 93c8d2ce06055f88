"""The figures of the reports: as a page, as XLSX and as CSV."""

from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from layanan.models import Mpp
from mpp_portal import angka, tabel
from mpp_portal.templatetags.mpp import in_words

from .. import statistik
from ..models import Laporan

MONTH = timedelta(days=29)


def _asked(request: HttpRequest) -> tuple[Mpp, angka.PeriodForm]:
    """The mall by whose clock dates are shown, and the days asked for."""
    mall = Laporan.objects.malls_counted_for(request.user).select_related("wilayah").first()
    if mall is None:
        raise Http404
    today = mall.today()
    return mall, angka.PeriodForm({"dari": today - MONTH, "sampai": today, **request.GET.dict()})


def _figures(request: HttpRequest, form: angka.PeriodForm) -> statistik.Figures | None:
    if not form.is_valid():
        return None
    return statistik.figures_for(request.user, form.cleaned_data["dari"], form.cleaned_data["sampai"])


@never_cache
def page(request: HttpRequest) -> HttpResponse:
    mall, form = _asked(request)
    counted = _figures(request, form)
    context = {"mpp": mall, "form": form, "figures": counted}
    return render(request, "pengaduan/figures.html", context, status=200 if counted else 422)


@never_cache
def download(request: HttpRequest, bentuk: str) -> HttpResponse:
    mall, form = _asked(request)
    counted = _figures(request, form)
    if bentuk not in tabel.FORMATS or counted is None:
        raise Http404
    cut_off = in_words(counted.cut_off, mall)
    rows = angka.rows(counted.parts, counted.scope, counted.since, counted.until, cut_off)
    return tabel.file(rows, f"laporan-{counted.since:%Y%m%d}-{counted.until:%Y%m%d}", bentuk)
