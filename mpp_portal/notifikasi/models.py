"""Who wants to be told, what is to be told to them, and how it is worded."""

import hashlib
import json
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mpp_portal.models import Peristiwa
from mpp_portal.rows import WordField

from . import addresses

LEASE = timedelta(seconds=90)  # > CELERY_TASK_TIME_LIMIT (60 s) > every socket timeout (10 s)


class Kanal(models.TextChoices):
    SUREL = "surel", _("surel")
    WHATSAPP = "whatsapp", _("WhatsApp")
    SMS = "sms", _("SMS")
    TELEGRAM = "telegram", _("Telegram")
    HTTP = "http", _("penyedia HTTP")
    WEBPUSH = "webpush", _("pemberitahuan di peramban")
    WEBHOOK = "webhook", _("webhook")


UNTUK_ORANG = [kanal.value for kanal in Kanal if kanal != Kanal.WEBHOOK]


class Sistem(models.TextChoices):
    """Ways of apps above, each handed the thing itself (`registry.Carrier`): to no person."""

    SP4N = "sp4n", "SP4N-LAPOR!"
    OPEN311 = "open311", "Open311"
    BALASAN = "balasan", _("balasan WhatsApp")


def fingerprint(address: str) -> str:
    """What stands for an address where the address itself is not needed."""
    return salted_hmac("mpp.kabar.tujuan", address, algorithm="sha256").hexdigest()


def _spoken(jenis: str) -> str:
    """`tiket.tidak_hadir` as people read it."""
    return jenis.replace(".", " ").replace("_", " ").capitalize()


def new_secret() -> str:
    """128 bits, for a link that only its holder knows."""
    return secrets.token_urlsafe(16)


def database_now() -> datetime:
    """The database's clock: workers on machines whose clocks disagree lease by one and the same."""
    if connection.vendor == "sqlite":
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        now: datetime = cursor.fetchone()[0]
        return now


class LanggananQuerySet(models.QuerySet["Langganan"]):
    def current(self) -> "LanggananQuerySet":
        return self.filter(stopped_at__isnull=True)

    def about(self, subjek: str, subjek_id: int) -> "LanggananQuerySet":
        return self.filter(subjek=subjek, subjek_id=subjek_id)


