from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Sp4nConfig(AppConfig):
    name = "pengaduan.sp4n"
    label = "sp4n"
    verbose_name = _("SP4N-LAPOR!")

    def ready(self) -> None:
        from ..actions import forgetting
        from . import checks  # noqa: F401 — registers them
        from .actions import forget_words

        forgetting.also.append(forget_words)
