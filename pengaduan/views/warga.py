"""A report from a cheap phone: four steps and a last look, then the receipt.

Of what is typed nothing is stored before it is sent. Files are: no hidden field can carry them from step to step.
"""

import secrets
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.datastructures import MultiValueDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from layanan.models import Mpp

from .. import actions, devices, similar
from ..forms.warga import STEPS, EvidenceForm, StepForm, given
from ..models import Lampiran, Laporan
from . import berkas
from .publik import say_support

EVIDENCE = STEPS.index(EvidenceForm)
CHECK = len(STEPS)  # the step at which everything is looked over and sent
NO_FILES: MultiValueDict[str, Any] = MultiValueDict()
TRAP = "situs_web"  # a field that people do not see


@never_cache
@login_not_required
def report(request: HttpRequest, mpp: str) -> HttpResponse:
    """Each step carries what the earlier ones said as hidden fields, so it works without session and JavaScript."""
    place = get_object_or_404(Mpp.objects.running().select_related("wilayah"), slug=mpp)
    if request.method != "POST":
        return _page(request, place, 0)
    at = request.POST.get("langkah", "0")
    now = int(at) if at in {str(n) for n in range(CHECK + 1)} else 0
    forms = [step(request.POST, files=NO_FILES, mpp=place) for step in STEPS[: now + 1]]
    if now == EVIDENCE:
        owner = _owner(request)
        berkas.keep(request, forms[now], owner, lambda: devices.within_limit(owner["sender"], "lampiran"))
    if "kembali" in request.POST:
        return _page(request, place, max(now - 1, 0))
    if "hapus" in request.POST or "unggah" in request.POST:
        return _page(request, place, now, form=forms[now])
    wrong = next((n for n, form in enumerate(forms) if not form.is_valid()), None)
    if wrong is not None:
        return _page(request, place, wrong, form=forms[wrong])
    if now < CHECK:
        return _page(request, place, now + 1)
    if kode := request.POST.get("dukung"):
        return _support(request, kode)
    return _send(request, place, forms)


def _support(request: HttpRequest, kode: str) -> HttpResponse:
    """Somebody has reported this already: one more whom it happened to, instead of one more report."""
    row = get_object_or_404(Laporan.objects.public(), kode=kode)
    say_support(request, row, devices.device_of(request))
    return redirect("pengaduan:public", kode=row.kode)


def _owner(request: HttpRequest) -> dict[str, str]:
    """Whose files these are: this form's, on this device."""
    return {"sender": devices.device_of(request), "key": request.POST.get("kunci", "")}


def _send(request: HttpRequest, place: Mpp, forms: list[Any]) -> HttpResponse:
    device = devices.device_of(request)
    if request.POST.get(TRAP):
        return _page(request, place, CHECK, refusal=_("Kolom tersembunyi terisi. Kirim sekali lagi tanpa mengisinya."))
    if not devices.within_limit(device, "lapor"):
        return _page(request, place, CHECK, refusal=_("Ponsel ini sudah mengirim banyak laporan. Coba satu jam lagi."))
    try:
        key = request.POST.get("kunci") or secrets.token_urlsafe(16)
        typed: Any = given(*forms)
        sent = actions.submit(place, typed, sender=device, device=device, key=key, bahasa=get_language() or "id")
    except actions.Refused as refusal:
        return _page(request, place, CHECK, refusal=str(refusal), new_key=True)
    response = redirect("pengaduan:receipt", rahasia=sent.secret)
    devices.remember(response, device)
    devices.hand_over(response, sent.laporan.kode, sent.pin)
    return response


def _page(
    request: HttpRequest,
    place: Mpp,
    now: int,
    *,
    form: StepForm | None = None,
    refusal: str = "",
    new_key: bool = False,
) -> HttpResponse:
    typed = request.POST
    steps = [step(initial=typed.dict(), mpp=place) for step in STEPS]
    shown = form or (steps[now] if now < CHECK else None)
    kept = [(name, typed[name]) for n, step in enumerate(steps) for name in step.fields if n != now and typed.get(name)]
    key = "" if new_key else typed.get("kunci", "")
    files = Lampiran.objects.drafts(actions.form_key(**_owner(request))) if key else []
    context = {
        "mpp": place,
        "form": shown,
        "now": now,
        "number": now + 1,
        "last": CHECK + 1,
        "kept": kept,
        "key": key or secrets.token_urlsafe(16),
        "summary": _summary(steps) if now == CHECK else [],
        "files": files,
        "similar": similar.to(typed.get("judul", ""), typed.get("isi", ""), place) if now == CHECK else [],
        "evidence": now == EVIDENCE,
        "refusal": refusal,
        "trap": TRAP,
    }
    response = render(request, "pengaduan/report.html", context, status=409 if refusal else 200)
    devices.remember(response, devices.device_of(request))
    return response


def _summary(steps: list[StepForm]) -> list[tuple[str, Any]]:
    """Label and value of everything that was filled in, as a person reads it."""
    found: list[tuple[str, Any]] = []
    for step in steps:
        for name, field in step.fields.items():
            value = step.initial.get(name)
            labels = {str(key): label for key, label in getattr(field, "choices", [])}
            if name in ("anonim", "rahasia"):
                found.append((str(field.label).partition(":")[0], _("ya") if value else _("tidak")))
            elif name != "berkas" and (value or name == "gerai"):
                found.append((str(field.label), labels.get(value or "", value)))
    return found
