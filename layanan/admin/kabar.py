"""Messages to people: what waits and why, how it is worded, which systems are told. It moves through actions alone.

It stands here, above `notifikasi`, because who may see a mall's messages is known by the assignments.
"""

from datetime import datetime, timedelta
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.decorators import display
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminSelectWidget

from layanan.models import Mpp, Peran
from mpp_portal.actions import Refused
from mpp_portal.admin_site import Attention, needs_attention
from mpp_portal.notifikasi import actions, registry, wording
from mpp_portal.notifikasi.channels import Permanent, guard
from mpp_portal.notifikasi.models import Langganan, Pesan, Templat, Webhook

from . import access, riwayat
from .base import AdminForm, BaseAdmin, ReadOnlyAdmin
from .sentences import SENTENCES
from .waktu import at_place

access.TABLE |= {
    "notifikasi.pesan": {Peran.PENGELOLA: access.EDIT},
    "notifikasi.langganan": {Peran.PENGELOLA: access.VIEW},
    "notifikasi.webhook": {Peran.PENGELOLA: access.ALL},
    "notifikasi.templat": {Peran.PENGELOLA: access.ALL},
}
_TWICE = gettext_lazy("Kata untuk peristiwa, kanal, dan bahasa ini sudah ada: ubah yang itu.")
SENTENCES |= {
    "webhook_satu_per_alamat": ("url", gettext_lazy("Alamat ini sudah menjadi webhook di MPP itu.")),
    "webhook_satu_untuk_semua": ("url", gettext_lazy("Alamat ini sudah menjadi webhook untuk semua MPP.")),
    "templat_satu_per_mpp": ("jenis", _TWICE),
    "templat_satu_untuk_semua": ("jenis", _TWICE),
    "templat_kelompok_dikenal": ("kelompok", gettext_lazy("Pilih salah satu dari daftar.")),
    "templat_bahasa_dikenal": ("bahasa", gettext_lazy("Pilih salah satu dari daftar.")),
}
SHOWN = 6


def kind_choices() -> list[tuple[str, str]]:
    return [(kind.jenis, riwayat.words(kind.jenis)) for kind in registry.kinds()]


class OfMall:
    """Rows that name their mall by its id, as the portal does which knows no malls."""

    path = "mpp_id"

    def visible(self, request: HttpRequest) -> models.QuerySet[Any]:
        rows = super().visible(request)  # type: ignore[misc]
        if access.of(request).everything:
            return rows
        return rows.filter(**{f"{self.path}__in": Mpp.objects.managed_by(request.user).values("pk")})

    def prepare(self, rows: list[Any]) -> None:
        malls = Mpp.objects.select_related("wilayah").in_bulk({row.mpp_id for row in rows if row.mpp_id})
        for row in rows:
            row.mall = malls.get(row.mpp_id)

    def mall_of(self, row: Any) -> Mpp | None:
        if not hasattr(row, "mall"):  # the only row of its page
            self.prepare([row])
        mall: Mpp | None = row.mall
        return mall

    @display(description=gettext_lazy("MPP"))
    def tempat(self, row: Any) -> str:
        return str(self.mall_of(row) or _("semua MPP"))


