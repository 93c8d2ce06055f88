from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WhatsappConfig(AppConfig):
    name = "pengaduan.whatsapp"
    label = "whatsapp"
    verbose_name = _("WhatsApp masuk")

    def ready(self) -> None:
        from ..actions import forgetting
        from . import checks  # noqa: F401 — registers them
        from .models import WhatsappMasuk

        forgetting.also.append(lambda laporan: WhatsappMasuk.objects.filter(laporan=laporan).delete())
