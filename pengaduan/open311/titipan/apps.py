from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TitipanConfig(AppConfig):
    name = "pengaduan.open311.titipan"
    label = "titipan"
    verbose_name = _("server Open311 instansi")

    def ready(self) -> None:
        from mpp_portal.notifikasi import registry
        from mpp_portal.notifikasi.models import Sistem

        from ...actions import forgetting, steering
        from . import actions, courier, steps  # noqa: F401 — steps adds what may be done on a report's page

        registry.carry(registry.Carrier(Sistem.OPEN311, courier.hand_over, courier.tell))
        steering.also.append(actions.entrust)
        forgetting.also.append(actions.forget_words)
