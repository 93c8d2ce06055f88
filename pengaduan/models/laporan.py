"""What was reported, by whom as far as they said, and how it stands."""

import hashlib
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from layanan.models import Gerai, Mpp, Penugasan, Peran
from mpp_portal.notifikasi.models import Kanal
from mpp_portal.rows import WordField

from ..states import BERAKHIR, BERJALAN, DI_INSTANSI, Klasifikasi, Status, Tema, Urgensi
from .wewenang import Wewenang

KEADAAN = {"berjalan": _("masih berjalan"), "terlambat": _("terlambat"), "berakhir": _("sudah berakhir")}
TERBIT = Q(published_at__isnull=False)
VISIT = 3600  # seconds: how long code and PIN open the page
_signer = signing.TimestampSigner(salt="pengaduan.masuk")


class UrutanLaporan(models.Model):
    """The last number of a month: a row of its own, so that a report that fails leaves no gap."""

    bulan = models.CharField(_("bulan"), max_length=4, unique=True)
    terakhir = models.PositiveIntegerField(_("terakhir"))

    class Meta:
        verbose_name = _("urutan laporan")
        verbose_name_plural = pgettext_lazy("jamak", "urutan laporan")

    def __str__(self) -> str:
        return f"{self.bulan}: {self.terakhir}"


def _steered(at: Wewenang) -> list[Q]:
    """One question for each role; none where the person has none."""
    own = Q(mpp__in=at.koordinator, tentang_pengelola=False)
    inspected = Q(mpp__in=at.inspektorat) & (Q(rahasia=True) | Q(tentang_pengelola=True))
    return [question for keys, question in ((at.koordinator, own), (at.inspektorat, inspected)) if keys]


