"""To which office a report is suggested to go, by what it is about; a person decides."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from layanan.models import Gerai, Mpp, Peran

from ..states import Tema
from .laporan import Laporan


class AturanQuerySet(models.QuerySet["Aturan"]):
    def managed_by(self, user: Any) -> "AturanQuerySet":
        return self.filter(mpp__in=self.malls_of(user))

    def malls_of(self, user: Any) -> Any:
        """Where this person writes the rules, as koordinator or pengelola."""
        if user.is_superuser:
            return Mpp.objects.all()
        return Mpp.objects.staffed_by(user, Peran.KOORDINATOR, Peran.PENGELOLA)

    def read_for(self, mpp: Mpp) -> "AturanQuerySet":
        """In the order in which they are read, without those whose office is no longer there."""
        there = Q(kepada__isnull=True) | Q(kepada__mpp=F("mpp"), kepada__aktif=True)
        return self.filter(there, mpp=mpp).select_related("kepada__instansi", "gerai__instansi").order_by("urutan")


class Aturan(models.Model):
    """All that is filled in must fit. Without `kepada` it suggests the inspektorat, as a Disposisi without gerai."""

    mpp = models.ForeignKey(Mpp, models.CASCADE, verbose_name=_("MPP"))
    urutan = models.PositiveSmallIntegerField(
        _("urutan"), help_text=_("Aturan dibaca dari angka terkecil; yang pertama cocok dipakai.")
    )
    nama = models.CharField(_("nama"), max_length=80, help_text=_("Contoh: KTP dan kartu keluarga"))
    jenis = models.CharField(_("jenis laporan"), max_length=24, choices=Laporan.Jenis, blank=True)
    tema = models.CharField(
        _("tema"),
        max_length=16,
        choices=Tema,
        blank=True,
        help_text=_("Baru diketahui saat verifikasi, jadi baru menyarankan pada penyaluran sesudahnya."),
    )
    gerai = models.ForeignKey(
        Gerai, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("tentang gerai")
    )
    kata = models.CharField(
        _("kata"),
        max_length=300,
        blank=True,
        help_text=_("Pisahkan dengan koma; satu saja cukup. Awal kata juga cocok: loket menemukan loketnya."),
    )
    kepada = models.ForeignKey(
        Gerai,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("sarankan kepada"),
        help_text=_("Kosong: inspektorat."),
    )
    aktif = models.BooleanField(
        _("dipakai"), default=False, help_text=_("Sebelum dipakai, lihat dulu uji cobanya pada laporan yang lalu.")
    )

    objects = AturanQuerySet.as_manager()

    class Meta:
        verbose_name = _("aturan penyaluran")
        verbose_name_plural = pgettext_lazy("jamak", "aturan penyaluran")
        ordering = ["mpp", "urutan"]
        constraints = [
            models.UniqueConstraint("mpp", "urutan", name="aturan_urutan_unik"),
            models.CheckConstraint(
                name="aturan_bersyarat", condition=~Q(jenis="", tema="", kata="", gerai__isnull=True)
            ),
            models.CheckConstraint(name="aturan_jenis_dikenal", condition=Q(jenis__in=["", *Laporan.Jenis.values])),
            models.CheckConstraint(name="aturan_tema_dikenal", condition=Q(tema__in=["", *Tema.values])),
        ]

    def __str__(self) -> str:
        return self.nama

    @property
    def office(self) -> str:
        return self.kepada.instansi.singkatan if self.kepada else str(Peran.INSPEKTORAT.label)
