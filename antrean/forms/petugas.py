"""What staff fill in: a device's code, a loket's lines, a closing, and what a key at the loket carries."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from layanan.models import Layanan, Loket

from ..models import Antrean
from ..states import AlasanRehat, Hasil, Sebab
from .warga import CLOCK


class PairForm(forms.Form):
    """The code that staff were shown for a device of the hall."""

    kode = forms.CharField(
        label=_("Kode pemasangan"),
        help_text=_("Delapan huruf dan angka. Berlaku 15 menit, satu kali."),
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "autofocus": True}
        ),
        error_messages={
            "required": _("Ketik kode pemasangan dari halaman pengelolaan."),
            "max_length": _("Kode pemasangan terdiri dari delapan huruf dan angka."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True  # the template's own form carries it


class LinesForm(forms.Form):
    """Which lines of its own gerai a loket serves."""

    antrean = forms.ModelMultipleChoiceField(
        label=_("Antrean yang dilayani loket ini"),
        queryset=Antrean.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Pilih paling sedikit satu antrean. Loket yang tidak dipakai cukup ditutup."),
            "invalid_choice": _("Pilih antrean dari daftar ini."),
        },
    )

    def __init__(self, *args: Any, loket: Loket, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["antrean"]
        field.queryset = Antrean.objects.filter(gerai=loket.gerai_id, aktif=True).exclude(mode=Antrean.Mode.LUAR)
        self.initial.setdefault("antrean", list(loket.antrean.values_list("pk", flat=True)))
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True  # the template's own form carries it


class CloseForm(forms.Form):
    """What closes for the rest of today, and why. `places` are its choices."""

    tempat = forms.ChoiceField(
        label=_("Yang ditutup sampai akhir hari ini"),
        error_messages={"required": _("Pilih yang ditutup."), "invalid_choice": _("Pilih yang ditutup.")},
    )
    alasan = forms.CharField(
        label=_("Alasan untuk warga"),
        help_text=_("Satu kalimat yang dibaca semua orang. Contoh: listrik padam di gedung ini."),
        max_length=200,
        error_messages={"required": _("Tulis alasannya, supaya warga tahu mengapa.")},
    )
    alasan_en = forms.CharField(label=_("Alasan dalam bahasa Inggris (boleh kosong)"), max_length=200, required=False)

    def __init__(self, *args: Any, places: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["tempat"]
        field.choices = [("", _("Pilih …")), *places] if len(places) > 1 else places
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True  # the template's own form carries it


# --- Keys of the console that carry something; `cleaned_data` is what the action wants to know ------------------------
class StepForm(forms.Form):
    """At the loket with this number; every fault has one sentence."""

    def __init__(self, *args: Any, loket: Loket, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.loket = loket

    @property
    def sentence(self) -> str:
        """The first fault."""
        return str(next(iter(self.errors.values()))[0])


class FinishForm(StepForm):
    hasil = forms.ChoiceField(choices=Hasil.choices, required=False)

    def clean_hasil(self) -> str:
        return self.cleaned_data["hasil"] or Hasil.TUNTAS


class PauseForm(StepForm):
    alasan = forms.ChoiceField(
        choices=[choice for choice in AlasanRehat.choices if choice[0]],
        error_messages={"required": _("Pilih alasan rehatnya."), "invalid_choice": _("Pilih alasan rehatnya.")},
    )


class CallForm(StepForm):
    nomor = forms.CharField(
        max_length=8,
        error_messages={
            "required": _("Tulis nomor yang dipanggil. Contoh: A-012."),
            "max_length": _("Tulis nomornya seperti di karcis. Contoh: A-012."),
        },
    )
    sebab = forms.ChoiceField(
        choices=[choice for choice in Sebab.choices if choice[0]],
        error_messages={
            "required": _("Pilih mengapa nomor ini dipanggil di luar gilirannya."),
            "invalid_choice": _("Pilih mengapa nomor ini dipanggil di luar gilirannya."),
        },
    )


class TimeForm(StepForm):
    jam = forms.TimeField(
        required=False, input_formats=CLOCK, error_messages={"invalid": _("Tulis jam dan menitnya. Contoh: 09.30.")}
    )


class NoteForm(StepForm):
    catatan = forms.CharField(
        max_length=200, required=False, error_messages={"max_length": _("Catatan paling panjang 200 huruf.")}
    )


def elsewhere(loket: Loket) -> QuerySet[Layanan]:
    """Where a person can be sent from this loket."""
    lines = Antrean.objects.giving().filter(mpp=loket.mpp_id)
    rows = Layanan.objects.offered().filter(antrean__in=lines).select_related("jenis", "gerai__instansi")
    return rows.order_by("gerai__instansi__singkatan", "jenis__nama").distinct()


class TransferForm(StepForm):
    layanan = forms.ModelChoiceField(
        queryset=Layanan.objects.none(),
        error_messages={"required": _("Pilih layanan tujuannya."), "invalid_choice": _("Pilih layanan tujuannya.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["layanan"]
        field.queryset = elsewhere(self.loket)
