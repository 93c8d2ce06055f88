"""Answers that an office gives often, kept to begin an answer with."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from layanan.models import Gerai


class JawabanBakuQuerySet(models.QuerySet["JawabanBaku"]):
    def managed_by(self, user: Any) -> "JawabanBakuQuerySet":
        return self.filter(gerai__in=Gerai.objects.managed_by(user))


class JawabanBaku(models.Model):
    gerai = models.ForeignKey(Gerai, models.CASCADE, related_name="jawaban_baku", verbose_name=_("gerai"))
    judul = models.CharField(_("judul"), max_length=60)
    teks = models.TextField(_("teks"), max_length=5000)

    objects = JawabanBakuQuerySet.as_manager()

    class Meta:
        verbose_name = _("jawaban baku")
        verbose_name_plural = pgettext_lazy("jamak", "jawaban baku")
        ordering = ["judul", "pk"]
        constraints = [
            models.UniqueConstraint("gerai", "judul", name="jawaban_baku_judul_unik"),
            models.CheckConstraint(name="jawaban_baku_berisi", condition=~Q(teks="")),
        ]

    def __str__(self) -> str:
        return self.judul
