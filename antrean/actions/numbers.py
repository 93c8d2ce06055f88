"""Numbers for people who are there: take one, give it back, return to the line."""

import hashlib
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _

from layanan.models import Layanan
from layanan.opening import HORIZON, Answer, Calendar, calendar
from mpp_portal.actions import Refused, action
from mpp_portal.models import record
from mpp_portal.siaran.bus import wake

from .. import order
from ..models import Antrean, Kunjungan, Tiket
from ..states import Status
from ._luar import Appointment, require_today, require_unused, turn_of
from ._steps import BACK, already, issue, lock_days, lock_lines, move, next_number, require_own, visit_of

SHARED = (Tiket.Asal.MEJA, Tiket.Asal.ANJUNGAN)  # where everybody who stands there is a new visitor


def take(
    antrean: Antrean,
    layanan: Layanan,
    *,
    sender: str,
    key: str,
    asal: str,
    prioritas: str = "",
    pendampingan: bool = False,
    cetak: str = "",
    appointment: Appointment | None = None,
    sekaligus: Collection[Layanan] = (),
    before: tuple[Antrean, Layanan] | None = None,
    visit: Kunjungan | None = None,
    by: Any = None,
    now: datetime | None = None,
) -> Tiket:
    """Give the next number of a line to somebody who is in the hall; with `appointment` where the line asks for it.

    `sender` names the device (or the petugas' session), `key` was minted with the form: the same pair gets the same
    ticket however often it comes. `antrean` comes from `Antrean.objects.giving()`, `visit` is that of the person today
    where it is known. `before`, of the same mall, yields something that `layanan` requires: a number of each or none.
    Raises Refused, with the person's own active ticket as `subject` where that is the reason.
    """
    now = now or timezone.now()
    kunci = hashlib.sha256(f"{sender}:{key}".encode()).hexdigest()
    tamu = "" if asal in SHARED else hashlib.sha256(sender.encode()).hexdigest()
    given: dict[str, Any] = {"asal": asal, "prioritas": prioritas, "pendampingan": pendampingan, "cetak": cetak}
    if antrean.mode == Antrean.Mode.JADWAL_LUAR:
        given |= _told(appointment)
    require_own(antrean, layanan, sekaligus)
    wish: dict[str, Any] = {"given": given, "also": sekaligus, "visit": visit, "before": before}
    for _attempt in range(3):
        try:
            return _take(antrean, layanan, kunci=kunci, tamu=tamu, by=by, now=now, **wish)
        except IntegrityError:  # somebody was faster, all is rolled back, the counter too: show what the first one got
            first = _already(antrean, layanan, kunci=kunci, tamu=tamu, now=now, **wish)
            if first:
                return first
    raise Refused(_("Nomor belum bisa diberikan. Silakan coba sekali lagi."))


def _told(appointment: Appointment | None) -> dict[str, Any]:
    if appointment is None:
        raise Refused(_("Antrean ini memakai jadwal dari instansinya. Tulis jam dan kode di bukti jadwal."))
    return {"jadwal": appointment.at, "kode_luar": appointment.kode}


@action
def _take(
    antrean: Antrean,
    layanan: Layanan,
    *,
    kunci: str,
    tamu: str,
    by: Any,
    now: datetime,
    given: dict[str, Any],
    also: Collection[Layanan],
    visit: Kunjungan | None,
    before: tuple[Antrean, Layanan] | None,
) -> Tiket:
    mpp = antrean.gerai.mpp
    tanggal = mpp.today(now)
    if visit and (visit.mpp_id, visit.tanggal) != (mpp.pk, tanggal):
        raise Refused(_("Kunjungan itu untuk hari atau gedung lain. Ambil nomor baru di aula ini."))
    visit = visit or visit_of(mpp.pk, tanggal, tamu, at=now)
    given = given | {"kunci": kunci}
    if before:
        lock_days([before[0], antrean], tanggal)
        given["prasyarat"] = _first(*before, visit, given, by=by, now=now)
    tiket = _give(antrean, layanan, visit, given, by=by, now=now)
    if also:
        tiket.sekaligus.set(also)
    return tiket


def _first(
    antrean: Antrean, layanan: Layanan, visit: Kunjungan, given: dict[str, Any], *, by: Any, now: datetime
) -> Tiket:
    """The number that comes first: the one that the person holds in that locked line already, or a new one."""
    own = Tiket.objects.active().filter(sesi__antrean=antrean, sesi__tanggal=visit.tanggal, kunjungan=visit).first()
    if own:
        if own.layanan_id != layanan.pk:
            own.sekaligus.add(layanan)
        return own
    same = {name: given[name] for name in ("asal", "prioritas", "pendampingan", "cetak")}
    same["kunci"] = hashlib.sha256(f"{given['kunci']}:dahulu".encode()).hexdigest()
    try:
        return _give(antrean, layanan, visit, same, by=by, now=now)
    except Refused as refusal:
        place = {"gerai": antrean.gerai.instansi.singkatan, "sebab": refusal}
        raise Refused(_("%(gerai)s, yang dahulu: %(sebab)s") % place) from None