class LaporanQuerySet(models.QuerySet["Laporan"]):
    def by_secret(self, secret: str) -> "LaporanQuerySet":
        """By the secret of its link, or by what code and PIN opened for an hour."""
        try:
            return self.filter(pk=int(_signer.unsign(secret, max_age=VISIT)))
        except (signing.BadSignature, ValueError):
            return self.filter(sidik_rahasia=hashlib.sha256(secret.encode()).hexdigest())

    def steered_by(self, user: Any) -> "LaporanQuerySet":
        """Reports this person verifies, routes and closes: the koordinator's own mall; the inspektorat those that are
        confidential or about the mall's own people, which no koordinator sees."""
        at = Wewenang.of(user)
        return self._any(_steered(at)).kept_from_reported(at)

    def readable_by(self, user: Any) -> "LaporanQuerySet":
        from .penanganan import Disposisi

        at = Wewenang.of(user)
        questions = _steered(at)
        if at.penghubung or at.inspektorat:
            questions.append(Q(pk__in=Disposisi.objects.in_hands_of(at).values("laporan")))
        return self._any(questions).kept_from_reported(at)

    def closable_by(self, user: Any) -> "LaporanQuerySet":
        """Nobody closes what is about their own office."""
        at = Wewenang.of(user)
        return self._any(_steered(at)).kept_from_reported(at).exclude(gerai__in=at.unit)

    def _any(self, questions: list[Q]) -> "LaporanQuerySet":
        return self.filter(reduce(or_, questions)) if questions else self.none()

    def kept_from_reported(self, at: Wewenang) -> "LaporanQuerySet":
        """Without the confidential complaints about the office where this person works."""
        if not at.unit:
            return self
        return self.exclude(rahasia=True, jenis=Laporan.Jenis.PENGADUAN, gerai__in=at.unit)

    def counted_for(self, user: Any) -> "LaporanQuerySet":
        """Reports in the figures this person reads: pimpinan of the mall, its koordinator without what is kept from
        them, admin instansi those about their own gerai. Never a confidential complaint about their own office."""
        at = Wewenang.of(user)
        questions = [
            question
            for keys, question in (
                (at.pimpinan, Q(mpp__in=at.pimpinan)),
                (at.koordinator, Q(mpp__in=at.koordinator, tentang_pengelola=False)),
                (at.admin, Q(gerai__in=at.admin)),
            )
            if keys
        ]
        return self._any(questions).kept_from_reported(at)

    def malls_counted_for(self, user: Any) -> Any:
        at = Wewenang.of(user)
        found = Q(pk__in=at.pimpinan | at.koordinator) | Q(gerai__in=at.admin)
        return Mpp.objects.filter(found).distinct().order_by("nama")

    def watched_by(self, user: Any) -> "LaporanQuerySet":
        """Confidential reports whose readers this person is told: the inspektorat all of the mall, the pengelola
        those that are not about the mall's own people; never one about their own office."""
        at = Wewenang.of(user)
        watched = [
            question
            for keys, question in (
                (at.inspektorat, Q(mpp__in=at.inspektorat)),
                (at.pengelola, Q(mpp__in=at.pengelola, tentang_pengelola=False)),
            )
            if keys
        ]
        return self.filter(rahasia=True)._any(watched).kept_from_reported(at)

    def watches(self, user: Any) -> bool:
        return Penugasan.objects.current(user, Peran.INSPEKTORAT, Peran.PENGELOLA).exists()

    def worked_on_by(self, user: Any) -> bool:
        """Does this person have a role in handling reports now, whether or not there are any?"""
        roles = (Peran.KOORDINATOR, Peran.PEJABAT_PENGHUBUNG, Peran.INSPEKTORAT)
        return Penugasan.objects.current(user, *roles).exists()

    def split_with(self, laporan: "Laporan") -> "LaporanQuerySet":
        """The other parts of what this report's sender wrote as one."""
        first = laporan.asal_id or laporan.pk
        return self.filter(Q(pk=first) | Q(asal=first)).exclude(pk=laporan.pk).order_by("pk")

    def open(self) -> "LaporanQuerySet":
        return self.filter(ended_at__isnull=True)  # and not by status: an index knows it

    def public(self) -> "LaporanQuerySet":
        """What everybody may read, in the words that were published."""
        return self.filter(TERBIT, rahasia=False).exclude(status=Status.DIBATALKAN)

    def with_support(self) -> "LaporanQuerySet":
        """`pendukung`: how many others it happened to; those who reported the same are among them."""
        from .dukungan import Dukungan

        def count(rows: Any, by: str) -> Coalesce:
            counted = rows.filter(**{by: OuterRef("pk")}).order_by().values(by).annotate(n=Count("pk"))
            return Coalesce(Subquery(counted.values("n")), 0)

        return self.annotate(pendukung=count(Dukungan.objects, "laporan") + count(Laporan.objects, "induk"))

    def found_by(
        self, *, q: str = "", mpp: Any = None, instansi: Any = None, keadaan: str = "", now: datetime
    ) -> "LaporanQuerySet":
        """Published reports with words that begin like each of these, of this mall and office, in this state."""
        from .kata import begun
        from .tenggat import Tenggat

        rows = self.filter(mpp=mpp) if mpp else self
        rows = rows.filter(gerai__instansi=instansi) if instansi else rows
        for found in begun(q):
            rows = rows.filter(pk__in=found.values("laporan"))
        if keadaan == "terlambat":
            late = Tenggat.objects.overdue(now).ours().filter(laporan=OuterRef("pk"))
            return rows.filter(Exists(late))
        if keadaan:
            return rows.filter(status__in=BERJALAN if keadaan == "berjalan" else BERAKHIR)
        return rows

    def forgettable(self, now: datetime) -> "LaporanQuerySet":
        """Over for longer than it is kept, and no answer that is still being waited for hangs on it."""
        from .kebijakan import KebijakanSimpan

        waiting = Laporan.objects.open().filter(pk=OuterRef("induk"))
        return self.filter(KebijakanSimpan.objects.outlived(now), ~Exists(waiting), forgotten_at=None)

    def by_urgency(self) -> "LaporanQuerySet":
        """Genting, mendesak, rutin, as the alphabet has them; then what falls due first."""
        return self.order_by("urgensi", F("next_due").asc(nulls_last=True), "pk")

    def note_next(self) -> None:
        """Write down the earliest running clock of the offices, None while all of them wait for the reporter; and the
        first that was missed."""
        from .tenggat import Tenggat

        first = Tenggat.objects.running().ours().filter(laporan=OuterRef("pk"), paused_at=None).order_by("due_at", "pk")
        ended = Tenggat.objects.ours().filter(laporan=OuterRef("pk"))
        missed = ended.filter(Q(met_at__gte=F("due_at")) | Q(dropped_at__gte=F("due_at"))).order_by("due_at")
        self.update(
            next_due=Subquery(first.values("due_at")[:1]),
            next_day=Subquery(first.values("jatuh")[:1]),
            late_at=Coalesce(F("late_at"), Subquery(missed.values("due_at")[:1])),
        )


