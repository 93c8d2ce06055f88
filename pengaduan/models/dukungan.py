"""„Saya juga mengalami“: how many others it happened to, without knowing who."""

from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .laporan import Laporan


def fingerprint(device: str, laporan: Laporan) -> str:
    """Of one device at one report: what a device supports cannot be put together."""
    return salted_hmac(f"pengaduan.dukungan.{laporan.pk}", device, algorithm="sha256").hexdigest()


class Dukungan(models.Model):
    """One device supports a published report, once."""

    laporan = models.ForeignKey(Laporan, models.CASCADE, related_name="dukungan", verbose_name=_("laporan"))
    sidik = models.CharField(max_length=64, editable=False)
    at = models.DateTimeField(_("waktu"), default=timezone.now)

    class Meta:
        verbose_name = _("dukungan")
        verbose_name_plural = pgettext_lazy("jamak", "dukungan")
        constraints = [models.UniqueConstraint("laporan", "sidik", name="dukungan_satu_per_perangkat")]

    def __str__(self) -> str:
        return str(self.laporan)
