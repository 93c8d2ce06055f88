"""What everybody may read: published reports without names, how they stand, and how many others it happened to."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.syndication.views import Feed
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from .. import actions, clocks, devices, timeline
from ..forms.publik import SearchForm
from ..models import Laporan

PER_PAGE, IN_FEED = 20, 30


@login_not_required
def listing(request: HttpRequest) -> HttpResponse:
    """Newest first. Nobody counts them all: a page knows whether there is a next one."""
    form, now = SearchForm(request.GET), timezone.now()
    rows = Laporan.objects.public().found_by(now=now, **form.given())
    at = page_number(request)
    shown = list(_listed(rows)[(at - 1) * PER_PAGE : at * PER_PAGE + 1])
    page = [(row, clocks.summary(row, now)) for row in shown[:PER_PAGE]]
    kept = request.GET.copy()
    kept.pop("hal", None)
    context = {"form": form, "page": page, "at": at, "before": at - 1, "kept": kept.urlencode(),
               "after": at + 1 if len(shown) > PER_PAGE else 0, "filtered": bool(form.given())}  # fmt: skip
    return render(request, "pengaduan/public_list.html", context)


def page_number(request: HttpRequest) -> int:
    given = request.GET.get("hal", "1")
    return max(int(given), 1) if given.isdecimal() and len(given) < 5 else 1


def _listed(rows: Any) -> QuerySet[Laporan]:
    named: QuerySet[Laporan] = rows.order_by("-published_at", "-pk").select_related("mpp__wilayah", "gerai__instansi")
    return named.with_support().prefetch_related("tenggat")  # type: ignore[attr-defined]


def _report(kode: str) -> Laporan:
    rows = Laporan.objects.public().with_support().select_related("mpp__wilayah", "gerai__instansi")
    return get_object_or_404(rows, kode=kode)


@login_not_required
def laporan(request: HttpRequest, kode: str) -> HttpResponse:
    row = _report(kode)
    context = {
        "laporan": row,
        "mpp": row.mpp,
        "clocks": clocks.of(row, timezone.now()),
        "moments": timeline.steps(row),
        "parts": row.disposisi.current().select_related("gerai__instansi"),
    }
    return render(request, "pengaduan/public.html", context)


@login_not_required
@require_POST
def support(request: HttpRequest, kode: str) -> HttpResponse:
    row, device = _report(kode), devices.device_of(request)
    response = redirect("pengaduan:public", kode=kode)
    devices.remember(response, device)
    say_support(request, row, device)
    return response


def say_support(request: HttpRequest, row: Laporan, device: str) -> None:
    try:
        if not devices.within_limit(device, "dukung"):
            raise actions.Refused(_("Ponsel ini sudah mendukung banyak laporan. Coba satu jam lagi."))
        if actions.support(row, sender=device):
            messages.success(request, _("Terima kasih. Anda tercatat juga mengalaminya, tanpa nama."))
        else:
            messages.info(request, _("Ponsel ini sudah tercatat pada laporan ini."))
    except actions.Refused as refusal:
        messages.error(request, str(refusal))


class News(Feed):
    """What was published last, for readers of RSS."""

    title = gettext_lazy("Laporan warga tentang Mal Pelayanan Publik")
    description = gettext_lazy("Laporan yang diterbitkan, tanpa nama pelapor.")
    link = reverse_lazy("pengaduan:public_list")

    def items(self) -> QuerySet[Laporan]:
        return Laporan.objects.public().order_by("-published_at", "-pk").select_related("mpp")[:IN_FEED]

    def item_title(self, item: Laporan) -> str:
        return f"{item.judul_publik} ({item.mpp.nama})"

    def item_description(self, item: Laporan) -> str:
        return f"{item.get_status_display()}. {item.isi_publik}"

    def item_link(self, item: Laporan) -> str:
        return reverse("pengaduan:public", args=[item.kode])

    def item_pubdate(self, item: Laporan) -> Any:
        return item.published_at


feed = login_not_required(News())
