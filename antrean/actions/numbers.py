"""Numbers for people who are there: take one, give it back, return to the line."""

import hashlib
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _

from layanan.models import Layanan
from layanan.opening import HORIZON, Answer, Calendar, calendar
from mpp_portal.actions import Refused, action

from .. import order
from ..models import Antrean, Sesi, Tiket
from ..states import Status
from ._steps import issue, lock_lines, move, next_number, visit_of

SHARED = (Tiket.Asal.MEJA, Tiket.Asal.ANJUNGAN)  # where everybody who stands there is a new visitor


def take(
    antrean: Antrean,
    layanan: Layanan,
    *,
    sender: str,
    key: str,
    asal: str,
    prioritas: str = "",
    cetak: str = "",
    by: Any = None,
    now: datetime | None = None,
) -> Tiket:
    """Give the next number of a line to somebody who is in the hall.

    `sender` names the device (or the petugas' session), `key` was minted with the form: the same pair gets the same
    ticket however often it comes. `antrean` comes from `Antrean.objects.giving()`. Raises Refused with the sentence,
    and with the person's own active ticket as `subject` where that is the reason.
    """
    now = now or timezone.now()
    kunci = hashlib.sha256(f"{sender}:{key}".encode()).hexdigest()
    tamu = "" if asal in SHARED else hashlib.sha256(sender.encode()).hexdigest()
    for _attempt in range(3):
        try:
            given = {"asal": asal, "prioritas": prioritas, "cetak": cetak}
            return _take(antrean, layanan, kunci=kunci, tamu=tamu, by=by, now=now, given=given)
        except IntegrityError:
            # Somebody was faster: everything is rolled back, the counter too. Show what the first one got.
            first = _already(antrean, layanan, kunci=kunci, tamu=tamu, prioritas=prioritas, now=now)
            if first:
                return first
    raise Refused(_("Nomor belum bisa diberikan. Silakan coba sekali lagi."))


@action
def _take(
    antrean: Antrean, layanan: Layanan, *, kunci: str, tamu: str, by: Any, now: datetime, given: dict[str, str]
) -> Tiket:
    mpp = antrean.gerai.mpp
    tanggal = mpp.today(now)
    hours = calendar(antrean.gerai, layanan, until=now + timedelta(days=HORIZON))
    loket = order.rostered(antrean)
    booked = order.booked(antrean.pk, tanggal)
    visit = visit_of(mpp.pk, tanggal, tamu, at=now)
    sesi_id, nomor = next_number(antrean, tanggal)  # from here on the line is ours until the commit: do little
    waiting, last = order.line(sesi_id)
    turn = order.walk_in_turn(antrean, hours, now, waiting=waiting, last=last, loket=loket, booked=booked)
    answer = numbers_given(antrean, hours, now, turn=turn, given=nomor - 1)
    if not answer:
        raise Refused(answer.reason)
    turns = {"kunci": kunci, "giliran_pada": turn}
    return issue(antrean, visit, layanan, sesi=sesi_id, nomor=nomor, by=by, at=now, **given, **turns)


def _already(
    antrean: Antrean, layanan: Layanan, *, kunci: str, tamu: str, prioritas: str, now: datetime
) -> Tiket | None:
    tiket = Tiket.objects.filter(kunci=kunci).select_related("sesi").first()
    if tiket:
        same = (tiket.sesi.antrean_id, tiket.layanan_id, tiket.prioritas) == (antrean.pk, layanan.pk, prioritas)
        if same:
            return tiket
        raise Refused(_("Formulir ini sudah dipakai untuk nomor lain. Buka lagi halaman layanan, lalu ambil nomor."))
    own = Tiket.objects.active().filter(
        sesi__antrean=antrean, sesi__tanggal=antrean.gerai.mpp.today(now), kunjungan__tamu=tamu
    )
    tiket = own.select_related("kunjungan").first() if tamu else None
    if tiket:
        raise Refused(_("Anda sudah memegang nomor di antrean ini."), subject=tiket)
    return None


def numbers_given(antrean: Antrean, hours: Calendar, now: datetime, *, turn: datetime, given: int) -> Answer:
    """Does this line give one more number, which would be planned for `turn`, after `given` of them today?"""
    left = None if antrean.kuota_harian is None else antrean.kuota_harian - given
    lead = timedelta(minutes=antrean.ambil_sejak_menit)
    return hours.numbers(now, lead=lead, expected_turn=turn, quota_left=left)


@action
def cancel(tiket: Tiket, *, by: Any = None, now: datetime | None = None) -> Tiket:
    """The person gives the number back."""
    now = now or timezone.now()
    tiket = _under_lock(tiket)
    move(tiket, Status.BATAL, by=by, at=now, ended_at=now)
    return tiket


@action
def come_back(tiket: Tiket, *, by: Any = None, now: datetime | None = None) -> Tiket:
    """Who was passed over returns the same day, with their own turn or now, whichever is later."""
    now = now or timezone.now()
    tiket = _under_lock(tiket)
    if tiket.sesi.tanggal != tiket.kunjungan.mpp.today(now):
        raise Refused(_("Nomor ini untuk hari lain. Silakan ambil nomor baru."))
    move(
        tiket,
        Status.MENUNGGU,
        by=by,
        at=now,
        giliran_pada=max(tiket.giliran_pada, now),
        absent_at=None,
        absent_panggilan=None,
        called_at=None,
    )
    return tiket


@action
def lapse_before(antrean: Antrean, tanggal: date, *, now: datetime | None = None) -> int:
    """Let the numbers of a line's earlier days lapse that were never served; returns how many."""
    now = now or timezone.now()
    days = Sesi.objects.filter(
        antrean=antrean, tanggal__lt=tanggal, tiket__status__in=[Status.MENUNGGU, Status.TERLEWAT]
    )
    lapsed = 0
    for sesi in lock_lines(days.values_list("pk", flat=True).distinct()):
        rows = Tiket.objects.filter(sesi=sesi, status__in=[Status.MENUNGGU, Status.TERLEWAT])
        for tiket in rows.select_related("kunjungan"):
            move(tiket, Status.HANGUS, at=now, ended_at=now)
            lapsed += 1
    return lapsed


def _under_lock(tiket: Tiket) -> Tiket:
    lock_lines([tiket.sesi_id])
    return Tiket.objects.select_related("kunjungan__mpp__wilayah", "sesi").get(pk=tiket.pk)
