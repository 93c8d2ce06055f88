"""Numbers on paper, in two phases: the number is given, and counts once its paper is known to have come out.

Each piece of paper is a row. A printing program takes it once, for a minute; whatever goes wrong, the next try is
another row, whose paper says that it is a copy. Lock order as everywhere: the line first, then what is printed.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from layanan.models import Layanan
from mpp_portal.actions import Refused, action
from mpp_portal.models import record
from mpp_portal.siaran.bus import wake

from ..models import Antrean, Cetakan, Pemesanan, Perangkat, Tiket
from ..states import NEXT_CETAK, Cetak, Kertas, Status, StatusCetak
from ._luar import Appointment
from ._steps import lock_lines, move
from .arrival import arrive
from .numbers import take

LEASE = timedelta(seconds=60)  # a printing program that is silent for longer has died over it
PATIENCE = timedelta(minutes=10)  # nobody waits longer at a kiosk for paper
PAPERS = 3  # the first and two copies; then somebody from the desk is needed


@action
def take_on_paper(
    anjungan: Perangkat,
    antrean: Antrean,
    layanan: Layanan,
    *,
    key: str,
    prioritas: str = "",
    pendampingan: bool = False,
    appointment: Appointment | None = None,
    sekaligus: Collection[Layanan] = (),
    before: tuple[Antrean, Layanan] | None = None,
    bahasa: str = "id",
    now: datetime | None = None,
) -> Cetakan:
    """A number for who stands at this kiosk; it is called once its paper has come out. Raises Refused like `take`.

    With `before` there are two, each with its paper: that of the first is returned.
    """
    now = now or timezone.now()
    tiket = take(
        antrean,
        layanan,
        sender=f"anjungan-{anjungan.pk}",
        key=key,
        asal=Tiket.Asal.ANJUNGAN,
        prioritas=prioritas,
        pendampingan=pendampingan,
        cetak=Cetak.DITUNGGU,
        appointment=appointment,
        sekaligus=sekaligus,
        before=before,
        now=now,
    )
    papers = [_first(row, anjungan, bahasa, now) for row in (tiket.prasyarat, tiket) if row]
    return papers[0]


@action
def arrive_at(anjungan: Perangkat, pemesanan: Pemesanan, *, bahasa: str = "id", now: datetime | None = None) -> Cetakan:
    """„Saya sudah datang“ at a kiosk. The number stands on the holder's own page too, so it does not wait for paper."""
    now = now or timezone.now()
    return _first(arrive(pemesanan, now=now), anjungan, bahasa, now)


def _first(tiket: Tiket, anjungan: Perangkat, bahasa: str, now: datetime) -> Cetakan:
    first = Cetakan.objects.filter(tiket=tiket).order_by("salinan").first()
    return first or _ask(tiket, 0, anjungan, anjungan.pencetak_id, bahasa, now)


def _ask(tiket: Tiket, salinan: int, anjungan: Perangkat, pencetak: int | None, bahasa: str, now: datetime) -> Cetakan:
    cetakan = Cetakan.objects.create(
        tiket=tiket, salinan=salinan, anjungan=anjungan, pencetak_id=pencetak, bahasa=bahasa, created_at=now
    )
    record("cetakan.diminta", cetakan, mpp_id=anjungan.mpp_id, at=now)
    wake(anjungan.channel)
    return cetakan


@action
def confirm_paper(cetakan: Cetakan, *, now: datetime | None = None) -> Cetakan:
    """The paper is out: the person says so, or the printer after its cut."""
    cetakan = _under_lock(cetakan)
    tiket = cetakan.tiket
    if tiket.cetak == Cetak.DITUNGGU and tiket.status != Status.MENUNGGU:
        raise Refused(_("Nomor %s sudah tidak berlaku. Silakan ambil nomor baru.") % tiket.label)
    return _printed(cetakan, now or timezone.now())


