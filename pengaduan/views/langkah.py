"""What may be done to a report now by this person: one table of steps, asked by its page and by the worklist alike."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .. import actions
from ..forms.petugas import (
    AnswerForm,
    BanForm,
    ClassForm,
    DispatchForm,
    ForwardForm,
    HandlingForm,
    LeakForm,
    MergeForm,
    PublishForm,
    ReasonForm,
    SplitForm,
    VerifyForm,
    WordsForm,
)
from ..models import Disposisi, Kebocoran, Laporan, Penerimaan
from ..states import DAPAT_DIPECAH, DI_INSTANSI, NEXT, NEXT_DISPOSISI, Status, StatusDisposisi

elsewhere: list[Callable[[list[Disposisi]], dict[int, str]]] = []  # an app above that knows where parts stand outside
TOGETHER = ("verifikasi", "salurkan", "terbitkan", "arsip")  # also for several reports at once


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


def _notify_leak(desk: Desk, form: Any, _part: Disposisi | None) -> Any:
    words = dict(form.cleaned_data)
    return actions.notify_leak(desk.laporan, data=words.pop("terungkap"), by=desk.user, **words)


def _leaks(desk: Desk) -> bool:
    return desk.steers and Kebocoran.objects.running().filter(laporan=desk.laporan).exists()


def _not_taken_back(desk: Desk) -> bool:
    return desk.laporan.status != Status.DIBATALKAN


def _part_in(status: StatusDisposisi) -> Callable[[Desk], list[Disposisi]]:
    return lambda desk: [part for part in desk.parts if status in NEXT_DISPOSISI[part.status]]


STEPS = {
    "beri-tahu": Step(
        gettext_lazy("Kebocoran data: catat pemberitahuan kepada pemilik datanya"),
        gettext_lazy("Sudah diberitahukan"),
        LeakForm,
        _leaks,
        _notify_leak,
        main=True,
    ),
    "sampaikan": Step(
        gettext_lazy("Telepon atau surati pelapor, lalu catat di sini"),
        gettext_lazy("Sudah disampaikan"),
        HandlingForm,
        lambda desk: desk.steers and Penerimaan.objects.untold().filter(laporan=desk.laporan).exists(),
        lambda desk, form, part: actions.pass_word(desk.laporan, by=desk.user),
        main=True,
    ),
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
    "pecah": Step(
        gettext_lazy("Pecah menjadi dua: laporan ini memuat dua hal"),
        gettext_lazy("Pecah laporan"),
        SplitForm,
        lambda desk: _may(desk, *DAPAT_DIPECAH),
        lambda desk, form, part: actions.split(desk.laporan, by=desk.user, **form.given()),
    ),
    "arsip": Step(
        gettext_lazy("Arsipkan (pelapor membaca alasannya)"),
        gettext_lazy("Arsipkan"),
        ReasonForm,
        lambda desk: desk.steers and Status.DIARSIPKAN in NEXT[desk.laporan.status],
        _words("archive"),
    ),
    "larang": Step(
        gettext_lazy("Larang pengirimnya melapor untuk sementara (orang kedua meninjau)"),
        gettext_lazy("Larang sementara"),
        BanForm,
        lambda desk: desk.steers and not desk.laporan.forgotten_at,
        lambda desk, form, part: actions.ban(desk.laporan, by=desk.user, **form.cleaned_data),
    ),
    "bocor": Step(
        gettext_lazy("Tandai sebagai kebocoran data (3 × 24 jam sejak laporan masuk)"),
        gettext_lazy("Tandai, kabari pengelola"),
        HandlingForm,
        lambda desk: desk.steers and not Kebocoran.objects.filter(laporan=desk.laporan).exists(),
        lambda desk, form, part: actions.mark_leak(desk.laporan, by=desk.user),
    ),
    "bukan-bocor": Step(
        gettext_lazy("Ternyata bukan kebocoran data"),
        gettext_lazy("Hentikan hitungannya"),
        ReasonForm,
        _leaks,
        _words("drop_leak"),
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


def desk_of(request: HttpRequest, kode: str) -> Desk:
    rows = Laporan.objects.readable_by(request.user).select_related(
        "mpp__wilayah", "gerai__instansi", "verifikator", "induk", "penerimaan__penerima"
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
