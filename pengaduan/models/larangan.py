"""Who may not report for a while: by telephone number, e-mail address or device, of which only hashes are kept."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from layanan.models import Mpp
from mpp_portal.notifikasi.models import fingerprint
from mpp_portal.rows import WordField

from ..states import StatusLarangan
from .laporan import Laporan

UNREVIEWED = timedelta(days=3)  # how long it holds before a second person has looked at it


def device_mark(kunci: str, device: str) -> str:
    """Of one device at one report: reports of the same device cannot be put together, yet a device can be compared."""
    return salted_hmac(f"pengaduan.perangkat.{kunci}", device, algorithm="sha256").hexdigest() if device else ""


class LaranganQuerySet(models.QuerySet["Larangan"]):
    def in_force(self, now: datetime) -> "LaranganQuerySet":
        confirmed = Q(status=StatusLarangan.DISAHKAN)
        fresh = Q(status=StatusLarangan.MENUNGGU, at__gt=now - UNREVIEWED)
        return self.filter(confirmed | fresh, sampai__gt=now)

    def steered_by(self, user: Any) -> "LaranganQuerySet":
        """Where this person steers the report that was the reason."""
        return self.filter(laporan__in=Laporan.objects.steered_by(user))

    def for_second_person(self, user: Any) -> "LaranganQuerySet":
        return self.steered_by(user).filter(status=StatusLarangan.MENUNGGU).exclude(oleh=user)

    def of_sender(self, mpp: Mpp, *, device: str, kontak: str, now: datetime) -> "Larangan | None":
        contact = fingerprint(kontak) if kontak else ""
        for row in self.in_force(now).filter(laporan__mpp=mpp).order_by("-sampai"):
            mark = device_mark(row.garam, device)
            if contact and row.sidik_kontak == contact:
                return row
            if mark and constant_time_compare(mark, row.sidik_perangkat):
                return row
        return None


class Larangan(models.Model):
    """It always ends, and a second person confirms or lifts it; until then it holds for three days."""

    laporan = models.ForeignKey(Laporan, models.PROTECT, related_name="larangan", verbose_name=_("laporan"))
    sidik_kontak = models.CharField(max_length=64, blank=True, editable=False)
    sidik_perangkat = models.CharField(max_length=64, blank=True, editable=False)
    garam = models.CharField(max_length=64, editable=False)
    alasan = models.CharField(_("alasan"), max_length=300)
    oleh = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("oleh"))
    at = models.DateTimeField(_("sejak"), default=timezone.now)
    sampai = models.DateTimeField(_("sampai"))
    status = WordField(_("status"), max_length=10, choices=StatusLarangan, default=StatusLarangan.MENUNGGU)
    peninjau = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("peninjau")
    )
    reviewed_at = models.DateTimeField(_("ditinjau"), null=True)

    objects = LaranganQuerySet.as_manager()

    class Meta:
        verbose_name = _("larangan melapor")
        verbose_name_plural = pgettext_lazy("jamak", "larangan melapor")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(name="larangan_bersidik", condition=~Q(sidik_kontak="", sidik_perangkat="")),
            models.CheckConstraint(name="larangan_beralasan", condition=~Q(alasan="")),
            models.CheckConstraint(name="larangan_berakhir", condition=Q(at__lt=F("sampai"))),
            models.CheckConstraint(
                name="larangan_peninjau_orang_lain", condition=Q(peninjau__isnull=True) | ~Q(peninjau=F("oleh"))
            ),
            models.CheckConstraint(
                name="larangan_ditinjau_tercatat",
                condition=Q(status="menunggu", peninjau__isnull=True, reviewed_at__isnull=True)
                | Q(status__in=["disahkan", "dicabut"], peninjau__isnull=False, reviewed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.laporan)

    def ends_at(self) -> datetime:
        """When it ends as things stand: unreviewed it lapses by itself."""
        return min(self.sampai, self.at + UNREVIEWED) if self.status == StatusLarangan.MENUNGGU else self.sampai
