"""Devices of the hall in the admin: which was heard when, a code to pair one with, and the end of a pairing."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.humanize.templatetags.humanize import naturaltime
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from antrean import actions
from antrean.models import Perangkat
from antrean.states import Kertas
from layanan.admin import access, riwayat
from layanan.admin.base import AdminForm, BaseAdmin
from layanan.admin.sentences import SENTENCES
from layanan.models import Peran
from mpp_portal.admin_site import Attention, needs_attention

access.TABLE |= {"antrean.perangkat": {Peran.PENGELOLA: access.ALL}}
_ONE_OF = _("Pilih salah satu dari daftar.")
_BY_PAIRING = _("Pemasangan perangkat ini tidak lengkap. Buat kode baru untuk memasangnya lagi.")
SENTENCES |= {
    "perangkat_nama_unik_per_mpp": ("nama", _("Nama ini sudah dipakai perangkat lain di MPP itu.")),
    "perangkat_jenis_dikenal": ("jenis", _ONE_OF),
    "perangkat_kertas_dikenal": ("kertas", _ONE_OF),
    "perangkat_bahasa_dikenal": ("bahasa", _ONE_OF),
    "perangkat_bahasa_milik_layar": ("bahasa", _("Hanya layar panggilan yang punya bahasa panggilan.")),
    "perangkat_pencetak_milik_anjungan": ("pencetak", _("Hanya anjungan yang memakai pencetak karcis.")),
    "perangkat_kode_unik": ("kode", _BY_PAIRING),
    "perangkat_token_unik": ("token", _BY_PAIRING),
    "perangkat_kode_berbatas": ("kode", _BY_PAIRING),
    "perangkat_terpasang_bertoken": ("token", _BY_PAIRING),
}
riwayat.VERBS |= {
    "ditawarkan": pgettext_lazy("peristiwa", "diberi kode pemasangan"),
    "dipasang": pgettext_lazy("peristiwa", "dipasang"),
    "dicabut": pgettext_lazy("peristiwa", "dicabut"),
    "diserahkan": pgettext_lazy("peristiwa", "karcisnya diserahkan"),
    "diminta": pgettext_lazy("peristiwa", "diminta"),
    "dikerjakan": pgettext_lazy("peristiwa", "mulai dicetak"),
    "tercetak": pgettext_lazy("peristiwa", "tercetak"),
    "gagal": pgettext_lazy("peristiwa", "gagal dicetak"),
}
SHOWN = 6
TROUBLE = [Kertas.HABIS, Kertas.TERBUKA, Kertas.MACET, Kertas.MATI]


class PerangkatForm(AdminForm):
    derived = ("mpp", "jenis")

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        pencetak = data.get("pencetak")
        mpp_id = data["mpp"].pk if data.get("mpp") else self.instance.mpp_id
        if pencetak and (pencetak.mpp_id != mpp_id or pencetak.jenis != Perangkat.Jenis.CETAK):
            self.add_error("pencetak", gettext("Pilih pencetak karcis di MPP yang sama."))
        return data


@admin.register(Perangkat)
class PerangkatAdmin(BaseAdmin):
    form = PerangkatForm
    list_display = ["nama", "jenis", "mpp", "letak", "keadaan"]
    list_filter = ["jenis", ("mpp", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["mpp"]
    search_fields = ["nama"]
    fields = ["mpp", "jenis", "nama", "lantai", "bahasa", "pencetak", "keadaan"]
    readonly_fields = ["keadaan"]
    actions = ["offer_code", "revoke"]  # type: ignore[assignment]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Where a device stands and what it is, is what it was paired for."""
        return [*super().get_readonly_fields(request, obj), *(["mpp", "jenis"] if obj else [])]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not change:
            self._offer(request, obj)

    def has_steer_permission(self, request: HttpRequest) -> bool:
        return access.of(request).may("change", Perangkat)

    @admin.action(description=_("Buat kode pemasangan"), permissions=["steer"])
    def offer_code(self, request: HttpRequest, rows: QuerySet[Perangkat]) -> None:
        for perangkat in rows:
            self._offer(request, perangkat)

    def _offer(self, request: HttpRequest, perangkat: Perangkat) -> None:
        code = actions.offer_code(perangkat, by=request.user)
        where = (
            gettext("jalankan cetak pasang di komputer pencetaknya")
            if perangkat.jenis == Perangkat.Jenis.CETAK
            else gettext("buka %s di layarnya") % request.build_absolute_uri(reverse("antrean:pair"))
        )
        said = gettext("%(nama)s: kode %(kode)s, berlaku 15 menit untuk satu kali; %(di_mana)s, lalu ketik kode itu.")
        messages.success(request, said % {"nama": perangkat, "kode": f"{code[:4]}-{code[4:]}", "di_mana": where})

    @admin.action(description=_("Cabut pemasangan"), permissions=["steer"])
    def revoke(self, request: HttpRequest, rows: QuerySet[Perangkat]) -> None:
        revoked = [actions.revoke(perangkat, by=request.user) for perangkat in rows]
        done = ngettext("%d perangkat dicabut dan tidak dapat dipakai lagi.",
                        "%d perangkat dicabut dan tidak dapat dipakai lagi.", len(revoked))  # fmt: skip
        messages.success(request, done % len(revoked))

    @display(description=_("lantai"), ordering="lantai")
    def letak(self, row: Perangkat) -> str:
        return gettext("semua lantai") if row.lantai is None else str(row.lantai)

    @display(description=_("keadaan"), ordering="last_seen_at")
    def keadaan(self, row: Perangkat) -> str:
        return in_words(row)


def in_words(row: Perangkat) -> str:
    """Belum dipasang · Terdengar 10 detik yang lalu, kertas ada · Diam: terakhir terdengar 2 jam yang lalu"""
    now = timezone.now()
    if row.kode and row.kode_until and now < row.kode_until:
        return gettext("Menunggu kode diketik di perangkatnya")
    if not row.token:
        return gettext("Belum dipasang")
    if not row.is_heard(now):
        return gettext("Diam: terakhir terdengar %s") % _ago(row)
    heard = gettext("Terdengar %s") % _ago(row)
    return f"{heard}, {row.get_kertas_display()}" if row.kertas else heard


def _ago(row: Perangkat) -> str:
    return str(naturaltime(row.last_seen_at)) if row.last_seen_at else ""


@needs_attention
def silent_devices(request: HttpRequest) -> Attention | None:
    """Devices that are paired and say nothing, or whose paper needs a hand."""
    if not access.of(request).may("change", Perangkat):
        return None
    paired = Perangkat.objects.managed_by(request.user).paired()
    rows = [row for row in paired if not row.is_heard() or row.kertas in TROUBLE]
    return Attention(
        title=ngettext("%d perangkat perlu dilihat", "%d perangkat perlu dilihat", len(rows)) % len(rows),
        advice=gettext("Periksa listrik, jaringan, dan kertasnya."),
        all_done=gettext("Semua perangkat aula terdengar."),
        total=len(rows),
        rows=[
            (str(row), in_words(row), reverse("admin:antrean_perangkat_change", args=[row.pk])) for row in rows[:SHOWN]
        ],
        more_url=reverse("admin:antrean_perangkat_changelist"),
    )
