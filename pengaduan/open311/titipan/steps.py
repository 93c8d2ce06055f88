"""On a report's page: where a part stands on its office's server, and what that server proposes to say."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mpp_portal.notifikasi.models import Pesan, Sistem

from ...forms.petugas import HandlingForm, WordsForm
from ...models import Disposisi, Tanggapan
from ...states import NEXT_DISPOSISI, StatusDisposisi
from ...views.langkah import STEPS, Desk, Step, elsewhere
from . import actions
from .models import Titipan, Usulan


class UsulanForm(WordsForm):
    """Begins with the server's words, which whoever sends them on may change."""

    jenis = forms.ChoiceField(
        label=gettext_lazy("Sampaikan kepada pelapor sebagai"),
        choices=[
            (Tanggapan.Jenis.TINDAK_LANJUT, gettext_lazy("tindak lanjut: masih dikerjakan")),
            (Tanggapan.Jenis.JAWABAN, gettext_lazy("jawaban atas pokok laporannya")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Pilih salah satu.")},
    )
    dibaca = forms.CharField(widget=forms.HiddenInput, max_length=80)  # which news this person has read
    field_order = ["teks", "jenis", "dibaca"]

    def begin(self, part: Disposisi | None) -> None:
        usulan = _proposal(part)
        if usulan:
            self.initial = {"teks": usulan.teks, "jenis": usulan.jenis, "dibaca": _mark(usulan)}
            self.fields["teks"].help_text = _said(usulan)


class IgnoreForm(HandlingForm):
    dibaca = forms.CharField(widget=forms.HiddenInput, max_length=80)

    def begin(self, part: Disposisi | None) -> None:
        usulan = _proposal(part)
        self.initial = {"dibaca": _mark(usulan) if usulan else ""}


def _proposal(part: Disposisi | None) -> Usulan | None:
    return Usulan.objects.for_parts([part]).first() if part else None


def _mark(usulan: Usulan) -> str:
    return f"{usulan.pk}:{usulan.at.isoformat()}"


def _said(usulan: Usulan) -> str:
    titipan = usulan.titipan
    known = {"nomor": titipan.nomor, "keadaan": _state(titipan.keadaan)}
    return _("Kata server instansi tentang laporan %(nomor)s, yang di sana %(keadaan)s. Periksa dan sunting.") % known


def _state(keadaan: str) -> str:
    return {"open": _("masih terbuka"), "closed": _("sudah selesai")}.get(keadaan, _("belum ada kabarnya"))


def _read(form: Any, part: Disposisi | None) -> Usulan:
    usulan = _proposal(part)
    if usulan is None or _mark(usulan) != form.cleaned_data["dibaca"]:
        raise actions.Refused(str(actions.NEWER))
    return usulan


def _pass_on(desk: Desk, form: Any, part: Disposisi | None) -> None:
    given = form.cleaned_data
    actions.accept(_read(form, part), given["jenis"], given["teks"], by=desk.user)


def _with_proposal(desk: Desk) -> list[Disposisi]:
    proposed = set(Usulan.objects.for_parts(desk.parts).values_list("titipan__disposisi", flat=True))
    return [part for part in desk.parts if part.pk in proposed]


def _to_pass_on(desk: Desk) -> list[Disposisi]:
    return [part for part in _with_proposal(desk) if StatusDisposisi.DITANGGAPI in NEXT_DISPOSISI[part.status]]


def stands(parts: list[Disposisi]) -> dict[int, str]:
    """In words, for every part that was entrusted to a server."""
    said = {}
    rows = list(Titipan.objects.filter(disposisi__in=parts))
    stopped = _stopped([row.pk for row in rows if row.filed_at is None])
    for row in rows:
        if row.nomor:
            sentence = _("Di server instansi: nomor %(nomor)s, %(keadaan)s.")
            said[row.disposisi_id] = sentence % {"nomor": row.nomor, "keadaan": _state(row.keadaan)}
        elif row.filed_at:
            said[row.disposisi_id] = _("Diterima server instansi; nomornya belum ada.")
        elif row.pk in stopped:
            said[row.disposisi_id] = _("Belum tercatat di server instansi: pengirimannya berhenti, perlu diperiksa.")
        else:
            said[row.disposisi_id] = _("Belum tercatat di server instansi; dikirim sendiri oleh portal.")
    return said


def _stopped(unfiled: list[int]) -> set[int]:
    """Those that nothing sends any more."""
    if not unfiled:
        return set()
    ended = Pesan.objects.filter(status__in=[Pesan.Status.DIPARKIR, Pesan.Status.BATAL])
    return set(ended.filter(kanal=Sistem.OPEN311, subjek_id__in=unfiled).values_list("subjek_id", flat=True))


elsewhere.append(stands)
ours = {
    "usulan": Step(
        gettext_lazy("Server instansi mengabarkan: sampaikan kepada pelapor"),
        gettext_lazy("Sampaikan"),
        UsulanForm,
        _to_pass_on,
        _pass_on,
        per_part=True,
        main=True,
    ),
    "abaikan-usulan": Step(
        gettext_lazy("Abaikan kabar dari server instansi"),
        gettext_lazy("Abaikan kabar ini"),
        IgnoreForm,
        _with_proposal,
        lambda desk, form, part: actions.dismiss(_read(form, part), by=desk.user),
        per_part=True,
    ),
}
rest = dict(STEPS)
STEPS.clear()
STEPS.update(ours | rest)  # news first: whoever opens the page came for it
