"""The figures of the clocks, and answers that offices keep. Reports are nobody's to edit here: they have own pages."""

from typing import Any

from django.contrib import admin
from django.db.models import Max
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from layanan.admin import access, riwayat
from layanan.admin.base import AdminForm, BaseAdmin
from layanan.admin.sentences import SENTENCES
from layanan.models import Gerai, Mpp, Peran

from .models import Aturan, JawabanBaku, KebijakanSimpan, KebijakanTenggat

_KIND = _("Pilih salah satu dari daftar.")
access.TABLE["pengaduan.jawabanbaku"] = {Peran.PENGELOLA: access.ALL, Peran.ADMIN_INSTANSI: access.ALL}
access.TABLE["pengaduan.aturan"] = {Peran.PENGELOLA: access.ALL, Peran.KOORDINATOR: access.ALL}
SENTENCES |= {
    "aturan_urutan_unik": ("urutan", _("Urutan ini sudah dipakai aturan lain di MPP itu.")),
    "aturan_bersyarat": ("kata", _("Isi paling sedikit satu syarat: jenis, tema, gerai, atau kata.")),
    "aturan_jenis_dikenal": ("jenis", _KIND),
    "aturan_tema_dikenal": ("tema", _KIND),
    "jawaban_baku_judul_unik": ("judul", _("Gerai ini sudah punya jawaban baku dengan judul itu.")),
    "jawaban_baku_berisi": ("teks", _("Tulis dulu isinya.")),
    "kebijakan_satu_per_tanggal": ("berlaku_sejak", _("Sudah ada angka yang berlaku sejak tanggal itu.")),
    "kebijakan_jenis_dikenal": ("jenis", _KIND),
    "kebijakan_klasifikasi_penyelesaian": (
        "klasifikasi",
        _("Klasifikasi hanya untuk tenggat penyelesaian, dan di sana wajib dipilih."),
    ),
    "simpan_satu_per_tanggal": ("berlaku_sejak", _("Sudah ada angka yang berlaku sejak tanggal itu.")),
    "simpan_paling_sedikit_sehari": ("hari", _("Paling sedikit satu hari.")),
    "kebijakan_paling_sedikit_sehari": ("hari_kerja", _("Paling sedikit satu hari kerja.")),
}
riwayat.VERBS |= {
    "diterima": pgettext_lazy("peristiwa", "diterima"),
    "perlu_dilengkapi": pgettext_lazy("peristiwa", "perlu dilengkapi"),
    "didisposisikan": pgettext_lazy("peristiwa", "didisposisikan"),
    "diproses": pgettext_lazy("peristiwa", "diproses"),
    "ditanggapi": pgettext_lazy("peristiwa", "ditanggapi"),
    "dibuka_kembali": pgettext_lazy("peristiwa", "dibuka kembali"),
    "bukan_kewenangan": pgettext_lazy("peristiwa", "dikembalikan semua instansi"),
    "dikembalikan": pgettext_lazy("peristiwa", "dikembalikan"),
    "diteruskan": pgettext_lazy("peristiwa", "diteruskan"),
    "digabung": pgettext_lazy("peristiwa", "digabung"),
    "dipisahkan": pgettext_lazy("peristiwa", "dipisahkan"),
    "dipecah": pgettext_lazy("peristiwa", "dipecah"),
    "pecahan": pgettext_lazy("peristiwa", "menjadi laporan tersendiri"),
    "pengirim_dilarang": pgettext_lazy("peristiwa", "pengirimnya dilarang melapor sementara"),
    "larangan_disahkan": pgettext_lazy("peristiwa", "larangan pengirimnya disahkan"),
    "larangan_dicabut": pgettext_lazy("peristiwa", "larangan pengirimnya dicabut"),
    "kebocoran": pgettext_lazy("peristiwa", "ditandai sebagai kebocoran data"),
    "kebocoran_diberitahukan": pgettext_lazy("peristiwa", "kebocoran datanya diberitahukan kepada pemilik data"),
    "kebocoran_gugur": pgettext_lazy("peristiwa", "ternyata bukan kebocoran data"),
    "bocor": pgettext_lazy("peristiwa", "dikabari tentang kebocoran data"),
    "induk_ditanggapi": pgettext_lazy("peristiwa", "induknya ditanggapi"),
    "diarsipkan": pgettext_lazy("peristiwa", "diarsipkan"),
    "ditambah": pgettext_lazy("peristiwa", "ditambahi pelapornya"),
    "dinilai": pgettext_lazy("peristiwa", "dinilai"),
    "diterbitkan": pgettext_lazy("peristiwa", "diterbitkan untuk umum"),
    "tidak_diterbitkan": pgettext_lazy("peristiwa", "ditarik dari umum"),
    "dibaca": pgettext_lazy("peristiwa", "dibaca"),
    "pengingat": pgettext_lazy("peristiwa", "diingatkan tentang tenggat laporan"),
    "atasan": pgettext_lazy("peristiwa", "dikabari tentang laporan terlambat"),
    "koordinator": pgettext_lazy("peristiwa", "dikabari tentang laporan yang lama terlambat"),
    "genting": pgettext_lazy("peristiwa", "dikabari tentang laporan genting"),
    "ombudsman": pgettext_lazy("peristiwa", "60 hari tanpa jawaban"),
    "disampaikan": pgettext_lazy("peristiwa", "disampaikan kepada pelapor lewat telepon atau surat"),
    "klasifikasi_diubah": pgettext_lazy("peristiwa", "diklasifikasikan lain"),
}


