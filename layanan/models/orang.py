"""Who works where: roles are given per place and time, never globally."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .tempat import Gerai, Mpp


class Peran(models.TextChoices):
    PETUGAS_LOKET = "petugas_loket", _("petugas loket")
    PETUGAS_INFORMASI = "petugas_informasi", _("petugas informasi")
    PENYELIA = "penyelia", _("penyelia")
    ADMIN_INSTANSI = "admin_instansi", _("admin instansi")
    PENGELOLA = "pengelola", _("pengelola MPP")
    KOORDINATOR = "koordinator", _("koordinator pengaduan")
    PEJABAT_PENGHUBUNG = "pejabat_penghubung", _("pejabat penghubung")
    INSPEKTORAT = "inspektorat", _("inspektorat")
    PIMPINAN = "pimpinan", _("pimpinan")


PER_GERAI = [Peran.PETUGAS_LOKET.value, Peran.ADMIN_INSTANSI.value, Peran.PEJABAT_PENGHUBUNG.value]
PER_MPP = [peran for peran in Peran.values if peran not in PER_GERAI]


class PenugasanQuerySet(models.QuerySet["Penugasan"]):
    def current(self, user: Any, *peran: str, at: datetime | None = None) -> "PenugasanQuerySet":
        """What this person is assigned to at this instant (now), in one of these roles (any, if none is named)."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        rows = self.in_force(at or timezone.now()).filter(pengguna=user)
        return rows.filter(peran__in=peran) if peran else rows

    def in_force(self, at: datetime) -> "PenugasanQuerySet":
        return self.filter(Q(selesai__isnull=True) | Q(selesai__gt=at), mulai__lte=at)

    def managed_by(self, user: Any) -> "PenugasanQuerySet":
        return self.filter(Q(mpp__in=Mpp.objects.managed_by(user)) | Q(gerai__mpp__in=Mpp.objects.managed_by(user)))


class Penugasan(models.Model):
    """One person, one role, one place, from an instant until another (open-ended if blank)."""

    pengguna = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="penugasan", verbose_name=_("pengguna")
    )
    peran = models.CharField(_("peran"), max_length=20, choices=Peran)
    mpp = models.ForeignKey(Mpp, models.CASCADE, null=True, blank=True, verbose_name=_("MPP"))
    gerai = models.ForeignKey(
        Gerai, models.CASCADE, null=True, blank=True, related_name="penugasan", verbose_name=_("gerai")
    )
    mulai = models.DateTimeField(_("mulai"), default=timezone.now)
    selesai = models.DateTimeField(_("selesai"), null=True, blank=True)

    objects = PenugasanQuerySet.as_manager()

    class Meta:
        verbose_name = _("penugasan")
        verbose_name_plural = pgettext_lazy("jamak", "penugasan")
        ordering = ["pengguna", "peran"]
        indexes = [models.Index(fields=["pengguna", "peran"], name="penugasan_orang_peran")]
        constraints = [
            models.CheckConstraint(
                name="penugasan_tempat_menurut_peran",
                condition=Q(peran__in=PER_GERAI, gerai__isnull=False, mpp__isnull=True)
                | Q(peran__in=PER_MPP, gerai__isnull=True, mpp__isnull=False),
            ),
            models.CheckConstraint(
                name="penugasan_mulai_sebelum_selesai", condition=Q(selesai__isnull=True) | Q(mulai__lt=F("selesai"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pengguna}: {self.get_peran_display()} · {self.gerai or self.mpp}"
