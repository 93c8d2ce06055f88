"""Which rung of the ladder a clock has reached: one row each, so that a second look tells nobody twice."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .laporan import Laporan
from .tenggat import Tenggat


class Eskalasi(models.Model):
    class Tingkat(models.TextChoices):
        PENGINGAT = "pengingat", _("pengingat kepada pemegang")
        ATASAN = "atasan", _("kepada pimpinan instansi")
        KOORDINATOR = "koordinator", _("kepada koordinator")
        OMBUDSMAN = "ombudsman", _("petunjuk ke Ombudsman")

    laporan = models.ForeignKey(Laporan, models.CASCADE, related_name="eskalasi", verbose_name=_("laporan"))
    tenggat = models.ForeignKey(Tenggat, models.CASCADE, null=True, verbose_name=_("tenggat"))
    tingkat = models.CharField(_("tingkat"), max_length=12, choices=Tingkat)
    at = models.DateTimeField(_("waktu"), default=timezone.now)

    class Meta:
        verbose_name = _("eskalasi")
        verbose_name_plural = pgettext_lazy("jamak", "eskalasi")
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint("tenggat", "tingkat", name="eskalasi_sekali_per_tenggat"),
            models.UniqueConstraint(
                "laporan", "tingkat", condition=Q(tenggat__isnull=True), name="eskalasi_sekali_per_laporan"
            ),
            models.CheckConstraint(
                name="eskalasi_tenggat_menurut_tingkat",
                condition=Q(tingkat__in=["pengingat", "atasan", "koordinator"], tenggat__isnull=False)
                | Q(tingkat="ombudsman", tenggat__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.laporan} {self.tingkat}"
