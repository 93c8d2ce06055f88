from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SurelConfig(AppConfig):
    name = "pengaduan.surel"
    label = "surel"
    verbose_name = _("surel masuk")

    def ready(self) -> None:
        from ..actions import forgetting
        from . import checks  # noqa: F401 — registers them
        from .models import SurelMasuk

        forgetting.also.append(lambda laporan: SurelMasuk.objects.filter(laporan=laporan).delete())