@action
def reprint(cetakan: Cetakan, *, now: datetime | None = None) -> Cetakan:
    """The person says that no paper came: the next one, marked as a copy."""
    now = now or timezone.now()
    cetakan = _under_lock(cetakan)
    last = _newest(cetakan.tiket)
    if last != cetakan:
        return last  # a second tap, or the printer was faster
    if cetakan.tiket.status != Status.MENUNGGU:
        raise Refused(_("Nomor %s sudah tidak menunggu. Silakan ambil nomor baru.") % cetakan.tiket.label)
    if cetakan.salinan + 1 >= PAPERS:
        raise Refused(_("Karcis belum juga keluar. Pindai kode QR di layar ini, atau minta bantuan petugas informasi."))
    if cetakan.status not in (StatusCetak.TERCETAK, StatusCetak.GAGAL):
        _move(cetakan, StatusCetak.GAGAL, now)
    return _ask(cetakan.tiket, cetakan.salinan + 1, cetakan.anjungan, cetakan.pencetak_id, cetakan.bahasa, now)


def without_paper(tiket: Tiket, *, now: datetime | None = None) -> Tiket:
    """The person goes on with the number on their phone or in their head."""
    return _settle(tiket, Cetak.TANPA, None, now or timezone.now())


def hand_over(tiket: Tiket, *, by: Any, now: datetime | None = None) -> Tiket:
    """The information desk gave the paper that the kiosk did not."""
    return _settle(tiket, Cetak.KELUAR, by, now or timezone.now())


@action
def _settle(tiket: Tiket, cetak: Cetak, by: Any, now: datetime) -> Tiket:
    tiket = _locked(tiket)
    if tiket.cetak == Cetak.DITUNGGU and tiket.status != Status.MENUNGGU:
        raise Refused(_("Nomor %s sudah tidak berlaku. Silakan ambil nomor baru.") % tiket.label)
    _stop_others(tiket, now)
    if _in_hand(tiket, cetak) and by:
        record("tiket.diserahkan", tiket, mpp_id=tiket.kunjungan.mpp_id, by=by, at=now)
    return tiket


def claim_paper(pencetak: Perangkat, *, now: datetime | None = None) -> Cetakan | None:
    """The next piece of paper for this printer, its own for a minute; None if there is nothing to print."""
    now = now or timezone.now()
    for lost in Cetakan.objects.overdue(now).filter(pencetak=pencetak):
        _give_up(lost, now)
    for cetakan in Cetakan.objects.filter(pencetak=pencetak, status=StatusCetak.MENUNGGU).order_by("pk"):
        if _claim(cetakan, now):
            return cetakan
    return None


@action
def _claim(cetakan: Cetakan, now: datetime) -> bool:
    """Update if unchanged: of two programs that ask at once, one gets it."""
    leased = {"status": StatusCetak.DIKERJAKAN, "leased_until": now + LEASE}
    won = Cetakan.objects.filter(pk=cetakan.pk, status=StatusCetak.MENUNGGU).update(**leased)
    if won:
        record("cetakan.dikerjakan", cetakan, mpp_id=cetakan.anjungan.mpp_id, dari=cetakan.status, at=now)
        wake(cetakan.anjungan.channel)
        cetakan.status, cetakan.leased_until = StatusCetak.DIKERJAKAN, now + LEASE
    return bool(won)


@action
def report_paper(cetakan: Cetakan, *, sebab: str = "", now: datetime | None = None) -> Cetakan:
    """What a printing program says came of it: out, or the reason why not. News may come late and twice."""
    now = now or timezone.now()
    cetakan = _under_lock(cetakan)
    if not sebab:
        return _printed(cetakan, now)
    if cetakan.status == StatusCetak.DIKERJAKAN:
        _fail(cetakan, now, sebab)
    return cetakan


def lapse_unprinted(*, now: datetime | None = None) -> int:
    """Give up papers that nobody waits for any more, and the numbers that only they would have told; returns those."""
    now = now or timezone.now()
    for lost in Cetakan.objects.overdue(now):
        _give_up(lost, now)
    late = now - PATIENCE
    for cetakan in Cetakan.objects.open().filter(created_at__lte=late):
        _give_up(cetakan, now)
    rows = Tiket.objects.waiting().filter(cetak=Cetak.DITUNGGU, created_at__lte=late)
    return sum(_lapse(tiket, now) for tiket in rows)


