"""Accounts, roles by place and time, and the log of what happened."""

from collections import defaultdict
from typing import Any

from django.apps import apps
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from layanan.models import Mpp, Penugasan
from mpp_portal import faktor, perangkat_masuk
from mpp_portal.actions import Refused
from mpp_portal.models import Pengguna, Peristiwa

from . import access, riwayat
from .base import BaseAdmin, BaseInline, ReadOnlyAdmin, Scoped
from .waktu import NowFilter, at_place, mall_of

riwayat.VERBS |= {
    "faktor_kedua_dihapus": pgettext_lazy("peristiwa", "faktor keduanya dihapus"),
    "dikeluarkan": pgettext_lazy("peristiwa", "dikeluarkan dari semua perangkat"),
}


class RolesOfOwn(Scoped):
    """A pengelola gives the roles that work under them, no others."""

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "peran" and not access.of(request).everything:
            given = [(role.value, role.label) for role in access.GIVEN_BY_PENGELOLA]
            kwargs["choices"] = [("", _("Pilih peran")), *given]
        return super().formfield_for_choice_field(db_field, request, **kwargs)  # type: ignore[misc]


class FirstPenugasan(RolesOfOwn, BaseInline):
    """A new account says at once where it works: without a place it would belong to nobody."""

    model = Penugasan
    fields = ["peran", "gerai", "mpp", "mulai", "selesai"]
    autocomplete_fields = ["gerai", "mpp"]
    verbose_name_plural = _("penugasan pertama")
    min_num = max_num = 1
    can_delete = False

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        return super().get_formset(request, obj, validate_min=not access.of(request).everything, **kwargs)


class Assigned(BaseInline):
    """Where an account works, read here and changed on its own page."""

    model = Penugasan
    fields = readonly_fields = ["peran", "gerai", "mpp", "mulai", "selesai"]
    show_change_link = True
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return Penugasan.objects.managed_by(request.user).select_related("gerai__instansi", "gerai__mpp", "mpp")


@admin.register(Pengguna)
class PenggunaAdmin(BaseAdmin, UserAdmin):  # type: ignore[misc]
    form, add_form, change_password_form = UserChangeForm, UserCreationForm, AdminPasswordChangeForm
    list_display = ["nama_lengkap", "username", "peran_kini", "is_active", "last_login"]
    list_filter = ["is_active"]
    search_fields = ["nama", "username"]
    ordering = ["nama", "username"]
    filter_horizontal = ()
    only_superuser = ("is_superuser",)
    readonly_fields = ["last_login"]
    fieldsets = [
        (None, {"fields": ["username", "nama", "email", "password"]}),
        (_("Boleh masuk"), {"fields": ["is_active", "is_superuser", "last_login"]}),
    ]
    add_fieldsets = [(None, {"fields": ["username", "nama", "email", "password1", "password2"]})]
    actions = ["reset_factor", "log_out"]  # type: ignore[assignment]

    @admin.action(description=_("Keluarkan dari semua perangkat"), permissions=["change"])
    def log_out(self, request: HttpRequest, rows: models.QuerySet[Pengguna]) -> None:
        for person in rows:
            try:
                if not access.of(request).may("change", Pengguna, person):
                    raise Refused(gettext("Akun %s tidak di bawah pengelolaan Anda.") % person)
                n = perangkat_masuk.end_all(person, by=request.user)  # type: ignore[arg-type]
                said = gettext("%(name)s dikeluarkan dari %(n)d perangkat.") % {"name": person, "n": n}
                messages.success(request, said)
            except Refused as refusal:
                messages.warning(request, str(refusal))

    @admin.action(description=_("Hapus faktor kedua yang hilang"), permissions=["change"])
    def reset_factor(self, request: HttpRequest, rows: models.QuerySet[Pengguna]) -> None:
        for person in rows:
            try:
                if not access.of(request).may("change", Pengguna, person):
                    raise Refused(gettext("Akun %s tidak di bawah pengelolaan Anda.") % person)
                faktor.reset(person, by=request.user)  # type: ignore[arg-type]
                messages.success(request, gettext("%s menyiapkan kode baru saat masuk lagi.") % person)
            except Refused as refusal:
                messages.warning(request, str(refusal))

    def visible(self, request: HttpRequest) -> models.QuerySet[Any]:
        people = super().visible(request)
        if access.of(request).everything:
            return people
        return people.filter(pk__in=Penugasan.objects.managed_by(request.user).values("pengguna"))

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        now = timezone.now()
        current = Penugasan.objects.filter(models.Q(selesai__isnull=True) | models.Q(selesai__gt=now), mulai__lte=now)
        here = current.filter(pk__in=Penugasan.objects.managed_by(request.user).values("pk"))
        here = here.select_related("gerai__instansi", "gerai__mpp", "mpp")
        return super().get_queryset(request).prefetch_related(models.Prefetch("penugasan", here, to_attr="kini"))

    def get_inlines(self, request: HttpRequest, obj: Any) -> list[Any]:
        return [Assigned] if obj else [FirstPenugasan]

    @display(description=_("nama"), ordering="nama")
    def nama_lengkap(self, row: Pengguna) -> str:
        return str(row)

    @display(description=_("peran sekarang"))
    def peran_kini(self, row: Any) -> str:
        return "; ".join(f"{p.get_peran_display()}, {p.gerai or p.mpp}" for p in row.kini)


