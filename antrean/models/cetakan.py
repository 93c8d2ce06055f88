"""Tickets on paper: one row for each piece of paper that was asked for."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from layanan.models import Mpp
from mpp_portal.rows import WordField

from ..states import CETAK_SELESAI, Kertas, StatusCetak
from .perangkat import Perangkat
from .tiket import Tiket


class CetakanQuerySet(models.QuerySet["Cetakan"]):
    def managed_by(self, user: Any) -> "CetakanQuerySet":
        return self.filter(anjungan__mpp__in=Mpp.objects.managed_by(user))

    def open(self) -> "CetakanQuerySet":
        return self.exclude(status__in=CETAK_SELESAI)

    def overdue(self, now: datetime) -> "CetakanQuerySet":
        """Taken by a printing program that has not been heard of since."""
        return self.filter(status=StatusCetak.DIKERJAKAN, leased_until__lte=now)


class Cetakan(models.Model):
    """One piece of paper for one ticket. `salinan` counts them: all but the first say on them that they are copies."""

    tiket = models.ForeignKey(Tiket, models.PROTECT, related_name="cetakan", verbose_name=_("tiket"))
    salinan = models.PositiveSmallIntegerField(_("salinan ke"), default=0)
    anjungan = models.ForeignKey(Perangkat, models.PROTECT, related_name="diminta", verbose_name=_("anjungan"))
    pencetak = models.ForeignKey(
        Perangkat, models.PROTECT, null=True, blank=True, related_name="cetakan", verbose_name=_("pencetak karcis")
    )  # none: the kiosk's own browser prints, and the person says whether it came out
    bahasa = models.CharField(max_length=5, default="id")
    status = WordField(_("status"), max_length=12, choices=StatusCetak, default=StatusCetak.MENUNGGU)
    sebab = models.CharField(_("sebab"), max_length=10, choices=Kertas, blank=True)
    created_at = models.DateTimeField(_("diminta"), default=timezone.now)
    leased_until = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(_("berakhir"), null=True, blank=True)

    objects = CetakanQuerySet.as_manager()

    class Meta:
        verbose_name = _("cetakan")
        verbose_name_plural = pgettext_lazy("jamak", "cetakan")
        ordering = ["pk"]
        indexes = [
            models.Index("pencetak", "id", condition=Q(status="menunggu"), name="cetakan_menunggu"),
        ]
        constraints = [
            models.UniqueConstraint("tiket", "salinan", name="cetakan_salinan_unik"),
            models.UniqueConstraint(
                "tiket", condition=Q(status__in=["menunggu", "dikerjakan"]), name="cetakan_satu_berjalan"
            ),
            models.CheckConstraint(name="cetakan_status_dikenal", condition=Q(status__in=StatusCetak.values)),
            models.CheckConstraint(
                name="cetakan_dikerjakan_berbatas",
                condition=Q(status="dikerjakan", leased_until__isnull=False, pencetak__isnull=False)
                | Q(~Q(status="dikerjakan"), leased_until__isnull=True),
            ),
            models.CheckConstraint(
                name="cetakan_berakhir_pada",
                condition=Q(status__in=CETAK_SELESAI, ended_at__isnull=False)
                | Q(~Q(status__in=CETAK_SELESAI), ended_at__isnull=True),
            ),
            models.CheckConstraint(name="cetakan_sebab_dikenal", condition=Q(sebab="") | Q(sebab__in=Kertas.values)),
        ]

    def __str__(self) -> str:
        return f"{self.tiket} ({self.salinan})" if self.salinan else str(self.tiket)
