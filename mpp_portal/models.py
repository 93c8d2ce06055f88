"""People who log in, and the log of what happened."""

from typing import Any

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .rows import insert


class PenggunaQuerySet(models.QuerySet["Pengguna"]):
    def invented(self) -> "PenggunaQuerySet":
        return self.filter(peragaan=True)

    def are_real(self) -> bool:
        """Whether a real mall's people are here: there are some, and none of the demo's. A demo may have both."""
        return self.exists() and not self.invented().exists()


class PenggunaManager(UserManager.from_queryset(PenggunaQuerySet)):  # type: ignore[misc]
    pass


class Pengguna(AbstractUser):
    """A person who logs in. What they may do stands in `layanan.Penugasan`, per place and time, never here."""

    nama = models.CharField(_("nama"), max_length=150, blank=True)
    # An invented person with a public password; outside the demo nobody logs in as one (accounts.Backend).
    peragaan = models.BooleanField(_("akun peragaan"), default=False, db_default=False, editable=False)
    has_factor = False  # a second factor; looked up with the person who asks (accounts.Backend)

    objects = PenggunaManager()  # type: ignore[misc]

    class Meta:
        verbose_name = _("pengguna")
        verbose_name_plural = pgettext_lazy("jamak", "pengguna")

    def __str__(self) -> str:
        return self.nama or self.username

    def get_full_name(self) -> str:
        return str(self)

    get_short_name = get_full_name


class PeristiwaQuerySet(models.QuerySet["Peristiwa"]):
    def about(self, subject: models.Model) -> "PeristiwaQuerySet":
        """The history of one row, oldest first."""
        return self.filter(subjek=subject._meta.label_lower, subjek_id=subject.pk).order_by("pk")


class Peristiwa(models.Model):
    """One thing that happened; append-only. It is history, audit and the source of messages at once.

    It names its subject by label and id, and the MPP by id, because the portal knows no domain app. Reasons and
    personal data stay on the subject's own row.
    """

    jenis = models.CharField(_("jenis"), max_length=60)
    subjek = models.CharField(_("subjek"), max_length=60)
    subjek_id = models.BigIntegerField(_("id subjek"))
    mpp_id = models.BigIntegerField(_("id MPP"), null=True)
    dari = models.CharField(_("dari"), max_length=40, blank=True)
    ke = models.CharField(_("ke"), max_length=200, blank=True)
    oleh = models.ForeignKey(
        Pengguna, models.PROTECT, null=True, related_name="peristiwa", verbose_name=_("oleh"), db_index=False
    )
    at = models.DateTimeField(_("waktu"), default=timezone.now)

    objects = PeristiwaQuerySet.as_manager()

    class Meta:
        verbose_name = _("peristiwa")
        verbose_name_plural = pgettext_lazy("jamak", "peristiwa")
        indexes = [
            models.Index(fields=["subjek", "subjek_id"], name="peristiwa_subjek"),
            models.Index(fields=["mpp_id", "-at"], name="peristiwa_mpp_waktu"),
        ]
        constraints = [
            models.CheckConstraint(name="peristiwa_jenis_terisi", condition=~models.Q(jenis="")),
        ]

    def __str__(self) -> str:
        return f"{self.jenis} {self.subjek} {self.subjek_id}"


def record(
    jenis: str,
    subject: models.Model,
    *,
    mpp_id: int | None,
    by: Any = None,
    about: models.Model | None = None,
    **step: Any,
) -> Peristiwa:
    """Append one Peristiwa in the caller's open transaction. `step` may carry `dari`, `ke` and `at`.

    Who asked to hear about `about` gets a message, if there is one for this kind (`notifikasi.registry`).
    """
    peristiwa = Peristiwa(
        jenis=jenis, subjek=subject._meta.label_lower, subjek_id=subject.pk, mpp_id=mpp_id, oleh=by, **step
    )
    insert(peristiwa)
    if about is not None:
        from .notifikasi import outbox  # its rows point to ours

        outbox.enqueue(peristiwa, about)
    return peristiwa
