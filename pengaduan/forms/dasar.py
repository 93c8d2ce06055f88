"""What every form of the reports shares, and the form of the calculator."""

from datetime import date, datetime, time
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from layanan.models import Mpp

from .. import attachments
from ..actions.attaching import PER_FORM
from ..models import KebijakanTenggat

ACCEPT = "image/jpeg,image/png,image/webp,image/heic,image/heif,application/pdf,.heic"
LIMITS = _("Boleh kosong. Paling banyak 5 berkas, masing-masing sampai 15 MB. Video tidak diterima.")
FIRST, LAST = date(2020, 1, 1), date(2100, 1, 1)


class PlainForm(forms.Form):
    """A form inside the template's own `<form>`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True  # the template's own form carries it


class Files(forms.FileInput):
    """Several at once; on a phone the camera is among the choices."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.getlist(name)


class AttachmentField(forms.FileField):
    """Photos and PDFs, each made harmless: `clean` gives a list of attachments.Clean."""

    widget = Files

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Foto atau PDF"))
        kwargs.setdefault("help_text", LIMITS)
        super().__init__(required=False, **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"accept": ACCEPT}

    def clean(self, data: Any, initial: Any = None) -> Any:
        if len(data) > PER_FORM:
            raise forms.ValidationError(_("Paling banyak %s berkas. Hapus salah satunya dahulu.") % PER_FORM)
        return [attachments.clean(upload) for upload in data]


class DueForm(PlainForm):
    """From when, by which rule, in which mall."""

    mpp = forms.ModelChoiceField(Mpp.objects.none(), to_field_name="slug", label=_("MPP"), empty_label=None)
    aturan = forms.ModelChoiceField(KebijakanTenggat.objects.none(), label=_("Tenggat"), empty_label=None)
    tanggal = forms.DateField(
        label=_("Tanggal mulai"),
        help_text=_("Hari laporan dikirim. Contoh: 2026-08-14"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Pilih tanggal mulainya."), "invalid": _("Tulis tanggal seperti 2026-08-14.")},
    )
    jam = forms.TimeField(
        label=_("Jam"),
        help_text=_("Boleh dikosongkan: jam tidak mengubah hasilnya."),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": _("Tulis jam seperti 16:55.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mpp"].queryset = Mpp.objects.running().select_related("wilayah")  # type: ignore[attr-defined]
        rows = KebijakanTenggat.objects.in_force(timezone.now().date())
        choice: Any = self.fields["aturan"]
        choice.queryset = KebijakanTenggat.objects.filter(pk__in=[row.pk for row in rows])
        choice.label_from_instance = lambda row: f"{row.label[:1].upper()}{row.label[1:]} ({row.hari_kerja})"

    def clean_tanggal(self) -> date:
        given: date = self.cleaned_data["tanggal"]
        if not FIRST <= given <= LAST:
            raise forms.ValidationError(_("Pilih tanggal antara tahun 2020 dan 2100."))
        return given

    def start(self) -> datetime:
        """The instant on the mall's own clock."""
        given = self.cleaned_data
        return datetime.combine(given["tanggal"], given["jam"] or time(12), given["mpp"].zone)
