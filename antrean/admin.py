"""Lines are edited here; the queue itself is only shown: its rows move through `antrean.actions` alone."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from antrean import admin_perangkat, slots
from antrean.models import (
    AngkaLuar,
    Antrean,
    DaftarTunggu,
    Jaga,
    Kunjungan,
    Panggilan,
    Pemesanan,
    PolaJadwal,
    Sesi,
    Status,
    Tiket,
    is_today,
)
from layanan.admin import access, riwayat
from layanan.admin.base import BaseAdmin, BaseInline, InMallForm, ReadOnlyAdmin
from layanan.admin.sentences import SENTENCES
from layanan.admin.waktu import at_place
from layanan.models import Peran
from mpp_portal.admin_site import Attention, needs_attention

__all__ = ["admin_perangkat"]  # registers its own pages
access.TABLE |= {
    "antrean.antrean": {Peran.PENGELOLA: access.ALL, Peran.ADMIN_INSTANSI: access.VIEW},
    "antrean.angkaluar": {Peran.PENGELOLA: access.ALL, Peran.ADMIN_INSTANSI: access.ALL},
    "antrean.polajadwal": {Peran.PENGELOLA: access.ALL, Peran.ADMIN_INSTANSI: access.VIEW},
    **{
        f"antrean.{model}": {Peran.PENGELOLA: access.VIEW}
        for model in ("sesi", "tiket", "pemesanan", "daftartunggu", "kunjungan", "jaga", "panggilan")
    },
}
SENTENCES |= {
    "antrean_huruf_unik_per_mpp": ("huruf", _("Huruf ini sudah dipakai antrean lain di MPP itu.")),
    "antrean_huruf_kapital": ("huruf", _("Huruf antrean satu atau dua huruf kapital.")),
    "antrean_menit_positif": ("menit_layanan", _("Melayani satu orang perlu paling sedikit 1 menit.")),
    "antrean_mode_dikenal": ("mode", _("Pilih salah satu dari daftar.")),
    "angka_luar_satu_per_hari": ("tanggal", _("Angka hari itu sudah dicatat. Buka barisnya untuk mengubahnya.")),
    "pola_mulai_unik": ("mulai", _("Hari dan jam mulai ini sudah ada di daftar.")),
    "pola_hari_dikenal": ("hari", _("Pilih salah satu hari.")),
    "pola_mulai_sebelum_selesai": ("selesai", _("Jam selesai harus sesudah jam mulai.")),
    "pola_menit_wajar": ("menit", _("Lama satu jadwal 5 sampai 480 menit.")),
    "pola_persen_wajar": ("persen_langsung", _("Bagian untuk yang datang langsung 0 sampai 100 persen.")),
    "pola_hari_wajar": ("hari_ke_depan", _("Jadwal dapat dibuka 1 sampai 90 hari ke depan.")),
}
riwayat.VERBS |= {
    "dibuka": pgettext_lazy("peristiwa", "dibuka"),
    "ditutup": pgettext_lazy("peristiwa", "ditutup"),
    "diambil": pgettext_lazy("peristiwa", "diambil"),
    "ditahan": pgettext_lazy("peristiwa", "ditahan"),
    "jadwal_diperbaiki": pgettext_lazy("peristiwa", "jam jadwalnya diperbaiki"),
    "dipesan": pgettext_lazy("peristiwa", "dipesan"),
    "diingatkan": pgettext_lazy("peristiwa", "diingatkan"),
    "hadir": pgettext_lazy("peristiwa", "hadir"),
    "dijadwalkan_ulang": pgettext_lazy("peristiwa", "dijadwalkan ulang"),
    "dipindah": pgettext_lazy("peristiwa", "melayani antrean lain"),
    "rehat": pgettext_lazy("peristiwa", "rehat"),
    "dilanjutkan": pgettext_lazy("peristiwa", "melanjutkan pelayanan"),
    "menunggu": pgettext_lazy("peristiwa", "kembali menunggu"),
    "ditunda": pgettext_lazy("peristiwa", "ditunda"),
    "dialihkan": pgettext_lazy("peristiwa", "dialihkan ke antrean lain"),
    "dicatat": pgettext_lazy("peristiwa", "diberi catatan"),
    "pendampingan": pgettext_lazy("peristiwa", "perlunya pendampingan diubah"),
    "dipanggil": pgettext_lazy("peristiwa", "dipanggil"),
    "dipanggil_ulang": pgettext_lazy("peristiwa", "dipanggil ulang"),
    "tidak_hadir": pgettext_lazy("peristiwa", "tidak hadir"),
    "dilayani": pgettext_lazy("peristiwa", "mulai dilayani"),
    "selesai": pgettext_lazy("peristiwa", "selesai dilayani"),
    "terlewat": pgettext_lazy("peristiwa", "terlewat"),
    "batal": pgettext_lazy("peristiwa", "dibatalkan"),
    "hangus": pgettext_lazy("peristiwa", "hangus"),
    "mendekat": pgettext_lazy("peristiwa", "dikabari bahwa gilirannya dekat"),
    "tidak_terlayani": pgettext_lazy("peristiwa", "tidak sempat dilayani"),
    "dibuka_lagi": pgettext_lazy("peristiwa", "dibuka lagi"),
    "mendadak": pgettext_lazy("peristiwa", "ditutup mendadak"),
    "nik_dibuka": pgettext_lazy("peristiwa", "NIK dibuka"),
    "ditawari": pgettext_lazy("peristiwa", "ditawari tempat"),
    "terpenuhi": pgettext_lazy("peristiwa", "mendapat tempat"),
}
SHOWN = 6


class AntreanForm(InMallForm):
    def clean(self) -> dict[str, Any]:
        """A line serves what its own gerai offers, at that gerai's loket."""
        data = super().clean()
        for name in ("layanan", "loket"):
            gerai = data.get("gerai")
            if gerai and any(row.gerai_id != gerai.pk for row in data.get(name) or []):
                self.add_error(name, gettext("Pilih hanya yang ada di gerai %s.") % gerai)
        return data


