"""Closures and days off. Times are typed and read on the clock of the mall they are about."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from layanan.models import HariLibur, Mpp, Penutupan

from . import access
from .base import BaseAdmin


def at_place(at: datetime | None, mpp: Mpp) -> str:
    """`23 November 2026, 08.00 WITA`"""
    return f"{date_format(mpp.local(at), 'DATETIME_FORMAT')} {mpp.zone_label}" if at else ""


class NowFilter(admin.SimpleListFilter):
    title = _("waktu")
    parameter_name = "waktu"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("kini", _("sedang atau akan berlaku")), ("lalu", _("sudah lewat"))]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
        now = timezone.now()
        if self.value() == "kini":
            return queryset.exclude(selesai__lte=now)
        return queryset.filter(selesai__lte=now) if self.value() == "lalu" else queryset


@admin.register(Penutupan)
class PenutupanAdmin(BaseAdmin):
    list_display = ["sasaran", "alasan", "mulai_setempat", "selesai_setempat", "dibuat_oleh"]
    list_filter = [NowFilter]
    list_select_related = [
        *("mpp__wilayah", "gerai__instansi", "gerai__mpp__wilayah", "dibuat_oleh"),
        *("layanan__jenis", "layanan__gerai__instansi", "layanan__gerai__mpp__wilayah"),
    ]
    search_fields = ["alasan", "mpp__nama", "gerai__instansi__singkatan", "layanan__jenis__nama"]
    autocomplete_fields = ["mpp", "gerai", "layanan"]
    fieldsets = [
        (
            _("Apa yang tutup"),
            {
                "description": _("Pilih satu: seluruh MPP, satu gerai, atau satu layanan."),
                "fields": ["mpp", "gerai", "layanan"],
            },
        ),
        (
            _("Kapan"),
            {
                "description": _("Menurut jam di MPP itu, di mana pun Anda mengetik. Berlaku segera setelah disimpan."),
                "fields": ["mulai", "selesai"],
            },
        ),
        (_("Kata untuk warga"), {"fields": ["alasan", "alasan_en"]}),
    ]

    def get_exclude(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """The whole mall is closed by those who manage malls."""
        hidden = [] if access.of(request).may("change", Mpp) else ["mpp"]
        return [*super().get_exclude(request, obj), *hidden]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            obj.dibuat_oleh = request.user
        super().save_model(request, obj, form, change)

    @display(description=_("yang tutup"))
    def sasaran(self, row: Penutupan) -> str:
        return str(row.layanan or row.gerai or row.mpp)

    @display(description=_("mulai"), ordering="mulai")
    def mulai_setempat(self, row: Penutupan) -> str:
        return at_place(row.mulai, mall_of(row))

    @display(description=_("selesai"), ordering="selesai")
    def selesai_setempat(self, row: Penutupan) -> str:
        return at_place(row.selesai, mall_of(row))


def mall_of(row: Any) -> Mpp:
    gerai = row.gerai or (row.layanan.gerai if getattr(row, "layanan", None) else None)
    return gerai.mpp if gerai else row.mpp


@admin.register(HariLibur)
class HariLiburAdmin(BaseAdmin):
    list_display = ["tanggal", "nama", "jenis", "berlaku_di", "tetap_buka"]
    list_select_related = ["mpp"]
    list_filter = ["jenis", "tetap_buka", ("mpp", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["nama", "nama_en"]
    date_hierarchy = "tanggal"
    autocomplete_fields = ["mpp"]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        field.required = not access.of(request).everything  # a day off for all of Indonesia is not theirs to give
        return field

    @display(description=_("berlaku di"), ordering="mpp")
    def berlaku_di(self, row: HariLibur) -> str:
        return str(row.mpp) if row.mpp else gettext("seluruh Indonesia")
