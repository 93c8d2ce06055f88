"""Visits and their tickets."""

import secrets
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from layanan.models import Layanan, Loket, Mpp, Penugasan, Peran, Wilayah
from mpp_portal.rows import WordField

from ..states import AKTIF, BERAKHIR, BERLAKU, DI_LOKET, TANPA_LOKET, Cetak, Hasil, Status
from .antrean import Sesi


def new_secret() -> str:
    """128 bits, for a link that only its holder knows."""
    return secrets.token_urlsafe(16)


ALFABET = "ACDEFHJKLMNPQRTUVWXY3479"  # no letter that looks or is heard like another


def new_code() -> str:
    return "".join(secrets.choice(ALFABET) for _ in range(6))


class KunjunganQuerySet(models.QuerySet["Kunjungan"]):
    def managed_by(self, user: Any) -> "KunjunganQuerySet":
        return self.filter(mpp__in=Mpp.objects.managed_by(user))

    def at_desk_of(self, user: Any) -> "KunjunganQuerySet":
        """Visits of the malls where this person is petugas informasi or penyelia."""
        desk = Penugasan.objects.current(user, Peran.PETUGAS_INFORMASI, Peran.PENYELIA)
        return self.filter(mpp__in=desk.values("mpp"))

    def going_on(self, now: datetime | None = None) -> "KunjunganQuerySet":
        """Visits of today and of days to come, of people who have a time or a number."""
        ahead = Q()
        for zona in Wilayah.Zona.values:
            tanggal = timezone.localdate(now, timezone=ZoneInfo(zona))
            ahead |= Q(tanggal__gte=tanggal, mpp__wilayah__zona=zona)
        booked = Q(pemesanan__status__in=BERLAKU)
        return self.filter(ahead, booked | Q(tiket__isnull=False)).distinct()


SISA = (1, 3, 5, 10)  # people ahead at which one may wish to be told


class Kunjungan(models.Model):
    """One person's visit of one day: one code and one link, with tickets at one or several gerai."""

    mpp = models.ForeignKey(Mpp, models.PROTECT, verbose_name=_("MPP"))
    tanggal = models.DateField(_("tanggal"))
    kode = models.CharField(_("kode"), max_length=6, default=new_code)
    rahasia = models.CharField(max_length=22, unique=True, default=new_secret, editable=False)
    tamu = models.CharField(max_length=64, blank=True, editable=False)  # hash of the device cookie; blank: at the desk
    rombongan = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="anggota", verbose_name=_("datang bersama")
    )
    kabari_sisa = models.PositiveSmallIntegerField(
        _("dikabari saat di depannya tinggal (orang)"), choices=[(n, str(n)) for n in SISA], default=3, db_default=3
    )
    created_at = models.DateTimeField(_("dibuat"), default=timezone.now)

    objects = KunjunganQuerySet.as_manager()

    class Meta:
        verbose_name = _("kunjungan")
        verbose_name_plural = pgettext_lazy("jamak", "kunjungan")
        constraints = [
            models.UniqueConstraint("mpp", "tanggal", "kode", name="kunjungan_kode_unik_per_hari"),
            models.UniqueConstraint(
                "mpp", "tanggal", "tamu", condition=~Q(tamu=""), name="kunjungan_satu_per_tamu_per_hari"
            ),
            models.CheckConstraint(name="kunjungan_sisa_dikenal", condition=Q(kabari_sisa__in=SISA)),
        ]

    def __str__(self) -> str:
        return self.kode

    def get_absolute_url(self) -> str:
        return reverse("antrean:kunjungan", args=[self.rahasia])

    @property
    def channel(self) -> str:
        return f"kunjungan-{self.pk}"

    @property
    def group_id(self) -> int:
        """The first visit of those who were booked together: what all of them point to."""
        return self.rombongan_id or self.pk


HAS_ANOTHER_FIRST = Q(prasyarat__isnull=False) & ~Q(prasyarat__status__in=BERAKHIR)


