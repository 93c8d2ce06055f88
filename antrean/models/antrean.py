"""Lines at the gerai and their days."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from layanan.models import Gerai, Layanan, Loket, Mpp, Penugasan, Peran, Wilayah


class AntreanQuerySet(models.QuerySet["Antrean"]):
    def giving(self) -> "AntreanQuerySet":
        """Lines that give numbers here, at gerai that serve: for our own times or for those of the instansi."""
        rows = self.filter(aktif=True, gerai__aktif=True, gerai__mpp__aktif=True).exclude(mode=Antrean.Mode.LUAR)
        return rows.select_related("gerai__mpp__wilayah", "gerai__instansi")

    def bookable(self) -> "AntreanQuerySet":
        """Those of them that have times to book."""
        return self.giving().filter(mode=Antrean.Mode.MILIK_MPP, pola__isnull=False).distinct()

    def managed_by(self, user: Any) -> "AntreanQuerySet":
        return self.filter(gerai__in=Gerai.objects.managed_by(user))

    def counted_for(self, user: Any) -> "AntreanQuerySet":
        """Lines whose figures this person reads: those of the mall, or of one's own gerai."""
        mall = Penugasan.objects.current(user, Peran.PENGELOLA, Peran.PIMPINAN, Peran.PENYELIA).values("mpp")
        gerai = Penugasan.objects.current(user, Peran.ADMIN_INSTANSI).values("gerai")
        return self.filter(Q(mpp__in=mall) | Q(gerai__in=gerai))


class Antrean(models.Model):
    """A line at a gerai, known to people by one clear-sounding letter."""

    class Mode(models.TextChoices):
        MILIK_MPP = "milik_mpp", _("nomor dari MPP")
        JADWAL_LUAR = "jadwal_luar", _("jadwal dari instansi, dicatat saat datang")
        LUAR = "luar", _("antrean di sistem instansi")

    gerai = models.ForeignKey(Gerai, models.PROTECT, related_name="antrean", verbose_name=_("gerai"))
    mpp = models.ForeignKey(Mpp, models.PROTECT, editable=False, verbose_name=_("MPP"))
    huruf = models.CharField(_("huruf"), max_length=2, validators=[RegexValidator(r"^[A-Z]{1,2}$")])
    nama = models.CharField(_("nama"), max_length=100)
    nama_en = models.CharField(_("nama (Inggris)"), max_length=100, blank=True)
    mode = models.CharField(_("mode"), max_length=12, choices=Mode, default=Mode.MILIK_MPP)
    tautan = models.URLField(
        _("situs antrean instansi"),
        blank=True,
        help_text=_("Kalau jadwal atau nomornya dari sistem instansi: alamat untuk memesannya."),
    )
    layanan = models.ManyToManyField(Layanan, related_name="antrean", blank=True, verbose_name=_("layanan"))
    loket = models.ManyToManyField(Loket, related_name="antrean", blank=True, verbose_name=_("loket yang melayani"))
    menit_layanan = models.PositiveSmallIntegerField(
        _("menit per orang"), default=10, help_text=_("Rata-rata lama melayani satu orang, untuk perkiraan.")
    )
    bobot_menit = models.PositiveSmallIntegerField(
        _("bobot (menit)"),
        default=0,
        help_text=_("Di loket dengan beberapa antrean: antrean ini didahulukan sekian menit."),
    )
    batas_tunggu = models.PositiveSmallIntegerField(
        _("tunggu paling lama (menit)"), default=60, help_text=_("Lebih dari ini, penyelia diberi tahu.")
    )
    kuota_harian = models.PositiveSmallIntegerField(_("kuota per hari"), null=True, blank=True)
    ambil_sejak_menit = models.PositiveSmallIntegerField(_("nomor dibagikan (menit sebelum buka)"), default=60)
    aktif = models.BooleanField(_("dipakai"), default=True)

    objects = AntreanQuerySet.as_manager()

    class Meta:
        verbose_name = _("antrean")
        verbose_name_plural = pgettext_lazy("jamak", "antrean")
        ordering = ["mpp", "huruf"]
        constraints = [
            models.UniqueConstraint("mpp", "huruf", name="antrean_huruf_unik_per_mpp"),
            models.CheckConstraint(name="antrean_huruf_kapital", condition=Q(huruf__regex=r"^[A-Z][A-Z]?$")),
            models.CheckConstraint(name="antrean_menit_positif", condition=Q(menit_layanan__gte=1)),
            models.CheckConstraint(
                name="antrean_mode_dikenal", condition=Q(mode__in=["milik_mpp", "jadwal_luar", "luar"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.huruf} · {self.nama}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.mpp_id = self.gerai.mpp_id
        super().save(*args, **kwargs)


def is_today(path: str, now: datetime | None = None) -> Q:
    """Rows whose `tanggal` is today on the clock of their own mall; `path` leads to the Sesi or the Slot."""
    today = Q()
    for zona in Wilayah.Zona.values:
        tanggal = timezone.localdate(now, timezone=ZoneInfo(zona))
        today |= Q(**{f"{path}tanggal": tanggal, f"{path}antrean__mpp__wilayah__zona": zona})
    return today


class SesiQuerySet(models.QuerySet["Sesi"]):
    def managed_by(self, user: Any) -> "SesiQuerySet":
        return self.filter(antrean__mpp__in=Mpp.objects.managed_by(user))


class Sesi(models.Model):
    """A line on one day. Its row is the lock of the line: numbers are given and people are called under it."""

    antrean = models.ForeignKey(Antrean, models.PROTECT, related_name="sesi", verbose_name=_("antrean"))
    tanggal = models.DateField(_("tanggal"))
    nomor_terakhir = models.PositiveIntegerField(_("nomor terakhir"), default=0)
    panggilan = models.PositiveIntegerField(_("banyaknya panggilan"), default=0)
    sejak_prioritas = models.PositiveIntegerField(_("panggilan sejak prioritas terakhir"), default=2)

    objects = SesiQuerySet.as_manager()

    class Meta:
        verbose_name = _("sesi")
        verbose_name_plural = pgettext_lazy("jamak", "sesi")
        constraints = [models.UniqueConstraint("antrean", "tanggal", name="sesi_satu_per_hari")]

    def __str__(self) -> str:
        return f"{self.antrean} · {self.tanggal}"

    @property
    def channel(self) -> str:
        return f"sesi-{self.pk}"
