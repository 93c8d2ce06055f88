"""Where: regions with their zone, malls, offices under one roof, counters."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from layanan import warna


class Wilayah(models.Model):
    """A province, kabupaten or kota, by its Kemendagri code (`63`, `63.72`)."""

    class Zona(models.TextChoices):
        WIB = "Asia/Jakarta", "WIB"
        WITA = "Asia/Makassar", "WITA"
        WIT = "Asia/Jayapura", "WIT"

    kode = models.CharField(
        _("kode Kemendagri"), max_length=5, unique=True, validators=[RegexValidator(r"^\d\d(\.\d\d)?$")]
    )
    nama = models.CharField(_("nama"), max_length=100)
    induk = models.ForeignKey("self", models.PROTECT, null=True, blank=True, verbose_name=_("provinsi"))
    zona = models.CharField(_("zona waktu"), max_length=20, choices=Zona)

    class Meta:
        verbose_name = _("wilayah")
        verbose_name_plural = pgettext_lazy("jamak", "wilayah")
        ordering = ["kode"]
        constraints = [
            models.CheckConstraint(
                name="wilayah_zona_indonesia", condition=Q(zona__in=["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"])
            ),
            models.CheckConstraint(
                name="wilayah_induk_menurut_kode",
                condition=Q(kode__regex=r"^[0-9][0-9]$", induk__isnull=True)
                | Q(kode__regex=r"^[0-9][0-9]\.[0-9][0-9]$", induk__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.nama

    @property
    def provinsi(self) -> "Wilayah":
        return self.induk or self


class MppQuerySet(models.QuerySet["Mpp"]):
    def running(self) -> "MppQuerySet":
        """Malls that run on this portal, and not only stand in the national list."""
        return self.filter(aktif=True)

    def staffed_by(self, user: Any, *peran: str) -> "MppQuerySet":
        """The malls where this person has one of these roles now; other malls do not exist for them."""
        from .orang import Penugasan

        return self.filter(pk__in=Penugasan.objects.current(user, *peran).values("mpp"))

    def managed_by(self, user: Any) -> "MppQuerySet":
        """The malls this person manages as pengelola; all of them for a superuser."""
        if user.is_superuser:
            return self
        from .orang import Penugasan, Peran

        return self.filter(pk__in=Penugasan.objects.current(user, Peran.PENGELOLA).values("mpp"))


class Mpp(models.Model):
    """One Mal Pelayanan Publik. Its day and hours are those of its wilayah's zone."""

    class Jenis(models.TextChoices):
        FISIK = "fisik", _("di gedung")
        DIGITAL = "digital", _("digital")
        KEDUANYA = "keduanya", _("di gedung dan digital")

    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    nama = models.CharField(_("nama"), max_length=120)
    wilayah = models.ForeignKey(Wilayah, models.PROTECT, verbose_name=_("wilayah"))
    jenis = models.CharField(_("jenis"), max_length=10, choices=Jenis, default=Jenis.FISIK)
    alamat = models.CharField(_("alamat"), max_length=250, blank=True)
    telepon = models.CharField(_("telepon"), max_length=40, blank=True)
    aktif = models.BooleanField(_("memakai portal ini"), default=False)
    contoh = models.BooleanField(_("contoh, bukan tempat nyata"), default=False)
    dibuka = models.CharField(
        _("dibuka"),
        max_length=10,
        blank=True,
        help_text=_("Tahun, tahun-bulan, atau tanggal: 2019, 2019-01, 2021-12-07"),
        validators=[RegexValidator(r"^\d{4}(-\d\d(-\d\d)?)?$")],
    )
    jumlah_instansi = models.PositiveSmallIntegerField(_("jumlah instansi menurut sumber"), null=True, blank=True)
    jumlah_layanan = models.PositiveSmallIntegerField(_("jumlah layanan menurut sumber"), null=True, blank=True)
    sumber_url = models.URLField(_("sumber"), max_length=400, blank=True)
    catatan_internal = models.TextField(_("catatan internal"), blank=True)
    warna_utama = models.CharField(
        _("warna utama"),
        max_length=7,
        blank=True,
        validators=[warna.validate_utama],
        help_text=_("Kepala halaman, tombol, dan tautan. Contoh: #1d4f7c. Kosong: warna portal ini."),
    )
    warna_aksen = models.CharField(
        _("warna aksen"),
        max_length=7,
        blank=True,
        validators=[warna.validate_aksen],
        help_text=_("Garis di bawah kepala halaman. Contoh: #e8a317."),
    )

    suara_inggris = models.BooleanField(
        _("panggilan juga dalam bahasa Inggris"),
        default=False,
        help_text=_("Layar aula mengucapkan setiap panggilan dua kali, lalu sekali dalam bahasa Inggris."),
    )

    objects = MppQuerySet.as_manager()

    class Meta:
        verbose_name = _("MPP")
        verbose_name_plural = pgettext_lazy("jamak", "MPP")
        ordering = ["nama"]
        constraints = [
            models.CheckConstraint(name="mpp_jenis_dikenal", condition=Q(jenis__in=["fisik", "digital", "keduanya"])),
            models.CheckConstraint(name="mpp_contoh_tanpa_sumber", condition=Q(contoh=False) | Q(sumber_url="")),
            models.CheckConstraint(
                name="mpp_warna_tertulis",
                condition=(Q(warna_utama="") | Q(warna_utama__regex=warna.WRITTEN))
                & (Q(warna_aksen="") | Q(warna_aksen__regex=warna.WRITTEN)),
            ),
        ]

    def __str__(self) -> str:
        return self.nama

    def get_absolute_url(self) -> str:
        return reverse("layanan:mpp", args=[self.slug])

    @property
    def stylesheet_url(self) -> str:
        """Where its own colours are; empty for a mall that keeps the portal's. Other colours, other address."""
        if not (self.warna_utama or self.warna_aksen):
            return ""
        colours = self.warna_utama or warna.UTAMA, self.warna_aksen or warna.AKSEN
        return reverse("layanan:colours", args=[colour.removeprefix("#") for colour in colours])

    @property
    def zone(self) -> ZoneInfo:
        """The zone of its wilayah; select_related("wilayah") where it matters."""
        return ZoneInfo(self.wilayah.zona)

    @property
    def zone_label(self) -> str:
        """WIB, WITA or WIT."""
        return str(Wilayah.Zona(self.wilayah.zona).label)

    def local(self, at: datetime | None = None) -> datetime:
        """An instant (now, if none is given) on this mall's clock."""
        return timezone.localtime(at, self.zone)

    def today(self, at: datetime | None = None) -> date:
        return self.local(at).date()


