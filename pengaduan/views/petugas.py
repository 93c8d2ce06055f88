"""What offices do: the worklist, and one report with everything that may be done to it now by this person."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from mpp_portal.models import record

from .. import actions, clocks, timeline
from ..forms.petugas import (
    AnswerForm,
    ClassForm,
    DispatchForm,
    ForwardForm,
    HandlingForm,
    MergeForm,
    PublishForm,
    ReasonForm,
    VerifyForm,
    WordsForm,
)
from ..models import Disposisi, Laporan
from ..states import DI_INSTANSI, LAPOR, NEXT, NEXT_DISPOSISI, Status, StatusDisposisi
from .ikuti import handed_out
from .publik import page_number

PER_PAGE = 50


@dataclass(frozen=True)
class Desk:
    """This person before this report: what they may steer, close and handle."""

    laporan: Laporan
    user: Any
    steers: bool
    closes: bool
    parts: list[Disposisi] = field(default_factory=list)


@dataclass(frozen=True)
class Step:
    title: str | Promise
    button: str | Promise
    form: type[HandlingForm]
    offered: Callable[[Desk], Any]
    act: Callable[[Desk, Any, Disposisi | None], Any]
    per_part: bool = False
    main: bool = False


def _may(desk: Desk, *statuses: str) -> bool:
    return desk.steers and desk.laporan.status in statuses


def _words(verb: str) -> Callable[[Desk, Any, Disposisi | None], Any]:
    """The action of that name, on this person's part or on the report, with the words of the form."""
    return lambda desk, form, part: getattr(actions, verb)(
        part or desk.laporan, form.cleaned_data["teks"], by=desk.user
    )


def _answer(desk: Desk, form: Any, part: Disposisi | None) -> Any:
    files = form.cleaned_data["berkas"]
    return part and actions.answer(part, form.cleaned_data["teks"], files=files, by=desk.user)


def _steered(desk: Desk, kode: str) -> Laporan:
    found = Laporan.objects.steered_by(desk.user).filter(kode=kode).first()
    if found is None:
        raise actions.Refused(_("Tidak ada laporan %s yang dapat Anda tangani. Periksa kodenya.") % kode)
    return found


def _not_taken_back(desk: Desk) -> bool:
    return desk.laporan.status != Status.DIBATALKAN


def _part_in(status: StatusDisposisi) -> Callable[[Desk], list[Disposisi]]:
    return lambda desk: [part for part in desk.parts if status in NEXT_DISPOSISI[part.status]]


