"""At a desk, for whoever came, rang up or wrote: one page, then the receipt to hand over."""

import secrets

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from layanan.models import Mpp
from mpp_portal import qr

from .. import actions, clocks
from ..forms.meja import DeskForm
from ..models import Lampiran, Penerimaan, desks_of
from . import berkas
from .warga import NO_FILES


@never_cache
def desk(request: HttpRequest, mpp: str) -> HttpResponse:
    place = get_object_or_404(desks_of(request.user).select_related("wilayah"), slug=mpp)
    if request.method != "POST":
        return _page(request, place, DeskForm(mpp=place, initial={"tanggal": place.today()}), secrets.token_urlsafe(16))
    key = request.POST.get("kunci") or secrets.token_urlsafe(16)
    form = DeskForm(request.POST, files=NO_FILES, mpp=place)
    berkas.keep(request, form, {"sender": f"meja:{request.user.pk}", "key": key})
    if "hapus" in request.POST:
        shown = DeskForm(mpp=place, initial=request.POST.dict())
        return _page(request, place, shown, key)
    if not form.is_valid():
        return _page(request, place, form, key, status=422)
    given, received = form.given()
    try:
        sent = actions.receive(place, given, **received, key=key, by=request.user)  # type: ignore[arg-type]
    except actions.Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, place, form, key, status=409)
    return _receipt(request, place, sent)


def _page(request: HttpRequest, place: Mpp, form: DeskForm, key: str, *, status: int = 200) -> HttpResponse:
    files = Lampiran.objects.drafts(actions.form_key(f"meja:{request.user.pk}", key))
    context = {"mpp": place, "form": form, "key": key, "files": files}
    return render(request, "pengaduan/desk.html", context, status=status)


def _receipt(request: HttpRequest, place: Mpp, sent: actions.Sent) -> HttpResponse:
    """The answer itself, at no address of its own: secret and PIN stay in no history of a shared computer."""
    link = request.build_absolute_uri(reverse("pengaduan:laporan", args=[sent.secret]))
    context = {
        "mpp": place,
        "laporan": sent.laporan,
        "received": Penerimaan.objects.get(laporan=sent.laporan),
        "pin": f"{sent.pin[:4]} {sent.pin[4:]}",
        "link": link,
        "qr": qr.svg(link),
        "clocks": clocks.of(sent.laporan, timezone.now()),
    }
    return render(request, "pengaduan/desk_receipt.html", context)
