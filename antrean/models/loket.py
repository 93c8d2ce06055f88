"""Loket in service: who opened which, when they pause, and whom they call."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from layanan.models import Loket, Mpp

from .. import states
from .tiket import Tiket


class JagaQuerySet(models.QuerySet["Jaga"]):
    def managed_by(self, user: Any) -> "JagaQuerySet":
        return self.filter(loket__mpp__in=Mpp.objects.managed_by(user))

    def open(self) -> "JagaQuerySet":
        return self.filter(closed_at__isnull=True)

    def held_by(self, user: Any) -> "JagaQuerySet":
        """The loket that this person has open."""
        return self.open().filter(petugas=user)

    def loket_for(self, user: Any) -> models.QuerySet[Loket]:
        """Those of this petugas' gerai; one that is out of use only while they have it open, to finish and close it."""
        held = Q(pk__in=self.held_by(user).values("loket"))
        return Loket.objects.staffed_by(user).filter(Q(aktif=True) | held)


class Jaga(models.Model):
    """A loket opened by a petugas, until it is closed."""

    loket = models.ForeignKey(Loket, models.PROTECT, related_name="jaga", verbose_name=_("loket"))
    petugas = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="jaga", verbose_name=_("petugas")
    )
    opened_at = models.DateTimeField(_("dibuka"), default=timezone.now)
    closed_at = models.DateTimeField(_("ditutup"), null=True, blank=True)
    rehat = models.CharField(
        _("rehat"), max_length=10, choices=states.AlasanRehat, blank=True
    )  # now; past ones are rows
    paused_at = models.DateTimeField(_("rehat sejak"), null=True, blank=True)

    objects = JagaQuerySet.as_manager()

    class Meta:
        verbose_name = _("jaga")
        verbose_name_plural = pgettext_lazy("jamak", "jaga")
        constraints = [
            models.UniqueConstraint("loket", condition=Q(closed_at__isnull=True), name="jaga_satu_per_loket"),
            models.UniqueConstraint("petugas", condition=Q(closed_at__isnull=True), name="jaga_satu_per_petugas"),
            models.CheckConstraint(
                name="jaga_buka_sebelum_tutup", condition=Q(closed_at__isnull=True) | Q(closed_at__gte=F("opened_at"))
            ),
            models.CheckConstraint(name="jaga_rehat_dikenal", condition=Q(rehat__in=states.AlasanRehat.values)),
            models.CheckConstraint(
                name="jaga_rehat_sejak",
                condition=Q(rehat="", paused_at__isnull=True)
                | Q(~Q(rehat=""), paused_at__isnull=False, closed_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.loket}: {self.petugas}"


class Rehat(models.Model):
    """A pause of an open loket that is over."""

    jaga = models.ForeignKey(Jaga, models.CASCADE, related_name="jeda", verbose_name=_("jaga"))
    alasan = models.CharField(_("alasan"), max_length=10, choices=states.AlasanRehat)
    started_at = models.DateTimeField(_("mulai"))
    ended_at = models.DateTimeField(_("berakhir"))

    class Meta:
        verbose_name = _("rehat")
        verbose_name_plural = pgettext_lazy("jamak", "rehat")
        ordering = ["started_at"]
        constraints = [
            models.CheckConstraint(
                name="rehat_alasan_dikenal", condition=Q(alasan__in=states.AlasanRehat.values) & ~Q(alasan="")
            ),
            models.CheckConstraint(name="rehat_mulai_sebelum_berakhir", condition=Q(started_at__lte=F("ended_at"))),
        ]

    def __str__(self) -> str:
        return f"{self.jaga}: {self.get_alasan_display()}"


class UrutanPanggilan(models.Model):
    """The call counter of one MPP: its own row, so that calls have a sequence without gaps."""

    mpp = models.OneToOneField(Mpp, models.CASCADE, primary_key=True)
    terakhir = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = _("urutan panggilan")
        verbose_name_plural = pgettext_lazy("jamak", "urutan panggilan")

    def __str__(self) -> str:
        return str(self.terakhir)


class PanggilanQuerySet(models.QuerySet["Panggilan"]):
    def managed_by(self, user: Any) -> "PanggilanQuerySet":
        return self.filter(mpp__in=Mpp.objects.managed_by(user))

    def after(self, urut: int) -> "PanggilanQuerySet":
        """Calls a display has not announced yet, in their order."""
        return self.filter(urut__gt=urut).order_by("urut")


class Panggilan(models.Model):
    """One spoken call: this number, to this loket. `urut` has no gaps within an MPP."""

    mpp = models.ForeignKey(Mpp, models.PROTECT, verbose_name=_("MPP"))
    urut = models.PositiveBigIntegerField(_("urutan"))
    tiket = models.ForeignKey(Tiket, models.PROTECT, related_name="panggilan_set", verbose_name=_("tiket"))
    loket = models.ForeignKey(Loket, models.PROTECT, verbose_name=_("loket"))
    ulang = models.BooleanField(_("panggilan ulang"), default=False)
    sebab = models.CharField(_("sebab"), max_length=10, choices=states.Sebab, blank=True)
    at = models.DateTimeField(_("waktu"), default=timezone.now)

    objects = PanggilanQuerySet.as_manager()

    class Meta:
        verbose_name = _("panggilan")
        verbose_name_plural = pgettext_lazy("jamak", "panggilan")
        constraints = [
            models.UniqueConstraint("mpp", "urut", name="panggilan_urut_unik_per_mpp"),
            models.CheckConstraint(name="panggilan_sebab_dikenal", condition=Q(sebab__in=states.Sebab.values)),
        ]

    def __str__(self) -> str:
        return f"{self.tiket} → {self.loket}"