STEPS = {
    "verifikasi": Step(
        gettext_lazy("Verifikasi dan salurkan"),
        gettext_lazy("Verifikasi dan salurkan"),
        VerifyForm,
        lambda desk: _may(desk, Status.DITERIMA),
        lambda desk, form, part: actions.verify(desk.laporan, by=desk.user, **form.given()),
        main=True,
    ),
    "tanya": Step(
        gettext_lazy("Minta pelapor melengkapi (sekali, untuk semuanya)"),
        gettext_lazy("Kirim pertanyaan"),
        WordsForm,
        lambda desk: _may(desk, Status.DITERIMA) and not desk.laporan.asked_at,
        _words("ask"),
    ),
    "jawab": Step(
        gettext_lazy("Jawab pelapor"),
        gettext_lazy("Kirim jawaban"),
        AnswerForm,
        _part_in(StatusDisposisi.DITANGGAPI),
        _answer,
        per_part=True,
        main=True,
    ),
    "tindak-lanjut": Step(
        gettext_lazy("Beri tahu pelapor apa yang dikerjakan"),
        gettext_lazy("Kirim tindak lanjut"),
        WordsForm,
        _part_in(StatusDisposisi.DIPROSES),
        _words("follow_up"),
        per_part=True,
    ),
    "kembalikan": Step(
        gettext_lazy("Bukan kewenangan kami"),
        gettext_lazy("Kembalikan ke koordinator"),
        ReasonForm,
        _part_in(StatusDisposisi.DIKEMBALIKAN),
        _words("give_back"),
        per_part=True,
    ),
    "tutup": Step(
        gettext_lazy("Jawabannya sudah menjawab: tutup laporan"),
        gettext_lazy("Tutup laporan"),
        HandlingForm,
        lambda desk: desk.closes and desk.laporan.status == Status.DITANGGAPI,
        lambda desk, form, part: actions.close(desk.laporan, by=desk.user),
        main=True,
    ),
    "salurkan": Step(
        gettext_lazy("Salurkan kepada instansi lain"),
        gettext_lazy("Salurkan"),
        DispatchForm,
        lambda desk: _may(desk, *DI_INSTANSI, Status.BUKAN_KEWENANGAN),
        lambda desk, form, part: actions.dispatch(desk.laporan, by=desk.user, **form.given()),
    ),
    "klasifikasi": Step(
        gettext_lazy("Ubah klasifikasi (tenggat berubah, pelapor dikabari)"),
        gettext_lazy("Ubah klasifikasi"),
        ClassForm,
        lambda desk: _may(desk, *DI_INSTANSI, Status.BUKAN_KEWENANGAN) and desk.laporan.status != Status.DITANGGAPI,
        lambda desk, form, part: actions.reclassify(desk.laporan, form.cleaned_data["klasifikasi"], by=desk.user),
    ),
    "teruskan": Step(
        gettext_lazy("Teruskan ke lembaga di luar MPP"),
        gettext_lazy("Teruskan"),
        ForwardForm,
        lambda desk: desk.steers and Status.DITERUSKAN in NEXT[desk.laporan.status],
        lambda desk, form, part: actions.forward(desk.laporan, by=desk.user, **form.cleaned_data),
    ),
    "gabung": Step(
        gettext_lazy("Gabungkan dengan laporan lain tentang hal yang sama"),
        gettext_lazy("Gabungkan"),
        MergeForm,
        lambda desk: desk.steers and Status.DIGABUNG in NEXT[desk.laporan.status],
        lambda desk, form, part: actions.merge(desk.laporan, _steered(desk, form.cleaned_data["induk"]), by=desk.user),
    ),
    "pisahkan": Step(
        gettext_lazy("Pisahkan lagi, dengan tenggat semula"),
        gettext_lazy("Pisahkan"),
        HandlingForm,
        lambda desk: _may(desk, Status.DIGABUNG),
        lambda desk, form, part: actions.unmerge(desk.laporan, by=desk.user),
    ),
    "arsip": Step(
        gettext_lazy("Arsipkan (pelapor membaca alasannya)"),
        gettext_lazy("Arsipkan"),
        ReasonForm,
        lambda desk: desk.steers and Status.DIARSIPKAN in NEXT[desk.laporan.status],
        _words("archive"),
    ),
    "terbitkan": Step(
        gettext_lazy("Terbitkan untuk umum, tanpa nama"),
        gettext_lazy("Terbitkan"),
        PublishForm,
        lambda desk: desk.steers and desk.laporan.verified_at and not desk.laporan.rahasia and _not_taken_back(desk),
        lambda desk, form, part: actions.publish(desk.laporan, by=desk.user, **form.cleaned_data),
    ),
    "tarik-terbitan": Step(
        gettext_lazy("Jangan terbitkan lagi"),
        gettext_lazy("Tarik dari umum"),
        HandlingForm,
        lambda desk: desk.steers and desk.laporan.published_at,
        lambda desk, form, part: actions.unpublish(desk.laporan, by=desk.user),
    ),
    "catatan": Step(
        gettext_lazy("Catatan baru, hanya untuk petugas"),
        gettext_lazy("Simpan catatan"),
        WordsForm,
        lambda desk: True,
        _words("note"),
    ),
}


@never_cache
def worklist(request: HttpRequest) -> HttpResponse:
    """Utamakan yang genting: by urgency, then by what falls due first."""
    rows = Laporan.objects.readable_by(request.user).open().by_urgency()
    if not Laporan.objects.worked_on_by(request.user):
        raise Http404
    at = page_number(request)
    shown = list(rows.select_related("mpp__wilayah", "gerai__instansi")[(at - 1) * PER_PAGE : at * PER_PAGE + 1])
    context = {"page": shown[:PER_PAGE], "before": at - 1, "after": at + 1 if len(shown) > PER_PAGE else 0}
    return render(request, "pengaduan/worklist.html", context | {"now": timezone.now()})