class MallForm(AdminForm):
    """Which mall a row is for. Only a superuser may leave it open: for all of them."""

    mpp = forms.ModelChoiceField(
        Mpp.objects.none(), label=gettext_lazy("MPP"), required=False, widget=UnfoldAdminSelectWidget
    )
    derived = ("mpp_id",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "mpp" not in self.fields:
            return  # only shown
        field = cast(forms.ModelChoiceField, self.fields["mpp"])
        everywhere = self.who is None or self.who.everything
        field.queryset = Mpp.objects.running()
        if self.who and not everywhere:
            field.queryset = field.queryset.filter(pk__in=self.who.mpp)
        field.required = not everywhere
        field.empty_label = _("Semua MPP") if everywhere else _("Pilih MPP")
        self.initial["mpp"] = self.instance.mpp_id

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        self.instance.mpp_id = data["mpp"].pk if data.get("mpp") else None
        return data


class TemplatForm(MallForm):
    jenis = forms.ChoiceField(label=gettext_lazy("Peristiwa"), choices=kind_choices, widget=UnfoldAdminSelectWidget)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        kind = registry.kind(data.get("jenis", ""))
        for name in ("judul", "isi"):
            try:
                if kind and name in data:
                    wording.check(kind, data[name])
            except ValidationError as error:
                self.add_error(name, error)
        self.instance.last_error = ""
        return data


class WebhookForm(MallForm):
    jenis = forms.MultipleChoiceField(
        label=gettext_lazy("Peristiwa"), choices=kind_choices, widget=UnfoldAdminCheckboxSelectMultipleWidget
    )

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"]
        try:
            guard.require_public(url)
        except Permanent:
            raise ValidationError(_("Alamat webhook memakai https:// dan berada di internet.")) from None
        return url


@admin.register(Pesan)
class PesanAdmin(OfMall, ReadOnlyAdmin):
    path = "peristiwa__mpp_id"
    list_display = ["apa", "kepada", "keadaan", "umur", "attempts", "last_error", "tempat"]
    list_filter = ["status", "kanal"]
    list_select_related = ["peristiwa", "langganan", "webhook"]
    search_fields = ["peristiwa__jenis", "last_error"]
    ordering = ["-pk"]
    actions = ["retry", "cancel"]  # type: ignore[assignment]
    fields = ["apa", "kepada", "status", "umur", "attempts", "deaths", "next_try_at", "last_error"]
    readonly_fields = fields

    def has_steer_permission(self, request: HttpRequest) -> bool:
        return access.of(request).may("change", Pesan)

    @admin.action(description=gettext_lazy("Coba kirim lagi"), permissions=["steer"])
    def retry(self, request: HttpRequest, rows: models.QuerySet[Pesan]) -> None:
        self._each(request, rows, actions.retry, ngettext("%d pesan dicoba lagi.", "%d pesan dicoba lagi.", 2))

    @admin.action(description=gettext_lazy("Batalkan"), permissions=["steer"])
    def cancel(self, request: HttpRequest, rows: models.QuerySet[Pesan]) -> None:
        self._each(request, rows, actions.cancel, ngettext("%d pesan dibatalkan.", "%d pesan dibatalkan.", 2))

    def _each(self, request: HttpRequest, rows: models.QuerySet[Pesan], act: Any, done: str) -> None:
        count, refused = 0, set()
        for pesan in rows.select_related("peristiwa"):
            try:
                act(pesan, by=request.user)
                count += 1
            except Refused as refusal:
                refused.add(str(refusal))
        if count:
            messages.success(request, done % count)
        for sentence in refused:
            messages.warning(request, sentence)

    @display(description=gettext_lazy("peristiwa"), ordering="peristiwa__jenis")
    def apa(self, row: Pesan) -> str:
        return riwayat.words(row.peristiwa.jenis)

    @display(description=gettext_lazy("kepada"))
    def kepada(self, row: Pesan) -> str:
        return row.target

    @display(
        description=gettext_lazy("keadaan"),
        label={"terkirim": "success", "diparkir": "danger", "menunggu": "warning", "dikirim": "info"},
    )
    def keadaan(self, row: Pesan) -> tuple[str, str]:
        return row.status, row.get_status_display()

    @display(description=gettext_lazy("umur"), ordering="created_at")
    def umur(self, row: Pesan) -> str:
        """How long it took, or how long it has been waiting."""
        age = (row.ended_at or timezone.now()) - row.created_at
        seconds = max(0, round(age / timedelta(seconds=1)))
        if seconds < 120:
            return ngettext("%d detik", "%d detik", seconds) % seconds
        return ngettext("%d menit", "%d menit", seconds // 60) % (seconds // 60)


@admin.register(Langganan)
class LanggananAdmin(OfMall, ReadOnlyAdmin):
    list_display = ["kanal", "alamat", "bahasa", "sejak", "berhenti", "tempat"]
    list_filter = ["kanal", ("stopped_at", admin.EmptyFieldListFilter)]
    ordering = ["-pk"]
    fields = ["kanal", "alamat", "bahasa", "sejak", "berhenti", "tempat"]
    readonly_fields = fields

    @display(description=gettext_lazy("sejak"), ordering="started_at")
    def sejak(self, row: Langganan) -> str | None:
        return self._on_the_wall(row, row.started_at)

    @display(description=gettext_lazy("berhenti"), ordering="stopped_at")
    def berhenti(self, row: Langganan) -> str | None:
        return self._on_the_wall(row, row.stopped_at)

    def _on_the_wall(self, row: Langganan, at: datetime | None) -> str | None:
        """On the clock of the mall, whose list may hold malls of several zones."""
        mall = self.mall_of(row)
        return at_place(at, mall) if at and mall else None

    @display(description=gettext_lazy("alamat"))
    def alamat(self, row: Langganan) -> str:
        return row.masked


@admin.register(Webhook)
class WebhookAdmin(OfMall, BaseAdmin):
    form = WebhookForm
    list_display = ["nama", "url", "tempat", "aktif"]
    list_filter = ["aktif"]
    search_fields = ["nama", "url"]
    ordering = ["nama"]
    fields = ["mpp", "nama", "url", "jenis", "aktif", "kunci"]
    readonly_fields = ["kunci"]

    @display(description=gettext_lazy("kunci tanda tangan"))
    def kunci(self, row: Webhook) -> str:
        if not row.pk:
            return _("Dibuat saat disimpan.")
        return format_html('<code style="word-break: break-all">{}</code>', row.rahasia)


@admin.register(Templat)
class TemplatAdmin(OfMall, BaseAdmin):
    form = TemplatForm
    list_display = ["apa", "kelompok", "bahasa", "judul", "tempat", "last_error"]
    list_filter = ["kelompok", "bahasa"]
    search_fields = ["jenis", "judul"]
    ordering = ["jenis", "kelompok", "bahasa"]
    fields = ["mpp", "jenis", "kelompok", "bahasa", "judul", "isi", "pratinjau", "bawaan", "last_error"]
    readonly_fields = ["pratinjau", "bawaan", "last_error"]

    @display(description=gettext_lazy("peristiwa"), ordering="jenis")
    def apa(self, row: Templat) -> str:
        return riwayat.words(row.jenis)

    @display(description=gettext_lazy("pratinjau"))
    def pratinjau(self, row: Templat) -> str:
        """What people would read, with sample values."""
        kind = registry.kind(row.jenis)
        if not kind:
            return _("Simpan dahulu, lalu pratinjaunya tampil di sini.")
        try:
            return _paper(*wording.preview(kind, row.judul, row.isi))
        except ValidationError as error:
            return " ".join(error.messages)

    @display(description=gettext_lazy("kata bawaan"))
    def bawaan(self, row: Templat) -> str:
        kind = registry.kind(row.jenis)
        return _paper(*wording.shipped(kind, row.kelompok, row.bahasa)) if kind else "-"


def _paper(judul: str, isi: str) -> str:
    return format_html('<strong>{}</strong><br><span style="white-space: pre-line">{}</span>', judul, isi)


@needs_attention
def parked(request: HttpRequest) -> Attention | None:
    page = cast(PesanAdmin, admin.site._registry[Pesan])
    if not page.has_module_permission(request):
        return None
    rows = page.visible(request).filter(status=Pesan.Status.DIPARKIR)
    listed = reverse("admin:notifikasi_pesan_changelist")  # only lists have the buttons to retry and cancel
    return Attention(
        title=_("Kabar yang tidak terkirim"),
        advice=_("Baca galatnya. Sesudah sebabnya beres, kirim lagi; bila sudah tidak berguna, batalkan."),
        all_done=_("Semua kabar terkirim atau sedang dikirim."),
        total=rows.count(),
        rows=[
            (f"{page.apa(row)} · {page.kepada(row)}", row.last_error, f"{listed}?id__exact={row.pk}")
            for row in rows.select_related("peristiwa", "langganan", "webhook").order_by("-pk")[:SHOWN]
        ],
        more_url=f"{listed}?status__exact=diparkir",
    )
