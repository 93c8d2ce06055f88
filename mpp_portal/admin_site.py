"""The admin as a place: who may enter, its menu in the order of the work, and what needs attention today.

It knows no domain app: whoever may open a page of a registered model may enter, and each app's admin says what needs
attention. The rules of who may do what stand in `layanan.admin.access`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from csp.decorators import csp_replace
from django.apps import apps
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.templatetags.static import static
from django.urls import URLPattern, reverse
from django.utils.decorators import method_decorator
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from unfold.admin import ModelAdmin
from unfold.sites import UnfoldAdminSite

# The order of the work: what changes by the day first, what nobody touches for months last.
MENU = [
    (
        _("Hari ini"),
        {"layanan.Penutupan": "event_busy", "antrean.Tiket": "confirmation_number", "antrean.Jaga": "badge"},
    ),
    (
        _("Yang dilayani"),
        {"layanan.Layanan": "assignment", "antrean.Antrean": "groups", "pengaduan.JawabanBaku": "quickreply"},
    ),
    (
        _("Tempat dan jam"),
        {
            "layanan.Mpp": "apartment",
            "layanan.Gerai": "storefront",
            "layanan.Loket": "desk",
            "antrean.Perangkat": "devices",
        },
    ),
    (
        _("Kabar"),
        {
            "notifikasi.Pesan": "outbox",
            "notifikasi.Templat": "edit_note",
            "notifikasi.Webhook": "webhook",
            "notifikasi.Langganan": "notifications",
        },
    ),
    (_("Laporan warga"), {"pengaduan.Aturan": "alt_route", "open311.KunciApi": "key", "titipan.Sambungan": "hub"}),
    (_("Orang"), {"mpp_portal.Pengguna": "person", "layanan.Penugasan": "assignment_ind"}),
    (
        _("Riwayat"),
        {
            "mpp_portal.Peristiwa": "history",
            "antrean.Sesi": "calendar_today",
            "antrean.Kunjungan": "directions_walk",
            "antrean.Panggilan": "campaign",
        },
    ),
    (
        _("Daftar nasional"),
        {
            "layanan.JenisLayanan": "category",
            "layanan.Instansi": "account_balance",
            "layanan.HariLibur": "event",
            "pengaduan.KebijakanTenggat": "timer",
            "pengaduan.KebijakanSimpan": "auto_delete",
            "layanan.Wilayah": "map",
        },
    ),
]


@dataclass(frozen=True)
class Attention:
    """One kind of thing that waits for somebody: `rows` are (what, why, address), at most a handful of `total`; what no
    page shows has no address."""

    title: str
    advice: str
    all_done: str
    total: int
    rows: list[tuple[str, str, str]] = field(default_factory=list)
    more_url: str = ""


_attention: list[Callable[[HttpRequest], Attention | None]] = []


def needs_attention(call: Callable[[HttpRequest], Attention | None]) -> Callable[[HttpRequest], Attention | None]:
    """Register what a person sees on the first page of the admin; None where it is not their work."""
    _attention.append(call)
    return call


class PortalAdmin(UnfoldAdminSite):
    site_url = None
    index_template = "admin/ringkasan.html"
    index_title = _("Ringkasan")
    # The shortcut to any row's public page would hand out the secret links of visits: rows link to it themselves.
    closed_doors = {"view_on_site"}

    def register(self, models: Any, admin_class: Any = None, **options: Any) -> None:
        """Only our own pages: groups, e-mail addresses and what else libraries bring have no rules here."""
        if admin_class and issubclass(admin_class, ModelAdmin):
            super().register(models, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        """Not a flag on the account: whoever may see one of its lists now may enter."""
        return request.user.is_active and any(page.has_module_permission(request) for page in self._registry.values())

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Callable[..., Any]:
        return csp_replace(settings.CSP_ADMIN)(super().admin_view(view, cacheable))

    def get_urls(self) -> list[URLPattern]:
        return [url for url in super().get_urls() if getattr(url, "name", "") not in self.closed_doors]

    @method_decorator(never_cache)
    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """One login for all staff pages. Who is logged in and has no work here is told so."""
        if request.user.is_authenticated and not self.has_permission(request):
            raise PermissionDenied(_("Halaman ini untuk pengelola MPP, admin instansi, dan koordinator pengaduan."))
        then = request.GET.get("next") or reverse("admin:index")
        return redirect_to_login(then, resolve_url(settings.LOGIN_URL))

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return redirect("account_change_password")

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        found = [attention for call in _attention if (attention := call(request))]
        return super().index(request, {"perhatian": found, **(extra_context or {})})

    def menu(self, request: HttpRequest) -> list[dict[str, Any]]:
        groups: list[dict[str, Any]] = [
            {"items": [{"title": _("Ringkasan"), "icon": "dashboard", "link": reverse("admin:index")}]}
        ]
        for title, items in MENU:
            shown = [
                self._menu_item(label, icon)
                for label, icon in items.items()
                if (page := self._registry.get(apps.get_model(label))) and page.has_module_permission(request)
            ]
            if shown:
                groups.append({"title": title, "items": shown})
        return groups

    def _menu_item(self, label: str, icon: str) -> dict[str, Any]:
        model = apps.get_model(label)
        link = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        return {"title": capfirst(model._meta.verbose_name_plural), "icon": icon, "link": link}


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    from django.contrib import admin

    return admin.site.menu(request)  # type: ignore[attr-defined]


def stylesheet(request: HttpRequest) -> str:
    return static("css/admin.css")
