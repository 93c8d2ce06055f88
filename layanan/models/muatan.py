"""What the catalogue's files said when they were last loaded."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Muatan(models.Model):
    """One file as it was last loaded: the base against which the next load sees what the file itself changed."""

    berkas = models.CharField(_("berkas"), max_length=60, unique=True)
    isi = models.JSONField(_("isi"))
    dimuat_at = models.DateTimeField(_("dimuat"), auto_now=True)

    class Meta:
        verbose_name = _("muatan")
        verbose_name_plural = pgettext_lazy("jamak", "muatan")

    def __str__(self) -> str:
        return self.berkas