class Instansi(models.Model):
    """An office that serves people in malls; the same name all over the country."""

    class Jenis(models.TextChoices):
        PERANGKAT_DAERAH = "perangkat_daerah", _("perangkat daerah")
        INSTANSI_VERTIKAL = "instansi_vertikal", _("instansi vertikal")
        BADAN_HUKUM_PUBLIK = "badan_hukum_publik", _("badan hukum publik")
        BUMN = "bumn", _("BUMN")
        BUMD = "bumd", _("BUMD")
        BERSAMA = "bersama", _("kantor bersama")
        PENGELOLA_MPP = "pengelola_mpp", _("pengelola MPP")

    slug = models.SlugField(_("slug"), max_length=60, unique=True)
    nama = models.CharField(_("nama"), max_length=150)
    nama_en = models.CharField(_("nama (Inggris)"), max_length=150, blank=True)
    singkatan = models.CharField(_("nama pendek"), max_length=60)
    jenis = models.CharField(_("jenis"), max_length=20, choices=Jenis)
    layanan_umum = models.JSONField(_("yang biasa dilayani"), default=list, blank=True)
    sumber_url = models.URLField(_("sumber"), max_length=400, blank=True)
    catatan_internal = models.TextField(_("catatan internal"), blank=True)

    class Meta:
        verbose_name = _("instansi")
        verbose_name_plural = pgettext_lazy("jamak", "instansi")
        ordering = ["singkatan"]

    def __str__(self) -> str:
        return self.singkatan

    def get_absolute_url(self) -> str:
        return reverse("layanan:instansi", args=[self.slug])


