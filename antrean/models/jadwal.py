"""Times that can be booked, and who booked them. A slot never holds more than its capacity: the database says so."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from layanan.models import JamBuka, Layanan, Mpp, Penugasan, Peran
from mpp_portal.crypto import EncryptedField
from mpp_portal.rows import WordField

from ..states import BERAKHIR, BERLAKU, MEMEGANG, StatusPesan
from .antrean import Antrean, is_today
from .tiket import Kunjungan, Tiket

PER_KONTAK = 4  # people of one phone number or address on one day: a family fits, hoarding does not
WALK = timedelta(minutes=10)  # from one gerai of a building to another


class PolaJadwalQuerySet(models.QuerySet["PolaJadwal"]):
    def managed_by(self, user: Any) -> "PolaJadwalQuerySet":
        return self.filter(antrean__in=Antrean.objects.managed_by(user))


class PolaJadwal(models.Model):
    """A weekly window of a line whose times can be booked, and when they can be.

    A slot of `menit` minutes takes what the rostered `loket` can serve in it, less the share kept for walk-ins.
    """

    antrean = models.ForeignKey(Antrean, models.CASCADE, related_name="pola", verbose_name=_("antrean"))
    hari = models.PositiveSmallIntegerField(_("hari"), choices=JamBuka.Hari)
    mulai = models.TimeField(_("mulai"))
    selesai = models.TimeField(_("selesai"))
    menit = models.PositiveSmallIntegerField(_("lama satu jadwal (menit)"), default=30)
    loket = models.PositiveSmallIntegerField(_("loket yang bertugas"), default=1)
    persen_langsung = models.PositiveSmallIntegerField(
        _("bagian untuk yang datang langsung (%)"), default=50, validators=[MaxValueValidator(100)]
    )
    hari_ke_depan = models.PositiveSmallIntegerField(
        _("dapat dipesan sampai (hari ke depan)"), default=14, validators=[MinValueValidator(1), MaxValueValidator(90)]
    )
    dibuka_pukul = models.TimeField(
        _("hari terjauh dibuka pukul"), default=time(8), help_text=_("Jam di MPP itu, setiap hari.")
    )
    batas_menit = models.PositiveSmallIntegerField(
        _("batas memesan (menit sebelum mulai)"), default=60, help_text=_("Sesudahnya: datang langsung.")
    )

    objects = PolaJadwalQuerySet.as_manager()

    class Meta:
        verbose_name = _("pola jadwal")
        verbose_name_plural = pgettext_lazy("jamak", "pola jadwal")
        ordering = ["antrean", "hari", "mulai"]
        constraints = [
            models.UniqueConstraint("antrean", "hari", "mulai", name="pola_mulai_unik"),
            models.CheckConstraint(name="pola_hari_dikenal", condition=Q(hari__lte=6)),
            models.CheckConstraint(name="pola_mulai_sebelum_selesai", condition=Q(mulai__lt=F("selesai"))),
            models.CheckConstraint(name="pola_menit_wajar", condition=Q(menit__gte=5, menit__lte=480)),
            models.CheckConstraint(name="pola_persen_wajar", condition=Q(persen_langsung__lte=100)),
            models.CheckConstraint(name="pola_hari_wajar", condition=Q(hari_ke_depan__gte=1, hari_ke_depan__lte=90)),
        ]

    def __str__(self) -> str:
        return f"{self.antrean}: {self.get_hari_display()}"

    @property
    def kapasitas(self) -> int:
        """Bookings that one slot takes."""
        served = self.loket * self.menit // self.antrean.menit_layanan
        return served * (100 - self.persen_langsung) // 100

    def opens_at(self, tanggal: date, mpp: Mpp) -> datetime:
        """The instant from which a date can be booked."""
        return datetime.combine(tanggal - timedelta(days=self.hari_ke_depan), self.dibuka_pukul, mpp.zone)


class SlotQuerySet(models.QuerySet["Slot"]):
    def managed_by(self, user: Any) -> "SlotQuerySet":
        return self.filter(antrean__in=Antrean.objects.managed_by(user))

    def ahead(self, antrean: Antrean, now: datetime) -> "SlotQuerySet":
        """A line's slots from today on, with `sisa`: places on sale, counting those whose hold has run out as free."""
        lapsed = models.Count("pemesanan", filter=Q(pemesanan__status="ditahan", pemesanan__held_until__lte=now))
        left = F("kapasitas") - F("terisi") + lapsed
        rows = self.filter(antrean=antrean, tanggal__gte=antrean.gerai.mpp.today(now))
        return rows.annotate(sisa=models.Case(models.When(quiet_until__gt=now, then=0), default=left))


