"""The petugas at a loket: open it, call, serve, finish, by one key each."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_POST

from layanan.models import Layanan, Loket
from mpp_portal.siaran import tokens

from .. import actions, order, standing
from ..forms.petugas import CallForm, FinishForm, NoteForm, PauseForm, StepForm, TimeForm, TransferForm, elsewhere
from ..models import Antrean, Jaga, Sesi, Tiket
from ..states import DI_LOKET, Status

# The last part of a console's address → what it does, and the form of those that carry something.
STEPS: dict[str, tuple[Callable[..., Any], type[StepForm]]] = {
    "panggil": (actions.call_next, StepForm),
    "panggil-nomor": (actions.call_number, CallForm),
    "ulang": (actions.recall, StepForm),
    "mulai": (actions.start, StepForm),
    "selesai": (actions.finish, FinishForm),
    "lanjut": (actions.finish_and_next, StepForm),
    "tidak-hadir": (actions.absent, StepForm),
    "kembalikan": (actions.put_back, StepForm),
    "tunda": (actions.park, StepForm),
    "alihkan": (actions.transfer, TransferForm),
    "catat": (actions.note, NoteForm),
    "jadwal": (actions.correct_time, TimeForm),
    "rehat": (actions.pause, PauseForm),
    "lanjutkan": (actions.resume, StepForm),
}

TYPED = dict.fromkeys(("step", "nomor", "sebab", "catatan", "jam"), "")  # what a refused form of the page gives back


def _own(request: HttpRequest, pk: int) -> Loket:
    loket = get_object_or_404(
        Jaga.objects.loket_for(request.user).select_related("gerai__instansi", "mpp__wilayah"), pk=pk
    )
    loket.gerai.mpp = loket.mpp
    return loket


@never_cache
def counter(request: HttpRequest) -> HttpResponse:
    """The loket of one's gerai: which is free, which is one's own."""
    rows = Jaga.objects.loket_for(request.user).select_related("gerai__instansi", "gerai__mpp")
    on_duty = {jaga.loket_id: jaga for jaga in Jaga.objects.open().filter(loket__in=rows).select_related("petugas")}
    loket = [(row, on_duty.get(row.pk)) for row in rows.order_by("gerai__mpp__nama", "nomor")]
    return render(request, "antrean/counter.html", {"loket": loket})


@require_POST
def open_loket(request: HttpRequest, pk: int) -> HttpResponse:
    loket = _own(request, pk)
    try:
        actions.open_loket(loket, by=request.user)
    except actions.Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("antrean:counter")
    return redirect("antrean:console", pk=pk)


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    loket = _own(request, pk)
    try:
        actions.close(loket, by=request.user)
    except actions.Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("antrean:console", pk=pk)
    messages.success(request, _("%s ditutup. Terima kasih atas kerjanya.") % loket)
    return redirect("antrean:counter")


@never_cache
def console(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "antrean/console.html", _page(request, _own(request, pk)))


@cache_control(private=True, no_store=True)
def console_now(request: HttpRequest, pk: int) -> HttpResponse:
    """The fragment that changes with the line and with every key."""
    return render(request, "antrean/_console.html", _context(request, _own(request, pk)))


@require_POST
def step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """One key: the fragment as it is afterwards, or the whole page for a browser without JavaScript."""
    loket = _own(request, pk)
    if step not in STEPS:
        raise Http404
    act, form_of = STEPS[step]
    form = form_of(request.POST, loket=loket)
    refused = "" if form.is_valid() else form.sentence
    try:
        if not refused:
            act(loket, by=request.user, **form.cleaned_data)
    except actions.Refused as refusal:
        refused = str(refusal)
    if request.htmx or (refused and form.fields):  # type: ignore[attr-defined]
        template = "antrean/_console.html" if request.htmx else "antrean/console.html"  # type: ignore[attr-defined]
        given = {"refused": refused, "typed": TYPED | request.POST.dict() | {"step": step} if refused else TYPED}
        return render(request, template, _page(request, loket) | given)
    if refused:
        messages.error(request, refused)
    return redirect("antrean:console", pk=pk)


def _page(request: HttpRequest, loket: Loket) -> dict[str, Any]:
    context = _context(request, loket)
    channels = {f"loket-{loket.pk}", f"gerai-{loket.gerai_id}"}
    channels |= {f"sesi-{line.sesi_id}" for line in context["lines"] if line.sesi_id}
    return context | {"stream": tokens.url(*channels)}


def _context(request: HttpRequest, loket: Loket) -> dict[str, Any]:
    now = timezone.now()
    jaga = Jaga.objects.open().filter(loket=loket).select_related("petugas").first()
    tiket = Tiket.objects.filter(loket=loket, status__in=DI_LOKET).first()
    lines, sesi = _lines(loket, loket.mpp.today(now))
    chosen = order.choose(sesi, now)
    return {
        "loket": loket,
        "mpp": loket.mpp,
        "jaga": jaga,
        "mine": jaga is not None and jaga.petugas_id == request.user.pk,
        "tiket": tiket,
        "services": _services(tiket) if tiket else [],
        "jadwal_jam": loket.mpp.local(tiket.jadwal).strftime("%H:%M") if tiket and tiket.jadwal else "",
        "parked": _parked(sesi),
        "elsewhere": lambda: elsewhere(loket),
        "typed": TYPED,
        "sebab": CallForm.base_fields["sebab"],
        "alasan": PauseForm.base_fields["alasan"],
        "next": chosen,
        "passed": order.passed_over(sesi, tiket, chosen.tiket if chosen else None),
        "lines": lines,
        "waiting": sum(line.waiting for line in lines),
    }


def _lines(loket: Loket, tanggal: date) -> tuple[list[Any], list[Sesi]]:
    """The lines this loket serves, with `sesi_id` and `waiting` of a day, and their Sesi."""
    lines: list[Any] = list(Antrean.objects.filter(loket=loket, aktif=True).order_by("huruf"))
    sesi = {row.antrean_id: row for row in Sesi.objects.filter(antrean__in=lines, tanggal=tanggal)}
    waiting = Tiket.objects.waiting().filter(sesi__in=[row.pk for row in sesi.values()])
    counted = dict(waiting.values_list("sesi").annotate(Count("pk")))
    for line in lines:
        line.mpp = loket.mpp
        if line.pk in sesi:
            sesi[line.pk].antrean = line
        line.sesi_id = sesi[line.pk].pk if line.pk in sesi else None
        line.waiting = counted.get(line.sesi_id, 0)
    return lines, list(sesi.values())


def _services(tiket: Tiket) -> list[Layanan]:
    """What the number is for, with its checklist: that of its line first, then what is done together with it."""
    also = standing.together([tiket])[tiket.pk]
    rows = Layanan.objects.named().filter(pk__in=[tiket.layanan_id, *(row.pk for row in also)])
    return sorted(rows.prefetch_related("persyaratan"), key=lambda row: row.pk != tiket.layanan_id)


def _parked(sesi: list[Sesi]) -> list[Tiket]:
    """Who fetches something and is expected back."""
    return list(Tiket.objects.filter(sesi__in=sesi, status=Status.DITUNDA).order_by("parked_at"))
