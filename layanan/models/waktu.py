"""When: weekly and dated hours, holidays, closures. `layanan.opening` reads them; nobody else does."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mpp_portal.rows import WordField

from .standar import Layanan
from .tempat import Gerai, Mpp


class JamBuka(models.Model):
    """One window of a weekday, with at most one break. Of an MPP, or of one gerai that differs from it.

    Times are on the mall's clock. `biasa` rows repeat every week; `ramadan` and `khusus` rows hold from `dari` to
    `sampai`, both included.
    """

    class Musim(models.TextChoices):
        BIASA = "biasa", _("tiap minggu")
        RAMADAN = "ramadan", _("Ramadan")
        KHUSUS = "khusus", _("jam khusus")

    class Hari(models.IntegerChoices):
        SENIN = 0, _("Senin")
        SELASA = 1, _("Selasa")
        RABU = 2, _("Rabu")
        KAMIS = 3, _("Kamis")
        JUMAT = 4, _("Jumat")
        SABTU = 5, _("Sabtu")
        MINGGU = 6, _("Minggu")

    mpp = models.ForeignKey(Mpp, models.CASCADE, null=True, blank=True, related_name="jam", verbose_name=_("MPP"))
    gerai = models.ForeignKey(Gerai, models.CASCADE, null=True, blank=True, related_name="jam", verbose_name=_("gerai"))
    musim = WordField(_("berlaku"), max_length=10, choices=Musim, default=Musim.BIASA)
    dari = models.DateField(_("dari tanggal"), null=True, blank=True)
    sampai = models.DateField(_("sampai tanggal"), null=True, blank=True)
    hari = models.PositiveSmallIntegerField(_("hari"), choices=Hari)
    buka = models.TimeField(_("buka"))
    tutup = models.TimeField(_("tutup"))
    istirahat_mulai = models.TimeField(_("istirahat mulai"), null=True, blank=True)
    istirahat_selesai = models.TimeField(_("istirahat selesai"), null=True, blank=True)
    keterangan = models.CharField(_("keterangan"), max_length=100, blank=True)
    keterangan_en = models.CharField(_("keterangan (Inggris)"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("jam buka")
        verbose_name_plural = pgettext_lazy("jamak", "jam buka")
        ordering = ["musim", "hari", "buka"]
        constraints = [
            models.CheckConstraint(
                name="jam_milik_mpp_atau_gerai",
                condition=Q(mpp__isnull=True, gerai__isnull=False) | Q(mpp__isnull=False, gerai__isnull=True),
            ),
            models.CheckConstraint(name="jam_hari_dikenal", condition=Q(hari__lte=6)),
            models.CheckConstraint(name="jam_buka_sebelum_tutup", condition=Q(buka__lt=F("tutup"))),
            models.CheckConstraint(
                name="jam_istirahat_di_dalam",
                condition=Q(istirahat_mulai__isnull=True, istirahat_selesai__isnull=True)
                | Q(
                    istirahat_mulai__isnull=False,  # a comparison with NULL would pass a CHECK
                    istirahat_selesai__isnull=False,
                    istirahat_mulai__gt=F("buka"),
                    istirahat_mulai__lt=F("istirahat_selesai"),
                    istirahat_selesai__lt=F("tutup"),
                ),
            ),
            models.CheckConstraint(
                name="jam_rentang_menurut_musim",
                condition=Q(musim="biasa", dari__isnull=True, sampai__isnull=True)
                | Q(musim__in=["ramadan", "khusus"], dari__isnull=False, sampai__isnull=False, dari__lte=F("sampai")),
            ),
            models.UniqueConstraint(
                "mpp", "hari", "buka", condition=Q(musim="biasa", gerai__isnull=True), name="jam_mpp_unik"
            ),
            models.UniqueConstraint(
                "gerai", "hari", "buka", condition=Q(musim="biasa", mpp__isnull=True), name="jam_gerai_unik"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_hari_display()} {time_format(self.buka)}–{time_format(self.tutup)}"


class HariLiburQuerySet(models.QuerySet["HariLibur"]):
    def managed_by(self, user: Any) -> "HariLiburQuerySet":
        """Days off that a mall gave itself; those of the whole country are a superuser's."""
        return self if user.is_superuser else self.filter(mpp__in=Mpp.objects.managed_by(user))