class Slot(models.Model):
    """One time of one line that people can book. `terisi` counts the bookings that hold a place of it."""

    antrean = models.ForeignKey(Antrean, models.PROTECT, related_name="slot", verbose_name=_("antrean"))
    tanggal = models.DateField(_("tanggal"))
    mulai = models.DateTimeField(_("mulai"))
    selesai = models.DateTimeField(_("selesai"))
    kapasitas = models.PositiveSmallIntegerField(_("kapasitas"))
    terisi = models.PositiveSmallIntegerField(_("terisi"), default=0)
    opens_at = models.DateTimeField(_("dapat dipesan sejak"))
    closes_at = models.DateTimeField(_("dapat dipesan sampai"))
    quiet_until = models.DateTimeField(_("tempat yang kembali dijual lagi sejak"), null=True, blank=True)
    bentrok: "Pemesanan | None" = None  # of who chooses: their other booking which this time collides with

    objects = SlotQuerySet.as_manager()

    class Meta:
        verbose_name = _("slot")
        verbose_name_plural = pgettext_lazy("jamak", "slot")
        ordering = ["mulai"]
        indexes = [models.Index(fields=["antrean", "tanggal"], name="slot_antrean_tanggal")]
        constraints = [
            models.UniqueConstraint("antrean", "mulai", name="slot_mulai_unik"),
            models.CheckConstraint(name="slot_mulai_sebelum_selesai", condition=Q(mulai__lt=F("selesai"))),
            models.CheckConstraint(name="slot_tidak_melebihi_kapasitas", condition=Q(terisi__lte=F("kapasitas"))),
        ]

    def __str__(self) -> str:
        return f"{self.antrean} {self.mulai:%Y-%m-%d %H:%M}"

    def is_quiet(self, now: datetime) -> bool:
        """A place has just been given back: it is not on sale again before an instant that nobody can arrange."""
        return self.quiet_until is not None and now < self.quiet_until

    @property
    def frees_at(self) -> datetime:
        """When somebody with this time can be at another gerai: called by its end, then served, then walked over."""
        return self.selesai + timedelta(minutes=self.antrean.menit_layanan) + WALK

    def collides_with(self, other: "Slot") -> bool:
        """Nobody can keep both times."""
        return self.mulai < other.frees_at and other.mulai < self.frees_at


