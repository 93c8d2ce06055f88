"""What people fill in to get a number."""

import functools
import re
import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Layout
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from layanan.models import Layanan, Mpp
from layanan.opening import said
from mpp_portal import nik
from mpp_portal.notifikasi import addresses
from mpp_portal.notifikasi.models import Kanal

from .. import lines
from ..actions import Appointment
from ..models import SISA, Antrean, Pemesanan, Tiket

CLOCK = ["%H:%M", "%H.%M", "%H:%M:%S"]  # as browsers send it, and as people write it


def priority_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Perlu didahulukan?"),
        help_text=_("Cukup diberitahukan, tanpa surat. Jalur ini dipanggil lebih dulu, bergantian dengan yang lain."),
        choices=[("", _("Tidak perlu")), *Tiket.Prioritas.choices],
        required=False,
        widget=forms.RadioSelect,
    )


class AlsoField(forms.ModelMultipleChoiceField):
    """Other layanan of the same line, for which the same number does."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self) -> None:
        super().__init__(
            Layanan.objects.none(),
            required=False,
            label=_("Sekaligus mengurus apa lagi di loket yang sama?"),
            help_text=_("Cukup satu nomor. Bawa juga persyaratannya."),
            error_messages={
                "invalid_choice": _("Pilih layanan dari daftar ini."),
                "invalid_pk_value": _("Pilih layanan dari daftar ini."),
                "invalid_list": _("Pilih layanan dari daftar ini."),
            },
        )

    def label_from_instance(self, obj: Any) -> str:
        return said(obj.jenis, "nama")


class FirstField(forms.ChoiceField):
    """What yields a document that the layanan requires: a number for it, too. `known` is asked when it must be."""

    widget = forms.RadioSelect

    def __init__(self) -> None:
        super().__init__(
            required=False,
            label=_("Belum punya syaratnya? Ambil dua nomor sekaligus"),
            help_text=_("Satu kode, dua nomor. Yang kedua dipanggil sesudah yang pertama selesai, tempatnya tetap."),
            error_messages={"invalid_choice": _("Nomor untuk syarat itu baru saja tidak dibagikan. Pilih lagi.")},
        )
        self.known: Callable[[], list[tuple[Antrean, Layanan]]] = list

    def ask(self, antrean: Antrean, layanan: Layanan) -> None:
        self.known = functools.cache(lambda: lines.before(antrean, layanan))
        self.choices = lambda: [
            ("", _("Sudah punya: satu nomor saja")),
            *((str(row.pk), _named(row)) for _at, row in self.known()),
        ]

    def clean(self, value: Any) -> Any:
        chosen = super().clean(value)
        return next((pair for pair in self.known() if str(pair[1].pk) == chosen), None) if chosen else None


def _named(layanan: Layanan) -> str:
    gerai = layanan.gerai
    place = {"layanan": said(layanan.jenis, "nama"), "instansi": gerai.instansi.singkatan, "lantai": gerai.lantai}
    return gettext("Dahulu %(layanan)s, %(instansi)s, lantai %(lantai)s") % place


def others_of(antrean: Antrean, layanan: Layanan) -> QuerySet[Layanan]:
    rows = Layanan.objects.offered().filter(antrean=antrean).exclude(pk=layanan.pk)
    return rows.select_related("jenis").order_by("jenis__nama")


def _ask_only_where_there_are_others(form: forms.Form) -> None:
    field: Any = form.fields.get("sekaligus")
    if field and not field.queryset.exists():
        del form.fields["sekaligus"]
    first: Any = form.fields.get("dahulu")
    if first and "dahulu" not in form.errors and not first.known():
        del form.fields["dahulu"]


def channel_of(kontak: str) -> str:
    return Kanal.SUREL if "@" in kontak else Kanal.WHATSAPP


class BookForm(forms.Form):
    """Who comes: a name, one address to be told at, and the priority a person declares."""

    nama = forms.CharField(
        label=_("Nama orang yang dilayani"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Tulis nama orang yang akan dilayani.")},
    )
    kontak = forms.CharField(
        label=_("Nomor WhatsApp atau alamat surel"),
        help_text=_("Untuk mengirim jadwal dan tautannya. Contoh: 0812 3456 7890 atau nama@contoh.id"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "on", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": _("Tulis nomor WhatsApp atau surel, supaya jadwalnya bisa kami kirim.")},
    )
    nik = forms.CharField(
        label=_("NIK orang yang dilayani"),
        help_text=_("16 angka di KTP-el atau Kartu Keluarga. Disimpan tersandi, hanya dibuka petugas layanan ini."),
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric", "spellcheck": "false"}),
        error_messages={"required": _("Tulis NIK: layanan ini disiapkan dengan NIK orang yang datang.")},
    )
    prioritas = priority_field()
    sekaligus = AlsoField()

    def __init__(
        self,
        *args: Any,
        layanan: Layanan,
        antrean: Antrean | None = None,
        known: str = "",
        same: Pemesanan | None = None,
        first: Pemesanan | None = None,
        at_desk: bool = False,
        **kwargs: Any,
    ) -> None:
        """`known` is the address of who books for several: it is not asked again. At the desk there may be none.
        `same` is another booking of the same visit: neither its name nor its address is asked again.
        `first` is booked together with this one.

        Without `antrean` the time is for one layanan. One that needs a NIK is not added to one that asks for none.
        """
        super().__init__(*args, **kwargs)
        field: Any = self.fields["sekaligus"]
        if antrean:
            offered = others_of(antrean, layanan)
            field.queryset = offered if layanan.perlu_nik else offered.filter(perlu_nik=False)
        _ask_only_where_there_are_others(self)
        if not layanan.perlu_nik and not (first and first.layanan.perlu_nik):
            del self.fields["nik"]
        self.known, self.same = known, same
        if same:
            del self.fields["nama"], self.fields["kontak"]
            self.initial.setdefault("prioritas", same.prioritas)
        elif known:
            del self.fields["kontak"]
        elif at_desk:
            self.fields["kontak"].required = False
            self.fields["kontak"].help_text = _("Tanpa ponsel dan surel? Kosongkan: tamu membawa kertas jadwalnya.")
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True  # the template's own form carries it

    @property
    def person(self) -> dict[str, Any]:
        """What `actions.confirm` wants to know."""
        given = {name: self.cleaned_data.get(name, "") for name in ("nama", "nik", "prioritas")}
        if "sekaligus" in self.fields:
            given["sekaligus"] = self.cleaned_data["sekaligus"]
        if self.same:  # who is told already
            return given | {"nama": self.same.nama, "kontak": self.same.kontak, "kanal": ""}
        kontak = self.known or self.cleaned_data["kontak"]
        return given | {"kontak": kontak, "kanal": channel_of(kontak)}

    def clean_nama(self) -> str:
        return " ".join(self.cleaned_data["nama"].split())

    def clean_nik(self) -> str:
        return nik.clean(self.cleaned_data["nik"])

    def clean_kontak(self) -> str:
        typed = self.cleaned_data["kontak"]
        if not typed:
            return ""
        return addresses.email(typed) if "@" in typed else addresses.phone(typed)


class TakeForm(forms.Form):
    """The priority and the help that a person asks for, and the key that makes a second tap the same request."""

    data: Any  # a QueryDict
    prioritas = priority_field()  # first: on a low kiosk the rest is scrolled to
    dahulu = FirstField()
    sekaligus = AlsoField()
    pendampingan = forms.BooleanField(label=_("Perlu didampingi petugas sampai ke loket"), required=False)
    kunci = forms.CharField(
        widget=forms.HiddenInput,
        max_length=64,
        error_messages={
            "required": _("Formulir ini tidak lengkap terkirim. Periksa lagi, lalu tekan tombolnya sekali lagi."),
            "max_length": _("Formulir ini tidak lengkap terkirim. Periksa lagi, lalu tekan tombolnya sekali lagi."),
        },
    )

    def __init__(self, *args: Any, service: tuple[Antrean, Layanan] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        also: Any = self.fields["sekaligus"]
        first: Any = self.fields["dahulu"]
        if service:
            also.queryset = others_of(*service)
            first.ask(*service)
        if not self.is_bound:  # one that is sent costs no query for what nobody chose
            _ask_only_where_there_are_others(self)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True  # the template's own form carries it
        self.initial.setdefault("kunci", secrets.token_urlsafe(16))

    @property
    def wish(self) -> dict[str, Any]:
        """What `actions.take` wants to know."""
        given = {name: self.cleaned_data[name] for name in ("prioritas", "pendampingan")}
        given |= {"key": self.cleaned_data["kunci"], "sekaligus": self.cleaned_data["sekaligus"]}
        return given | {"before": self.cleaned_data["dahulu"]}

    def refuse(self, *sentences: str) -> None:
        """Show why not, keep what was chosen, and mint a new key: this one may belong to another number."""
        for sentence in [*sentences, *self.errors.pop("kunci", [])]:  # a hidden field has no place for its errors
            self.add_error(None, sentence)
        self.data = self.data.copy()  # `{**QueryDict}` would hold lists, and show them
        self.data["kunci"] = secrets.token_urlsafe(16)
        _ask_only_where_there_are_others(self)


class AppointmentForm(TakeForm):
    """For a line of the instansi's own times: what stands on the person's proof of it."""

    tanggal = forms.DateField(
        label=_("Tanggal jadwal"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Tulis tanggal di bukti jadwal Anda."),
            "invalid": _("Tulis tanggalnya seperti di bukti jadwal Anda."),
        },
    )
    jam = forms.TimeField(
        label=_("Jam jadwal"),
        help_text=_("Jam di bukti jadwal Anda. Contoh: 09.30"),
        input_formats=CLOCK,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={
            "required": _("Tulis jam di bukti jadwal Anda. Contoh: 09.30."),
            "invalid": _("Tulis jam dan menitnya. Contoh: 09.30."),
        },
    )
    kode = forms.CharField(
        label=_("Kode jadwal"),
        help_text=_("Nomor pendaftaran atau kode di bukti jadwal dari instansinya. Dicocokkan petugas di loket."),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": _("Tulis kode di bukti jadwal Anda: petugas mencocokkannya.")},
    )
    field_order = ("tanggal", "jam", "kode", "prioritas", "dahulu", "sekaligus", "pendampingan", "kunci")

    def __init__(self, *args: Any, mpp: Mpp, keypad: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mpp, self.keypad = mpp, keypad
        self.initial.setdefault("tanggal", mpp.today())
        self._arrange()

    def refuse(self, *sentences: str) -> None:
        super().refuse(*sentences)
        self._arrange()

    def _arrange(self) -> None:
        if self.keypad:
            names = list(self.fields)
            names.insert(names.index("kode") + 1, HTML('{% include "antrean/anjungan/_keypad.html" %}'))
            self.helper.layout = Layout(*names)

    def clean_kode(self) -> str:
        kode = re.sub(r"[\s./-]", "", self.cleaned_data["kode"]).upper()
        if not re.fullmatch(r"[A-Z0-9]{4,30}", kode):
            raise forms.ValidationError(_("Kode jadwal terdiri dari 4–30 huruf dan angka, seperti di bukti jadwal."))
        return kode

    @property
    def wish(self) -> dict[str, Any]:
        given = self.cleaned_data
        at = datetime.combine(given["tanggal"], given["jam"], self.mpp.zone)
        return super().wish | {"appointment": Appointment(at, given["kode"])}


def take_form(antrean: Antrean | None, layanan: Layanan | None, data: Any = None, *, keypad: bool = False) -> TakeForm:
    """What is asked of who takes a number of this line; with a `keypad` where there is no keyboard."""
    service = (antrean, layanan) if antrean and layanan else None
    if antrean and antrean.mode == Antrean.Mode.JADWAL_LUAR:
        return AppointmentForm(data, mpp=antrean.gerai.mpp, keypad=keypad, service=service)
    return TakeForm(data, service=service)


class NearForm(forms.Form):
    """From how few people ahead one wishes to be told."""

    sisa = forms.TypedChoiceField(
        coerce=int,
        choices=[(n, n) for n in SISA],
        error_messages={
            "required": _("Pilih tinggal berapa orang di depan Anda."),
            "invalid_choice": _("Pilih tinggal berapa orang di depan Anda."),
        },
    )
