"""How a report came in that a person took down for somebody, and how that somebody is told."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from layanan.models import Mpp, Peran

from ..states import JawabLewat, Saluran, Status
from .laporan import Laporan
from .penanganan import Tanggapan

BY_HAND = [JawabLewat.TELEPON.value, JawabLewat.SURAT.value]


def desks_of(user: Any) -> Any:
    """The malls where this person takes reports down."""
    return Mpp.objects.running().staffed_by(user, Peran.KOORDINATOR, Peran.PETUGAS_INFORMASI)


class PenerimaanQuerySet(models.QuerySet["Penerimaan"]):
    def untold(self) -> "PenerimaanQuerySet":
        """Something was said since the reporter was last rung up or written to."""
        since = Coalesce(OuterRef("told_at"), OuterRef("at"))
        own = Q(laporan=OuterRef("laporan"), jenis__in=["pertanyaan", "jawaban"])
        shared = Q(laporan__anak=OuterRef("laporan"), jenis="jawaban")
        said = Tanggapan.objects.filter(own | shared, at__gt=since)
        ended = Q(laporan__status__in=[Status.DITERUSKAN, Status.DIARSIPKAN])
        news = Exists(said) | (ended & Q(laporan__ended_at__gt=Coalesce("told_at", "at")))
        return self.filter(news, jawab_lewat__in=BY_HAND, laporan__forgotten_at=None)

    def steered_by(self, user: Any) -> "PenerimaanQuerySet":
        return self.filter(laporan__in=Laporan.objects.steered_by(user))


class Penerimaan(models.Model):
    """Of one report. What people send themselves, by form or program, has none."""

    laporan = models.OneToOneField(Laporan, models.PROTECT, related_name="penerimaan", verbose_name=_("laporan"))
    saluran = models.CharField(_("saluran"), max_length=10, choices=Saluran)
    tanggal = models.DateField(_("tanggal diterima"))
    jawab_lewat = models.CharField(_("jawaban lewat"), max_length=10, choices=JawabLewat)
    alamat = models.CharField(_("nomor telepon atau alamat"), max_length=300, blank=True)
    penerima = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("penerima"))
    at = models.DateTimeField(_("dicatat"), default=timezone.now)
    told_at = models.DateTimeField(_("disampaikan"), null=True)
    penyampai = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("penyampai")
    )

    objects = PenerimaanQuerySet.as_manager()

    class Meta:
        verbose_name = _("penerimaan")
        verbose_name_plural = pgettext_lazy("jamak", "penerimaan")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(name="penerimaan_saluran_dikenal", condition=Q(saluran__in=Saluran.values)),
            models.CheckConstraint(
                name="penerimaan_alamat_menurut_jawaban",
                condition=Q(jawab_lewat__in=["telepon", "surat"]) & ~Q(alamat="")
                | Q(jawab_lewat__in=["kabar", "diambil"], alamat=""),
            ),
            models.CheckConstraint(
                name="penerimaan_disampaikan_tercatat",
                condition=Q(told_at__isnull=True, penyampai__isnull=True)
                | Q(told_at__gte=F("at"), penyampai__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.laporan)

    @property
    def is_by_hand(self) -> bool:
        return self.jawab_lewat in BY_HAND