class PemesananQuerySet(models.QuerySet["Pemesanan"]):
    def managed_by(self, user: Any) -> "PemesananQuerySet":
        return self.filter(kunjungan__mpp__in=Mpp.objects.managed_by(user))

    def at_desk_of(self, user: Any) -> "PemesananQuerySet":
        """Bookings of the malls where this person is petugas informasi or penyelia."""
        return self.filter(kunjungan__in=Kunjungan.objects.at_desk_of(user))

    def readable_by(self, user: Any) -> "PemesananQuerySet":
        """Bookings whose NIK this person needs: at the desk of the mall, or at a loket of its gerai, on its day."""
        at_loket = Penugasan.objects.current(user, Peran.PETUGAS_LOKET).values("gerai")
        own_day = Q(slot__antrean__gerai__in=at_loket) & is_today("slot__")
        return self.exclude(nik="").filter(own_day | Q(kunjungan__in=Kunjungan.objects.at_desk_of(user)))

    def holding(self) -> "PemesananQuerySet":
        return self.filter(status__in=MEMEGANG)

    def on_page(self) -> "PemesananQuerySet":
        """Those that have not become a ticket yet, or never will; a hold that ran out is nobody's any more.

        A place offered to who waits stands on the list until it is taken.
        """
        never_named = [StatusPesan.HANGUS, StatusPesan.BATAL]
        rows = self.exclude(status=StatusPesan.HADIR).exclude(status__in=never_named, nama="")
        return rows.exclude(tunggu__status__in=["ditawari", "terlewat", "batal"])

    def occupying(self, visit: Kunjungan, now: datetime) -> "PemesananQuerySet":
        """What the person of this visit is still to be in time for."""
        held = Q(status=StatusPesan.DITAHAN, held_until__gt=now)
        rows = self.filter(held | Q(status__in=BERLAKU), kunjungan=visit).exclude(tiket__status__in=BERAKHIR)
        return rows.select_related("slot__antrean__gerai__instansi").order_by("slot__mulai")

    def together_with(self, visit: Kunjungan) -> "PemesananQuerySet":
        """The others on the same phone who were booked together with this visit, and still come."""
        group = Q(kunjungan=visit.group_id) | Q(kunjungan__rombongan=visit.group_id)
        return self.filter(group, status__in=BERLAKU).exclude(kunjungan=visit)

    def forgettable(self, before: datetime) -> "PemesananQuerySet":
        """Those of days that were over by then and of whose person something is still known; ones in flight stay."""
        rows = self.filter(tanggal__lt=before.date(), forgotten_at__isnull=True)
        return rows.exclude(status__in=[StatusPesan.DITAHAN, StatusPesan.DIPESAN])

    def expected(self) -> "PemesananQuerySet":
        """Booked and not here yet."""
        return self.filter(status=StatusPesan.DIPESAN)