@action
def _give_up(cetakan: Cetakan, now: datetime) -> None:
    cetakan = _under_lock(cetakan)
    if cetakan.status in (StatusCetak.MENUNGGU, StatusCetak.DIKERJAKAN):
        _fail(cetakan, now, Kertas.MATI if cetakan.pencetak_id else "")


@action
def _lapse(tiket: Tiket, now: datetime) -> bool:
    tiket = _locked(tiket)
    if tiket.cetak != Cetak.DITUNGGU or tiket.status != Status.MENUNGGU:
        return False
    _stop_others(tiket, now)
    move(tiket, Status.HANGUS, at=now, ended_at=now)
    return True


def _locked(tiket: Tiket) -> Tiket:
    lock_lines([tiket.sesi_id])
    return Tiket.objects.select_related("kunjungan", "sesi__antrean").get(pk=tiket.pk)


def _under_lock(cetakan: Cetakan) -> Cetakan:
    """The paper and its ticket as they are under the line's lock, and not just now taken by a printing program."""
    lock_lines([cetakan.tiket.sesi_id])
    rows = Cetakan.objects.select_related("tiket__kunjungan", "tiket__sesi__antrean", "anjungan")
    return rows.select_for_update(of=("self",)).get(pk=cetakan.pk)


def _newest(tiket: Tiket) -> Cetakan:
    return Cetakan.objects.filter(tiket=tiket).order_by("salinan").last()  # type: ignore[return-value]


def _printed(cetakan: Cetakan, now: datetime) -> Cetakan:
    if cetakan.status != StatusCetak.TERCETAK:
        _move(cetakan, StatusCetak.TERCETAK, now)
    _stop_others(cetakan.tiket, now)
    _in_hand(cetakan.tiket, Cetak.KELUAR)
    return cetakan


def _fail(cetakan: Cetakan, now: datetime, sebab: str) -> None:
    """This paper will not come; another try follows by itself while somebody may still stand there."""
    _move(cetakan, StatusCetak.GAGAL, now, sebab)
    tiket = cetakan.tiket
    wanted = tiket.status == Status.MENUNGGU and tiket.cetak != Cetak.KELUAR and now - tiket.created_at < PATIENCE
    if wanted and cetakan.salinan + 1 < PAPERS and not Cetakan.objects.open().filter(tiket=tiket).exists():
        salinan = _newest(tiket).salinan + 1
        _ask(tiket, salinan, cetakan.anjungan, cetakan.pencetak_id, cetakan.bahasa, now)


def _stop_others(tiket: Tiket, now: datetime) -> None:
    rows = Cetakan.objects.open().filter(tiket=tiket).select_related("anjungan")
    for other in rows.select_for_update(of=("self",)):
        _move(other, StatusCetak.GAGAL, now)


def _in_hand(tiket: Tiket, cetak: Cetak) -> bool:
    """The person has the number: from now on it is called in its turn. False if it was so before."""
    if tiket.cetak != Cetak.DITUNGGU:
        return False
    tiket.cetak = cetak
    tiket.save(update_fields=["cetak"])
    wake(f"sesi-{tiket.sesi_id}", f"gerai-{tiket.sesi.antrean.gerai_id}", tiket.kunjungan.channel)
    return True


def _move(cetakan: Cetakan, status: StatusCetak, at: datetime, sebab: str = "") -> None:
    """Walk one step. The caller holds the line's lock."""
    if status not in NEXT_CETAK[cetakan.status]:
        raise Refused(_("Karcis ini sudah %s.") % cetakan.get_status_display())
    before, cetakan.status, cetakan.sebab = cetakan.status, status, sebab
    cetakan.leased_until, cetakan.ended_at = None, at
    cetakan.save(update_fields=["status", "sebab", "leased_until", "ended_at"])
    mpp_id = cetakan.anjungan.mpp_id
    step: dict[str, Any] = {"dari": before, "ke": status, "at": at}
    record(f"cetakan.{status}", cetakan, mpp_id=mpp_id, **step)
    wake(cetakan.anjungan.channel)
