"""The kiosk in the hall: pick a service, see what to bring, take a number on paper; or arrive with a booking's code.

Only a paired device opens it: whoever touches its screen is in the hall.
"""

import re
import string
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, override
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import conditional_page, require_POST

from layanan.models import Gerai, Layanan
from mpp_portal import qr
from mpp_portal.siaran import tokens

from .. import actions, devices, lines, tracking
from ..forms.warga import take_form
from ..models import ALFABET, Kunjungan, Perangkat, Tiket
from .offers import by_gerai

View = Callable[..., HttpResponse]
CODE_LENGTH = 6
CODE_LONGEST = 40
KODE_KEYS = string.digits + string.ascii_uppercase  # of the codes that instansi give
SCANNED = re.compile(r"/k/([\w-]{22})/")  # a scanner types the link of the visit's own page


def kiosk_page(view: View) -> View:
    """Opened by a paired kiosk, which the view is given; any other browser is led to the pairing."""

    def careful(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        anjungan = devices.of(request, Perangkat.Jenis.ANJUNGAN)
        return view(request, anjungan, *args, **kwargs) if anjungan else redirect("antrean:pair")

    return login_not_required(careful)


def _context(anjungan: Perangkat, **more: Any) -> dict[str, Any]:
    with override(settings.LANGUAGE_CODE):  # whoever comes next finds the start in Indonesian
        home = reverse("antrean:kiosk")
    return {"anjungan": anjungan, "mpp": anjungan.mpp, "home": home, "kiosk": True, **more}


def _gerai(anjungan: Perangkat) -> dict[Gerai, list[Any]]:
    """What each gerai of the kiosk's floors offers, by its lines."""
    found: dict[Gerai, list[Any]] = {}
    for offer in by_gerai(anjungan.mpp):
        if anjungan.lantai in (None, offer.gerai.lantai):
            found.setdefault(offer.gerai, []).append(offer)
    return found


@kiosk_page
@never_cache
def start(request: HttpRequest, anjungan: Perangkat) -> HttpResponse:
    response = render(request, "antrean/anjungan/start.html", _context(anjungan, gerai=list(_gerai(anjungan).items())))
    devices.renew(request, response)
    return response


@kiosk_page
@never_cache
def services(request: HttpRequest, anjungan: Perangkat, instansi: str) -> HttpResponse:
    offers = next((rows for gerai, rows in _gerai(anjungan).items() if gerai.instansi.slug == instansi), None)
    if not offers:
        return redirect("antrean:kiosk")
    return render(request, "antrean/anjungan/services.html", _context(anjungan, gerai=offers[0].gerai, offers=offers))


@kiosk_page
@never_cache
def take(request: HttpRequest, anjungan: Perangkat, instansi: str, jenis: str) -> HttpResponse:
    """What to bring, priority without papers, one button."""
    rows = Layanan.objects.offered().select_related("jenis", "gerai__mpp__wilayah", "gerai__instansi")
    layanan = get_object_or_404(rows, gerai__mpp=anjungan.mpp_id, gerai__instansi__slug=instansi, jenis__slug=jenis)
    line, status = lines.of_layanan(layanan), 200
    pressed = _pressed(request)
    sent = request.POST if request.method == "POST" and not pressed else None
    form = take_form(line.antrean if line else None, layanan, sent, keypad=True)
    if pressed:
        form.initial.update(pressed)
    elif sent and not form.is_valid():
        form.refuse()
    elif sent and line and line.numbered:
        try:
            wish = form.wish | {"bahasa": get_language() or "id"}
            return _paper(actions.take_on_paper(anjungan, line.antrean, layanan, **wish).tiket)
        except actions.Refused as refusal:
            form.refuse(str(refusal))
            status = 409
    context = _context(anjungan, layanan=layanan, gerai=layanan.gerai, line=line, form=form, keys=KODE_KEYS)
    return render(request, "antrean/anjungan/take.html", context, status=status)


def _pressed(request: HttpRequest) -> dict[str, Any]:
    """What was filled in before a key of the keypad was pressed, with that letter; without JavaScript."""
    key = request.POST.get("ketik", "")
    if not key:
        return {}
    typed: dict[str, Any] = request.POST.dict()
    code = typed.get("kode", "")[:CODE_LONGEST]
    return typed | {"kode": code[:-1] if key == "hapus" else code + (key if key in KODE_KEYS else "")}


def _paper(tiket: Tiket) -> HttpResponse:
    return redirect("antrean:kiosk_paper", pk=tiket.pk)


@kiosk_page
@never_cache
def booked(request: HttpRequest, anjungan: Perangkat) -> HttpResponse:
    """The code of a booking, on the keypad, from a keyboard or a scanner; then „Saya sudah datang“."""
    code, refused = _typed(request), ""
    rows = tracking.find_booked(code, mpp=anjungan.mpp) if len(code) == CODE_LENGTH else []
    chosen = next((row for row in rows if str(row.pk) == request.POST.get("datang")), None)
    if chosen:
        try:
            return _paper(actions.arrive_at(anjungan, chosen, bahasa=get_language() or "id").tiket)
        except actions.Refused as refusal:
            refused = str(refusal)
    context = _context(
        anjungan,
        code=code,
        bookings=rows,
        tickets=tracking.find(code, mpp=anjungan.mpp) if len(code) == CODE_LENGTH and not rows else [],
        asked="cari" in request.POST,
        refused=refused,
        keys=ALFABET,
        length=CODE_LENGTH,
    )
    return render(request, "antrean/anjungan/booked.html", context, status=409 if refused else 200)


def _typed(request: HttpRequest) -> str:
    """What stands in the field, and the key of the keypad that was pressed: it works without JavaScript."""
    typed = request.POST.get("kode", "").strip()[:200]
    scanned = SCANNED.search(typed)
    if scanned:
        return Kunjungan.objects.filter(rahasia=scanned[1]).values_list("kode", flat=True).first() or ""
    code = "".join(letter for letter in typed.upper() if letter in ALFABET)
    pressed = request.POST.get("ketik", "")
    code = code[:-1] if pressed == "hapus" else code + (pressed if pressed and pressed in ALFABET else "")
    return code[:CODE_LENGTH]


def _ticket(anjungan: Perangkat, pk: int) -> dict[str, Any]:
    rows = Tiket.objects.select_related(
        *("kunjungan__mpp__wilayah", "sesi__antrean__gerai__instansi", "layanan__jenis")
    ).filter(cetakan__anjungan=anjungan, sesi__tanggal=anjungan.mpp.today())
    tiket = get_object_or_404(rows.distinct(), pk=pk)
    cetakan = tiket.cetakan.select_related("pencetak").order_by("salinan").last()
    found = {"tiket": tiket, "kunjungan": tiket.kunjungan, "gerai": tiket.sesi.antrean.gerai, "cetakan": cetakan}
    return _context(anjungan, **found, then=tiket.follow_up)


@kiosk_page
@never_cache
def paper(request: HttpRequest, anjungan: Perangkat, pk: int) -> HttpResponse:
    """The number, and whether its paper has come out."""
    context = _ticket(anjungan, pk)
    link = request.build_absolute_uri(context["kunjungan"].get_absolute_url())
    context |= {"link": link, "qr": qr.svg(link), "stream": tokens.url(anjungan.channel)}
    return render(request, "antrean/anjungan/paper.html", context)


@kiosk_page
@cache_control(private=True, no_cache=True)
@conditional_page
def paper_now(request: HttpRequest, anjungan: Perangkat, pk: int) -> HttpResponse:
    """The fragment of it that changes when the printer has done its work."""
    return render(request, "antrean/anjungan/_paper.html", _ticket(anjungan, pk))


@kiosk_page
@require_POST
def answer(request: HttpRequest, anjungan: Perangkat, pk: int, jawab: str) -> HttpResponse:
    """„Karcis keluar?“: ya, tidak, or on without paper."""
    context = _ticket(anjungan, pk)
    steps: dict[str, Callable[..., Any]] = {
        "ya": actions.confirm_paper,
        "tidak": actions.reprint,
        "tanpa": actions.without_paper,
    }
    if jawab not in steps:
        return redirect("antrean:kiosk")
    try:
        steps[jawab](context["tiket" if jawab == "tanpa" else "cetakan"])
    except actions.Refused as refusal:
        link = request.build_absolute_uri(context["kunjungan"].get_absolute_url())
        context |= {"refused": str(refusal), "link": link, "qr": qr.svg(link), "stream": tokens.url(anjungan.channel)}
        return render(request, "antrean/anjungan/paper.html", context, status=409)
    settled = jawab != "tidak" and context["then"]
    return _paper(context["then"] if settled else context["tiket"])