class Pemesanan(models.Model):
    """One person's place in one slot. `orang` and `sidik_kontak` are keyed hashes: they find, they do not tell."""

    slot = models.ForeignKey(Slot, models.PROTECT, related_name="pemesanan", verbose_name=_("slot"))
    tanggal = models.DateField(_("tanggal"))
    layanan = models.ForeignKey(Layanan, models.PROTECT, verbose_name=_("layanan"))
    sekaligus = models.ManyToManyField(Layanan, related_name="+", blank=True, verbose_name=_("sekaligus mengurus"))
    kunjungan = models.ForeignKey(Kunjungan, models.PROTECT, related_name="pemesanan", verbose_name=_("kunjungan"))
    status = WordField(_("status"), max_length=20, choices=StatusPesan, default=StatusPesan.DITAHAN)
    nama = models.CharField(_("nama"), max_length=100, blank=True)
    kontak = models.CharField(_("nomor WhatsApp atau surel"), max_length=120, blank=True)
    prioritas = models.CharField(_("prioritas"), max_length=12, choices=Tiket.Prioritas, blank=True)
    nik = EncryptedField(_("NIK"), blank=True, editable=False)  # only where the layanan asks for it
    orang = models.CharField(max_length=64, blank=True, editable=False)
    sidik_kontak = models.CharField(max_length=64, blank=True, editable=False)
    # 1–4 among the people of the contact that day; a further booking of the same visit has none of its own.
    urut_kontak = models.PositiveSmallIntegerField(null=True, editable=False)
    kunci = models.CharField(max_length=64, unique=True, editable=False)  # hash of the form's key and its sender
    held_until = models.DateTimeField(_("ditahan sampai"))
    created_at = models.DateTimeField(_("dibuat"), default=timezone.now)
    ended_at = models.DateTimeField(_("berakhir"), null=True, blank=True)
    forgotten_at = models.DateTimeField(_("data pribadinya dihapus"), null=True, blank=True, editable=False)
    told_at = models.DateTimeField(null=True, blank=True, editable=False)  # that no loket serves at that time
    tiket = models.OneToOneField(
        Tiket, models.PROTECT, null=True, blank=True, related_name="pemesanan", verbose_name=_("tiket")
    )
    pengganti = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="asal", verbose_name=_("jadwal barunya")
    )

    prasyarat = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="lanjutan", verbose_name=_("sesudah jadwal")
    )  # what is arranged there is required here

    tutup = ""  # for pages: why no loket serves at that time after all

    objects = PemesananQuerySet.as_manager()

    class Meta:
        verbose_name = _("pemesanan")
        verbose_name_plural = pgettext_lazy("jamak", "pemesanan")
        indexes = [models.Index(fields=["kunjungan"], name="pemesanan_kunjungan")]
        constraints = [
            models.CheckConstraint(name="pemesanan_status_dikenal", condition=Q(status__in=StatusPesan.values)),
            models.CheckConstraint(
                name="pemesanan_berlaku_beridentitas",
                condition=~Q(status__in=[*BERLAKU, "dijadwalkan_ulang"])
                | (
                    (~Q(nama="") | Q(forgotten_at__isnull=False))
                    & ~Q(orang="")
                    & (  # without an address: booked at the desk, for somebody who has none
                        Q(kontak="", sidik_kontak="", urut_kontak__isnull=True) | (~Q(kontak="") & ~Q(sidik_kontak=""))
                    )
                ),
            ),
            models.CheckConstraint(
                name="pemesanan_hadir_bertiket",
                condition=Q(status="hadir", tiket__isnull=False) | Q(~Q(status="hadir"), tiket__isnull=True),
            ),
            models.CheckConstraint(
                name="pemesanan_pindah_berpengganti",
                condition=Q(status="dijadwalkan_ulang", pengganti__isnull=False)
                | Q(~Q(status="dijadwalkan_ulang"), pengganti__isnull=True),
            ),
            models.CheckConstraint(
                name="pemesanan_berakhir_pada",
                condition=Q(status__in=MEMEGANG, ended_at__isnull=True)
                | Q(~Q(status__in=MEMEGANG), ended_at__isnull=False),
            ),
            models.CheckConstraint(
                name="pemesanan_dilupakan_kosong",
                condition=Q(forgotten_at__isnull=True) | Q(nama="", kontak="", nik="", sidik_kontak=""),
            ),
            models.CheckConstraint(
                name="pemesanan_prioritas_dikenal",
                condition=Q(prioritas__in=["", "lansia", "disabilitas", "hamil", "balita"]),
            ),
            models.CheckConstraint(
                name="pemesanan_paling_banyak_empat",
                condition=Q(urut_kontak__isnull=True) | Q(urut_kontak__gte=1, urut_kontak__lte=PER_KONTAK),
            ),
            models.UniqueConstraint(
                "layanan", "tanggal", "orang", condition=Q(status__in=BERLAKU), name="pemesanan_satu_per_orang"
            ),
            models.UniqueConstraint(
                "tanggal",
                "sidik_kontak",
                "urut_kontak",
                condition=Q(status__in=BERLAKU),
                name="pemesanan_urut_kontak_unik",
            ),
            models.UniqueConstraint(
                "kunjungan",
                condition=Q(status__in=BERLAKU, urut_kontak__isnull=False),
                name="pemesanan_satu_tempat_per_kunjungan",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kunjungan} {self.slot}"

    @property
    def awaited(self) -> "Pemesanan | None":
        """What was chosen together with this one and waits for the same name."""
        first = self.prasyarat
        unnamed = first is not None and not first.nama
        return first if unnamed and first and first.status in (StatusPesan.DITAHAN, StatusPesan.HANGUS) else None

    @property
    def services(self) -> list[Layanan]:
        """What the person comes for."""
        return [self.layanan, *self.sekaligus.all()]

    def same_person(self) -> "Pemesanan | None":
        """What the person of this visit has booked before, with their name and address."""
        rows = Pemesanan.objects.filter(kunjungan=self.kunjungan_id, status__in=BERLAKU).exclude(pk=self.pk)
        return rows.order_by("pk").first()

    def is_held(self, now: datetime) -> bool:
        return self.status == StatusPesan.DITAHAN and now < self.held_until
