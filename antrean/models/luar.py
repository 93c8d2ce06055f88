"""What an instansi says of a line that it keeps in its own system."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .antrean import Antrean


class AngkaLuarQuerySet(models.QuerySet["AngkaLuar"]):
    def managed_by(self, user: Any) -> "AngkaLuarQuerySet":
        return self.filter(antrean__in=Antrean.objects.managed_by(user))


class AngkaLuar(models.Model):
    """How many people the instansi served on one day, in a line whose numbers are not ours: its own word."""

    antrean = models.ForeignKey(
        Antrean,
        models.CASCADE,
        related_name="angka_luar",
        verbose_name=_("antrean"),
        limit_choices_to=Q(mode=Antrean.Mode.LUAR),
    )
    tanggal = models.DateField(_("tanggal"))
    dilayani = models.PositiveIntegerField(_("orang yang dilayani"))

    objects = AngkaLuarQuerySet.as_manager()

    class Meta:
        verbose_name = _("angka dari instansi")
        verbose_name_plural = pgettext_lazy("jamak", "angka dari instansi")
        ordering = ["-tanggal"]
        constraints = [models.UniqueConstraint("antrean", "tanggal", name="angka_luar_satu_per_hari")]

    def __str__(self) -> str:
        return f"{self.antrean} {self.tanggal}"
