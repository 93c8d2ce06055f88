"""Offices that take reports on a server of their own: where it is, what was filed there, and what it says of it."""

import secrets
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from layanan.models import Gerai, Mpp, Peran
from mpp_portal.crypto import EncryptedField

from ...models import Disposisi, Laporan, Tanggapan
from ...states import Status

LONGEST = 2000  # characters kept of what a server says


class Bentuk(models.TextChoices):
    JSON = "json", "JSON"
    XML = "xml", "XML"


class SambunganQuerySet(models.QuerySet["Sambungan"]):
    def managed_by(self, user: Any) -> "SambunganQuerySet":
        return self.filter(gerai__mpp__in=self.malls_of(user))

    def malls_of(self, user: Any) -> Any:
        """Where this person says which office has a server, as koordinator or pengelola."""
        if user.is_superuser:
            return Mpp.objects.all()
        return Mpp.objects.staffed_by(user, Peran.KOORDINATOR, Peran.PENGELOLA)


class Sambungan(models.Model):
    """The server of one office. What was filed stays with its server: another address is another row."""

    gerai = models.ForeignKey(Gerai, models.PROTECT, related_name="+", verbose_name=_("gerai"))
    url = models.URLField(
        _("alamat dasar"), max_length=300, help_text=_("Alamat GeoReport v2, misalnya https://kota.go.id/open311/v2")
    )
    jurisdiction_id = models.CharField(
        _("kode wilayah (jurisdiction_id)"),
        max_length=100,
        blank=True,
        help_text=_("Kosongkan bila server itu tidak memintanya."),
    )
    kunci_api = EncryptedField(_("kunci (api_key)"), blank=True)
    service_code = models.CharField(
        _("kode layanan (service_code)"),
        max_length=100,
        help_text=_("Di server itu; laporan dicatat di bawahnya."),
    )
    bentuk = models.CharField(_("bentuk jawaban"), max_length=4, choices=Bentuk, default=Bentuk.JSON, editable=False)
    aktif = models.BooleanField(
        _("dipakai"), default=True, help_text=_("Bila tidak, tidak ada lagi yang dikirim; kabarnya tetap dibaca.")
    )
    created_at = models.DateTimeField(_("dibuat"), default=timezone.now, editable=False)

    objects = SambunganQuerySet.as_manager()

    class Meta:
        verbose_name = _("server Open311")
        verbose_name_plural = pgettext_lazy("jamak", "server Open311")
        ordering = ["gerai", "pk"]
        constraints = [
            models.UniqueConstraint("gerai", condition=Q(aktif=True), name="sambungan_satu_per_gerai"),
            models.CheckConstraint(name="sambungan_beralamat", condition=~Q(url="") & ~Q(service_code="")),
            models.CheckConstraint(name="sambungan_bentuk_dikenal", condition=Q(bentuk__in=Bentuk.values)),
        ]

    def __str__(self) -> str:
        return f"{self.gerai}: {self.url}"


class TitipanQuerySet(models.QuerySet["Titipan"]):
    def due(self, now: datetime) -> "TitipanQuerySet":
        """Those to ask about now, while the report is open and the office still has its part."""
        still = Disposisi.objects.current().filter(laporan__ended_at__isnull=True)
        return self.filter(next_at__lte=now, disposisi__in=still).order_by("next_at", "pk")


def new_key() -> str:
    return secrets.token_urlsafe(24)


