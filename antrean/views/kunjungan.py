"""A person's own page, by the secret link: where their numbers stand, and what they may do about it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import Case, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import conditional_page, require_POST

from mpp_portal import qr
from mpp_portal.siaran import tokens

from .. import actions, slots, standing, tracking
from ..forms.warga import NearForm
from ..models import SISA, DaftarTunggu, Kunjungan, Pemesanan, Tiket
from ..states import MEMEGANG, StatusPesan, StatusTunggu

View = Callable[..., HttpResponse]
VISIT = [
    "tanggal",
    "rahasia",
    "kode",
    "tamu",
    "rombongan",
    "kabari_sisa",
    "mpp__slug",
    "mpp__nama",
    "mpp__wilayah__zona",
]
PLACE = [
    "label",
    "status",
    "absent_at",
    "prasyarat",
    "sesi",
    *(f"kunjungan__{name}" for name in VISIT),
]  # asked often, so no more


def secret(view: View) -> View:
    """A page that its address alone opens: nobody else may learn the address from it."""

    def careful(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Referrer-Policy"] = "same-origin"  # under no-referrer a form says "Origin: null" and is refused
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return login_not_required(careful)


def _visit(rahasia: str) -> Kunjungan:
    return get_object_or_404(Kunjungan.objects.select_related("mpp__wilayah").only(*VISIT), rahasia=rahasia)


def _context(visit: Kunjungan) -> dict[str, Any]:
    standings, bookings = standing.of(visit), _bookings(visit)
    coming = [row for row in bookings if row.status == StatusPesan.DIPESAN]
    return {
        "kunjungan": visit,
        "mpp": visit.mpp,
        "standings": standings,
        "first": standings[0] if standings else None,
        "bookings": bookings,
        "agenda": _agenda(standings, coming),
        "waits": [] if standings or visit.tamu else _waits(visit),  # one who is here waits in a line
        "today": visit.tanggal == visit.mpp.today(),
        "going_on": visit.tanggal >= visit.mpp.today() and bool(standings or coming),
    }


def _agenda(standings: list[standing.Standing], coming: list[Pemesanan]) -> list[dict[str, Any]]:
    """What still waits for the person: numbers that they hold, then promised times; empty unless there are several."""
    numbers = [row for row in standings if row.active]
    items: list[dict[str, Any]] = [
        {"at": None, "label": row.tiket.label, "layanan": row.tiket.layanan, "state": row.tiket.get_status_display()}
        | {"gerai": row.tiket.sesi.antrean.gerai}
        for row in numbers
    ]
    items += [
        {"at": row.slot.mulai, "layanan": row.layanan, "gerai": row.slot.antrean.gerai, "state": ""} for row in coming
    ]
    return items if len(items) > 1 else []


def _bookings(visit: Kunjungan) -> list[Pemesanan]:
    if not visit.pemesanan.exists():  # of whoever took a number in the hall, whose phone asks at every step
        return []
    rows = Pemesanan.objects.filter(kunjungan=visit).on_page()
    rows = rows.order_by(Case(When(status__in=MEMEGANG, then=0), default=1), "slot__mulai", "pk")
    rows = rows.select_related("slot__antrean__gerai__instansi", "layanan__jenis", "pengganti__kunjungan")
    found = list(rows.prefetch_related("sekaligus__jenis"))
    for row in found:
        if row.status == StatusPesan.DIPESAN:
            row.slot.antrean.gerai.mpp = visit.mpp
            row.tutup = slots.why_unserved(row)
    return found


def _waits(visit: Kunjungan) -> list[DaftarTunggu]:
    """What the visit waits for, or waited for in vain; each with the people `ahead`."""
    rows = visit.tunggu.exclude(status=StatusTunggu.TERPENUHI).with_ahead()
    return list(rows.select_related("antrean__gerai__instansi", "layanan__jenis", "pemesanan__slot"))


def _together(visit: Kunjungan) -> list[Pemesanan]:
    rows = Pemesanan.objects.together_with(visit).select_related("kunjungan", "slot", "tiket")
    return list(rows.order_by("slot__mulai", "pk"))


@secret
@never_cache
def kunjungan(request: HttpRequest, rahasia: str) -> HttpResponse:
    visit = _visit(rahasia)
    context = _context(visit)
    lines = {f"sesi-{row.tiket.sesi_id}" for row in context["standings"] if row.active}
    context |= {
        "stream": tokens.url(visit.channel, *lines),
        "qr": qr.svg(request.build_absolute_uri(visit.get_absolute_url())),
        "bring": list(dict.fromkeys(layanan for row in context["bookings"] for layanan in row.services)),
        "together": _together(visit),
        "sisa": SISA,
        "first_booking": next((row for row in context["bookings"] if row.status == StatusPesan.DIPESAN), None),
    }
    return render(request, "antrean/kunjungan.html", context)


@secret
@cache_control(private=True, no_cache=True)
@conditional_page
def tiket(request: HttpRequest, rahasia: str) -> HttpResponse:
    """The fragment of the page that changes with the person's own tickets."""
    return render(request, "antrean/_tiket.html", _context(_visit(rahasia)))


