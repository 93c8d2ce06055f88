from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    name = "mpp_portal"
    verbose_name = _("Portal")

    def ready(self) -> None:
        from . import crypto  # noqa: F401 — its checks

        autodiscover_modules("portal")
