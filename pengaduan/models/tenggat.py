"""One row per clock: when it began, by which figure, when it ends, when it stood still, when it was met."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..states import MENUNGGU_PELAPOR, JenisTenggat
from .kebijakan import KebijakanTenggat
from .laporan import Laporan
from .penanganan import Disposisi


class TenggatQuerySet(models.QuerySet["Tenggat"]):
    def running(self) -> "TenggatQuerySet":
        return self.filter(met_at__isnull=True, dropped_at__isnull=True)

    def overdue(self, now: datetime) -> "TenggatQuerySet":
        return self.running().filter(paused_at__isnull=True, due_at__lte=now)

    def ours(self) -> "TenggatQuerySet":
        """Without those that wait for the reporter."""
        return self.exclude(jenis__in=MENUNGGU_PELAPOR)


class Tenggat(models.Model):
    """A promise with a date. `dilewati` keeps the days that did not count as they were known when it was computed;
    `jeda` the pauses that are over, as pairs of instants."""

    laporan = models.ForeignKey(Laporan, models.PROTECT, related_name="tenggat", verbose_name=_("laporan"))
    disposisi = models.ForeignKey(
        Disposisi, models.PROTECT, null=True, related_name="tenggat", verbose_name=_("disposisi")
    )
    jenis = models.CharField(_("jenis"), max_length=16, choices=JenisTenggat)
    kebijakan = models.ForeignKey(KebijakanTenggat, models.PROTECT, verbose_name=_("kebijakan tenggat"))
    mulai = models.DateTimeField(_("mulai"))
    jatuh = models.DateField(_("hari terakhir"))
    due_at = models.DateTimeField(_("terlambat sejak"))
    dilewati = models.JSONField(_("hari yang dilewati"), default=list)
    jeda = models.JSONField(_("jeda"), default=list)
    paused_at = models.DateTimeField(_("dijeda sejak"), null=True)
    met_at = models.DateTimeField(_("terpenuhi"), null=True)
    dropped_at = models.DateTimeField(_("gugur"), null=True)

    objects = TenggatQuerySet.as_manager()

    class Meta:
        verbose_name = _("tenggat")
        verbose_name_plural = pgettext_lazy("jamak", "tenggat")
        ordering = ["mulai", "pk"]
        indexes = [
            models.Index(
                "jenis", "due_at", condition=Q(met_at__isnull=True, dropped_at__isnull=True), name="tenggat_berjalan"
            )
        ]
        constraints = [
            models.CheckConstraint(name="tenggat_jenis_dikenal", condition=Q(jenis__in=JenisTenggat.values)),
            models.UniqueConstraint(
                "laporan",
                "jenis",
                condition=Q(disposisi__isnull=True, met_at__isnull=True, dropped_at__isnull=True),
                name="tenggat_satu_berjalan",
            ),
            models.UniqueConstraint(
                "disposisi",
                condition=Q(met_at__isnull=True, dropped_at__isnull=True),
                name="tenggat_satu_per_disposisi",
            ),
            models.CheckConstraint(
                name="tenggat_disposisi_menurut_jenis",
                condition=Q(jenis="tindak_lanjut", disposisi__isnull=False)
                | Q(~Q(jenis="tindak_lanjut"), disposisi__isnull=True),
            ),
            models.CheckConstraint(name="tenggat_mulai_sebelum_jatuh", condition=Q(mulai__lt=F("due_at"))),
            models.CheckConstraint(
                name="tenggat_satu_akhir", condition=Q(met_at__isnull=True) | Q(dropped_at__isnull=True)
            ),
            models.CheckConstraint(
                name="tenggat_jeda_selagi_berjalan",
                condition=Q(paused_at__isnull=True) | Q(met_at__isnull=True, dropped_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.laporan} {self.jenis}"

    @property
    def is_running(self) -> bool:
        return self.met_at is None and self.dropped_at is None

    def is_late(self, now: datetime) -> bool:
        """Past its last day and not met; or met too late."""
        if self.met_at:
            return self.met_at >= self.due_at
        return self.is_running and self.paused_at is None and now >= self.due_at
