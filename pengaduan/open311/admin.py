"""Keys of programs that send reports: given, replaced and taken back by the mall's pengelola."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from layanan.admin import access, riwayat
from layanan.admin.base import BaseAdmin
from layanan.admin.sentences import SENTENCES
from layanan.models import Peran

from . import actions
from .models import MOST, KunciApi

access.TABLE |= {"open311.kunciapi": {Peran.PENGELOLA: access.FILL}}
SENTENCES |= {
    "kunci_api_nama_unik_per_mpp": ("nama", _("Nama ini sudah dipakai kunci lain di MPP itu.")),
    "kunci_api_batas_wajar": ("batas", _("Antara 1 dan %s laporan per jam.") % MOST),
}
riwayat.VERBS |= {"diberi_kunci": pgettext_lazy("peristiwa", "diberi kunci baru")}


@admin.register(KunciApi)
class KunciApiAdmin(BaseAdmin):
    list_display = ["nama", "mpp", "batas", "aktif", "created_at"]
    list_filter = ["aktif", ("mpp", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["mpp"]
    search_fields = ["nama"]
    fields = ["mpp", "nama", "batas", "aktif"]
    actions = ["renew"]  # type: ignore[assignment]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """A key is for the mall it was made for."""
        return [*super().get_readonly_fields(request, obj), *(["mpp"] if obj else [])]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not change:
            self._give(request, obj)

    def has_renew_permission(self, request: HttpRequest) -> bool:
        return access.of(request).may("change", KunciApi)

    @admin.action(description=_("Ganti kuncinya; yang lama tidak berlaku lagi"), permissions=["renew"])
    def renew(self, request: HttpRequest, rows: QuerySet[KunciApi]) -> None:
        for kunci in rows:
            self._give(request, kunci)

    def _give(self, request: HttpRequest, kunci: KunciApi) -> None:
        said = gettext("Kunci untuk %(nama)s: %(kunci)s. Salin sekarang: kunci ini tidak ditampilkan lagi.")
        messages.success(request, said % {"nama": kunci, "kunci": actions.renew(kunci, by=request.user)})