class TiketQuerySet(models.QuerySet["Tiket"]):
    def managed_by(self, user: Any) -> "TiketQuerySet":
        return self.filter(sesi__antrean__mpp__in=Mpp.objects.managed_by(user))

    def waiting(self) -> "TiketQuerySet":
        return self.filter(status=Status.MENUNGGU)

    def active(self) -> "TiketQuerySet":
        return self.filter(status__in=AKTIF)

    def going_on(self) -> "TiketQuerySet":
        """All but those that go on as another ticket in another line."""
        return self.exclude(status=Status.DIALIHKAN)

    def ready(self) -> "TiketQuerySet":
        """All but those who have another number first, which is not over yet: nobody calls them in vain."""
        return self.exclude(HAS_ANOTHER_FIRST)

    def left_out(self) -> "TiketQuerySet":
        """Who is at another loket just now, or has another number first."""
        at_loket = Tiket.objects.filter(kunjungan=models.OuterRef("kunjungan"), status__in=DI_LOKET)
        return self.filter(models.Exists(at_loket) | HAS_ANOTHER_FIRST)

    def walk_ins(self) -> "TiketQuerySet":
        """All but those whose turn is a time that was promised to them."""
        return self.exclude(giliran_pada=F("jadwal"))

    def in_order(self) -> "TiketQuerySet":
        """The order of the line: planned time of service, then number."""
        return self.order_by("giliran_pada", "nomor")

    def ahead_of(self, tiket: "Tiket") -> "TiketQuerySet":
        """Who waits in the same line and has the earlier turn."""
        return self.waiting().filter(
            Q(giliran_pada__lt=tiket.giliran_pada) | Q(giliran_pada=tiket.giliran_pada, nomor__lt=tiket.nomor),
            sesi=tiket.sesi_id,
        )


