"""Malls, gerai and loket, with their hours."""

from itertools import groupby
from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import time_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from layanan.models import Gerai, JamBuka, Loket, Mpp, Peran
from layanan.opening import Day, calendars
from mpp_portal.admin_site import Attention, needs_attention

from . import access
from .base import AdminForm, BaseAdmin, BaseInline, InMallForm

SHOWN = 6


class JamForm(AdminForm):
    derived = ("mpp", "gerai")


class JamFormSet(BaseInlineFormSet):
    def clean(self) -> None:
        super().clean()
        seen = set()
        for form in self.forms:
            row = form.cleaned_data if form.is_valid() else {}
            if not row or row.get("DELETE") or row.get("musim") != JamBuka.Musim.BIASA:
                continue
            if (row["hari"], row["buka"]) in seen:
                raise ValidationError(gettext("Dua baris punya hari dan jam buka yang sama."))
            seen.add((row["hari"], row["buka"]))


class JamInline(BaseInline):
    model = JamBuka
    form = JamForm
    formset = JamFormSet
    verbose_name_plural = _("jam buka (menurut jam setempat)")
    fields = [
        *("hari", "buka", "tutup", "istirahat_mulai", "istirahat_selesai"),
        *("musim", "dari", "sampai", "keterangan", "keterangan_en"),
    ]


def hours(day: Day, zone_label: str) -> str:
    """`08.00–15.30 WITA` (08:00–15:30 in English), or the reason why not."""
    spans = ", ".join(f"{time_format(span.start)}–{time_format(span.end)}" for span in day.open)
    return f"{spans} {zone_label}" if spans else day.reason


@admin.register(Mpp)
class MppAdmin(BaseAdmin):
    list_display = ["nama", "wilayah", "jam_hari_ini", "banyak_gerai", "aktif"]
    list_select_related = ["wilayah"]
    list_filter = ["aktif", "jenis"]
    search_fields = ["nama", "wilayah__nama"]
    ordering = ["-aktif", "nama"]
    autocomplete_fields = ["wilayah"]
    inlines = [JamInline]
    only_superuser = (
        *("slug", "nama", "wilayah", "jenis", "aktif", "contoh", "dibuka"),
        *("jumlah_instansi", "jumlah_layanan", "sumber_url"),
    )
    hidden_from_others = ("catatan_internal",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).annotate(gerai_count=Count("gerai"))

    def prepare(self, rows: list[Any]) -> None:
        for mpp in rows:
            mpp.day = calendars(mpp)[None].today() if mpp.aktif else None

    @display(description=_("jam hari ini"))
    def jam_hari_ini(self, row: Any) -> str:
        return hours(row.day, row.zone_label) if row.day else ""

    @display(description=_("gerai"), ordering="gerai_count")
    def banyak_gerai(self, row: Any) -> int:
        return row.gerai_count


@admin.register(Gerai)
class GeraiAdmin(BaseAdmin):
    list_display = ["instansi", "mpp", "letak_lengkap", "jam_hari_ini", "nomor_loket", "banyak_layanan", "aktif"]
    list_select_related = ["instansi", "mpp__wilayah"]
    list_filter = ["aktif", ("mpp", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["instansi__singkatan", "instansi__nama", "mpp__nama"]
    autocomplete_fields = ["mpp", "instansi"]
    inlines = [JamInline]
    fields = ["mpp", "instansi", "lantai", "letak", "letak_en", "telepon", "aktif"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request).prefetch_related("loket")
        return rows.annotate(layanan_count=Count("layanan", distinct=True))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """An admin instansi keeps the gerai's hours and telephone; where it stands is the mall's affair."""
        who = access.of(request)
        of_the_mall = who.everything or Peran.PENGELOLA in who.roles(access.place_of(obj) if obj else None)
        fixed = [] if of_the_mall else ["mpp", "instansi", "lantai", "aktif"]
        return [*super().get_readonly_fields(request, obj), *fixed]

    def prepare(self, rows: list[Any]) -> None:
        for _mpp_id, group in groupby(sorted(rows, key=lambda row: row.mpp_id), key=lambda row: row.mpp_id):
            of_mall = list(group)
            known = calendars(of_mall[0].mpp, of_mall)
            for row in of_mall:
                row.day = known[row.pk].today()

    @display(description=_("letak"), ordering="lantai")
    def letak_lengkap(self, row: Gerai) -> str:
        floor = gettext("lantai %d") % row.lantai
        return f"{floor}, {row.letak}" if row.letak else floor

    @display(description=_("jam hari ini"))
    def jam_hari_ini(self, row: Any) -> str:
        return hours(row.day, row.mpp.zone_label)

    @display(description=_("loket"))
    def nomor_loket(self, row: Gerai) -> str:
        return ", ".join(str(loket.nomor) for loket in row.loket.all()) or gettext("belum ada")

    @display(description=_("layanan"), ordering="layanan_count")
    def banyak_layanan(self, row: Any) -> int:
        return row.layanan_count


@admin.register(Loket)
class LoketAdmin(BaseAdmin):
    form = InMallForm
    list_display = ["__str__", "gerai", "aktif"]
    list_select_related = ["gerai__instansi", "gerai__mpp"]
    list_filter = [
        "aktif",
        ("mpp", admin.RelatedOnlyFieldListFilter),
        ("gerai__instansi", admin.RelatedOnlyFieldListFilter),
    ]
    search_fields = ["=nomor", "gerai__instansi__singkatan"]
    autocomplete_fields = ["gerai"]


@needs_attention
def without_hours(request: HttpRequest) -> Attention | None:
    """Gerai that never open, because neither they nor their mall have hours."""
    if not access.of(request).may("change", JamBuka):
        return None
    rows = (
        Gerai.objects.managed_by(request.user)
        .running()
        .filter(jam__isnull=True, mpp__jam__isnull=True)
        .select_related("instansi", "mpp")
    )
    total = rows.count()
    return Attention(
        title=ngettext("%d gerai tanpa jam buka", "%d gerai tanpa jam buka", total) % total,
        advice=gettext("Tanpa jam, nomor antrean tidak dibagikan. Isi jam MPP, atau jam gerai yang berbeda."),
        all_done=gettext("Semua gerai punya jam buka."),
        total=total,
        rows=[(str(row), "", reverse("admin:layanan_gerai_change", args=[row.pk])) for row in rows[:SHOWN]],
        more_url=reverse("admin:layanan_gerai_changelist"),
    )