def _desk(request: HttpRequest, kode: str) -> Desk:
    rows = Laporan.objects.readable_by(request.user).select_related(
        "mpp__wilayah", "gerai__instansi", "verifikator", "induk"
    )
    laporan = get_object_or_404(rows, kode=kode)
    parts = Disposisi.objects.handled_by(request.user).filter(laporan=laporan)
    return Desk(
        laporan,
        request.user,
        steers=Laporan.objects.steered_by(request.user).filter(pk=laporan.pk).exists(),
        closes=Laporan.objects.closable_by(request.user).filter(pk=laporan.pk).exists(),
        parts=list(parts.select_related("gerai__instansi", "laporan")),
    )


@never_cache
def work(request: HttpRequest, kode: str) -> HttpResponse:
    desk = _desk(request, kode)
    _trace(request, desk.laporan)
    return _page(request, desk)


@never_cache
def lampiran(request: HttpRequest, kode: str, pk: int) -> HttpResponse:
    laporan = _desk(request, kode).laporan
    row = get_object_or_404(laporan.lampiran, pk=pk)
    _trace(request, laporan)
    return handed_out(row)


def _trace(request: HttpRequest, laporan: Laporan) -> None:
    """Who reads a confidential report leaves a trace."""
    if laporan.rahasia:
        record("laporan.dibaca", laporan, mpp_id=laporan.told_mpp_id, by=request.user)


@never_cache
@require_POST
def step(request: HttpRequest, kode: str, langkah: str) -> HttpResponse:
    """Do one thing; what was typed stays where it was refused."""
    desk = _desk(request, kode)
    chosen = STEPS.get(langkah)
    if chosen is None:
        raise Http404
    offered = chosen.offered(desk)
    named = request.POST.get("bagian", "")
    part = next((row for row in offered if str(row.pk) == named), None) if chosen.per_part else None
    if not offered or (chosen.per_part and part is None):
        messages.error(request, _("Langkah itu tidak tersedia sekarang. Ini keadaan terbarunya."))
        return redirect("pengaduan:work", kode=kode)
    form = chosen.form(request.POST, request.FILES, laporan=desk.laporan, prefix=_prefix(langkah, part))
    if not form.is_valid():
        return _page(request, desk, form, status=422)
    try:
        chosen.act(desk, form, part)
    except actions.Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, desk, form, status=409)
    messages.success(request, _("Tersimpan: %s.") % chosen.button)
    if not Laporan.objects.readable_by(request.user).filter(pk=desk.laporan.pk).exists():
        return redirect("pengaduan:worklist")
    return redirect("pengaduan:work", kode=kode)


def _prefix(slug: str, part: Disposisi | None) -> str:
    return f"{slug}-{part.pk}" if part else slug


def _page(request: HttpRequest, desk: Desk, refused: Any = None, *, status: int = 200) -> HttpResponse:
    laporan = desk.laporan
    sheets = []
    for slug, chosen in STEPS.items():
        offered = chosen.offered(desk)
        for part in (offered if chosen.per_part else [None]) if offered else []:
            prefix = _prefix(slug, part)
            again = refused is not None and refused.prefix == prefix
            form = refused if again else chosen.form(laporan=laporan, prefix=prefix)
            sheets.append({"slug": slug, "step": chosen, "part": part, "form": form, "open": again or chosen.main})
    context = {
        "laporan": laporan,
        "mpp": laporan.mpp,
        "sheets": [sheet for sheet in sheets if sheet["slug"] != "catatan"],
        "note": next(sheet for sheet in sheets if sheet["slug"] == "catatan"),
        "files": laporan.lampiran.filter(tanggapan=None),
        "moments": timeline.of(laporan),
        "clocks": clocks.of(laporan, timezone.now()),
        "parts": laporan.disposisi.select_related("gerai__instansi"),
        "notes": laporan.catatan.select_related("oleh"),
        "children": laporan.anak.readable_by(desk.user) if desk.steers else [],
        "lapor": LAPOR[laporan.status],
    }
    return render(request, "pengaduan/work.html", context, status=status)
