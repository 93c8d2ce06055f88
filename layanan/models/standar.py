"""What can be arranged: national types, and the standard of each gerai (14 components, PermenPANRB 15/2014)."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .tempat import Gerai, Instansi


class PeristiwaHidup(models.TextChoices):
    """What happened in a person's life, the way people think of it before they know a service's name."""

    KELAHIRAN = "kelahiran", _("Anak lahir")
    IDENTITAS = "identitas", _("Mengurus identitas")
    KEHILANGAN = "kehilangan", _("Kehilangan atau kerusakan dokumen")
    MENIKAH = "menikah", _("Menikah atau berpisah")
    PINDAH = "pindah", _("Pindah rumah")
    BEKERJA = "bekerja", _("Mencari atau berhenti kerja")
    USAHA = "usaha", _("Memulai usaha")
    PROFESI = "profesi", _("Izin praktik dan penelitian")
    KENDARAAN = "kendaraan", _("Kendaraan dan mengemudi")
    BEPERGIAN = "bepergian", _("Pergi ke luar negeri dan ibadah haji")
    KESEHATAN = "kesehatan", _("Sakit dan jaminan kesehatan")
    RUMAH = "rumah", _("Tanah, rumah, air, dan pajaknya")
    HUKUM = "hukum", _("Urusan hukum")
    KEMATIAN = "kematian", _("Keluarga meninggal")
    SUARA = "suara", _("Bertanya, melapor, menyampaikan pendapat")


class JenisLayanan(models.Model):
    """A national type of service, the same everywhere: what people search for."""

    slug = models.SlugField(_("slug"), max_length=60, unique=True)
    nama = models.CharField(_("nama"), max_length=150)
    nama_en = models.CharField(_("nama (Inggris)"), max_length=150, blank=True)
    ringkas = models.CharField(_("dalam satu kalimat"), max_length=250, blank=True)
    ringkas_en = models.CharField(_("dalam satu kalimat (Inggris)"), max_length=250, blank=True)
    instansi = models.ForeignKey(
        Instansi, models.PROTECT, related_name="jenis_layanan", verbose_name=_("instansi yang biasa melayani")
    )
    sinonim = models.JSONField(_("nama lain yang dipakai orang"), default=list, blank=True)
    peristiwa_hidup = models.CharField(_("peristiwa hidup"), max_length=20, choices=PeristiwaHidup)
    diubah_at = models.DateTimeField(_("diubah"), auto_now=True)

    class Meta:
        verbose_name = _("jenis layanan")
        verbose_name_plural = pgettext_lazy("jamak", "jenis layanan")
        ordering = ["nama"]
        constraints = [
            models.CheckConstraint(
                name="jenis_peristiwa_hidup_dikenal", condition=Q(peristiwa_hidup__in=PeristiwaHidup.values)
            )
        ]

    def __str__(self) -> str:
        return self.nama

    def get_absolute_url(self) -> str:
        return reverse("layanan:jenis", args=[self.slug])


class LayananQuerySet(models.QuerySet["Layanan"]):
    def offered(self) -> "LayananQuerySet":
        """What people can come for now: shown, at a gerai that serves, in a mall that runs here."""
        return self.filter(tampil=True, gerai__aktif=True, gerai__mpp__aktif=True)

    def named(self) -> "LayananQuerySet":
        """With the name of their type and nothing else of the standard, which is long."""
        return self.select_related("jenis").only("gerai", "jenis__slug", "jenis__nama", "jenis__nama_en")

    def yielding_for(self, layanan: "Layanan") -> "LayananQuerySet":
        """What the same mall offers that yields something which `layanan` requires."""
        rows = self.offered().filter(gerai__mpp=layanan.gerai.mpp_id, jenis__dipersyaratkan__layanan=layanan)
        return rows.exclude(jenis=layanan.jenis_id).distinct()

    def managed_by(self, user: Any) -> "LayananQuerySet":
        return self.filter(gerai__in=Gerai.objects.managed_by(user))


class Layanan(models.Model):
    """The standard of one type at one gerai. A blank public part is shown as missing, never invented.

    `gratis` is True only where the source says so. `biaya_min`/`biaya_maks` are rupiah; None is unknown.
    """

    class Kanal(models.TextChoices):
        TATAP_MUKA = "tatap_muka", _("datang ke gerai")
        DARING = "daring", _("daring")
        DARING_BERBANTUAN = "daring_berbantuan", _("daring, dibantu petugas di gerai")
        DARING_ATAU_TATAP_MUKA = "daring_atau_tatap_muka", _("daring atau datang ke gerai")
        DARING_LALU_TATAP_MUKA = "daring_lalu_tatap_muka", _("daftar daring, lalu datang ke gerai")

    jenis = models.ForeignKey(JenisLayanan, models.PROTECT, related_name="layanan", verbose_name=_("jenis layanan"))
    gerai = models.ForeignKey(Gerai, models.PROTECT, related_name="layanan", verbose_name=_("gerai"))
    kanal = models.CharField(_("cara"), max_length=25, choices=Kanal, default=Kanal.TATAP_MUKA)
    tampil = models.BooleanField(_("ditampilkan"), default=True)
    perlu_nik = models.BooleanField(
        _("menanyakan NIK saat memesan"),
        default=False,
        help_text=_("Hanya bila tanpa NIK layanan ini tidak dapat disiapkan. NIK disimpan tersandi."),
    )

    # The six public components; persyaratan and prosedur are rows of their own.
    jangka_waktu = models.CharField(_("jangka waktu"), max_length=200, blank=True)
    jangka_waktu_en = models.CharField(_("jangka waktu (Inggris)"), max_length=200, blank=True)
    biaya = models.CharField(_("biaya"), max_length=300, blank=True)
    biaya_en = models.CharField(_("biaya (Inggris)"), max_length=300, blank=True)
    biaya_min = models.PositiveIntegerField(_("biaya paling rendah (rupiah)"), null=True, blank=True)
    biaya_maks = models.PositiveIntegerField(_("biaya paling tinggi (rupiah)"), null=True, blank=True)
    gratis = models.BooleanField(_("gratis menurut sumber"), default=False)
    produk = models.CharField(_("produk layanan"), max_length=200, blank=True)
    produk_en = models.CharField(_("produk layanan (Inggris)"), max_length=200, blank=True)
    pengaduan = models.TextField(_("penanganan pengaduan, saran, dan masukan"), blank=True)
    pengaduan_en = models.TextField(_("penanganan pengaduan (Inggris)"), blank=True)

    # The eight internal components, for staff.
    dasar_hukum = models.TextField(_("dasar hukum"), blank=True)
    dasar_hukum_diperiksa = models.BooleanField(_("dasar hukum sudah diperiksa"), default=False)
    sarana = models.TextField(_("sarana, prasarana, dan fasilitas"), blank=True)
    kompetensi = models.TextField(_("kompetensi pelaksana"), blank=True)
    pengawasan = models.TextField(_("pengawasan internal"), blank=True)
    jumlah_pelaksana = models.TextField(_("jumlah pelaksana"), blank=True)
    jaminan_layanan = models.TextField(_("jaminan pelayanan"), blank=True)
    jaminan_keamanan = models.TextField(_("jaminan keamanan dan keselamatan"), blank=True)
    evaluasi = models.TextField(_("evaluasi kinerja pelaksana"), blank=True)

    # Where the facts come from.
    sumber_tempat = models.CharField(_("standar dari"), max_length=120, blank=True)
    sumber_url = models.URLField(_("alamat sumber"), max_length=400, blank=True)
    sumber_resmi = models.BooleanField(_("sumber resmi"), default=False)
    contoh = models.BooleanField(_("contoh dari tempat lain"), default=False)
    ditinjau_pada = models.DateField(_("terakhir diperbarui"))
    catatan_internal = models.TextField(_("catatan internal"), blank=True)

    objects = LayananQuerySet.as_manager()

    class Meta:
        verbose_name = _("layanan")
        verbose_name_plural = pgettext_lazy("jamak", "layanan")
        ordering = ["jenis__nama"]
        constraints = [
            models.UniqueConstraint("jenis", "gerai", name="layanan_satu_standar_per_gerai"),
            models.CheckConstraint(
                name="layanan_biaya_urut",
                condition=Q(biaya_min__isnull=True) | Q(biaya_maks__isnull=True) | Q(biaya_min__lte=F("biaya_maks")),
            ),
            models.CheckConstraint(
                name="layanan_gratis_tanpa_biaya",
                condition=Q(gratis=False)
                | Q(biaya_min__isnull=False, biaya_maks__isnull=False, biaya_min=0, biaya_maks=0),
            ),
            models.CheckConstraint(
                name="layanan_contoh_menyebut_asal", condition=Q(contoh=False) | ~Q(sumber_tempat="")
            ),
            models.CheckConstraint(
                name="layanan_kanal_dikenal",
                condition=Q(
                    kanal__in=[
                        "tatap_muka",
                        "daring",
                        "daring_berbantuan",
                        "daring_atau_tatap_muka",
                        "daring_lalu_tatap_muka",
                    ]
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.jenis} · {self.gerai}"

    def get_absolute_url(self) -> str:
        return reverse("layanan:layanan", args=[self.gerai.mpp.slug, self.gerai.instansi.slug, self.jenis.slug])


class Persyaratan(models.Model):
    """One thing to bring or to be. `penghasil` is the type that yields it, so the page can say where to get it."""

    layanan = models.ForeignKey(Layanan, models.CASCADE, related_name="persyaratan", verbose_name=_("layanan"))
    urutan = models.PositiveSmallIntegerField(_("urutan"))
    teks = models.CharField(_("persyaratan"), max_length=300)
    teks_en = models.CharField(_("persyaratan (Inggris)"), max_length=300, blank=True)
    penghasil = models.ForeignKey(
        JenisLayanan,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="dipersyaratkan",
        verbose_name=_("dihasilkan oleh layanan"),
    )

    class Meta:
        verbose_name = _("persyaratan")
        verbose_name_plural = pgettext_lazy("jamak", "persyaratan")
        ordering = ["layanan", "urutan"]
        constraints = [models.UniqueConstraint("layanan", "urutan", name="persyaratan_urutan_unik")]

    def __str__(self) -> str:
        return self.teks


class Langkah(models.Model):
    """One step of the procedure."""

    layanan = models.ForeignKey(Layanan, models.CASCADE, related_name="langkah", verbose_name=_("layanan"))
    urutan = models.PositiveSmallIntegerField(_("urutan"))
    teks = models.CharField(_("langkah"), max_length=300)
    teks_en = models.CharField(_("langkah (Inggris)"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("langkah")
        verbose_name_plural = pgettext_lazy("jamak", "langkah")
        ordering = ["layanan", "urutan"]
        constraints = [models.UniqueConstraint("layanan", "urutan", name="langkah_urutan_unik")]

    def __str__(self) -> str:
        return self.teks
