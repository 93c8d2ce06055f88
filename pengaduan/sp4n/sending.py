"""A verified report to the other side, once: our own reference is asked for first, and the tracking id is kept here."""

from typing import Any

from django.conf import settings
from django.db.models import Exists, Model, OuterRef
from django.utils.translation import gettext as _

from layanan.models import Mpp
from mpp_portal.actions import action
from mpp_portal.models import record
from mpp_portal.notifikasi.channels import Permanent
from mpp_portal.notifikasi.models import Pesan, Sistem

from ..models import Disposisi, Laporan
from . import upstream
from .models import Rujukan, given_away_by, leaving, sender_told


def handed_over() -> Any:
    """What waits for the other side, left for it, or was taken from the line by a person."""
    return Pesan.objects.filter(kanal=Sistem.SP4N, subjek=Laporan._meta.label_lower)


def unsent(user: Any, mpp: Mpp) -> Any:
    """What waits or was parked, of the reports that this person gives away; the parked first."""
    known = given_away_by(user, mpp).order_by().values("pk")
    states = [Pesan.Status.DIPARKIR, Pesan.Status.MENUNGGU, Pesan.Status.DIKIRIM]
    return handed_over().filter(status__in=states, subjek_id__in=known).order_by("status", "pk")


def wants(about: Model) -> bool:
    """A report goes once, whatever becomes of it later. The caller holds its lock."""
    before = handed_over().filter(subjek_id=OuterRef("pk"))
    found: bool = leaving().filter(~Exists(before), pk=about.pk, rujukan=None).exists()
    return found


def hand_over(pesan: Pesan) -> str | None:
    """Ask for our reference first, always: an answer may have been lost, here or in a copy of the database that was put
    back. Then send, under the same reference as ever."""
    laporan = leaving().select_related("mpp__wilayah").filter(pk=pesan.subjek_id).first()
    if laporan is None:
        return _("Laporan ini ditarik, atau tidak boleh keluar lagi.")
    if not Rujukan.objects.filter(laporan=laporan).exists():
        there = upstream.chosen()
        _note(laporan, there.find(laporan.kode) or there.submit(_report(laporan)))
    return None


def tell(pesan: Pesan) -> dict[str, str]:
    laporan = leaving().select_related("mpp").filter(pk=pesan.subjek_id).first()
    words = {"judul": laporan.judul, "isi": laporan.kode} if laporan else {"judul": pesan.target, "isi": ""}
    return words | {"ke": pesan.target, "tautan": settings.SP4N_URL}


def _report(laporan: Laporan) -> upstream.Report:
    parts = Disposisi.objects.current().filter(laporan=laporan).select_related("gerai__instansi")
    return upstream.Report(
        rujukan=laporan.kode,
        mpp=laporan.mpp.slug,
        tanggal=laporan.mpp.local(laporan.created_at).date().isoformat(),
        jenis=laporan.jenis,
        klasifikasi=laporan.klasifikasi,
        nama=sender_told(laporan),
        judul=laporan.judul,
        isi=laporan.told,
        instansi=[part.office for part in parts],
    )


@action
def _note(laporan: Laporan, tracking_id: str) -> None:
    """Under the mall's lock, as a table is taken: it may name the same report at this moment."""
    Mpp.objects.select_for_update(no_key=True, of=("self",)).get(pk=laporan.mpp_id)
    own = Rujukan.objects.filter(laporan=laporan).first()
    other = Rujukan.objects.filter(tracking_id=tracking_id).exclude(laporan=laporan).select_related("laporan").first()
    if other:
        raise Permanent(_("Tracking ID %(id)s sudah milik laporan %(kode)s.") % {"id": other, "kode": other.laporan})
    if own and own.tracking_id != tracking_id:
        raise Permanent(_("Laporan %(kode)s sudah memakai tracking ID %(id)s.") % {"kode": laporan, "id": own})
    if own is None:
        own = Rujukan.objects.create(laporan=laporan, tracking_id=tracking_id, per=laporan.mpp.today())
        record("rujukan.dirujuk", own, mpp_id=laporan.told_mpp_id)
