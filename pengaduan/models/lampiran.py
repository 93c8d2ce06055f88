"""Photos and documents of a report, in a storage that no address leads to."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.core.files.storage import storages
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..states import JenisLampiran
from .laporan import Laporan
from .penanganan import Tanggapan

DRAFT = timedelta(days=1)  # how long a file waits for its report to be sent


def private() -> Any:
    return storages["pribadi"]


def place(lampiran: "Lampiran", _name: str) -> str:
    """A name that says nothing."""
    at = lampiran.created_at
    return f"lampiran/{at:%Y/%m}/{uuid.uuid4().hex}{'.pdf' if lampiran.jenis == JenisLampiran.PDF else '.jpg'}"


class LampiranQuerySet(models.QuerySet["Lampiran"]):
    def drafts(self, kunci: str) -> "LampiranQuerySet":
        """What this form has handed in and not sent yet."""
        return self.filter(laporan=None, kunci=kunci)

    def forgotten(self, now: datetime) -> "LampiranQuerySet":
        return self.filter(laporan=None, created_at__lt=now - DRAFT)


class Lampiran(models.Model):
    """One file. Before the report is sent it belongs to the form's key; an answer's also to the Tanggapan."""

    laporan = models.ForeignKey(Laporan, models.PROTECT, null=True, related_name="lampiran", verbose_name=_("laporan"))
    tanggapan = models.ForeignKey(
        Tanggapan, models.PROTECT, null=True, related_name="lampiran", verbose_name=_("tanggapan")
    )
    kunci = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    nama = models.CharField(_("nama berkas"), max_length=100)
    jenis = models.CharField(_("jenis"), max_length=8, choices=JenisLampiran)
    ukuran = models.PositiveIntegerField(_("ukuran"))
    berkas = models.FileField(_("berkas"), storage=private, upload_to=place)
    created_at = models.DateTimeField(_("diunggah"), default=timezone.now)

    objects = LampiranQuerySet.as_manager()

    class Meta:
        verbose_name = _("lampiran")
        verbose_name_plural = pgettext_lazy("jamak", "lampiran")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(name="lampiran_jenis_dikenal", condition=Q(jenis__in=JenisLampiran.values)),
            models.CheckConstraint(
                name="lampiran_berpemilik",
                condition=Q(laporan__isnull=False) | Q(~Q(kunci=""), tanggapan__isnull=True),
            ),
            models.CheckConstraint(name="lampiran_berisi", condition=Q(ukuran__gte=1)),
        ]

    def __str__(self) -> str:
        return self.nama

    @property
    def is_photo(self) -> bool:
        return self.jenis == JenisLampiran.FOTO
