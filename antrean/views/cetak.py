"""What a hall's printing program asks: be paired, is there something to print, this came of it.

It shows its token in a header and no cookie, so that no other site can ask in its name.
"""

import base64
from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from .. import actions, devices, escpos, presence
from ..models import Cetakan, Perangkat
from ..states import Kertas

TRIES = 200  # codes that programs may try in an hour, all together
READY = (Kertas.ADA, Kertas.HAMPIR_HABIS)
View = Callable[..., HttpResponse]


def program_page(view: View) -> View:
    return csrf_exempt(login_not_required(require_POST(view)))


def paired(view: View) -> View:
    """Only a paired program goes on; the view is given its device."""

    def careful(request: HttpRequest, **named: Any) -> HttpResponse:
        pencetak = devices.program(request)
        if pencetak is None:
            return _say(
                _("Program ini tidak terpasang, atau pemasangannya dicabut. Pasang lagi dengan kode baru."), 401
            )
        return view(request, pencetak, **named)

    return program_page(careful)


@program_page
def pair(request: HttpRequest) -> HttpResponse:
    if not presence.within_limit("program", "pasang", TRIES):
        return _say(_("Terlalu banyak kode dicoba. Tunggu satu jam, lalu coba lagi."), 429)
    try:
        pencetak, token = actions.pair(request.POST.get("kode", "")[:20], jenis=(Perangkat.Jenis.CETAK,))
    except actions.Refused as refusal:
        return _say(str(refusal), 422)
    return JsonResponse({"token": token, "nama": str(pencetak), "mpp": pencetak.mpp.nama})


@paired
def claim(request: HttpRequest, pencetak: Perangkat) -> HttpResponse:
    """How the printer is, and the next paper if it can print one."""
    kertas = request.POST.get("kertas", "")
    if kertas not in Kertas.values:
        return _say(_("Keadaan kertas itu tidak dikenal."), 422)
    actions.seen(pencetak, kertas=kertas)
    cetakan = actions.claim_paper(pencetak) if kertas in READY else None
    if cetakan is None:
        return HttpResponse(status=204)
    rows = Cetakan.objects.select_related(
        *("tiket__sesi__antrean__gerai__instansi", "tiket__layanan__jenis", "tiket__kunjungan"),
        "anjungan__mpp__wilayah",
    )
    cetakan = rows.get(pk=cetakan.pk)
    link = request.build_absolute_uri(cetakan.tiket.kunjungan.get_absolute_url())
    return JsonResponse({"pk": cetakan.pk, "isi": base64.b64encode(escpos.ticket(cetakan, link)).decode()})


@paired
def report(request: HttpRequest, pencetak: Perangkat, pk: int) -> HttpResponse:
    """It came out (no `sebab`), or why not."""
    sebab = request.POST.get("sebab", "")
    if sebab and sebab not in Kertas.values:
        return _say(_("Keadaan kertas itu tidak dikenal."), 422)
    cetakan = get_object_or_404(Cetakan.objects.select_related("tiket"), pk=pk, pencetak=pencetak)
    cetakan = actions.report_paper(cetakan, sebab=sebab)
    return JsonResponse({"status": cetakan.status})


def _say(sentence: str, status: int) -> HttpResponse:
    return JsonResponse({"kalimat": sentence}, status=status)