@admin.register(Penugasan)
class PenugasanAdmin(RolesOfOwn, BaseAdmin):
    list_display = ["pengguna", "peran", "tempat", "mulai_setempat", "selesai_setempat"]
    list_filter = ["peran", NowFilter, ("gerai__instansi", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["pengguna", "gerai__instansi", "gerai__mpp__wilayah", "mpp__wilayah"]
    search_fields = ["pengguna__nama", "pengguna__username"]
    autocomplete_fields = ["pengguna", "gerai", "mpp"]
    fieldsets = [
        (None, {"fields": ["pengguna", "peran"]}),
        (
            _("Di mana"),
            {
                "description": _("Peran di loket dan admin instansi: pilih gerai. Peran lain: pilih MPP."),
                "fields": ["gerai", "mpp"],
            },
        ),
        (
            _("Kapan"),
            {
                "description": _("Menurut jam di MPP itu. Isi selesai saat orangnya pindah tugas."),
                "fields": ["mulai", "selesai"],
            },
        ),
    ]

    @display(description=_("tempat"))
    def tempat(self, row: Penugasan) -> str:
        return str(row.gerai or row.mpp)

    @display(description=_("mulai"), ordering="mulai")
    def mulai_setempat(self, row: Penugasan) -> str:
        return at_place(row.mulai, mall_of(row))

    @display(description=_("selesai"), ordering="selesai")
    def selesai_setempat(self, row: Penugasan) -> str:
        return at_place(row.selesai, mall_of(row))


@admin.register(Peristiwa)
class PeristiwaAdmin(ReadOnlyAdmin):
    list_display = ["waktu", "apa", "yang_mana", "rincian", "pelaku"]
    list_filter = [("oleh", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["oleh"]
    search_fields = ["jenis", "oleh__nama", "oleh__username"]
    date_hierarchy = "at"
    ordering = ["-pk"]
    fields = ["waktu", "apa", "yang_mana", "rincian", "pelaku"]
    readonly_fields = fields

    def visible(self, request: HttpRequest) -> models.QuerySet[Any]:
        rows = super().visible(request)
        if access.of(request).everything:
            return rows
        return rows.filter(mpp_id__in=Mpp.objects.managed_by(request.user).values("pk"))

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        row = super().get_object(request, object_id, from_field)
        if row:
            self.prepare([row])
        return row

    def prepare(self, rows: list[Any]) -> None:
        malls = Mpp.objects.select_related("wilayah").in_bulk({row.mpp_id for row in rows if row.mpp_id})
        by_label = defaultdict(set)
        for row in rows:
            by_label[row.subjek].add(row.subjek_id)
        named = {label: apps.get_model(label)._base_manager.in_bulk(ids) for label, ids in by_label.items()}
        for row in rows:
            row.mall = malls.get(row.mpp_id)
            row.subject = named[row.subjek].get(row.subjek_id)

    @display(description=_("waktu"), ordering="pk")
    def waktu(self, row: Any) -> str:
        return at_place(row.at, row.mall) if row.mall else date_format(timezone.localtime(row.at), "DATETIME_FORMAT")

    @display(description=_("peristiwa"))
    def apa(self, row: Peristiwa) -> str:
        return riwayat.words(row.jenis)

    @display(description=_("tentang"))
    def yang_mana(self, row: Any) -> str:
        kind = capfirst(apps.get_model(row.subjek)._meta.verbose_name)
        return f"{kind}: {row.subject}" if row.subject else str(_("%s (sudah dihapus)") % kind)

    @display(description=_("rincian"))
    def rincian(self, row: Peristiwa) -> str:
        return riwayat.detail(row)

    @display(description=_("oleh"), ordering="oleh")
    def pelaku(self, row: Peristiwa) -> str:
        return str(row.oleh) if row.oleh else str(_("warga atau sistem"))
