"""Which letters have been taken, so that none is taken twice."""

import hashlib
from collections.abc import Iterable

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from layanan.models import Mpp

from ..models import Laporan, Tanggapan


def fingerprint(mpp: Mpp, message_id: str) -> str:
    """Of a letter in this mall's mailbox. A Message-ID often names its sender's computer: only this is kept."""
    return hashlib.sha256(f"{mpp.pk}:{message_id}".encode()).hexdigest()


class SurelMasukQuerySet(models.QuerySet["SurelMasuk"]):
    def named_in(self, mpp: Mpp, message_ids: Iterable[str]) -> "SurelMasukQuerySet":
        return self.filter(sidik__in=[fingerprint(mpp, one) for one in message_ids])


class SurelMasuk(models.Model):
    """A letter that became a report, or what its reporter added to one."""

    sidik = models.CharField(max_length=64, unique=True, editable=False)
    laporan = models.ForeignKey(Laporan, models.PROTECT, related_name="surel", verbose_name=_("laporan"))
    tanggapan = models.OneToOneField(
        Tanggapan, models.SET_NULL, null=True, related_name="surel", verbose_name=_("tanggapan")
    )
    at = models.DateTimeField(_("diterima"), default=timezone.now)

    objects = SurelMasukQuerySet.as_manager()

    class Meta:
        verbose_name = _("surel masuk")
        verbose_name_plural = pgettext_lazy("jamak", "surel masuk")
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.laporan)
