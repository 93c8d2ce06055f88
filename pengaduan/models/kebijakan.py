"""How many working days are promised, and how long a report is kept: dated figures with their source, never numbers in
the code."""

from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..states import JenisTenggat, Klasifikasi


class KebijakanTenggatQuerySet(models.QuerySet["KebijakanTenggat"]):
    def in_force(self, on: date) -> list["KebijakanTenggat"]:
        """The row that holds on this day for each kind and class."""
        newest = {(row.jenis, row.klasifikasi): row for row in self.filter(berlaku_sejak__lte=on)}
        return list(newest.values())

    def of(self, jenis: str, klasifikasi: str = "", *, on: date) -> "KebijakanTenggat":
        """Raises DoesNotExist where nothing has been decided: a clock without a figure must not start."""
        row = self.filter(jenis=jenis, klasifikasi=klasifikasi, berlaku_sejak__lte=on).last()
        if row is None:
            raise self.model.DoesNotExist(f"{jenis} {klasifikasi} {on}")
        return row


class KebijakanTenggat(models.Model):
    """Working days for one kind of clock from a date on; a report keeps the row it was promised."""

    jenis = models.CharField(_("jenis"), max_length=16, choices=JenisTenggat)
    klasifikasi = models.CharField(_("klasifikasi"), max_length=24, choices=Klasifikasi, blank=True)
    hari_kerja = models.PositiveSmallIntegerField(_("hari kerja"))
    berlaku_sejak = models.DateField(_("berlaku sejak"))
    sumber = models.CharField(_("sumber"), max_length=200)

    objects = KebijakanTenggatQuerySet.as_manager()

    class Meta:
        verbose_name = _("kebijakan tenggat")
        verbose_name_plural = pgettext_lazy("jamak", "kebijakan tenggat")
        ordering = ["berlaku_sejak", "pk"]
        constraints = [
            models.UniqueConstraint("jenis", "klasifikasi", "berlaku_sejak", name="kebijakan_satu_per_tanggal"),
            models.CheckConstraint(name="kebijakan_jenis_dikenal", condition=Q(jenis__in=JenisTenggat.values)),
            models.CheckConstraint(
                name="kebijakan_klasifikasi_penyelesaian",
                condition=Q(jenis="penyelesaian", klasifikasi__in=Klasifikasi.values)
                | Q(~Q(jenis="penyelesaian"), klasifikasi=""),
            ),
            models.CheckConstraint(name="kebijakan_paling_sedikit_sehari", condition=Q(hari_kerja__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.label}: {self.hari_kerja}"

    @property
    def label(self) -> str:
        kind = str(self.get_jenis_display())
        return f"{kind}, {self.get_klasifikasi_display()}" if self.klasifikasi else kind


class KebijakanSimpanQuerySet(models.QuerySet["KebijakanSimpan"]):
    def outlived(self, now: datetime) -> Q:
        """Reports that ended longer ago than the policy of their last day keeps them; those that ended before the first
        policy go by `LAPORAN_SIMPAN_HARI`."""
        found, begin, hari = Q(pk__in=[]), None, settings.LAPORAN_SIMPAN_HARI
        for row in [*self.order_by("berlaku_sejak"), None]:
            end = timezone.make_aware(datetime.combine(row.berlaku_sejak, time())) if row else now
            part = Q(ended_at__lt=min(end, now - timedelta(days=hari)))
            found |= part & Q(ended_at__gte=begin) if begin else part
            begin, hari = end, row.hari if row else 0
        return found


class KebijakanSimpan(models.Model):
    """Days for which a report is kept that ended on this day or later, until the next policy's day."""

    hari = models.PositiveIntegerField(_("hari"))
    berlaku_sejak = models.DateField(_("berlaku sejak"))
    sumber = models.CharField(_("sumber"), max_length=200)

    objects = KebijakanSimpanQuerySet.as_manager()

    class Meta:
        verbose_name = _("kebijakan simpan")
        verbose_name_plural = pgettext_lazy("jamak", "kebijakan simpan")
        ordering = ["berlaku_sejak"]
        constraints = [
            models.UniqueConstraint("berlaku_sejak", name="simpan_satu_per_tanggal"),
            models.CheckConstraint(name="simpan_paling_sedikit_sehari", condition=Q(hari__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.hari}, {self.berlaku_sejak}"

    def clean(self) -> None:
        """What has ended was promised its time: what is forgotten cannot be brought back."""
        if self.berlaku_sejak and self.berlaku_sejak <= timezone.localdate():
            raise ValidationError(
                {"berlaku_sejak": _("Pilih tanggal sesudah hari ini: laporan lama tetap menurut kebijakannya.")}
            )
