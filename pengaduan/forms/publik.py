"""How everybody looks for a published report."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from layanan.models import Instansi, Mpp

from ..models.laporan import KEADAAN
from .dasar import PlainForm


class SearchForm(PlainForm):
    """By words, mall, office and how it stands; whatever does not fit is left aside."""

    q = forms.CharField(label=_("Kata"), help_text=_("Contoh: loket tutup"), max_length=60, required=False)
    mpp = forms.ModelChoiceField(
        Mpp.objects.none(), to_field_name="slug", label=_("MPP"), required=False, empty_label=_("Semua MPP")
    )
    instansi = forms.ModelChoiceField(
        Instansi.objects.none(), to_field_name="slug", label=_("Instansi"), required=False, empty_label=_("Semua")
    )
    keadaan = forms.ChoiceField(label=_("Keadaan"), choices=[("", _("Semua")), *KEADAAN.items()], required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        malls, offices = Mpp.objects.running(), Instansi.objects.filter(gerai__aktif=True).distinct()
        self.fields["mpp"].queryset = malls  # type: ignore[attr-defined]
        self.fields["instansi"].queryset = offices  # type: ignore[attr-defined]
        self.full_clean()

    def given(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if value}