class PolaJadwalInline(BaseInline):
    model = PolaJadwal
    fields = ["hari", "mulai", "selesai", "menit", "loket", "persen_langsung", "hari_ke_depan", "dibuka_pukul",
              "batas_menit"]  # fmt: skip


@admin.register(Antrean)
class AntreanAdmin(BaseAdmin):
    form = AntreanForm
    inlines = [PolaJadwalInline]
    list_display = ["huruf", "nama", "gerai", "menunggu_kini", "loket_pelayan", "mode", "aktif"]
    list_display_links = ["huruf", "nama"]
    list_select_related = ["gerai__instansi", "gerai__mpp"]
    list_filter = ["aktif", "mode", ("mpp", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["=huruf", "nama", "gerai__instansi__singkatan"]
    autocomplete_fields = ["gerai", "layanan", "loket"]
    fieldsets = [
        (None, {"fields": ["gerai", "huruf", "nama", "nama_en", "mode", "tautan", "aktif"]}),
        (_("Apa yang dilayani, di loket mana"), {"fields": ["layanan", "loket"]}),
        (
            _("Ukuran"),
            {"fields": ["menit_layanan", "bobot_menit", "batas_tunggu", "kuota_harian", "ambil_sejak_menit"]},
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        waiting = Count("sesi__tiket", Q(is_today("sesi__"), sesi__tiket__status=Status.MENUNGGU), distinct=True)
        return super().get_queryset(request).annotate(waiting=waiting).prefetch_related("loket")

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The times that can be booked follow the patterns at once."""
        super().save_related(request, form, formsets, change)
        slots.regenerate(form.instance)

    @display(description=_("menunggu sekarang"), ordering="waiting")
    def menunggu_kini(self, row: Any) -> str:
        return ngettext("%d orang", "%d orang", row.waiting) % row.waiting

    @display(description=_("loket"))
    def loket_pelayan(self, row: Antrean) -> str:
        return ", ".join(str(loket.nomor) for loket in row.loket.all()) or gettext("belum ada")


@admin.register(AngkaLuar)
class AngkaLuarAdmin(BaseAdmin):
    list_display = ["tanggal", "antrean", "dilayani"]
    list_select_related = ["antrean"]
    list_filter = [("antrean", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["antrean__nama", "=antrean__huruf"]
    date_hierarchy = "tanggal"
    autocomplete_fields = ["antrean"]
    fields = ["antrean", "tanggal", "dilayani"]


class TodayFilter(admin.SimpleListFilter):
    title = _("hari")
    parameter_name = "hari"
    path = ""

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("ini", _("hari ini"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(is_today(self.path)) if self.value() == "ini" else queryset


class TiketTodayFilter(TodayFilter):
    path = "sesi__"


@admin.register(Sesi)
class SesiAdmin(ReadOnlyAdmin):
    list_display = ["antrean", "tanggal", "nomor_terakhir", "panggilan"]
    list_select_related = ["antrean"]
    list_filter = [TodayFilter, ("antrean__mpp", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["antrean__nama", "=antrean__huruf"]
    date_hierarchy = "tanggal"
    ordering = ["-tanggal", "antrean__huruf"]


@admin.register(Kunjungan)
class KunjunganAdmin(ReadOnlyAdmin):
    list_display = ["kode", "mpp", "tanggal", "nomor"]
    list_select_related = ["mpp"]
    search_fields = ["=kode"]
    date_hierarchy = "tanggal"
    ordering = ["-pk"]
    fields = ["kode", "mpp", "tanggal", "nomor"]
    readonly_fields = ["nomor"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).prefetch_related("tiket")

    def view_on_site(self, obj: Kunjungan) -> None:
        """The visit's page is its holder's: the link is a secret."""

    @display(description=_("nomor antrean"))
    def nomor(self, row: Kunjungan) -> str:
        return ", ".join(tiket.label for tiket in row.tiket.all())


@admin.register(Tiket)
class TiketAdmin(ReadOnlyAdmin):
    list_display = ["label", "status", "layanan", "diambil", "dipanggil", "loket"]
    list_select_related = [
        "layanan__jenis",
        "layanan__gerai__instansi",
        "layanan__gerai__mpp",
        "loket",
        "sesi__antrean__mpp__wilayah",
    ]
    list_filter = [TiketTodayFilter, "status", ("sesi__antrean", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["=label", "=kunjungan__kode"]
    ordering = ["-pk"]
    readonly_fields = ["diambil", "giliran", "dipanggil", "mulai_dilayani", "berakhir"]
    fields = ["label", "status", "hasil", "layanan", "sekaligus", "asal", "loket", *readonly_fields]

    def _at(self, row: Tiket, at: datetime | None) -> str:
        return at_place(at, row.sesi.antrean.mpp)

    @display(description=_("diambil"), ordering="created_at")
    def diambil(self, row: Tiket) -> str:
        return self._at(row, row.created_at)

    @display(description=_("giliran"), ordering="giliran_pada")
    def giliran(self, row: Tiket) -> str:
        return self._at(row, row.giliran_pada)

    @display(description=_("dipanggil"), ordering="called_at")
    def dipanggil(self, row: Tiket) -> str:
        return self._at(row, row.called_at)

    @display(description=_("mulai dilayani"))
    def mulai_dilayani(self, row: Tiket) -> str:
        return self._at(row, row.started_at)

    @display(description=_("berakhir"))
    def berakhir(self, row: Tiket) -> str:
        return self._at(row, row.ended_at)


@admin.register(Pemesanan)
class PemesananAdmin(ReadOnlyAdmin):
    """How many book and come: whose booking it is stands on the holder's page and at the desk only."""

    list_display = ["waktu", "layanan", "status"]
    list_select_related = ["slot__antrean__mpp__wilayah", "layanan__jenis", "layanan__gerai__instansi"]
    list_filter = ["status", ("slot__antrean", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["=kunjungan__kode"]
    date_hierarchy = "tanggal"
    ordering = ["-slot__mulai"]
    fields = ["waktu", "layanan", "status", "prioritas"]
    readonly_fields = ["waktu"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("layanan__gerai__mpp")

    @display(description=_("jadwal"), ordering="slot__mulai")
    def waktu(self, row: Pemesanan) -> str:
        return at_place(row.slot.mulai, row.slot.antrean.mpp)


@admin.register(DaftarTunggu)
class DaftarTungguAdmin(ReadOnlyAdmin):
    """How many wait for full days, and how many of them get a place."""

    list_display = ["antrean", "tanggal", "layanan", "status"]
    list_select_related = ["antrean", "layanan__jenis", "layanan__gerai__instansi", "layanan__gerai__mpp"]
    list_filter = ["status", ("antrean", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["=kunjungan__kode"]
    date_hierarchy = "tanggal"
    ordering = ["-pk"]
    fields = ["antrean", "tanggal", "layanan", "status", "prioritas"]


@admin.register(Jaga)
class JagaAdmin(ReadOnlyAdmin):
    list_display = ["loket", "petugas", "dibuka", "ditutup"]
    list_select_related = ["loket__mpp__wilayah", "petugas"]
    list_filter = [
        ("closed_at", admin.EmptyFieldListFilter),
        ("loket__gerai__instansi", admin.RelatedOnlyFieldListFilter),
    ]
    search_fields = ["petugas__nama", "=loket__nomor"]
    ordering = ["-pk"]
    fields = ["loket", "petugas", "dibuka", "ditutup", "rehat"]
    readonly_fields = ["dibuka", "ditutup"]

    @display(description=_("dibuka"), ordering="opened_at")
    def dibuka(self, row: Jaga) -> str:
        return at_place(row.opened_at, row.loket.mpp)

    @display(description=_("ditutup"), ordering="closed_at")
    def ditutup(self, row: Jaga) -> str:
        return at_place(row.closed_at, row.loket.mpp) or gettext("masih buka")


@admin.register(Panggilan)
class PanggilanAdmin(ReadOnlyAdmin):
    list_display = ["urut", "tiket", "loket", "waktu", "ulang"]
    list_select_related = ["tiket", "loket", "mpp__wilayah"]
    list_filter = [("mpp", admin.RelatedOnlyFieldListFilter), "ulang"]
    search_fields = ["=tiket__label"]
    ordering = ["-pk"]
    fields = ["urut", "tiket", "loket", "waktu", "ulang", "sebab"]
    readonly_fields = ["waktu"]

    @display(description=_("waktu"), ordering="at")
    def waktu(self, row: Panggilan) -> str:
        return at_place(row.at, row.mpp)


@needs_attention
def without_loket(request: HttpRequest) -> Attention | None:
    """Lines that give numbers which nobody can call."""
    if not access.of(request).may("change", Antrean):
        return None
    rows = Antrean.objects.managed_by(request.user).giving().filter(loket__isnull=True)
    total = rows.count()
    return Attention(
        title=ngettext("%d antrean tanpa loket", "%d antrean tanpa loket", total) % total,
        advice=gettext("Nomornya dibagikan, tetapi tidak ada yang bisa memanggil. Pilih loketnya."),
        all_done=gettext("Semua antrean punya loket."),
        total=total,
        rows=[
            (str(row), str(row.gerai), reverse("admin:antrean_antrean_change", args=[row.pk])) for row in rows[:SHOWN]
        ],
        more_url=reverse("admin:antrean_antrean_changelist"),
    )
