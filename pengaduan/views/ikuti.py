"""The reporter's own page, by the secret of its link or by code and PIN; and what a code alone tells anybody."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from mpp_portal import qr

from .. import actions, clocks, data_diri, devices, timeline
from ..forms.dasar import PlainForm
from ..forms.warga import CompletionForm, PinForm, RateForm, TextForm
from ..models import Lampiran, Laporan, Penilaian
from ..states import NEXT, Status

View = Callable[..., HttpResponse]


def secret(view: View) -> View:
    """A page that its address alone opens: nobody else may learn the address from it."""

    def careful(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return login_not_required(never_cache(careful))


@dataclass(frozen=True)
class Step:
    """One thing the reporter may do: its page is a question, a form and a button."""

    question: str | Promise
    help: str | Promise
    button: str | Promise
    form: type[PlainForm]
    act: Callable[[Laporan, dict[str, Any]], Any]
    done: str | Promise
    offered: Callable[[Laporan], bool]


def _unrated(laporan: Laporan) -> bool:
    answered = laporan.status in (Status.DITANGGAPI, Status.SELESAI)
    return answered and not Penilaian.objects.filter(laporan=laporan, putaran=laporan.putaran).exists()


STEPS = {
    "lengkapi": Step(
        _("Apa yang perlu ditambahkan?"),
        _("Jawab semuanya sekaligus. Sesudah itu tenggat berjalan lagi."),
        _("Kirim kelengkapan"),
        CompletionForm,
        lambda laporan, data: actions.complete(laporan, data["teks"], files=data["berkas"]),
        _("Terima kasih, laporan Anda sudah dilengkapi."),
        lambda laporan: laporan.status == Status.PERLU_DILENGKAPI,
    ),
    "nilai": Step(
        _("Bagaimana jawabannya?"),
        _("Nilai 3 ke atas menutup laporan. Nilai 1 atau 2 membukanya kembali."),
        _("Kirim penilaian"),
        RateForm,
        lambda laporan, data: actions.rate(laporan, data["nilai"], data["teks"]),
        _("Terima kasih atas penilaian Anda."),
        _unrated,
    ),
    "sanggah": Step(
        _("Apa yang belum dijawab?"),
        _("Laporan kembali kepada instansi yang menjawab, tanpa tenggat baru."),
        _("Kirim sanggahan"),
        TextForm,
        lambda laporan, data: actions.dispute(laporan, data["teks"]),
        _("Laporan dibuka kembali."),
        lambda laporan: laporan.status == Status.DITANGGAPI,
    ),
    "tarik": Step(
        _("Tarik laporan ini?"),
        _("Laporan tidak ditangani lagi. Anda boleh mengirim laporan baru kapan saja."),
        _("Tarik laporan"),
        PlainForm,
        lambda laporan, data: actions.withdraw(laporan),
        _("Laporan sudah ditarik."),
        lambda laporan: Status.DIBATALKAN in NEXT[laporan.status],
    ),
}


def _report(rahasia: str) -> Laporan:
    return get_object_or_404(
        Laporan.objects.by_secret(rahasia).select_related("mpp__wilayah", "gerai__instansi", "induk", "penerimaan")
    )


@secret
def receipt(request: HttpRequest, rahasia: str) -> HttpResponse:
    """Code, PIN, link and the dates that are certain; to be kept. The PIN is shown here only, for half an hour."""
    laporan = _report(rahasia)
    link = request.build_absolute_uri(_url(rahasia))
    pin = devices.handed_over(request, laporan.kode)
    context = {
        "laporan": laporan,
        "mpp": laporan.mpp,
        "pin": f"{pin[:4]} {pin[4:]}".strip(),
        "link": link,
        "qr": qr.svg(link),
        "clocks": clocks.of(laporan, timezone.now()),
    }
    return render(request, "pengaduan/receipt.html", context)


def _url(rahasia: str) -> str:
    return redirect("pengaduan:laporan", rahasia=rahasia)["Location"]


@secret
def laporan(request: HttpRequest, rahasia: str) -> HttpResponse:
    row = _report(rahasia)
    context = {
        "laporan": row,
        "mpp": row.mpp,
        "rahasia": rahasia,
        "others": Laporan.objects.split_with(row),
        "moments": timeline.of(row),
        "clocks": clocks.of(row, timezone.now()),
        "files": row.lampiran.filter(tanggapan=None),
        "shared": timeline.shared_answers(row.induk) if row.induk else [],
        "parts": row.disposisi.current().select_related("gerai__instansi"),
        "steps": [(slug, step) for slug, step in STEPS.items() if slug != "tarik" and step.offered(row)],
        "withdrawable": STEPS["tarik"].offered(row),
    }
    return render(request, "pengaduan/laporan.html", context)


@secret
def copy(request: HttpRequest, rahasia: str) -> HttpResponse:
    """The reporter's own data, to take along."""
    row = _report(rahasia)
    response = JsonResponse(data_diri.of(row), json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = f'attachment; filename="{row.kode}.json"'
    return response


@secret
def lampiran(request: HttpRequest, rahasia: str, pk: int) -> HttpResponse:
    return handed_out(get_object_or_404(_report(rahasia).lampiran, pk=pk))


def handed_out(row: Lampiran) -> Any:
    """The file itself, to somebody who may see its report; a browser runs nothing in it."""
    kind = "image/jpeg" if row.is_photo else "application/pdf"
    name = Path(row.nama).with_suffix(".jpg" if row.is_photo else ".pdf").name
    response = FileResponse(row.berkas.open(), content_type=kind, as_attachment=not row.is_photo, filename=name)
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@secret
def step(request: HttpRequest, rahasia: str, langkah: str) -> HttpResponse:
    """Ask first, then do it; a page of its own, so that it works without JavaScript."""
    row = _report(rahasia)
    chosen = STEPS.get(langkah)
    if chosen is None:
        raise Http404
    form = chosen.form(request.POST, request.FILES) if request.method == "POST" else chosen.form()
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            chosen.act(row, form.cleaned_data)
            messages.success(request, str(chosen.done))
            return redirect("pengaduan:laporan", rahasia=rahasia)
        except actions.Refused as refusal:
            form.add_error(None, str(refusal))
            status = 409
    context = {"laporan": row, "mpp": row.mpp, "rahasia": rahasia, "step": chosen, "form": form}
    return render(request, "pengaduan/step.html", context, status=status)


@login_not_required
@never_cache
def status(request: HttpRequest, kode: str) -> HttpResponse:
    """What a code alone tells anybody: how the report stands. The PIN opens the rest."""
    row = get_object_or_404(Laporan.objects.select_related("mpp__wilayah"), kode=kode)
    form = PinForm(request.POST) if request.method == "POST" else PinForm()
    device, answer = devices.device_of(request), 200
    if request.method == "POST" and form.is_valid():
        try:
            if not devices.within_limit(device, "pin"):
                raise actions.Refused(str(_("Terlalu banyak percobaan dari ponsel ini. Coba satu jam lagi.")))
            return redirect(actions.enter(kode, form.cleaned_data["pin"]).open_for_an_hour())
        except actions.Refused as refusal:
            form.add_error(None, str(refusal))
            answer = 403
    response = render(request, "pengaduan/status.html", {"laporan": row, "mpp": row.mpp, "form": form}, status=answer)
    devices.remember(response, device)
    return response