class HariLibur(models.Model):
    """A day off for all, or for one MPP; `tetap_buka` is an MPP's exception to a national day off."""

    class Jenis(models.TextChoices):
        LIBUR_NASIONAL = "libur_nasional", _("libur nasional")
        CUTI_BERSAMA = "cuti_bersama", _("cuti bersama")
        LIBUR_DAERAH = "libur_daerah", _("libur daerah")

    tanggal = models.DateField(_("tanggal"))
    nama = models.CharField(_("nama"), max_length=120)
    nama_en = models.CharField(_("nama (Inggris)"), max_length=120, blank=True)
    jenis = models.CharField(_("jenis"), max_length=20, choices=Jenis)
    mpp = models.ForeignKey(
        Mpp,
        models.CASCADE,
        null=True,
        blank=True,
        verbose_name=_("hanya MPP"),
        help_text=_("Kosong: seluruh Indonesia"),
    )
    tetap_buka = models.BooleanField(_("tetap buka"), default=False)
    sumber = models.CharField(_("sumber"), max_length=200, blank=True)

    objects = HariLiburQuerySet.as_manager()

    class Meta:
        verbose_name = _("hari libur")
        verbose_name_plural = pgettext_lazy("jamak", "hari libur")
        ordering = ["tanggal"]
        constraints = [
            models.UniqueConstraint("tanggal", condition=Q(mpp__isnull=True), name="libur_satu_per_tanggal"),
            models.UniqueConstraint(
                "tanggal", "mpp", condition=Q(mpp__isnull=False), name="libur_satu_per_tanggal_mpp"
            ),
            models.CheckConstraint(
                name="libur_tetap_buka_hanya_mpp", condition=Q(tetap_buka=False) | Q(mpp__isnull=False)
            ),
            models.CheckConstraint(
                name="libur_jenis_dikenal", condition=Q(jenis__in=["libur_nasional", "cuti_bersama", "libur_daerah"])
            ),
        ]

    def __str__(self) -> str:
        return f"{date_format(self.tanggal)}: {self.nama}"


class PenutupanQuerySet(models.QuerySet["Penutupan"]):
    def managed_by(self, user: Any) -> "PenutupanQuerySet":
        return self.filter(
            Q(mpp__in=Mpp.objects.managed_by(user))
            | Q(gerai__in=Gerai.objects.managed_by(user))
            | Q(layanan__in=Layanan.objects.managed_by(user))
        )

    def approvable_by(self, user: Any) -> "PenutupanQuerySet":
        """Sudden ones in the malls that this person manages, which nobody has approved yet; never their own."""
        malls = Mpp.objects.managed_by(user)
        here = Q(mpp__in=malls) | Q(gerai__mpp__in=malls)
        return self.filter(here, perlu_disetujui=True, disetujui_oleh__isnull=True).exclude(dibuat_oleh=user)


class Penutupan(models.Model):
    """A closure of a mall, a gerai or one layanan, from `mulai` until `selesai`; it acts at once."""

    mpp = models.ForeignKey(Mpp, models.CASCADE, null=True, blank=True, related_name="penutupan", verbose_name=_("MPP"))
    gerai = models.ForeignKey(
        Gerai, models.CASCADE, null=True, blank=True, related_name="penutupan", verbose_name=_("gerai")
    )
    layanan = models.ForeignKey(
        Layanan, models.CASCADE, null=True, blank=True, related_name="penutupan", verbose_name=_("layanan")
    )
    mulai = models.DateTimeField(_("mulai"))
    selesai = models.DateTimeField(_("selesai"))
    alasan = models.CharField(_("alasan untuk warga"), max_length=200)
    alasan_en = models.CharField(_("alasan (Inggris)"), max_length=200, blank=True)
    dibuat_oleh = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, verbose_name=_("dibuat oleh")
    )

    perlu_disetujui = models.BooleanField(default=False, editable=False)  # it acts at once all the same
    disetujui_oleh = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("disetujui oleh"),
    )

    objects = PenutupanQuerySet.as_manager()

    class Meta:
        verbose_name = _("penutupan")
        verbose_name_plural = pgettext_lazy("jamak", "penutupan")
        ordering = ["-mulai"]
        constraints = [
            models.CheckConstraint(name="penutupan_mulai_sebelum_selesai", condition=Q(mulai__lt=F("selesai"))),
            models.CheckConstraint(
                name="penutupan_disetujui_orang_lain",
                condition=Q(disetujui_oleh__isnull=True) | ~Q(disetujui_oleh=F("dibuat_oleh")),
            ),
            models.CheckConstraint(
                name="penutupan_satu_sasaran",
                condition=Q(mpp__isnull=False, gerai__isnull=True, layanan__isnull=True)
                | Q(mpp__isnull=True, gerai__isnull=False, layanan__isnull=True)
                | Q(mpp__isnull=True, gerai__isnull=True, layanan__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.layanan or self.gerai or self.mpp}: {self.alasan}"
