"""Layanan: the standard of one type at one gerai, with what the public still misses."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from layanan.models import Langkah, Layanan, Persyaratan
from mpp_portal.admin_site import Attention, needs_attention

from . import access
from .base import AdminForm, BaseAdmin, BaseInline

SHOWN = 6  # rows of one kind on the first page
ASIDE, LAST = 10_000, 9_999  # places that no row of a standard reaches
# The public parts, by the condition under which one is missing. `with_parts` gives the two that are rows.
PARTS: dict[str, tuple[Any, Q]] = {
    "persyaratan": (_("persyaratan"), Q(has_persyaratan=False)),
    "langkah": (_("prosedur"), Q(has_langkah=False)),
    "jangka_waktu": (_("jangka waktu"), Q(jangka_waktu="")),
    "biaya": (_("biaya"), Q(biaya="", gratis=False)),
    "produk": (_("produk"), Q(produk="")),
    "pengaduan": (_("pengaduan"), Q(pengaduan="")),
}
INCOMPLETE = Q.create([missing for _name, missing in PARTS.values()], connector=Q.OR)


def with_parts(rows: models.QuerySet[Layanan]) -> models.QuerySet[Any]:
    """Each row with a flag `tanpa_<part>` per public part."""
    rows = rows.annotate(
        has_persyaratan=Exists(Persyaratan.objects.filter(layanan=OuterRef("pk"))),
        has_langkah=Exists(Langkah.objects.filter(layanan=OuterRef("pk"))),
    )
    flags = {
        f"tanpa_{part}": models.Case(models.When(missing, then=True), default=False, output_field=models.BooleanField())
        for part, (_name, missing) in PARTS.items()
    }
    return rows.annotate(**flags)


def missing_parts(layanan: Any) -> list[str]:
    return [str(name) for part, (name, _missing) in PARTS.items() if getattr(layanan, f"tanpa_{part}")]


class PartFilter(admin.SimpleListFilter):
    title = _("bagian yang belum ada")
    parameter_name = "belum"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("apa_saja", _("apa saja")), *((part, name) for part, (name, _missing) in PARTS.items())]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
        if self.value() == "apa_saja":
            return queryset.filter(INCOMPLETE)
        part = PARTS.get(self.value() or "")
        return queryset.filter(part[1]) if part else queryset


class OrderedForm(AdminForm):
    """A row that is numbered when the page is saved: until then its place need not be unique, or even given."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["urutan"].required = False

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() | {"urutan"}  # type: ignore[misc]


class OrderedInline(BaseInline):
    """Rows in an order of their own, by dragging or by typing; saving numbers them from 1, new ones last."""

    form = OrderedForm

    ordering_field = "urutan"
    ordering = ["urutan"]
    fields = ["urutan", "teks", "teks_en"]


class PersyaratanInline(OrderedInline):
    model = Persyaratan
    fields = ["urutan", "teks", "teks_en", "penghasil"]
    autocomplete_fields = ["penghasil"]


class LangkahInline(OrderedInline):
    model = Langkah


@admin.register(Layanan)
class LayananAdmin(BaseAdmin):
    list_display = ["nama", "gerai", "belum", "ditinjau_pada", "sumber", "tampil"]
    list_select_related = ["jenis", "gerai__instansi", "gerai__mpp"]
    list_filter = [
        PartFilter,
        "tampil",
        "contoh",
        ("gerai__mpp", admin.RelatedOnlyFieldListFilter),
        ("gerai__instansi", admin.RelatedOnlyFieldListFilter),
    ]
    search_fields = ["jenis__nama", "gerai__instansi__singkatan", "gerai__mpp__nama"]
    autocomplete_fields = ["jenis", "gerai"]
    inlines = [PersyaratanInline, LangkahInline]
    warn_unsaved_form = True
    fieldsets = [
        (None, {"fields": ["jenis", "gerai", "kanal", "tampil", "perlu_nik"]}),
        (
            _("Yang dibaca warga"),
            {
                "description": _(
                    "Yang kosong ditampilkan sebagai belum dicantumkan. Isi dari sumber, jangan dikira-kira."
                ),
                "fields": [
                    *("jangka_waktu", "jangka_waktu_en", "gratis", "biaya", "biaya_en", "biaya_min", "biaya_maks"),
                    *("produk", "produk_en", "pengaduan", "pengaduan_en"),
                ],
            },
        ),
        (
            _("Dari mana keterangan ini"),
            {"fields": ["sumber_tempat", "sumber_url", "sumber_resmi", "contoh", "ditinjau_pada"]},
        ),
        (
            _("Untuk petugas saja"),
            {
                "classes": ["collapse"],
                "fields": [
                    *("dasar_hukum", "dasar_hukum_diperiksa", "sarana", "kompetensi", "pengawasan", "jumlah_pelaksana"),
                    *("jaminan_layanan", "jaminan_keamanan", "evaluasi", "catatan_internal"),
                ],
            },
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return with_parts(super().get_queryset(request))

    @display(description=_("layanan"), ordering="jenis__nama")
    def nama(self, row: Layanan) -> str:
        return str(row.jenis)

    @display(description=_("belum ada"))
    def belum(self, row: Layanan) -> str:
        return ", ".join(missing_parts(row)) or gettext("lengkap")

    @display(description=_("sumber"), ordering="sumber_tempat")
    def sumber(self, row: Layanan) -> str:
        if row.contoh:
            return gettext("contoh dari %s") % row.sumber_tempat
        return row.sumber_tempat or (gettext("resmi") if row.sumber_resmi else "")

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Number the rows as they stand on the page. A swap would break UNIQUE halfway: all step aside first."""
        if not formset.has_changed():
            return
        kept = [row for row in formset.forms if row not in formset.deleted_forms]
        kept = [row for row in kept if row.instance.pk or row.has_changed()]
        kept.sort(key=lambda row: row.cleaned_data.get("urutan") or LAST)
        existing = formset.model.objects.filter(layanan=formset.instance)
        existing.update(urutan=models.F("urutan") + ASIDE)
        for number, row in enumerate(kept, start=1):
            row.instance.urutan = number
        super().save_formset(request, form, formset, change)
        for row in kept:
            existing.filter(pk=row.instance.pk).update(urutan=row.instance.urutan)


@needs_attention
def incomplete(request: HttpRequest) -> Attention | None:
    """Standards whose public parts are not all there."""
    if not access.of(request).may("change", Layanan):
        return None
    shown = Layanan.objects.managed_by(request.user).offered().select_related("jenis", "gerai__instansi", "gerai__mpp")
    rows = with_parts(shown).filter(INCOMPLETE)
    total = rows.count()
    return Attention(
        title=ngettext("%d layanan belum lengkap", "%d layanan belum lengkap", total) % total,
        advice=gettext("Warga membaca “belum dicantumkan”. Lengkapi dari standar pelayanan yang berlaku."),
        all_done=gettext("Semua layanan yang ditampilkan sudah lengkap."),
        total=total,
        rows=[
            (
                str(row),
                gettext("belum ada: %s") % ", ".join(missing_parts(row)),
                reverse("admin:layanan_layanan_change", args=[row.pk]),
            )
            for row in rows[:SHOWN]
        ],
        more_url=reverse("admin:layanan_layanan_changelist") + "?belum=apa_saja",
    )