@secret
@cache_control(private=True, no_cache=True)
@conditional_page
def position(request: HttpRequest, rahasia: str, pk: int) -> HttpResponse:
    """The fragment inside it that changes with the line of one ticket."""
    tickets = Tiket.objects.select_related("kunjungan__mpp__wilayah").only(*PLACE)
    tiket = get_object_or_404(tickets, pk=pk, kunjungan__rahasia=rahasia)
    visit = tiket.kunjungan
    context = {"kunjungan": visit, "mpp": visit.mpp, "standing": standing.of(visit, [tiket])[0]}
    return render(request, "antrean/_posisi.html", context)


@secret
@never_cache
def cancel(request: HttpRequest, rahasia: str, pk: int) -> HttpResponse:
    return _step(request, rahasia, pk, "cancel", _("Nomor %s dibatalkan. Tempat Anda diberikan kepada yang lain."))


@secret
@never_cache
def postpone(request: HttpRequest, rahasia: str, pk: int) -> HttpResponse:
    return _step(request, rahasia, pk, "postpone", _("Nomor %s ditunda. Tekan Saya sudah kembali begitu Anda di sini."))


@secret
@never_cache
def come_back(request: HttpRequest, rahasia: str, pk: int) -> HttpResponse:
    return _step(request, rahasia, pk, "come_back", _("Anda kembali dalam antrean dengan nomor %s."))


def _step(request: HttpRequest, rahasia: str, pk: int, verb: str, done: str) -> HttpResponse:
    """Ask first, then do it; a page of its own, so that it works without JavaScript."""
    visit = _visit(rahasia)
    row = get_object_or_404(visit.tiket.select_related("sesi__antrean__gerai__instansi", "layanan__jenis"), pk=pk)
    if request.method != "POST":
        context = {"kunjungan": visit, "mpp": visit.mpp, "tiket": row}
        return render(request, f"antrean/{verb}.html", context)
    try:
        getattr(actions, verb)(row)
        messages.success(request, done % row.label)
    except actions.Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(visit)


@secret
@never_cache
@require_POST
def near(request: HttpRequest, rahasia: str) -> HttpResponse:
    """From how few people ahead its holder wishes to be told."""
    visit, form = _visit(rahasia), NearForm(request.POST)
    if form.is_valid():
        actions.tell_when(visit, sisa=form.cleaned_data["sisa"])
        messages.success(request, _("Baik, kami mengabari saat tinggal %d orang di depan Anda.") % visit.kabari_sisa)
    else:
        messages.error(request, str(form.errors["sisa"][0]))
    return redirect(visit)


@login_not_required
@never_cache
def status(request: HttpRequest, code: str) -> HttpResponse:
    """What a code alone tells anybody: numbers and how they stand, as in the hall; never the way to change them."""
    found = tracking.find(code)
    if not found:
        raise Http404
    return render(request, "antrean/status.html", {"code": code, "tickets": found})
