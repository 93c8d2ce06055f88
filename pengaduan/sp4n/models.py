"""Which of our reports is which of SP4N-LAPOR!'s, and what its table last said about it."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Prefetch, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from layanan.models import Mpp, Peran

from ..models import Disposisi, Laporan, Tanggapan
from ..states import Status


def malls_of(user: Any) -> Any:
    """Where this person is the koordinator, who alone exchanges reports."""
    return Mpp.objects.running().staffed_by(user, Peran.KOORDINATOR)


def is_connected() -> bool:
    return bool(settings.KABAR_KANAL["sp4n"] == "hidup")


def leaving() -> Any:
    """What may leave the house, by table or by the outbox: nothing confidential or about the mall's own people, nothing
    that was taken back or forgotten, nothing with a data leak in it."""
    rows = Laporan.objects.filter(rahasia=False, tentang_pengelola=False, forgotten_at=None)
    return rows.exclude(status=Status.DIBATALKAN).exclude(kebocoran__isnull=False, kebocoran__dropped_at=None)


def sender_told(laporan: Laporan) -> str:
    """Who reported, as far as it leaves the house. No address of theirs ever does: who wrote a letter or a message
    without a name is known by theirs."""
    return "" if laporan.anonim or laporan.nama == laporan.kontak else laporan.nama


def given_away_by(user: Any, mpp: Mpp) -> Any:
    """Of what may leave, that which this person steers; all of it where the portal itself asks (None)."""
    parts = Prefetch("disposisi", Disposisi.objects.current().select_related("gerai__instansi"), to_attr="parts")
    said = Prefetch("tanggapan", Tanggapan.objects.filter(jenis=Tanggapan.Jenis.JAWABAN), to_attr="answers")
    rows = leaving().filter(mpp=mpp)
    rows = rows.steered_by(user) if user else rows
    return rows.select_related("mpp", "rujukan").prefetch_related(parts, said).order_by("created_at", "pk")


class Rujukan(models.Model):
    """The tracking id of one report in SP4N-LAPOR!, with the words of the newest table that named it."""

    laporan = models.OneToOneField(Laporan, models.PROTECT, related_name="rujukan", verbose_name=_("laporan"))
    tracking_id = models.CharField("tracking ID", max_length=40, unique=True)
    stakeholder = models.CharField(_("stakeholder"), max_length=300, blank=True)
    tanggapan = models.TextField(_("tanggapan di sana"), blank=True)
    keterangan = models.CharField(_("keterangan"), max_length=1000, blank=True)
    per = models.DateField(_("keadaan per"))

    class Meta:
        verbose_name = _("rujukan SP4N")
        verbose_name_plural = pgettext_lazy("jamak", "rujukan SP4N")
        constraints = [models.CheckConstraint(name="rujukan_terisi", condition=~Q(tracking_id=""))]

    def __str__(self) -> str:
        return self.tracking_id


class Tarikan(models.Model):
    """How far one mall's answers have been fetched from the other side, and what a person has to look at there."""

    mpp = models.OneToOneField(Mpp, models.PROTECT, related_name="+", verbose_name=_("MPP"))
    penanda = models.CharField(_("penanda"), max_length=200, blank=True)  # the other side's; means nothing here
    at = models.DateTimeField(_("terakhir ditarik"), null=True)
    last_error = models.CharField(_("galat terakhir"), max_length=300, blank=True)
    bentrok = models.JSONField(_("bentrok"), default=dict)  # tracking id: our code, and the sentence

    class Meta:
        verbose_name = _("tarikan SP4N")
        verbose_name_plural = pgettext_lazy("jamak", "tarikan SP4N")

    def __str__(self) -> str:
        return str(self.mpp)
