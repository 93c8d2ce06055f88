"""Messages that came, each kept until it has been dealt with, and then only as a mark."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from layanan.models import Mpp
from mpp_portal.crypto import EncryptedField, keyed

from ..models import Laporan, Tanggapan


def fingerprint(message_id: str) -> str:
    """A wamid contains the telephone number: only this is kept."""
    return keyed("wamid", message_id)


def mark_of(phone: str) -> str:
    return keyed("whatsapp", phone)


def malls_by_number() -> dict[str, str]:
    """The slug of the mall that each of our numbers belongs to, by the number's id; empty where this is closed."""
    if not (settings.WHATSAPP_SANDI and settings.WHATSAPP_TOKEN and settings.WHATSAPP_URL):
        return {}
    return dict(pair.split("=", 1) for pair in settings.WHATSAPP_NOMOR if "=" in pair)


class WhatsappMasukQuerySet(models.QuerySet["WhatsappMasuk"]):
    def due(self, now: datetime) -> "WhatsappMasukQuerySet":
        """What nobody has dealt with, in the order in which it came."""
        ready = Q(next_try_at=None) | Q(next_try_at__lte=now)
        return self.filter(ready, handled_at=None).order_by("pk")

    def stuck(self, now: datetime) -> "WhatsappMasukQuerySet":
        """What was tried and is still there after half an hour, the oldest first."""
        return self.filter(handled_at=None, attempts__gt=0, at__lt=now - timedelta(minutes=30)).order_by("pk")

    def recent_of(self, row: "WhatsappMasuk", now: datetime, within: timedelta) -> "WhatsappMasukQuerySet":
        """What the same person wrote here and was dealt with lately."""
        rows = self.filter(mpp=row.mpp_id, sidik_pengirim=row.sidik_pengirim, handled_at__gt=now - within)
        return rows.order_by("-handled_at")

    def answered_by(self, message_id: str) -> "WhatsappMasukQuerySet":
        """The message with this id, or the one that got it as its reply."""
        mark = fingerprint(message_id)
        return self.filter(Q(sidik=mark) | Q(sidik_balasan=mark))


class WhatsappMasuk(models.Model):
    """One message. Its words are kept until it was dealt with, those of its reply until that has left."""

    sidik = models.CharField(max_length=64, unique=True, editable=False)
    sidik_balasan = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    sidik_pengirim = models.CharField(max_length=64, editable=False)
    mpp = models.ForeignKey(Mpp, models.PROTECT, related_name="+", verbose_name=_("MPP"))
    nomor_id = models.CharField(_("nomor penerima"), max_length=40)
    isi = EncryptedField(_("isi"), blank=True)  # the message and its sender's name, as JSON
    balasan = EncryptedField(_("balasan"), blank=True)  # to whom and what, as JSON
    laporan = models.ForeignKey(Laporan, models.PROTECT, null=True, related_name="whatsapp", verbose_name=_("laporan"))
    tanggapan = models.OneToOneField(
        Tanggapan, models.SET_NULL, null=True, related_name="whatsapp", verbose_name=_("tanggapan")
    )
    at = models.DateTimeField(_("diterima"), default=timezone.now)
    handled_at = models.DateTimeField(_("dikerjakan"), null=True)
    attempts = models.PositiveSmallIntegerField(_("percobaan"), default=0)
    next_try_at = models.DateTimeField(_("dicoba lagi"), null=True)

    objects = WhatsappMasukQuerySet.as_manager()

    class Meta:
        verbose_name = _("WhatsApp masuk")
        verbose_name_plural = pgettext_lazy("jamak", "WhatsApp masuk")
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["id"], condition=Q(handled_at__isnull=True), name="whatsapp_belum_dikerjakan"),
            models.Index(fields=["sidik_pengirim", "handled_at"], name="whatsapp_per_pengirim"),
        ]
        constraints = [
            models.CheckConstraint(name="whatsapp_selesai_tanpa_isi", condition=Q(handled_at__isnull=True) | Q(isi="")),
            models.CheckConstraint(
                name="whatsapp_balasan_sesudah_selesai", condition=Q(handled_at__isnull=False) | Q(balasan="")
            ),
        ]

    def __str__(self) -> str:
        return str(self.laporan or self._meta.verbose_name)
