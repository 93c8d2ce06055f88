"""Which days are given away, and which table is taken."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from layanan.models import Mpp

from ..forms.dasar import PlainForm
from . import sheets

LONGEST = 366  # days of one download


class DayField(forms.DateField):
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    default_error_messages = {"invalid": _("Tulis tanggalnya seperti 14/08/2026."), "required": _("Pilih tanggalnya.")}


class PeriodForm(PlainForm):
    dari = DayField(label=_("Laporan yang dikirim dari"))
    sampai = DayField(label=_("Sampai"))

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        since, until = data.get("dari"), data.get("sampai")
        if since and until and not timedelta() <= until - since < timedelta(days=LONGEST):
            self.add_error("sampai", _("Sesudah tanggal pertama, paling lama setahun."))
        return data


class UploadForm(PlainForm):
    berkas = forms.FileField(
        label=_("Berkas XLSX atau CSV"),
        help_text=_("Dengan kolom %(columns)s. Paling banyak %(rows)s baris.")
        % {"columns": ", ".join(sheets.COLUMNS), "rows": sheets.ROWS},
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={"required": _("Pilih berkasnya."), "empty": _("Berkas ini kosong.")},
    )
    per = DayField(
        label=_("Diunduh dari SP4N-LAPOR! pada"),
        help_text=_("Tabel yang lebih lama tidak menimpa yang lebih baru."),
    )

    def __init__(self, *args: Any, mpp: Mpp, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mpp = mpp
        self.fields["per"].initial = mpp.today()

    def clean_per(self) -> Any:
        if self.cleaned_data["per"] > self.mpp.today():
            raise forms.ValidationError(_("Tanggal itu belum terjadi."))
        return self.cleaned_data["per"]

    def clean_berkas(self) -> Any:
        """Rows and faults."""
        upload = self.cleaned_data["berkas"]
        try:
            return sheets.read(upload.name, upload.read(sheets.BYTES + 1))
        except sheets.Unreadable as unreadable:
            raise forms.ValidationError(str(unreadable)) from None
