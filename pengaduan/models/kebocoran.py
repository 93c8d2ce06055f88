"""A report says that personal data leaked: by UU 27/2022 article 46 those concerned are told within 3 × 24 hours."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .laporan import Laporan
from .wewenang import Wewenang

WITHIN = timedelta(hours=72)  # by the clock on the wall: nights and holidays count


class KebocoranQuerySet(models.QuerySet["Kebocoran"]):
    def running(self) -> "KebocoranQuerySet":
        return self.filter(notified_at__isnull=True, dropped_at__isnull=True)

    def watched_by(self, user: Any) -> "KebocoranQuerySet":
        """Who steers the report, and the pengelola unless it is about the mall's own people or their office."""
        mine = Q(laporan__in=Laporan.objects.steered_by(user))
        at = Wewenang.of(user)
        if at.pengelola:
            theirs = Laporan.objects.filter(mpp__in=at.pengelola, tentang_pengelola=False)
            mine |= Q(laporan__in=theirs.kept_from_reported(at))
        return self.filter(mine)


class Kebocoran(models.Model):
    """The clock runs from when the report came in: from then on it could be known. `data`, `kejadian` and `upaya`
    are the three parts of the notice that the law names."""

    laporan = models.OneToOneField(Laporan, models.PROTECT, related_name="kebocoran", verbose_name=_("laporan"))
    mulai = models.DateTimeField(_("mulai"))
    due_at = models.DateTimeField(_("batas"))
    penanda = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("penanda"))
    # How often those above were told: when it was marked, a day before the end, at the end.
    dikabari = models.PositiveSmallIntegerField(_("dikabari"), default=0)
    data = models.TextField(_("data yang terungkap"), blank=True)
    kejadian = models.TextField(_("kapan dan bagaimana terungkap"), blank=True)
    upaya = models.TextField(_("upaya penanganan dan pemulihan"), blank=True)
    pemberi_tahu = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("pemberi tahu")
    )
    notified_at = models.DateTimeField(_("diberitahukan"), null=True)
    dropped_at = models.DateTimeField(_("ternyata bukan kebocoran"), null=True)
    alasan_gugur = models.CharField(_("alasan"), max_length=300, blank=True)

    objects = KebocoranQuerySet.as_manager()

    class Meta:
        verbose_name = _("kebocoran data")
        verbose_name_plural = pgettext_lazy("jamak", "kebocoran data")
        ordering = ["due_at", "pk"]
        constraints = [
            models.CheckConstraint(name="kebocoran_berbatas", condition=Q(mulai__lt=F("due_at"))),
            models.CheckConstraint(
                name="kebocoran_diberitahukan_lengkap",
                condition=Q(notified_at__isnull=True, pemberi_tahu__isnull=True)
                | Q(~Q(data=""), ~Q(kejadian=""), ~Q(upaya=""), notified_at__isnull=False, pemberi_tahu__isnull=False),
            ),
            models.CheckConstraint(
                name="kebocoran_satu_akhir", condition=Q(notified_at__isnull=True) | Q(dropped_at__isnull=True)
            ),
            models.CheckConstraint(
                name="kebocoran_gugur_beralasan",
                condition=Q(dropped_at__isnull=True, alasan_gugur="")
                | (Q(dropped_at__isnull=False) & ~Q(alasan_gugur="")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.laporan)

    @property
    def is_running(self) -> bool:
        return self.notified_at is None and self.dropped_at is None

    def is_late(self, now: datetime) -> bool:
        return (self.notified_at or (now if self.is_running else self.mulai)) >= self.due_at