class GeraiQuerySet(models.QuerySet["Gerai"]):
    def running(self) -> "GeraiQuerySet":
        return self.filter(aktif=True, mpp__aktif=True)

    def managed_by(self, user: Any) -> "GeraiQuerySet":
        """Gerai this person may edit: pengelola those of the mall, admin instansi their own."""
        if user.is_superuser:
            return self
        from .orang import Penugasan, Peran

        return self.filter(
            Q(mpp__in=Penugasan.objects.current(user, Peran.PENGELOLA).values("mpp"))
            | Q(pk__in=Penugasan.objects.current(user, Peran.ADMIN_INSTANSI).values("gerai"))
        )

    def closable_by(self, user: Any) -> "GeraiQuerySet":
        """Gerai this person may close for today: petugas and admin their own, penyelia and pengelola the mall's."""
        from .orang import Penugasan, Peran

        there = Penugasan.objects.current(user, Peran.PETUGAS_LOKET, Peran.ADMIN_INSTANSI).values("gerai")
        floor = Penugasan.objects.current(user, Peran.PENYELIA, Peran.PENGELOLA).values("mpp")
        return self.running().filter(Q(pk__in=there) | Q(mpp__in=floor))


class Gerai(models.Model):
    """An instansi's place in an MPP."""

    mpp = models.ForeignKey(Mpp, models.PROTECT, related_name="gerai", verbose_name=_("MPP"))
    instansi = models.ForeignKey(Instansi, models.PROTECT, related_name="gerai", verbose_name=_("instansi"))
    lantai = models.SmallIntegerField(_("lantai"), default=1)
    letak = models.CharField(_("letak"), max_length=100, blank=True, help_text=_("Misalnya: sayap timur, dekat lift"))
    letak_en = models.CharField(_("letak (Inggris)"), max_length=100, blank=True)
    telepon = models.CharField(_("telepon"), max_length=40, blank=True)
    aktif = models.BooleanField(_("melayani"), default=True)

    objects = GeraiQuerySet.as_manager()

    class Meta:
        verbose_name = _("gerai")
        verbose_name_plural = pgettext_lazy("jamak", "gerai")
        ordering = ["instansi__singkatan"]
        constraints = [models.UniqueConstraint("mpp", "instansi", name="gerai_satu_per_instansi")]

    def __str__(self) -> str:
        return f"{self.instansi} · {self.mpp}"

    def get_absolute_url(self) -> str:
        return reverse("layanan:gerai", args=[self.mpp.slug, self.instansi.slug])


class LoketQuerySet(models.QuerySet["Loket"]):
    def staffed_by(self, user: Any) -> "LoketQuerySet":
        """Loket of the gerai this petugas is assigned to now, also those that are not used any more."""
        from .orang import Penugasan, Peran

        return self.filter(gerai__in=Penugasan.objects.current(user, Peran.PETUGAS_LOKET).values("gerai"))

    def operable_by(self, user: Any) -> "LoketQuerySet":
        """Those of them that are used; other loket do not exist for this petugas."""
        return self.staffed_by(user).filter(aktif=True)

    def managed_by(self, user: Any) -> "LoketQuerySet":
        return self.filter(gerai__in=Gerai.objects.managed_by(user))


class Loket(models.Model):
    """A counter. Its number is unique in the whole MPP, because people look for a number, not for an office."""

    gerai = models.ForeignKey(Gerai, models.PROTECT, related_name="loket", verbose_name=_("gerai"))
    mpp = models.ForeignKey(Mpp, models.PROTECT, related_name="loket", editable=False, verbose_name=_("MPP"))
    nomor = models.PositiveSmallIntegerField(_("nomor"))
    aktif = models.BooleanField(_("dipakai"), default=True)

    objects = LoketQuerySet.as_manager()

    class Meta:
        verbose_name = _("loket")
        verbose_name_plural = pgettext_lazy("jamak", "loket")
        ordering = ["mpp", "nomor"]
        constraints = [
            models.UniqueConstraint("mpp", "nomor", name="loket_nomor_unik_per_mpp"),
            models.CheckConstraint(name="loket_nomor_mulai_satu", condition=Q(nomor__gte=1)),
        ]

    def __str__(self) -> str:
        return _("Loket %(nomor)s") % {"nomor": self.nomor}

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.mpp_id = self.gerai.mpp_id
        super().save(*args, **kwargs)
