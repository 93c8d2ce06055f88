from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class NotifikasiConfig(AppConfig):
    name = "mpp_portal.notifikasi"
    label = "notifikasi"
    verbose_name = _("Kabar")

    def ready(self) -> None:
        from . import checks  # noqa: F401  registers itself

        autodiscover_modules("pesan")
