"""Which of our reports is which of SP4N-LAPOR!'s, and what its table last said about it."""

from typing import Any

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


def given_away_by(user: Any, mpp: Mpp) -> Any:
    """What may leave the house: nothing confidential, nothing that was taken back."""
    parts = Prefetch("disposisi", Disposisi.objects.current().select_related("gerai__instansi"), to_attr="parts")
    said = Prefetch("tanggapan", Tanggapan.objects.filter(jenis=Tanggapan.Jenis.JAWABAN), to_attr="answers")
    rows = Laporan.objects.steered_by(user).filter(mpp=mpp, rahasia=False).exclude(status=Status.DIBATALKAN)
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
