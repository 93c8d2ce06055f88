"""Closures and days off. Times are typed and read on the clock of the mall they are about."""

from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from layanan.models import HariLibur, Mpp, Penutupan
from mpp_portal.admin_site import Attention, needs_attention

from . import access, riwayat
from .base import BaseAdmin

riwayat.VERBS |= {"disetujui": pgettext_lazy("peristiwa", "disetujui")}
SHOWN = 6


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
    list_display = ["sasaran", "alasan", "mulai_setempat", "selesai_setempat", "dibuat_oleh", "persetujuan"]
    list_filter = [NowFilter]
    list_select_related = [
        *("mpp__wilayah", "gerai__instansi", "gerai__mpp__wilayah", "dibuat_oleh", "disetujui_oleh"),
        *("layanan__jenis", "layanan__gerai__instansi", "layanan__gerai__mpp__wilayah"),
    ]
    search_fields = ["alasan", "mpp__nama", "gerai__instansi__singkatan", "layanan__jenis__nama"]
    autocomplete_fields = ["mpp", "gerai", "layanan"]
    actions = ["approve"]  # type: ignore[assignment]
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

    def has_approve_permission(self, request: HttpRequest) -> bool:
        return access.of(request).may("change", Mpp)

    @admin.action(description=_("Setujui penutupan mendadak"), permissions=["approve"])
    def approve(self, request: HttpRequest, rows: models.QuerySet[Penutupan]) -> None:
        """What closed at once is looked at afterwards, by somebody else."""
        done = 0
        waiting: Any = Penutupan.objects.approvable_by(request.user).filter(pk__in=rows.values("pk"))
        for row in waiting:
            row.disetujui_oleh = request.user
            row.save(update_fields=["disetujui_oleh"])
            self._log(request, row, "disetujui")
            done += 1
        said = ngettext("%d penutupan disetujui.", "%d penutupan disetujui.", done) % done
        messages.success(request, said) if done else messages.warning(
            request, gettext("Tidak ada yang menunggu persetujuan Anda di antara yang dipilih.")
        )

    @display(description=_("persetujuan"))
    def persetujuan(self, row: Penutupan) -> str:
        if row.disetujui_oleh:
            return gettext("disetujui %s") % row.disetujui_oleh
        return gettext("menunggu") if row.perlu_disetujui else ""

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


@needs_attention
def unapproved(request: HttpRequest) -> Attention | None:
    """Closures that staff began at once, for the pengelola to look at."""
    if not access.of(request).may("change", Mpp):
        return None
    found = Penutupan.objects.approvable_by(request.user).select_related("gerai__instansi", "gerai__mpp", "mpp")
    rows = list(found)
    return Attention(
        title=ngettext("%d penutupan mendadak belum disetujui", "%d penutupan mendadak belum disetujui", len(rows))
        % len(rows),
        advice=gettext(
            "Sudah berlaku. Periksa alasannya, lalu setujui; yang keliru dihapus dan jadwalnya berlaku lagi."
        ),
        all_done=gettext("Semua penutupan mendadak sudah disetujui."),
        total=len(rows),
        rows=[
            (str(row), at_place(row.mulai, mall_of(row)), reverse("admin:layanan_penutupan_change", args=[row.pk]))
            for row in rows[:SHOWN]
        ],
        more_url=reverse("admin:layanan_penutupan_changelist"),
    )


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
