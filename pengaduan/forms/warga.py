"""What a reporter fills in: the steps of one report, and the few things they do afterwards."""

import re
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from layanan.models import Gerai, Mpp
from mpp_portal.notifikasi import addresses
from mpp_portal.notifikasi.models import Kanal

from ..models import LOW
from .dasar import AttachmentField, PlainForm

MANAGEMENT = "pengelola"
DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")  # marks that turn the text around them
LONG = 5000


class StepForm(PlainForm):
    def __init__(self, *args: Any, mpp: Mpp, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mpp = mpp


def plain(typed: str) -> str:
    return DIRECTION.sub("", typed)


class WhatForm(StepForm):
    jenis = forms.ChoiceField(
        label=_("Apa yang ingin Anda sampaikan?"),
        choices=[
            ("pengaduan", _("Pengaduan: ada yang tidak beres")),
            ("aspirasi", _("Aspirasi: usul atau harapan")),
            ("permintaan_informasi", _("Permintaan informasi: ingin tahu sesuatu")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Pilih salah satu."), "invalid_choice": _("Pilih salah satu dari daftar.")},
    )
    judul = forms.CharField(
        label=_("Judul"),
        help_text=_("Satu kalimat. Contoh: Loket tutup lebih awal"),
        max_length=120,
        error_messages={"required": _("Tulis judulnya dalam satu kalimat.")},
    )
    isi = forms.CharField(
        label=_("Ceritakan"),
        help_text=_("Apa yang terjadi, siapa, jam berapa. Jangan tulis NIK atau nomor kartu."),
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": _("Ceritakan apa yang terjadi.")},
    )

    def clean_judul(self) -> str:
        return " ".join(plain(self.cleaned_data["judul"]).split())

    def clean_isi(self) -> str:
        return plain(self.cleaned_data["isi"])


class WhereForm(StepForm):
    gerai = forms.ChoiceField(
        label=_("Tentang instansi mana?"),
        help_text=_("Tidak tahu? Tidak apa-apa, koordinator yang mencarikan."),
        required=False,
        error_messages={"invalid_choice": _("Pilih salah satu dari daftar.")},
    )
    lokasi = forms.CharField(
        label=_("Di mana?"), help_text=_("Contoh: loket 3, lantai 2. Boleh kosong."), max_length=200, required=False
    )
    terjadi_pada = forms.DateField(
        label=_("Kapan?"),
        help_text=_("Tanggal kejadian. Boleh kosong."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Tulis tanggal seperti 2026-08-14.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Gerai.objects.filter(mpp=self.mpp, aktif=True).select_related("instansi")
        self.offices = {str(row.pk): row for row in rows}
        choice: Any = self.fields["gerai"]
        choice.choices = [
            ("", _("Saya tidak tahu")),
            *((pk, row.instansi.singkatan) for pk, row in self.offices.items()),
            (MANAGEMENT, _("Pengelola MPP atau petugas pengaduan")),
        ]

    def clean_terjadi_pada(self) -> date | None:
        given: date | None = self.cleaned_data["terjadi_pada"]
        if given and given > self.mpp.today():
            raise forms.ValidationError(_("Tanggal itu belum terjadi. Periksa lagi tahun dan bulannya."))
        return given


class EvidenceForm(StepForm):
    """The files are kept as soon as they come (views/warga.py), so that one that is refused takes no other along."""

    berkas = AttachmentField()


class WhoForm(StepForm):
    nama = forms.CharField(
        label=_("Nama Anda"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    kontak = forms.CharField(
        label=_("Nomor WhatsApp atau alamat surel"),
        help_text=_("Untuk mengabari Anda. Tanpa ini, simpan baik-baik kode dan PIN-nya."),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "email", "autocapitalize": "none", "spellcheck": "false"}),
    )
    anonim = forms.BooleanField(
        label=_(
            "Anonim: petugas dan publik tidak melihat nama dan kontak saya; sistem menyimpannya untuk mengabari saya"
        ),
        required=False,
    )
    rahasia = forms.BooleanField(
        help_text=_("Yang tidak rahasia dapat diterbitkan, tanpa nama dan sesudah data pribadinya disamarkan."),
        label=_(
            "Rahasia: hanya koordinator, inspektorat, dan instansi lain yang ditugasi yang membaca, bukan unit terlapor"
        ),
        required=False,
    )

    def clean_nama(self) -> str:
        return " ".join(plain(self.cleaned_data["nama"]).split())

    def clean_kontak(self) -> str:
        typed: str = self.cleaned_data["kontak"]
        self.kanal = ""
        if not typed:
            return ""
        self.kanal = Kanal.SUREL.value if "@" in typed else Kanal.WHATSAPP.value
        return addresses.email(typed) if "@" in typed else addresses.phone(typed)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not data.get("nama") and not data.get("anonim"):
            self.add_error("nama", _("Tulis nama Anda, atau pilih anonim."))
        return data


STEPS: list[type[StepForm]] = [WhatForm, WhereForm, EvidenceForm, WhoForm]


class TextForm(PlainForm):
    teks = forms.CharField(
        label=_("Tulis di sini"),
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Tulis dulu isinya.")},
    )


class CompletionForm(TextForm):
    berkas = AttachmentField()


class RateForm(PlainForm):
    nilai = forms.TypedChoiceField(
        label=_("Seberapa puas Anda dengan jawabannya?"),
        coerce=int,
        choices=[
            (5, _("5: sangat puas")),
            (4, _("4: puas")),
            (3, _("3: cukup")),
            (2, _("2: kurang")),
            (1, _("1: tidak puas")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Pilih salah satu nilai.")},
    )
    teks = forms.CharField(
        label=_("Alasannya"),
        help_text=_("Wajib untuk nilai 1 dan 2: laporan dibuka kembali dan instansi membacanya."),
        max_length=LONG,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("nilai", LOW + 1) <= LOW and not data.get("teks", "").strip():
            self.add_error("teks", _("Tulis apa yang kurang, supaya instansi tahu apa yang harus diperbaiki."))
        return data


class PinForm(PlainForm):
    pin = forms.CharField(
        label=_("PIN"),
        help_text=_("8 angka dari tanda terima Anda"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": _("Tulis PIN 8 angka dari tanda terima Anda.")},
    )


def given(what: WhatForm, where: WhereForm, _evidence: EvidenceForm, who: WhoForm) -> dict[str, Any]:
    """What `actions.submit` takes, from four valid steps."""
    chosen = where.cleaned_data.pop("gerai")
    return {
        **what.cleaned_data,
        **where.cleaned_data,
        **who.cleaned_data,
        "gerai": where.offices.get(chosen),
        "tentang_pengelola": chosen == MANAGEMENT,
        "kanal": who.kanal,
    }