def _give(
    antrean: Antrean, layanan: Layanan, visit: Kunjungan, given: dict[str, Any], *, by: Any, now: datetime
) -> Tiket:
    hours = calendar(antrean.gerai, layanan, since=now, until=now + timedelta(days=HORIZON))
    promised, first = given.get("jadwal"), given.get("prasyarat")
    if promised:
        require_today(antrean, hours, promised, now)
    loket = order.rostered(antrean)
    booked = order.booked(antrean.pk, visit.tanggal)
    sesi_id, nomor = next_number(antrean, visit.tanggal)  # from here on the line is ours until the commit: do little
    waiting, last = order.line(sesi_id)
    turn = order.walk_in_turn(antrean, hours, now, waiting=waiting, last=last, loket=loket, booked=booked)
    turn = turn_of(promised, now, turn) if promised else turn
    served = max(turn, order.frees_at(first)) if first else turn
    answer = numbers_given(antrean, hours, now, turn=served, given=nomor - 1)
    if not answer:
        raise Refused(answer.reason)
    return issue(antrean, visit, layanan, sesi=sesi_id, nomor=nomor, by=by, at=now, giliran_pada=turn, **given)


def _already(
    antrean: Antrean,
    layanan: Layanan,
    *,
    kunci: str,
    tamu: str,
    now: datetime,
    given: dict[str, Any],
    also: Collection[Layanan],
    visit: Kunjungan | None,
    before: tuple[Antrean, Layanan] | None,
) -> Tiket | None:
    tiket = Tiket.objects.filter(kunci=kunci).select_related("sesi", "prasyarat__sesi").first()
    if tiket:
        asked = {name: given[name] for name in ("prioritas", "jadwal", "kode_luar") if name in given}
        same = (tiket.sesi.antrean_id, tiket.layanan_id) == (antrean.pk, layanan.pk)
        same = same and {row.pk for row in tiket.sekaligus.all()} == {row.pk for row in also}
        first = tiket.prasyarat
        same = same and (first.sesi.antrean_id if first else None) == (before[0].pk if before else None)
        if same and all(getattr(tiket, name) == value for name, value in asked.items()):
            return tiket
        raise Refused(_("Formulir ini sudah dipakai untuk nomor lain. Buka lagi halaman layanan, lalu ambil nomor."))
    own = Tiket.objects.active().filter(sesi__antrean=antrean, sesi__tanggal=antrean.gerai.mpp.today(now))
    own = own.filter(kunjungan=visit) if visit else own.filter(kunjungan__tamu=tamu)
    tiket = own.select_related("kunjungan").first() if visit or tamu else None
    if tiket:
        raise Refused(_("Anda sudah memegang nomor di antrean ini."), subject=tiket)
    require_unused(antrean, given.get("kode_luar", ""), now)
    return None


def numbers_given(antrean: Antrean, hours: Calendar, now: datetime, *, turn: datetime | None, given: int) -> Answer:
    """Does this line give one more number, which would be planned for `turn`, after `given` of them today?"""
    left = None if antrean.kuota_harian is None else antrean.kuota_harian - given
    lead = timedelta(minutes=antrean.ambil_sejak_menit)
    return hours.numbers(now, lead=lead, expected_turn=turn, quota_left=left)


@action
def cancel(tiket: Tiket, *, by: Any = None, now: datetime | None = None) -> Tiket:
    """The person gives the number back."""
    now = now or timezone.now()
    tiket = _under_lock(tiket)
    move(tiket, Status.BATAL, by=by, at=now, ended_at=now, parked_at=None)
    return tiket


@action
def postpone(tiket: Tiket, *, by: Any = None, now: datetime | None = None) -> Tiket:
    """Who waits steps out for a while: not called until they are back."""
    now = now or timezone.now()
    tiket = _under_lock(tiket)
    if tiket.status != Status.MENUNGGU:  # who is at a loket is parked there
        raise already(tiket)
    move(tiket, Status.DITUNDA, by=by, at=now, parked_at=now)
    return tiket


@action
def come_back(tiket: Tiket, *, by: Any = None, now: datetime | None = None) -> Tiket:
    """Who was parked or passed over returns the same day, with their own turn or now, whichever is later."""
    now = now or timezone.now()
    tiket = _under_lock(tiket)
    if tiket.status not in (Status.DITUNDA, Status.TERLEWAT):  # who is at a loket is put back there
        raise already(tiket)
    if tiket.sesi.tanggal != tiket.kunjungan.mpp.today(now):
        raise Refused(_("Nomor ini untuk hari lain. Silakan ambil nomor baru."))
    move(tiket, Status.MENUNGGU, by=by, at=now, giliran_pada=max(tiket.giliran_pada, now), **BACK)
    return tiket


@action
def assist(tiket: Tiket, *, needed: bool, by: Any, now: datetime | None = None) -> Tiket:
    """Mark that somebody should accompany this person, or no longer."""
    tiket = _under_lock(tiket)
    tiket.pendampingan = needed
    tiket.save(update_fields=["pendampingan"])
    record("tiket.pendampingan", tiket, mpp_id=tiket.kunjungan.mpp_id, by=by, at=now or timezone.now())
    wake(f"sesi-{tiket.sesi_id}")
    return tiket


def _under_lock(tiket: Tiket) -> Tiket:
    lock_lines([tiket.sesi_id])
    return Tiket.objects.select_related("kunjungan__mpp__wilayah", "sesi").get(pk=tiket.pk)
