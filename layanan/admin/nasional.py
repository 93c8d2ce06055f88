"""National lists: edited by superusers, read where others choose from them."""

from django.contrib import admin

from layanan.models import Instansi, JenisLayanan, Wilayah

from .base import BaseAdmin


@admin.register(Wilayah)
class WilayahAdmin(BaseAdmin):
    list_display = ["nama", "kode", "induk", "zona"]
    list_select_related = ["induk"]
    list_filter = ["zona"]
    search_fields = ["nama", "kode"]
    autocomplete_fields = ["induk"]


@admin.register(Instansi)
class InstansiAdmin(BaseAdmin):
    list_display = ["singkatan", "nama", "jenis"]
    list_filter = ["jenis"]
    search_fields = ["singkatan", "nama", "nama_en"]
    hidden_from_others = ("catatan_internal",)


@admin.register(JenisLayanan)
class JenisLayananAdmin(BaseAdmin):
    list_display = ["nama", "instansi", "peristiwa_hidup"]
    list_select_related = ["instansi"]
    list_filter = ["peristiwa_hidup"]
    search_fields = ["nama", "nama_en", "sinonim"]
    autocomplete_fields = ["instansi"]