class Tiket(models.Model):
    """One number of one line on one day. `giliran_pada`, the planned time of service, orders the line."""

    class Prioritas(models.TextChoices):
        LANSIA = "lansia", _("lansia")
        DISABILITAS = "disabilitas", _("penyandang disabilitas")
        HAMIL = "hamil", _("hamil atau menyusui")
        BALITA = "balita", _("membawa balita")

    class Asal(models.TextChoices):
        AULA = "aula", _("ponsel di aula")
        MEJA = "meja", _("meja informasi")
        PESAN = "pesan", _("pemesanan")
        ANJUNGAN = "anjungan", _("anjungan antrean")

    sesi = models.ForeignKey(Sesi, models.PROTECT, related_name="tiket", verbose_name=_("sesi"))
    nomor = models.PositiveIntegerField(_("nomor"))
    label = models.CharField(_("nomor antrean"), max_length=8)
    kunjungan = models.ForeignKey(Kunjungan, models.PROTECT, related_name="tiket", verbose_name=_("kunjungan"))
    layanan = models.ForeignKey(Layanan, models.PROTECT, verbose_name=_("layanan"))
    sekaligus = models.ManyToManyField(Layanan, related_name="+", blank=True, verbose_name=_("sekaligus mengurus"))
    asal = models.CharField(_("asal"), max_length=8, choices=Asal)
    prioritas = models.CharField(_("prioritas"), max_length=12, choices=Prioritas, blank=True)
    pendampingan = models.BooleanField(_("perlu pendampingan"), default=False)
    kunci = models.CharField(max_length=64, unique=True, editable=False)  # hash of the form's key and its sender
    status = WordField(_("status"), max_length=12, choices=Status, default=Status.MENUNGGU)
    cetak = WordField(_("karcis"), max_length=8, choices=Cetak, default=Cetak.TANPA, blank=True)
    giliran_pada = models.DateTimeField(_("giliran"))
    jadwal = models.DateTimeField(_("jam yang dijanjikan"), null=True, blank=True)  # by a booking or by the instansi
    kode_luar = models.CharField(_("kode jadwal dari instansi"), max_length=30, blank=True)
    created_at = models.DateTimeField(_("diambil"), default=timezone.now)
    loket = models.ForeignKey(Loket, models.PROTECT, null=True, blank=True, verbose_name=_("loket"))
    called_at = models.DateTimeField(_("dipanggil"), null=True, blank=True)
    started_at = models.DateTimeField(_("mulai dilayani"), null=True, blank=True)
    ended_at = models.DateTimeField(_("berakhir"), null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True, editable=False)  # that the turn comes near
    parked_at = models.DateTimeField(_("ditunda"), null=True, blank=True)
    hasil = models.CharField(_("hasil"), max_length=14, choices=Hasil, blank=True)
    catatan = models.CharField(_("catatan petugas"), max_length=200, blank=True)
    pengganti = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, db_index=False, verbose_name=_("nomor penggantinya")
    )  # of who was moved to another line: the same person there, with the same label
    prasyarat = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="lanjutan",
        verbose_name=_("sesudah nomor"),
    )  # of the same visit: what is arranged there is required here
    absent_at = models.DateTimeField(_("tidak hadir saat dipanggil"), null=True, blank=True)
    absent_panggilan = models.PositiveIntegerField(null=True, blank=True, editable=False)  # Sesi.panggilan at that time

    objects = TiketQuerySet.as_manager()

    class Meta:
        verbose_name = _("tiket")
        verbose_name_plural = pgettext_lazy("jamak", "tiket")
        indexes = [
            models.Index("sesi", "giliran_pada", "nomor", condition=Q(status="menunggu"), name="tiket_menunggu"),
            models.Index(fields=["kunjungan"], name="tiket_kunjungan"),
            models.Index(fields=["created_at"], condition=Q(cetak="ditunggu"), name="tiket_karcis_ditunggu"),
        ]
        constraints = [
            models.UniqueConstraint("sesi", "nomor", name="tiket_nomor_unik_per_sesi"),
            models.UniqueConstraint(
                "sesi", "kunjungan", condition=Q(status__in=AKTIF), name="tiket_satu_aktif_per_antrean"
            ),
            models.UniqueConstraint("loket", condition=Q(status__in=DI_LOKET), name="tiket_satu_per_loket"),
            models.UniqueConstraint("kunjungan", condition=Q(status__in=DI_LOKET), name="tiket_satu_per_orang"),
            models.UniqueConstraint("pengganti", condition=Q(pengganti__isnull=False), name="tiket_pengganti_unik"),
            models.CheckConstraint(
                name="tiket_sesudah_yang_lain", condition=Q(prasyarat__isnull=True) | ~Q(prasyarat=F("id"))
            ),
            models.UniqueConstraint("sesi", "kode_luar", condition=~Q(kode_luar=""), name="tiket_kode_luar_sekali"),
            models.CheckConstraint(name="tiket_status_dikenal", condition=Q(status__in=Status.values)),
            models.CheckConstraint(
                name="tiket_prioritas_dikenal",
                condition=Q(prioritas__in=["", "lansia", "disabilitas", "hamil", "balita"]),
            ),
            models.CheckConstraint(name="tiket_cetak_dikenal", condition=Q(cetak__in=Cetak.values)),
            models.CheckConstraint(
                name="tiket_dipanggil_sesudah_keluar",
                condition=~Q(cetak="ditunggu") | Q(status__in=["menunggu", "batal", "hangus"]),
            ),
            models.CheckConstraint(name="tiket_nomor_mulai_satu", condition=Q(nomor__gte=1)),
            models.CheckConstraint(
                name="tiket_di_loket_tercatat",
                condition=~Q(status__in=[*DI_LOKET, "selesai", "dialihkan"])
                | Q(loket__isnull=False, called_at__isnull=False),
            ),
            models.CheckConstraint(
                name="tiket_menunggu_tanpa_loket", condition=~Q(status__in=TANPA_LOKET) | Q(loket__isnull=True)
            ),
            models.CheckConstraint(
                name="tiket_dilayani_sejak",
                condition=Q(status__in=["dilayani", "selesai"], started_at__isnull=False)
                | Q(status="dialihkan")
                | Q(~Q(status__in=["dilayani", "selesai", "dialihkan"]), started_at__isnull=True),
            ),
            models.CheckConstraint(
                name="tiket_berakhir_pada",
                condition=Q(status__in=BERAKHIR, ended_at__isnull=False)
                | Q(~Q(status__in=BERAKHIR), ended_at__isnull=True),
            ),
            models.CheckConstraint(
                name="tiket_ditunda_sejak",
                condition=Q(status="ditunda", parked_at__isnull=False)
                | Q(~Q(status="ditunda"), parked_at__isnull=True),
            ),
            models.CheckConstraint(
                name="tiket_dialihkan_berpengganti",
                condition=Q(status="dialihkan", pengganti__isnull=False)
                | Q(~Q(status="dialihkan"), pengganti__isnull=True),
            ),
            models.CheckConstraint(
                name="tiket_selesai_berhasil",
                condition=Q(status="selesai", hasil__in=Hasil.values) | Q(~Q(status="selesai"), hasil=""),
            ),
            models.CheckConstraint(
                name="tiket_terlewat_dua_kali", condition=~Q(status="terlewat") | Q(absent_at__isnull=False)
            ),
            models.CheckConstraint(
                name="tiket_waktu_urut",
                condition=(Q(started_at__isnull=True) | Q(started_at__gte=F("called_at")))
                & (Q(ended_at__isnull=True) | Q(started_at__isnull=True) | Q(ended_at__gte=F("started_at"))),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def awaited(self) -> "Tiket | None":
        """The number that comes first, while it is not over: until then this one is not called."""
        return self.prasyarat if self.prasyarat and self.prasyarat.status not in BERAKHIR else None

    @property
    def follow_up(self) -> "Tiket | None":
        """A number that waits for this one."""
        return Tiket.objects.active().filter(kunjungan=self.kunjungan_id, prasyarat=self.pk).first()

    @property
    def keeps_time(self) -> bool:
        """The turn is the time that was promised, not one of somebody who came too late for it."""
        return self.jadwal is not None and self.giliran_pada == self.jadwal
