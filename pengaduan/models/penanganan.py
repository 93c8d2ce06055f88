"""Who has a report, what was said about it to whom, and how it was judged."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from layanan.models import Gerai, Peran
from mpp_portal.rows import WordField

from ..states import StatusDisposisi
from .laporan import Laporan
from .wewenang import Wewenang

LOW = 2  # a rating of one or two reopens


class DisposisiQuerySet(models.QuerySet["Disposisi"]):
    def current(self) -> "DisposisiQuerySet":
        return self.exclude(status=StatusDisposisi.DIKEMBALIKAN)

    def in_hands_of(self, at: Wewenang) -> "DisposisiQuerySet":
        inspected = Q(gerai__isnull=True, laporan__mpp__in=at.inspektorat)
        mine = Q(gerai__in=at.penghubung)
        return self.current().filter(mine | inspected if at.inspektorat else mine)

    def handled_by(self, user: Any) -> "DisposisiQuerySet":
        """Those of the gerai whose pejabat penghubung this person is, and of the inspektorat for its members; never
        a confidential complaint about their own office."""
        at = Wewenang.of(user)
        return self.in_hands_of(at).filter(laporan__in=Laporan.objects.kept_from_reported(at))


class Disposisi(models.Model):
    """One office's part of a report; without a gerai it is the inspektorat's."""

    laporan = models.ForeignKey(Laporan, models.PROTECT, related_name="disposisi", verbose_name=_("laporan"))
    gerai = models.ForeignKey(Gerai, models.PROTECT, null=True, blank=True, verbose_name=_("gerai"))
    status = WordField(_("status"), max_length=20, choices=StatusDisposisi, default=StatusDisposisi.DIDISPOSISIKAN)
    pesan = models.CharField(_("pesan kepada instansi"), max_length=300, blank=True)
    penyalur = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("penyalur"))
    created_at = models.DateTimeField(_("disalurkan"), default=timezone.now)
    penjawab = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("penjawab")
    )
    answered_at = models.DateTimeField(_("ditanggapi"), null=True)
    penutup = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("penutup")
    )
    returned_at = models.DateTimeField(_("dikembalikan"), null=True)
    alasan_kembali = models.CharField(_("alasan dikembalikan"), max_length=300, blank=True)

    objects = DisposisiQuerySet.as_manager()

    class Meta:
        verbose_name = _("disposisi")
        verbose_name_plural = pgettext_lazy("jamak", "disposisi")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(name="disposisi_status_dikenal", condition=Q(status__in=StatusDisposisi.values)),
            models.UniqueConstraint(
                "laporan", "gerai", condition=~Q(status="dikembalikan"), name="disposisi_satu_per_gerai"
            ),
            models.UniqueConstraint(
                "laporan",
                condition=Q(~Q(status="dikembalikan"), gerai__isnull=True),
                name="disposisi_satu_inspektorat",
            ),
            models.CheckConstraint(
                name="disposisi_ditanggapi_tercatat",
                condition=~Q(status="ditanggapi") | Q(penjawab__isnull=False, answered_at__isnull=False),
            ),
            models.CheckConstraint(
                name="disposisi_kembali_beralasan",
                condition=Q(~Q(status="dikembalikan"), returned_at__isnull=True)
                | Q(~Q(alasan_kembali=""), status="dikembalikan", returned_at__isnull=False),
            ),
            models.CheckConstraint(
                name="disposisi_penjawab_bukan_penyalur",
                condition=Q(penjawab__isnull=True) | ~Q(penjawab=F("penyalur")),
            ),
            models.CheckConstraint(
                name="disposisi_penutup_bukan_penjawab",
                condition=Q(penutup__isnull=True) | Q(~Q(penutup=F("penjawab")), penjawab__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.laporan} → {self.office}"

    @property
    def office(self) -> str:
        return self.gerai.instansi.singkatan if self.gerai else str(Peran.INSPEKTORAT.label)


class Tanggapan(models.Model):
    """What the office and the reporter say to each other. The reporter reads every row of it."""

    class Jenis(models.TextChoices):
        PERTANYAAN = "pertanyaan", _("pertanyaan")
        KELENGKAPAN = "kelengkapan", _("kelengkapan")
        TINDAK_LANJUT = "tindak_lanjut", _("tindak lanjut")
        JAWABAN = "jawaban", _("jawaban")
        SANGGAHAN = "sanggahan", _("sanggahan")
        TAMBAHAN = "tambahan", _("tambahan")

    laporan = models.ForeignKey(Laporan, models.PROTECT, related_name="tanggapan", verbose_name=_("laporan"))
    disposisi = models.ForeignKey(Disposisi, models.PROTECT, null=True, related_name="+", verbose_name=_("disposisi"))
    jenis = models.CharField(_("jenis"), max_length=16, choices=Jenis)
    teks = models.TextField(_("teks"))
    oleh = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("oleh")
    )
    at = models.DateTimeField(_("waktu"), default=timezone.now)

    class Meta:
        verbose_name = _("tanggapan")
        verbose_name_plural = pgettext_lazy("jamak", "tanggapan")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(name="tanggapan_berisi", condition=~Q(teks="")),
            models.CheckConstraint(
                name="tanggapan_oleh_menurut_jenis",
                condition=Q(jenis__in=["kelengkapan", "sanggahan", "tambahan"], oleh__isnull=True)
                | Q(jenis__in=["pertanyaan", "tindak_lanjut", "jawaban"], oleh__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.laporan} {self.jenis}"


class Catatan(models.Model):
    """A note between handlers; no page of the reporter or the public reads this table."""

    laporan = models.ForeignKey(Laporan, models.PROTECT, related_name="catatan", verbose_name=_("laporan"))
    teks = models.TextField(_("teks"))
    oleh = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("oleh"))
    at = models.DateTimeField(_("waktu"), default=timezone.now)

    class Meta:
        verbose_name = _("catatan")
        verbose_name_plural = pgettext_lazy("jamak", "catatan")
        ordering = ["at", "pk"]
        constraints = [models.CheckConstraint(name="catatan_berisi", condition=~Q(teks=""))]

    def __str__(self) -> str:
        return str(self.laporan)


class Penilaian(models.Model):
    """What the reporter thinks of the answer, once each time it was answered."""

    laporan = models.ForeignKey(Laporan, models.PROTECT, related_name="penilaian", verbose_name=_("laporan"))
    putaran = models.PositiveSmallIntegerField(_("putaran"))
    nilai = models.PositiveSmallIntegerField(_("nilai"))
    alasan = models.TextField(_("alasan"), blank=True)
    at = models.DateTimeField(_("waktu"), default=timezone.now)

    class Meta:
        verbose_name = _("penilaian")
        verbose_name_plural = pgettext_lazy("jamak", "penilaian")
        ordering = ["putaran"]
        constraints = [
            models.UniqueConstraint("laporan", "putaran", name="penilaian_satu_per_putaran"),
            models.CheckConstraint(name="penilaian_satu_sampai_lima", condition=Q(nilai__gte=1, nilai__lte=5)),
            models.CheckConstraint(name="penilaian_rendah_beralasan", condition=Q(nilai__gt=LOW) | ~Q(alasan="")),
        ]

    def __str__(self) -> str:
        return f"{self.laporan}: {self.nilai}"
