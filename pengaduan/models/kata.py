"""The words of published reports, so that a search reads no text."""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from layanan.search import words

from .laporan import Laporan

LONGEST = 40  # letters; what is longer is found by its beginning


class KataManager(models.Manager["Kata"]):
    def rewrite(self, laporan: Any, text: str) -> None:
        """These words and no others; none, when nothing is published any more."""
        self.filter(laporan=laporan).delete()
        self.bulk_create(self.model(laporan=laporan, kata=kata) for kata in sorted(distinct(text)))


def distinct(text: str) -> set[str]:
    return {word[:LONGEST] for word in words(text)}


def begun(question: str) -> Iterable[models.QuerySet["Kata"]]:
    """For each word of the question, the rows that begin like it."""
    return [Kata.objects.filter(kata__startswith=word) for word in sorted(distinct(question))]


class Kata(models.Model):
    """One word of one published report, spelt as a search spells it."""

    laporan = models.ForeignKey(Laporan, models.CASCADE, related_name="kata", verbose_name=_("laporan"))
    kata = models.CharField(_("kata"), max_length=LONGEST, db_index=True)

    objects = KataManager()

    class Meta:
        verbose_name = _("kata")
        verbose_name_plural = pgettext_lazy("jamak", "kata")
        constraints = [models.UniqueConstraint("laporan", "kata", name="kata_satu_per_laporan")]

    def __str__(self) -> str:
        return self.kata
