"""What is filled in at a desk for a person who came, rang up or wrote: all of it on one page."""

from datetime import date
from typing import Any

from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from ..models.penerimaan import BY_HAND
from ..states import JawabLewat, Saluran
from .dasar import FIRST, AttachmentField
from .warga import MANAGEMENT, WhatForm, WhereForm, WhoForm

ONE = {"required": _("Pilih salah satu."), "invalid_choice": _("Pilih salah satu dari daftar.")}


class DeskForm(WhatForm, WhereForm, WhoForm):
    saluran = forms.ChoiceField(
        label=_("Bagaimana laporannya datang?"), choices=Saluran, widget=forms.RadioSelect, error_messages=ONE
    )
    tanggal = forms.DateField(
        label=_("Diterima tanggal"),
        help_text=_("Tenggat dihitung sejak tanggal ini. Surat: tanggal di cap terimanya."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Pilih tanggal laporan ini diterima."),
            "invalid": _("Tulis tanggal seperti 2026-08-14."),
        },
    )
    jawab_lewat = forms.ChoiceField(
        label=_("Bagaimana pelapor ingin dikabari?"), choices=JawabLewat, widget=forms.RadioSelect, error_messages=ONE
    )
    alamat = forms.CharField(
        label=_("Nomor telepon atau alamat surat"),
        help_text=_("Hanya bila pelapor ingin ditelepon atau disurati. Contoh: 0411 123456, sore hari"),
        max_length=300,
        required=False,
    )
    berkas = AttachmentField(label=_("Foto atau pindaian suratnya"))

    field_order = ["saluran", "tanggal", "jenis", "judul", "isi", "gerai", "lokasi", "terjadi_pada", "berkas", "nama"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["jenis"].label = _("Apa yang disampaikan?")
        self.fields["judul"].help_text = _("Satu kalimat dari Anda. Contoh: Loket tutup lebih awal")
        self.fields["isi"].label = _("Ceritanya")
        self.fields["isi"].help_text = _("Dengan kata-kata pelapor; bacakan kembali kepadanya. Tanpa NIK.")
        office: Any = self.fields["gerai"]
        office.choices = [("", _("Pelapor tidak tahu")), *list(office.choices)[1:]]
        self.fields["nama"].label = _("Nama pelapor")
        self.fields["nama"].widget.attrs["autocomplete"] = "off"  # this computer's user is somebody else
        self.fields["kontak"].label = _("Nomor WhatsApp atau surel pelapor")
        self.fields["kontak"].help_text = _("Kabar otomatis dikirim ke sini. Boleh kosong bila ia memilih cara lain.")
        self.fields["kontak"].widget.attrs["autocomplete"] = "off"
        self.fields["anonim"].label = _("Anonim: nama dan kontaknya tidak dilihat petugas lain dan publik")
        self.fields["berkas"].help_text = _("Boleh kosong. Paling banyak 5 berkas, masing-masing sampai 15 MB.")
        self.helper.layout = Layout(
            Fieldset(_("Penerimaan"), "saluran", "tanggal", css_class="babak"),
            Fieldset(
                _("Laporannya"), "jenis", "judul", "isi", "gerai", "lokasi", "terjadi_pada", "berkas", css_class="babak"
            ),
            Fieldset(
                _("Pelapornya"), "nama", "jawab_lewat", "kontak", "alamat", "anonim", "rahasia", css_class="babak"
            ),
        )

    def clean_tanggal(self) -> date:
        given: date = self.cleaned_data["tanggal"]
        if not FIRST <= given <= self.mpp.today():
            raise forms.ValidationError(_("Tanggal itu belum tiba atau terlalu lama. Periksa lagi tahun dan bulannya."))
        return given

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not data.get("anonim") and not self.data.get("nama", "").strip():
            del self.errors["nama"]  # the reporter's own form says „Anda“
            self.add_error("nama", _("Tulis nama pelapor, atau pilih anonim."))
        way, typed = data.get("jawab_lewat"), data.get("alamat", "").strip()
        if way == JawabLewat.KABAR and "kontak" in data and not data["kontak"]:
            self.add_error("kontak", _("Tulis nomor WhatsApp atau surelnya, atau pilih cara lain."))
        if way in BY_HAND and not typed:
            self.add_error("alamat", _("Tulis nomor telepon atau alamat suratnya."))
        if way in BY_HAND and data.get("anonim"):
            self.add_error("jawab_lewat", _("Pelapor anonim tidak dapat ditelepon atau disurati. Pilih cara lain."))
        if way and way not in BY_HAND and typed:
            self.add_error("alamat", _("Kosongkan, atau pilih ditelepon atau disurati."))
        return data

    def given(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """The report, and how it was received."""
        data = dict(self.cleaned_data)
        data.pop("berkas")
        received = {name: data.pop(name) for name in ("saluran", "tanggal", "jawab_lewat", "alamat")}
        chosen = data.pop("gerai")
        data |= {"gerai": self.offices.get(chosen), "tentang_pengelola": chosen == MANAGEMENT, "kanal": self.kanal}
        return data, received
