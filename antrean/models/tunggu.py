"""Who waits for a place on a full day. What is offered to them is a held booking of their own visit."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from layanan.models import Layanan, Mpp
from mpp_portal.crypto import EncryptedField
from mpp_portal.rows import WordField

from ..states import BERHARAP, StatusTunggu
from .antrean import Antrean
from .jadwal import PER_KONTAK, Pemesanan
from .tiket import Kunjungan, Tiket


class DaftarTungguQuerySet(models.QuerySet["DaftarTunggu"]):
    def managed_by(self, user: Any) -> "DaftarTungguQuerySet":
        return self.filter(kunjungan__mpp__in=Mpp.objects.managed_by(user))

    def waiting(self) -> "DaftarTungguQuerySet":
        """Those who have been offered nothing yet, in the order of their turn."""
        return self.filter(status=StatusTunggu.MENUNGGU).order_by("pk")

    def with_ahead(self) -> "DaftarTungguQuerySet":
        """With `ahead`: how many wait for the same day of the same line and came earlier."""
        earlier = DaftarTunggu.objects.waiting().filter(
            antrean=models.OuterRef("antrean"), tanggal=models.OuterRef("tanggal"), pk__lt=models.OuterRef("pk")
        )
        counted = earlier.order_by().values("antrean").annotate(n=models.Count("pk")).values("n")
        return self.annotate(ahead=Coalesce(models.Subquery(counted), 0))

    def forgettable(self, before: datetime) -> "DaftarTungguQuerySet":
        """Those of days that were over by then and of whose person something is still known."""
        return self.filter(tanggal__lt=before.date(), forgotten_at__isnull=True).exclude(status__in=BERHARAP)

    def hoping(self) -> "DaftarTungguQuerySet":
        return self.filter(status__in=BERHARAP)


class DaftarTunggu(models.Model):
    """One person who waits for any time of a line on one day. `orang` and `sidik_kontak` are keyed hashes."""

    antrean = models.ForeignKey(Antrean, models.PROTECT, related_name="tunggu", verbose_name=_("antrean"))
    tanggal = models.DateField(_("tanggal"))
    layanan = models.ForeignKey(Layanan, models.PROTECT, verbose_name=_("layanan"))
    kunjungan = models.ForeignKey(Kunjungan, models.PROTECT, related_name="tunggu", verbose_name=_("kunjungan"))
    status = WordField(_("status"), max_length=12, choices=StatusTunggu, default=StatusTunggu.MENUNGGU)
    nama = models.CharField(_("nama"), max_length=100, blank=True)
    kontak = models.CharField(_("nomor WhatsApp atau surel"), max_length=120, blank=True)
    prioritas = models.CharField(_("prioritas"), max_length=12, choices=Tiket.Prioritas, blank=True)
    nik = EncryptedField(_("NIK"), blank=True, editable=False)
    orang = models.CharField(max_length=64, editable=False)
    sidik_kontak = models.CharField(max_length=64, editable=False)
    urut_kontak = models.PositiveSmallIntegerField(editable=False)  # 1–4 among those of the contact that day
    kunci = models.CharField(max_length=64, unique=True, editable=False)  # hash of the form's key and its sender
    created_at = models.DateTimeField(_("dibuat"), default=timezone.now)
    ended_at = models.DateTimeField(_("berakhir"), null=True, blank=True)
    forgotten_at = models.DateTimeField(_("data pribadinya dihapus"), null=True, blank=True, editable=False)
    pemesanan = models.OneToOneField(
        Pemesanan,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="tunggu",
        verbose_name=_("tempat yang ditawarkan"),
    )

    objects = DaftarTungguQuerySet.as_manager()

    class Meta:
        verbose_name = _("daftar tunggu")
        verbose_name_plural = pgettext_lazy("jamak", "daftar tunggu")
        indexes = [
            models.Index("antrean", "tanggal", condition=Q(status="menunggu"), name="tunggu_menunggu"),
            models.Index(fields=["kunjungan"], name="tunggu_kunjungan"),
        ]
        constraints = [
            models.CheckConstraint(name="tunggu_status_dikenal", condition=Q(status__in=StatusTunggu.values)),
            models.CheckConstraint(
                name="tunggu_ditawari_bertempat",
                condition=~Q(status__in=["menunggu", "ditawari", "terpenuhi", "terlewat"])
                | Q(status="menunggu", pemesanan__isnull=True)
                | Q(~Q(status="menunggu"), pemesanan__isnull=False),
            ),
            models.CheckConstraint(
                name="tunggu_berakhir_pada",
                condition=Q(status__in=BERHARAP, ended_at__isnull=True)
                | Q(~Q(status__in=BERHARAP), ended_at__isnull=False),
            ),
            models.CheckConstraint(
                name="tunggu_dilupakan_kosong",
                condition=Q(Q(forgotten_at__isnull=True), ~Q(nama=""), ~Q(kontak=""), ~Q(sidik_kontak=""))
                | Q(forgotten_at__isnull=False, nama="", kontak="", nik="", sidik_kontak=""),
            ),
            models.CheckConstraint(
                name="tunggu_prioritas_dikenal",
                condition=Q(prioritas__in=["", "lansia", "disabilitas", "hamil", "balita"]),
            ),
            models.CheckConstraint(
                name="tunggu_paling_banyak_empat", condition=Q(urut_kontak__gte=1, urut_kontak__lte=PER_KONTAK)
            ),
            models.UniqueConstraint(
                "layanan", "tanggal", "orang", condition=Q(status__in=BERHARAP), name="tunggu_satu_per_orang"
            ),
            models.UniqueConstraint(
                "tanggal",
                "sidik_kontak",
                "urut_kontak",
                condition=Q(status__in=BERHARAP),
                name="tunggu_urut_kontak_unik",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kunjungan} {self.antrean} {self.tanggal}"