@admin.register(KebijakanTenggat)
class KebijakanTenggatAdmin(BaseAdmin):
    list_display = ["jenis", "klasifikasi", "hari_kerja", "berlaku_sejak", "sumber"]
    list_filter = ["jenis"]
    ordering = ["jenis", "klasifikasi", "-berlaku_sejak"]


@admin.register(KebijakanSimpan)
class KebijakanSimpanAdmin(BaseAdmin):
    list_display = ["hari", "berlaku_sejak", "sumber"]
    ordering = ["-berlaku_sejak"]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        said = {
            "hari": _("Sekian hari sesudah laporan berakhir, pelapor dan isinya dihapus. Contoh: 730, dua tahun."),
            "berlaku_sejak": _("Yang berakhir sebelum tanggal ini tetap menurut angka yang berlaku waktu itu."),
            "sumber": _("Aturan yang menetapkannya, misalnya nomor dan tanggal keputusan."),
        }
        return super().get_form(request, obj, change=change, help_texts=said, **kwargs)


@admin.register(JawabanBaku)
class JawabanBakuAdmin(BaseAdmin):
    list_display = ["judul", "gerai"]
    list_select_related = ["gerai__instansi", "gerai__mpp"]
    search_fields = ["judul", "teks"]
    autocomplete_fields = ["gerai"]


class AturanForm(AdminForm):
    def clean(self) -> dict[str, Any]:
        data = super().clean()
        for name in ("gerai", "kepada"):
            if data.get("mpp") and data.get(name) and data[name].mpp_id != data["mpp"].pk:
                self.add_error(name, _("Pilih gerai di MPP yang sama."))
        return data


@admin.register(Aturan)
class AturanAdmin(BaseAdmin):
    form = AturanForm
    list_display = ["nama", "urutan", "office", "aktif", "mpp"]
    list_filter = ["aktif", ("mpp", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["mpp", "kepada__instansi"]
    ordering = ["mpp", "urutan"]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Among the malls whose rules this person writes; a koordinator has no list of places of their own."""
        malls = Aturan.objects.malls_of(request.user)
        places = Gerai.objects.filter(mpp__in=malls, aktif=True).select_related("instansi", "mpp")
        rows = malls if db_field.name == "mpp" else places
        blank = {"gerai": _("Gerai mana pun"), "kepada": Peran.INSPEKTORAT.label, "mpp": _("Pilih MPP")}[db_field.name]
        return super().formfield_for_foreignkey(db_field, request, queryset=rows, empty_label=blank, **kwargs)

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A condition that is left open fits everything."""
        field = super().formfield_for_choice_field(db_field, request, **kwargs)
        field.choices = [("", _("Apa saja")), *((value, label) for value, label in field.choices if value)]
        return field

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Who may see the trial gets the way to it."""
        tried = Mpp.objects.staffed_by(request.user, Peran.KOORDINATOR).order_by("nama")
        links = [(reverse("pengaduan:rules", args=[mpp.slug]), mpp.nama) for mpp in tried]
        if links:
            said = format_html_join(" ", '<a href="{}" class="underline">{}</a>', links)
            words = _("Sebelum dipakai, lihat dulu uji cobanya pada laporan yang lalu: %s")
            kwargs["help_texts"] = {"aktif": format_html(str(words).replace("%s", "{}"), said)}
        return super().get_form(request, obj, change=change, **kwargs)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """The next free place, where there is one mall to think of."""
        malls = list(Aturan.objects.malls_of(request.user)[:2])
        if len(malls) != 1:
            return super().get_changeform_initial_data(request)
        last = Aturan.objects.filter(mpp=malls[0]).aggregate(last=Max("urutan"))["last"] or 0
        return {"mpp": malls[0].pk, "urutan": last + 10}

    @admin.display(description=_("disarankan kepada"), ordering="kepada")
    def office(self, row: Aturan) -> str:
        return row.office
