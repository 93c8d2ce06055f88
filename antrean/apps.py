from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _

from . import triggers


class AntreanConfig(AppConfig):
    name = "antrean"
    verbose_name = _("Antrean")

    def ready(self) -> None:
        pre_migrate.connect(triggers.drop, sender=self)
        post_migrate.connect(triggers.create, sender=self)
