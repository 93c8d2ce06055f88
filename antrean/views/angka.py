"""The figures of a mall or of one's own gerai: as a page, as XLSX and as CSV."""

import csv
import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from openpyxl import Workbook

from layanan.models import Mpp
from mpp_portal.templatetags.mpp import in_words

from .. import statistik
from ..forms import PeriodForm
from ..models import Antrean

WEEK = timedelta(days=6)
FORMULA = ("=", "+", "-", "@", "\t", "\r")


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
    context = {"mpp": place, "form": form, "figures": counted, "measures": statistik.MEASURES}
    return render(request, "antrean/figures.html", context, status=200 if counted else 422)


@never_cache
def download(request: HttpRequest, mpp: str, bentuk: str) -> HttpResponse:
    """One row for each figure, with its definition, scope and cut-off."""
    place, lines, form = _asked(request, mpp)
    if bentuk not in FORMATS or not form.is_valid():
        raise Http404
    counted = statistik.figures(lines, place, form.cleaned_data["dari"], form.cleaned_data["sampai"])
    mime, write = FORMATS[bentuk]
    name = f"angka-{place.slug}-{counted.since:%Y%m%d}-{counted.until:%Y%m%d}.{bentuk}"
    return HttpResponse(
        write(_rows(counted)),
        headers={"Content-Type": mime, "Content-Disposition": f'attachment; filename="{name}"'},
    )


def _rows(counted: statistik.Figures) -> Iterator[list[Any]]:
    heads = (_("Bagian"), _("Nama"), _("Ukuran"), _("Nilai"), _("Satuan"), _("Definisi"), _("Lingkup"), _("Dari"),
             _("Sampai"), _("Dihitung pada"))  # fmt: skip
    yield list(heads)
    cut_off = in_words(counted.cut_off, counted.mpp)
    about = [counted.scope, counted.since.isoformat(), counted.until.isoformat(), cut_off]
    for title, groups in counted.parts.items():
        for group in groups:
            for measure, value in group.values:
                if value is not None:
                    words = [str(text) for text in (measure.unit, measure.definition)]
                    yield [plain(title), plain(group.name), str(measure.name), value, *words, *map(plain, about)]


def plain(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def _csv(rows: Iterator[list[Any]]) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows(rows)
    return out.getvalue().encode("utf-8-sig")  # the mark tells spreadsheets the encoding


def _xlsx(rows: Iterator[list[Any]]) -> bytes:
    book, out = Workbook(write_only=True), io.BytesIO()
    sheet = book.create_sheet(_("Angka"))
    for row in rows:
        sheet.append(row)
    book.save(out)
    return out.getvalue()


FORMATS = {
    "csv": ("text/csv; charset=utf-8", _csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _xlsx),
}
