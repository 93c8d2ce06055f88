"""Closing for the rest of today: a gerai by its own people, the mall by its penyelia or pengelola."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from layanan.models import Gerai, Mpp, Peran

from .. import actions
from ..forms.petugas import CloseForm
from ..models import Tiket
from ..states import BELUM

MALL = "mpp"


@never_cache
def close_today(request: HttpRequest, mpp: str) -> HttpResponse:
    place = get_object_or_404(Mpp.objects.running().select_related("wilayah"), slug=mpp)
    gerai = {str(row.pk): row for row in _gerai(request, place)}
    whole = Mpp.objects.staffed_by(request.user, Peran.PENYELIA, Peran.PENGELOLA).filter(pk=place.pk).exists()
    if not gerai and not whole:
        raise Http404
    choices = [(pk, row.instansi.singkatan) for pk, row in gerai.items()]
    if whole:
        choices.append((MALL, _("Seluruh %s") % place.nama))
    form = CloseForm(request.POST if request.method == "POST" else None, places=choices)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data.pop("tempat")
        try:
            told = actions.close_today(gerai.get(chosen) or place, by=request.user, **form.cleaned_data)
        except actions.Refused as refusal:
            form.add_error("tempat", str(refusal))
        else:
            messages.success(request, _closed(told))
            return redirect("beranda_petugas")
    context = {"mpp": place, "form": form, "waiting": _waiting(place, list(gerai.values()))}
    return render(request, "antrean/close_today.html", context, status=422 if form.errors else 200)


def _gerai(request: HttpRequest, mpp: Mpp) -> list[Gerai]:
    rows = list(Gerai.objects.closable_by(request.user).filter(mpp=mpp).select_related("instansi"))
    for row in rows:
        row.mpp = mpp
    return rows


def _waiting(mpp: Mpp, gerai: list[Gerai]) -> int:
    today: dict[str, Any] = {"sesi__tanggal": mpp.today(), "sesi__antrean__gerai__in": gerai}
    return Tiket.objects.filter(status__in=BELUM, **today).count()


def _closed(told: int) -> str:
    people = ngettext("%d orang dikabari", "%d orang dikabari", told) % told
    return _("Ditutup sampai akhir hari ini. Nomor tidak dibagikan lagi; %s dan memilih hari lain sendiri.") % people