class Langganan(models.Model):
    """A person's wish to be told about one subject, over one channel at one address."""

    subjek = models.CharField(_("subjek"), max_length=60)
    subjek_id = models.BigIntegerField(_("id subjek"))
    mpp_id = models.BigIntegerField(_("id MPP"), null=True)
    kanal = models.CharField(_("kanal"), max_length=10, choices=Kanal)
    tujuan = models.TextField(_("tujuan"))  # an address; for web push what the browser gave, as JSON
    sidik = models.CharField(max_length=64, editable=False)
    bahasa = models.CharField(_("bahasa"), max_length=2, choices=[("id", "Indonesia"), ("en", "English")])
    rahasia = models.CharField(max_length=22, unique=True, default=new_secret, editable=False)
    started_at = models.DateTimeField(_("sejak"), default=timezone.now)
    stopped_at = models.DateTimeField(_("berhenti"), null=True, blank=True)

    objects = LanggananQuerySet.as_manager()

    class Meta:
        verbose_name = _("langganan kabar")
        verbose_name_plural = pgettext_lazy("jamak", "langganan kabar")
        indexes = [models.Index(fields=["sidik", "started_at"], name="langganan_per_tujuan")]
        constraints = [
            models.UniqueConstraint("subjek", "subjek_id", "kanal", "sidik", name="langganan_satu_per_tujuan"),
            models.CheckConstraint(
                name="langganan_kanal_untuk_orang",
                condition=Q(kanal__in=UNTUK_ORANG),
            ),
            models.CheckConstraint(name="langganan_bahasa_dikenal", condition=Q(bahasa__in=["id", "en"])),
            models.CheckConstraint(
                name="langganan_mulai_sebelum_henti",
                condition=Q(stopped_at__isnull=True) | Q(stopped_at__gte=F("started_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kanal_display()} {self.masked}"

    @property
    def masked(self) -> str:
        """The address as it may be shown."""
        return addresses.mask(self.kanal, self.tujuan)

    @property
    def stop_url(self) -> str:
        with translation.override(self.bahasa):
            return f"{settings.PORTAL_URL}{reverse('kabar:stop', args=[self.rahasia])}"

    @property
    def subscription(self) -> dict[str, Any]:
        """What the browser gave for web push."""
        given: dict[str, Any] = json.loads(self.tujuan)
        return given


class Webhook(models.Model):
    """Another system that is told of events, signed (docs/operasi.md says how it checks them)."""

    nama = models.CharField(_("nama"), max_length=100)
    mpp_id = models.BigIntegerField(_("MPP"), null=True, blank=True)  # blank: of every mall
    url = models.URLField(_("alamat"), max_length=400)
    sidik = models.CharField(max_length=64, editable=False)
    rahasia = models.CharField(_("kunci tanda tangan"), max_length=64, default=secrets.token_hex, editable=False)
    jenis = models.JSONField(_("peristiwa"), default=list)
    aktif = models.BooleanField(_("dipakai"), default=True)

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = pgettext_lazy("jamak", "webhook")
        constraints = [
            models.UniqueConstraint("url", "mpp_id", name="webhook_satu_per_alamat"),
            models.UniqueConstraint("url", condition=Q(mpp_id__isnull=True), name="webhook_satu_untuk_semua"),
        ]

    def __str__(self) -> str:
        return self.nama

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.sidik = fingerprint(self.url)
        super().save(*args, **kwargs)


class PesanQuerySet(models.QuerySet["Pesan"]):
    def unsent(self) -> "PesanQuerySet":
        return self.filter(status__in=BELUM)

    def waiting(self) -> "PesanQuerySet":
        return self.filter(status=Pesan.Status.MENUNGGU)

    def due(self, now: datetime) -> "PesanQuerySet":
        """What may be sent now, the urgent first.

        A lease that ended, or that lies further ahead than any lease can (a clock was wrong), is nobody's. Of one
        subject and target the older goes first; what is urgent waits only for what is urgent.
        """
        older = Pesan.objects.unsent().filter(
            Q(segera=True) | Q(segera=OuterRef("segera")),
            pk__lt=OuterRef("pk"),
            **{name: OuterRef(name) for name in ("subjek", "subjek_id", "kanal", "tujuan")},
        )
        ready = Q(status=Pesan.Status.MENUNGGU) & (Q(next_try_at__isnull=True) | Q(next_try_at__lte=now))
        abandoned = Q(status=Pesan.Status.DIKIRIM) & (Q(lease_until__lt=now) | Q(lease_until__gt=now + 2 * LEASE))
        return self.filter(ready | abandoned).exclude(Exists(older)).order_by("-segera", "pk")


class Pesan(models.Model):
    """One message: this event, to this target. It is leased while a process sends it, and sent once.

    `sending_since` is set just before the channel is called: a lease that ends with it set belonged to a process that
    died in flight, and only then may the target get the message twice, under the same `message_id`.
    """

    class Status(models.TextChoices):
        MENUNGGU = "menunggu", _("menunggu")
        DIKIRIM = "dikirim", _("sedang dikirim")
        TERKIRIM = "terkirim", _("terkirim")
        DIPARKIR = "diparkir", _("diparkir")
        BATAL = "batal", _("batal")

    peristiwa = models.ForeignKey(Peristiwa, models.PROTECT, related_name="pesan", verbose_name=_("peristiwa"))
    kanal = models.CharField(_("kanal"), max_length=10, choices=[*Kanal.choices, *Sistem.choices])
    tujuan = models.CharField(_("tujuan"), max_length=64)  # fingerprint of the address
    subjek = models.CharField(_("subjek"), max_length=60)  # what the person asked to hear about
    subjek_id = models.BigIntegerField(_("id subjek"))
    langganan = models.ForeignKey(Langganan, models.CASCADE, null=True, verbose_name=_("langganan"))
    webhook = models.ForeignKey(Webhook, models.CASCADE, null=True, verbose_name=_("webhook"))
    segera = models.BooleanField(_("segera"))
    status = WordField(_("status"), max_length=10, choices=Status, default=Status.MENUNGGU)
    created_at = models.DateTimeField(_("dibuat"), default=timezone.now)
    next_try_at = models.DateTimeField(_("dicoba lagi"), null=True)  # null: at once
    attempts = models.PositiveSmallIntegerField(_("percobaan"), default=0)
    lease_until = models.DateTimeField(null=True)
    sending_since = models.DateTimeField(null=True)
    deaths = models.PositiveSmallIntegerField(_("terputus saat mengirim"), default=0)
    ended_at = models.DateTimeField(_("selesai"), null=True)
    last_error = models.CharField(_("galat terakhir"), max_length=300, blank=True)
    salinan = models.JSONField(_("salinan"), null=True)  # in a dry run: what would have been sent

    objects = PesanQuerySet.as_manager()

    class Meta:
        verbose_name = _("pesan")
        verbose_name_plural = pgettext_lazy("jamak", "pesan")
        indexes = [
            models.Index(
                fields=["subjek", "subjek_id", "kanal", "tujuan"],
                condition=Q(status__in=["menunggu", "dikirim"]),
                name="pesan_belum_terkirim",
            ),
            models.Index(fields=["status", "ended_at"], name="pesan_status_selesai"),
            # Whether a report has left already is asked in the transaction that passes it on.
            models.Index(fields=["subjek_id"], condition=Q(kanal="sp4n"), name="pesan_laporan_keluar"),
        ]
        constraints = [
            models.UniqueConstraint("peristiwa", "kanal", "tujuan", name="pesan_satu_per_tujuan"),
            models.CheckConstraint(
                name="pesan_satu_pelanggan",
                condition=Q(kanal="webhook", webhook__isnull=False, langganan__isnull=True)
                | Q(kanal__in=UNTUK_ORANG, webhook__isnull=True, langganan__isnull=False)
                | Q(~Q(kanal__in=["webhook", *UNTUK_ORANG]), webhook__isnull=True, langganan__isnull=True),
            ),
            models.CheckConstraint(
                name="pesan_status_dikenal",
                condition=Q(status__in=["menunggu", "dikirim", "terkirim", "diparkir", "batal"]),
            ),
            models.CheckConstraint(
                name="pesan_dipegang_selama_dikirim",
                condition=Q(status="dikirim", lease_until__isnull=False)
                | Q(~Q(status="dikirim"), lease_until__isnull=True, sending_since__isnull=True),
            ),
            models.CheckConstraint(
                name="pesan_berakhir_pada",
                condition=Q(status__in=["terkirim", "diparkir", "batal"], ended_at__isnull=False)
                | Q(~Q(status__in=["terkirim", "diparkir", "batal"]), ended_at__isnull=True),
            ),
            models.CheckConstraint(
                name="pesan_diparkir_beralasan", condition=~Q(status="diparkir") | ~Q(last_error="")
            ),
        ]

    def __str__(self) -> str:
        return f"{_spoken(self.peristiwa.jenis)} · {self.target}"

    @property
    def target(self) -> str:
        """Who gets it, as it may be shown."""
        return str(self.langganan or self.webhook or self.get_kanal_display())

    @property
    def mpp_id(self) -> int | None:
        return self.peristiwa.mpp_id

    @property
    def key(self) -> str:
        """The same for every attempt: Message-ID, idempotency key, web push topic."""
        made = hashlib.sha256(f"{self.pk}:{self.peristiwa_id}:{self.created_at.isoformat()}".encode()).hexdigest()
        return f"{self.pk}-{made[:20]}"


BELUM = [Pesan.Status.MENUNGGU.value, Pesan.Status.DIKIRIM.value]


class Templat(models.Model):
    """A wording that replaces the shipped one: for one mall, or for all where `mpp_id` is blank."""

    class Kelompok(models.TextChoices):
        SUREL = "surel", _("surel")
        PENDEK = "pendek", _("pesan pendek (WhatsApp, SMS, Telegram, peramban)")

    mpp_id = models.BigIntegerField(_("MPP"), null=True, blank=True)
    jenis = models.CharField(_("peristiwa"), max_length=60)
    kelompok = models.CharField(_("untuk"), max_length=10, choices=Kelompok)
    bahasa = models.CharField(_("bahasa"), max_length=2, choices=[("id", "Indonesia"), ("en", "English")])
    judul = models.CharField(_("judul"), max_length=120)
    isi = models.TextField(_("isi"), max_length=1000)
    last_error = models.CharField(_("galat terakhir"), max_length=300, blank=True, editable=False)

    class Meta:
        verbose_name = _("templat kabar")
        verbose_name_plural = pgettext_lazy("jamak", "templat kabar")
        constraints = [
            models.UniqueConstraint("jenis", "kelompok", "bahasa", "mpp_id", name="templat_satu_per_mpp"),
            models.UniqueConstraint(
                "jenis", "kelompok", "bahasa", condition=Q(mpp_id__isnull=True), name="templat_satu_untuk_semua"
            ),
            models.CheckConstraint(name="templat_kelompok_dikenal", condition=Q(kelompok__in=["surel", "pendek"])),
            models.CheckConstraint(name="templat_bahasa_dikenal", condition=Q(bahasa__in=["id", "en"])),
        ]

    def __str__(self) -> str:
        return f"{_spoken(self.jenis)} · {self.get_kelompok_display()} · {self.bahasa}"