class Laporan(models.Model):
    """One report. Who knows the secret of its link follows it; who knows its code sees its state only."""

    class Jenis(models.TextChoices):
        PENGADUAN = "pengaduan", _("pengaduan")
        ASPIRASI = "aspirasi", _("aspirasi")
        PERMINTAAN_INFORMASI = "permintaan_informasi", _("permintaan informasi")

    mpp = models.ForeignKey(Mpp, models.PROTECT, verbose_name=_("MPP"))
    kode = models.CharField(_("kode"), max_length=16, unique=True)
    sidik_rahasia = models.CharField(max_length=64, unique=True, editable=False)
    kunci = models.CharField(max_length=64, unique=True, editable=False)  # hash of the form's key and its sender
    sidik_perangkat = models.CharField(max_length=64, blank=True, editable=False)  # larangan.device_mark
    pin = models.CharField(max_length=128, editable=False)
    pin_gagal = models.PositiveSmallIntegerField(default=0, editable=False)
    pin_locked_until = models.DateTimeField(null=True, editable=False)
    jenis = models.CharField(_("jenis"), max_length=24, choices=Jenis)
    judul = models.CharField(_("judul"), max_length=120)
    isi = models.TextField(_("isi"))
    gerai = models.ForeignKey(Gerai, models.PROTECT, null=True, blank=True, verbose_name=_("gerai"))
    tentang_pengelola = models.BooleanField(_("tentang pengelola MPP"), default=False)
    lokasi = models.CharField(_("tempat kejadian"), max_length=200, blank=True)
    terjadi_pada = models.DateField(_("tanggal kejadian"), null=True, blank=True)
    anonim = models.BooleanField(_("anonim"), default=False)
    rahasia = models.BooleanField(_("rahasia"), default=False)
    nama = models.CharField(_("nama"), max_length=100, blank=True)
    kanal = models.CharField(_("kanal"), max_length=10, choices=Kanal, blank=True)
    kontak = models.CharField(_("kontak"), max_length=120, blank=True)
    status = WordField(_("status"), max_length=20, choices=Status, default=Status.DITERIMA)
    klasifikasi = models.CharField(_("klasifikasi"), max_length=24, choices=Klasifikasi, blank=True)
    tema = models.CharField(_("tema"), max_length=16, choices=Tema, blank=True)
    urgensi = models.CharField(_("urgensi"), max_length=10, choices=Urgensi, default=Urgensi.RUTIN)
    alasan_urgensi = models.CharField(_("alasan urgensi"), max_length=300, blank=True)
    verifikator = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("verifikator")
    )
    verified_at = models.DateTimeField(_("diverifikasi"), null=True)
    asked_at = models.DateTimeField(_("ditanyakan"), null=True)
    created_at = models.DateTimeField(_("dikirim"), default=timezone.now)
    ended_at = models.DateTimeField(_("berakhir"), null=True)
    alasan_akhir = models.CharField(_("alasan"), max_length=300, blank=True)
    badan_luar = models.CharField(_("diteruskan kepada"), max_length=150, blank=True)
    nomor_luar = models.CharField(_("nomor di sana"), max_length=80, blank=True)
    putaran = models.PositiveSmallIntegerField(_("putaran"), default=1)
    # Of the earliest clock that runs (note_next): the worklist is ordered by it.
    next_due = models.DateTimeField(_("terlambat sejak"), null=True, editable=False)
    next_day = models.DateField(_("hari terakhir"), null=True, editable=False)
    forgotten_at = models.DateTimeField(_("dilupakan"), null=True, editable=False)
    # What the figures count, kept though a report is opened again.
    answered_at = models.DateTimeField(_("dijawab lengkap"), null=True, editable=False)
    late_at = models.DateTimeField(_("pernah terlambat sejak"), null=True, editable=False)
    induk = models.ForeignKey("self", models.PROTECT, null=True, related_name="anak", verbose_name=_("digabung dengan"))
    # One report that said two things: `pokok` is what is handled here, a second report points to the first.
    pokok = models.TextField(_("yang ditangani di sini"), blank=True)
    asal = models.ForeignKey("self", models.PROTECT, null=True, related_name="pecahan", verbose_name=_("dipecah dari"))
    # What everybody may read stands beside what was reported, which nobody changes.
    judul_publik = models.CharField(_("judul untuk umum"), max_length=120, blank=True)
    isi_publik = models.TextField(_("isi untuk umum"), blank=True)
    jawaban_publik = models.TextField(_("jawaban untuk umum"), blank=True)
    kata_publik = models.TextField(blank=True, editable=False)  # in small letters, for what sounds alike
    published_at = models.DateTimeField(_("diterbitkan"), null=True)
    penerbit = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("penerbit")
    )

    objects = LaporanQuerySet.as_manager()

    class Meta:
        verbose_name = _("laporan")
        verbose_name_plural = pgettext_lazy("jamak", "laporan")
        indexes = [
            models.Index(fields=["mpp", "status"], name="laporan_mpp_status"),
            models.Index(fields=["mpp", "created_at"], name="laporan_dikirim"),
            models.Index("urgensi", "next_due", "id", condition=Q(ended_at__isnull=True), name="laporan_daftar_kerja"),
            models.Index(F("published_at").desc(), F("id").desc(), condition=TERBIT, name="laporan_terbit"),
        ]
        constraints = [
            models.CheckConstraint(name="laporan_status_dikenal", condition=Q(status__in=Status.values)),
            models.CheckConstraint(
                name="laporan_jenis_dikenal", condition=Q(jenis__in=["pengaduan", "aspirasi", "permintaan_informasi"])
            ),
            models.CheckConstraint(name="laporan_tema_dikenal", condition=Q(tema__in=["", *Tema.values])),
            models.CheckConstraint(
                name="laporan_anonim_atau_bernama",
                condition=Q(anonim=True) | ~Q(nama="") | Q(forgotten_at__isnull=False),
            ),
            models.CheckConstraint(
                name="laporan_dilupakan_kosong",
                condition=Q(forgotten_at__isnull=True)
                | Q(ended_at__isnull=False, nama="", kontak="", isi="", pokok=""),
            ),
            models.CheckConstraint(
                name="laporan_kontak_berkanal",
                condition=Q(kanal="", kontak="") | (~Q(kanal="") & ~Q(kontak="")),
            ),
            models.CheckConstraint(
                name="laporan_satu_terlapor", condition=Q(tentang_pengelola=False) | Q(gerai__isnull=True)
            ),
            models.CheckConstraint(
                name="laporan_disalurkan_terverifikasi",
                condition=~Q(status__in=[*DI_INSTANSI, "selesai", "bukan_kewenangan"])
                | Q(verified_at__isnull=False, verifikator__isnull=False, klasifikasi__in=Klasifikasi.values),
            ),
            models.CheckConstraint(
                name="laporan_urgensi_beralasan",
                condition=Q(urgensi="rutin") | Q(Q(urgensi__in=["genting", "mendesak"]), ~Q(alasan_urgensi="")),
            ),
            models.CheckConstraint(
                name="laporan_tertunda_sudah_ditanya",
                condition=~Q(status="perlu_dilengkapi") | Q(asked_at__isnull=False),
            ),
            models.CheckConstraint(
                name="laporan_berakhir_pada",
                condition=Q(status__in=BERAKHIR, ended_at__isnull=False)
                | Q(~Q(status__in=BERAKHIR), ended_at__isnull=True),
            ),
            models.CheckConstraint(
                name="laporan_arsip_beralasan", condition=~Q(status="diarsipkan") | ~Q(alasan_akhir="")
            ),
            models.CheckConstraint(
                name="laporan_digabung_berinduk",
                condition=Q(status="digabung", induk__isnull=False) | Q(~Q(status="digabung"), induk__isnull=True),
            ),
            models.CheckConstraint(
                name="laporan_bukan_induk_sendiri", condition=Q(induk__isnull=True) | ~Q(induk=F("pk"))
            ),
            models.CheckConstraint(
                name="laporan_bukan_asal_sendiri", condition=Q(asal__isnull=True) | ~Q(asal=F("pk"))
            ),
            models.CheckConstraint(
                name="laporan_terbit_lengkap",
                condition=Q(published_at__isnull=True)
                | Q(~Q(judul_publik=""), ~Q(isi_publik=""), rahasia=False, penerbit__isnull=False),
            ),
            models.CheckConstraint(
                name="laporan_diteruskan_bertujuan",
                condition=~Q(status="diteruskan") | (~Q(badan_luar="") & ~Q(nomor_luar="")),
            ),
        ]

    def __str__(self) -> str:
        return self.kode

    def get_absolute_url(self) -> str:
        """What the code alone opens: the state, and a field for the PIN."""
        return reverse("pengaduan:status", args=[self.kode])

    def open_for_an_hour(self) -> str:
        """The address of the reporter's own page, for who has just shown that they know the PIN."""
        return reverse("pengaduan:laporan", args=[_signer.sign(str(self.pk))])

    @property
    def sender(self) -> str:
        """Who reported, as handlers read it."""
        return str(_("Anonim")) if self.anonim else self.nama

    @property
    def told(self) -> str:
        """What of the reporter's words is handled here."""
        return self.pokok or self.isi

    @property
    def kept_from_id(self) -> int | None:
        """The gerai that a confidential complaint is about, and is never given to."""
        return self.gerai_id if self.rahasia and self.jenis == Laporan.Jenis.PENGADUAN else None

    @property
    def told_mpp_id(self) -> int | None:
        """Whose log and webhooks hear of it. The pengelola reads the mall's own, so what is confidential or about
        the mall's people is in nobody's but the installation's."""
        return None if self.rahasia or self.tentang_pengelola else self.mpp_id

    @property
    def is_over(self) -> bool:
        return self.status in BERAKHIR
