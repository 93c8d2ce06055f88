"""Who may send reports by Open311, and which reports came that way."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from layanan.models import Mpp
from mpp_portal.crypto import keyed

from ..models import Laporan

MOST = 1000  # reports of one key in an hour


def fingerprint(key: str) -> str:
    """What is stored of an api_key."""
    return keyed("open311", key)


class KunciApiQuerySet(models.QuerySet["KunciApi"]):
    def holding(self, key: str) -> "KunciApiQuerySet":
        return self.filter(aktif=True, mpp__aktif=True, sidik=fingerprint(key))

    def managed_by(self, user: Any) -> "KunciApiQuerySet":
        return self.filter(mpp__in=Mpp.objects.managed_by(user))


class KunciApi(models.Model):
    """One program's key to send reports to one mall. The key itself is shown once, when it is made."""

    mpp = models.ForeignKey(Mpp, models.PROTECT, verbose_name=_("MPP"))
    nama = models.CharField(
        _("nama"), max_length=100, help_text=_("Aplikasi dan pemiliknya, misalnya: Kota Kita, Diskominfo")
    )
    sidik = models.CharField(max_length=64, unique=True, null=True, editable=False)
    batas = models.PositiveSmallIntegerField(
        _("laporan per jam"), default=60, help_text=_("Sesudah sebanyak ini, aplikasinya diminta menunggu.")
    )
    aktif = models.BooleanField(_("dipakai"), default=True)
    created_at = models.DateTimeField(_("dibuat"), default=timezone.now, editable=False)

    objects = KunciApiQuerySet.as_manager()

    class Meta:
        verbose_name = _("kunci API")
        verbose_name_plural = pgettext_lazy("jamak", "kunci API")
        ordering = ["mpp", "nama"]
        constraints = [
            models.UniqueConstraint("mpp", "nama", name="kunci_api_nama_unik_per_mpp"),
            models.CheckConstraint(name="kunci_api_batas_wajar", condition=Q(batas__gte=1, batas__lte=MOST)),
        ]

    def __str__(self) -> str:
        return self.nama


class Kiriman(models.Model):
    """One report that came by Open311. Who knows the token learns its code, as the specification has it."""

    laporan = models.OneToOneField(Laporan, models.PROTECT, related_name="kiriman", verbose_name=_("laporan"))
    kunci = models.ForeignKey(KunciApi, models.PROTECT, verbose_name=_("kunci API"))
    token = models.CharField(_("token"), max_length=64, unique=True)

    class Meta:
        verbose_name = _("kiriman Open311")
        verbose_name_plural = pgettext_lazy("jamak", "kiriman Open311")
        constraints = [models.CheckConstraint(name="kiriman_token_terisi", condition=~Q(token=""))]

    def __str__(self) -> str:
        return str(self.laporan)
