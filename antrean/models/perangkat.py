"""Devices of a hall: kiosks, displays, and the small programs that print."""

from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from layanan.models import Mpp

from ..states import Kertas

SILENT = timedelta(minutes=3)  # a device that works is heard at least once a minute


def digest(secret: str) -> str:
    """What is kept of a token or a pairing code: enough to recognise it, not to use it."""
    return salted_hmac("antrean.perangkat", secret, algorithm="sha256").hexdigest()


class PerangkatQuerySet(models.QuerySet["Perangkat"]):
    def managed_by(self, user: Any) -> "PerangkatQuerySet":
        return self.filter(mpp__in=Mpp.objects.managed_by(user))

    def paired(self) -> "PerangkatQuerySet":
        return self.exclude(token="").filter(mpp__aktif=True)

    def holding(self, token: str) -> "PerangkatQuerySet":
        """The device that was given this token, while nobody has revoked it."""
        return self.paired().filter(token=digest(token)) if token else self.none()

    def offered(self, code: str, now: datetime) -> "PerangkatQuerySet":
        """The device that waits for this pairing code."""
        return self.filter(kode=digest(code), kode_until__gt=now) if code else self.none()


class Perangkat(models.Model):
    """A device in the hall. It is paired by a code of one use, and then holds a token that can be revoked."""

    class Jenis(models.TextChoices):
        ANJUNGAN = "anjungan", _("anjungan antrean")
        LAYAR = "layar", _("layar panggilan")
        CETAK = "cetak", _("pencetak karcis")

    class Bahasa(models.TextChoices):
        IKUT = "", _("menurut MPP-nya")
        ID = "id", _("Indonesia saja")
        EN = "en", _("Indonesia, lalu Inggris")

    mpp = models.ForeignKey(Mpp, models.PROTECT, related_name="perangkat", verbose_name=_("MPP"))
    jenis = models.CharField(_("jenis"), max_length=10, choices=Jenis)
    nama = models.CharField(_("nama"), max_length=60, help_text=_("Misalnya: Anjungan pintu utama"))
    lantai = models.SmallIntegerField(
        _("lantai"), null=True, blank=True, help_text=_("Hanya gerai di lantai ini. Kosong: semua lantai.")
    )
    bahasa = models.CharField(
        _("bahasa panggilan"),
        max_length=2,
        choices=Bahasa,
        blank=True,
        help_text=_("Untuk layar: yang tertulis dan yang diucapkan. Berlaku sesudah layarnya dimuat ulang."),
    )
    pencetak = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        limit_choices_to={"jenis": "cetak"},
        verbose_name=_("pencetak karcis"),
        help_text=_("Untuk anjungan. Kosong: dicetak oleh peramban anjungan itu sendiri."),
    )
    kode = models.CharField(max_length=64, blank=True, editable=False)
    kode_until = models.DateTimeField(null=True, blank=True, editable=False)
    token = models.CharField(max_length=64, blank=True, editable=False)
    paired_at = models.DateTimeField(_("dipasang"), null=True, blank=True, editable=False)
    last_seen_at = models.DateTimeField(_("terakhir terdengar"), null=True, blank=True, editable=False)
    kertas = models.CharField(_("kertas"), max_length=10, choices=Kertas, blank=True, editable=False)

    objects = PerangkatQuerySet.as_manager()

    class Meta:
        verbose_name = _("perangkat")
        verbose_name_plural = pgettext_lazy("jamak", "perangkat")
        ordering = ["mpp", "nama"]
        constraints = [
            models.UniqueConstraint("mpp", "nama", name="perangkat_nama_unik_per_mpp"),
            models.UniqueConstraint("kode", condition=~Q(kode=""), name="perangkat_kode_unik"),
            models.UniqueConstraint("token", condition=~Q(token=""), name="perangkat_token_unik"),
            models.CheckConstraint(
                name="perangkat_jenis_dikenal", condition=Q(jenis__in=["anjungan", "layar", "cetak"])
            ),
            models.CheckConstraint(
                name="perangkat_kode_berbatas",
                condition=Q(kode="", kode_until__isnull=True) | Q(~Q(kode=""), kode_until__isnull=False),
            ),
            models.CheckConstraint(
                name="perangkat_terpasang_bertoken",
                condition=Q(token="", paired_at__isnull=True) | Q(~Q(token=""), paired_at__isnull=False),
            ),
            models.CheckConstraint(
                name="perangkat_pencetak_milik_anjungan", condition=Q(pencetak__isnull=True) | Q(jenis="anjungan")
            ),
            models.CheckConstraint(name="perangkat_bahasa_dikenal", condition=Q(bahasa__in=["", "id", "en"])),
            models.CheckConstraint(name="perangkat_bahasa_milik_layar", condition=Q(bahasa="") | Q(jenis="layar")),
            models.CheckConstraint(
                name="perangkat_kertas_dikenal", condition=Q(kertas="") | Q(kertas__in=Kertas.values)
            ),
        ]

    def __str__(self) -> str:
        return self.nama

    @property
    def channel(self) -> str:
        return f"perangkat-{self.pk}"

    def is_heard(self, now: datetime | None = None) -> bool:
        """Has it been in contact lately?"""
        return self.last_seen_at is not None and (now or timezone.now()) - self.last_seen_at < SILENT