class Titipan(models.Model):
    """One office's part, filed on its server. `token` is what came instead of a number, until there is one."""

    disposisi = models.OneToOneField(Disposisi, models.PROTECT, related_name="titipan", verbose_name=_("disposisi"))
    sambungan = models.ForeignKey(Sambungan, models.PROTECT, related_name="titipan", verbose_name=_("server"))
    kunci = models.CharField(max_length=64, unique=True, default=new_key, editable=False)  # Idempotency-Key
    tried_at = models.DateTimeField(_("dicoba sejak"), null=True)
    ragu = models.PositiveSmallIntegerField(_("kiriman tanpa jawaban"), default=0)
    token = models.CharField(_("token"), max_length=100, blank=True)
    nomor = models.CharField(_("nomor di sana"), max_length=100, blank=True)
    filed_at = models.DateTimeField(_("tercatat"), null=True)
    keadaan = models.CharField(_("keadaan di sana"), max_length=20, blank=True)
    kata = models.TextField(_("kata server itu"), blank=True)
    next_at = models.DateTimeField(_("ditanyakan lagi"), null=True)
    gagal = models.PositiveSmallIntegerField(_("gagal berturut-turut"), default=0)
    galat = models.CharField(_("galat terakhir"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("dibuat"), default=timezone.now)

    objects = TitipanQuerySet.as_manager()

    class Meta:
        verbose_name = _("titipan")
        verbose_name_plural = pgettext_lazy("jamak", "titipan")
        indexes = [
            models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="titipan_ditanyakan"),
        ]
        constraints = [
            models.UniqueConstraint("sambungan", "nomor", condition=~Q(nomor=""), name="titipan_nomor_unik"),
            models.UniqueConstraint("sambungan", "token", condition=~Q(token=""), name="titipan_token_unik"),
            models.CheckConstraint(
                name="titipan_tercatat_bernomor",
                condition=Q(filed_at__isnull=True, nomor="", token="", next_at__isnull=True)
                | Q(~Q(nomor="", token=""), filed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.rujukan

    @property
    def rujukan(self) -> str:
        """Our own reference, which begins what is filed and finds it again."""
        return f"{self.disposisi.laporan.kode}/{self.disposisi_id}"

    @property
    def laporan(self) -> Laporan:
        return self.disposisi.laporan


class UsulanQuerySet(models.QuerySet["Usulan"]):
    def open(self) -> "UsulanQuerySet":
        return self.filter(decided_at__isnull=True)

    def for_parts(self, parts: Any) -> "UsulanQuerySet":
        return self.open().filter(titipan__disposisi__in=parts).select_related("titipan__sambungan")


class Usulan(models.Model):
    """What a server said of a report, for a person to pass on, put in other words or leave: it answers nothing by
    itself. News before the decision takes the place of older news."""

    class Hasil(models.TextChoices):
        DIPAKAI = "dipakai", _("disampaikan")
        DIABAIKAN = "diabaikan", _("diabaikan")

    titipan = models.ForeignKey(Titipan, models.PROTECT, related_name="usulan", verbose_name=_("titipan"))
    jenis = models.CharField(_("jenis"), max_length=16, choices=Tanggapan.Jenis)
    teks = models.TextField(_("teks"), blank=True)
    at = models.DateTimeField(_("waktu"))
    hasil = models.CharField(_("hasil"), max_length=10, choices=Hasil, blank=True)
    oleh = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("oleh")
    )
    decided_at = models.DateTimeField(_("diputuskan"), null=True)

    objects = UsulanQuerySet.as_manager()

    class Meta:
        verbose_name = _("usulan server")
        verbose_name_plural = pgettext_lazy("jamak", "usulan server")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint("titipan", condition=Q(decided_at__isnull=True), name="usulan_satu_terbuka"),
            models.CheckConstraint(name="usulan_jenis_dikenal", condition=Q(jenis__in=["tindak_lanjut", "jawaban"])),
            models.CheckConstraint(
                name="usulan_diputuskan_orang",
                condition=Q(hasil="", decided_at__isnull=True, oleh__isnull=True)
                | Q(hasil__in=["dipakai", "diabaikan"], decided_at__isnull=False, oleh__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.titipan)


def may_leave(laporan: Laporan) -> bool:
    """The rule of the table for SP4N-LAPOR! (`given_away_by`), and nothing with a data leak in it: what a server gets
    it may publish."""
    if laporan.rahasia or laporan.tentang_pengelola or laporan.status == Status.DIBATALKAN:
        return False
    leak = getattr(laporan, "kebocoran", None)
    return leak is None or leak.dropped_at is not None
