"""The servers of offices, set up by the koordinator or the pengelola; the log reads what was filed there."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from layanan.admin import access, riwayat
from layanan.admin.base import BaseAdmin
from layanan.admin.sentences import SENTENCES
from layanan.models import Gerai, Peran

from .forms import FIXED, SambunganForm
from .models import Sambungan, Titipan

access.TABLE["titipan.sambungan"] = {Peran.PENGELOLA: access.FILL, Peran.KOORDINATOR: access.FILL}
SENTENCES |= {
    "sambungan_satu_per_gerai": ("gerai", _("Gerai ini sudah punya server yang dipakai. Hentikan yang itu dahulu.")),
    "sambungan_beralamat": ("url", _("Isi alamat dasar dan service_code.")),
    "sambungan_bentuk_dikenal": ("url", _("Server itu harus menjawab JSON atau XML.")),
}
riwayat.VERBS |= {
    "tercatat": pgettext_lazy("peristiwa", "tercatat di server instansi"),
    "dikabari": pgettext_lazy("peristiwa", "mendapat kabar dari server instansi"),
}


@admin.register(Sambungan)
class SambunganAdmin(BaseAdmin):
    form = SambunganForm
    list_display = ["gerai", "url", "service_code", "aktif"]
    list_filter = ["aktif"]
    list_select_related = ["gerai__instansi", "gerai__mpp"]
    search_fields = ["url", "service_code"]
    fields = ["gerai", "url", "jurisdiction_id", "kunci_api", "service_code", "aktif"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """What was filed is asked about where it was filed."""
        used = obj is not None and Titipan.objects.filter(sambungan=obj).exists()
        return [*super().get_readonly_fields(request, obj), *(FIXED if used else [])]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Among the malls of this person; a koordinator has no list of places of their own."""
        malls = Sambungan.objects.malls_of(request.user)
        places = Gerai.objects.filter(mpp__in=malls, aktif=True).select_related("instansi", "mpp")
        return super().formfield_for_foreignkey(db_field, request, queryset=places, **kwargs)
