"""A day is full: wait for a place, take the one that is offered, or leave; a sweep offers what nobody handed on."""

import hashlib
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from layanan.models import Layanan
from mpp_portal.actions import Refused, action
from mpp_portal.notifikasi import actions as kabar

from .. import slots
from ..models import Antrean, DaftarTunggu, Kunjungan, Pemesanan, Slot
from ..states import BERHARAP, BERLAKU, StatusTunggu
from ._persons import Taken, again_on_collision, known_already, person_of, place_of
from ._slots import lock
from ._waiting import leave_trace, offer_next, walk
from .booking import cancel_booking, confirm, remind


def wait(
    antrean: Antrean,
    layanan: Layanan,
    tanggal: date,
    *,
    sender: str,
    key: str,
    nama: str,
    kanal: str,
    kontak: str,
    nik: str = "",
    prioritas: str = "",
    bahasa: str = "id",
    now: datetime | None = None,
) -> DaftarTunggu:
    """Put somebody on the list of a full day. The same `sender` and `key` get the same row, however often they come.

    Raises Refused where there is a place, or nothing to wait for; who waits or has a time already is sent its link.
    """
    now = now or timezone.now()
    kunci = hashlib.sha256(f"{sender}:{key}".encode()).hexdigest()
    given = {"nama": nama, "kontak": kontak, "nik": nik, "prioritas": prioritas} | person_of(nama, kontak, nik)
    same = {"layanan": layanan, "tanggal": tanggal, "orang": given["orang"]}
    booked = Pemesanan.objects.filter(**same, status__in=BERLAKU).select_related("kunjungan").first()
    if booked:
        remind(booked, now=now)
        raise known_already(nik)
    own = DaftarTunggu.objects.filter(Q(kunci=kunci) | Q(**same, status__in=BERHARAP))
    told = {"kanal": kanal, "tujuan": kontak, "bahasa": bahasa}
    try:
        return again_on_collision(lambda: _wait(antrean, layanan, tanggal, given | {"kunci": kunci}, told, now), own)
    except Taken as taken:
        if taken.subject.kunci == kunci:
            return taken.subject
        _remind(taken.subject, now)
        if nik:
            raise known_already(nik) from None
        raise Refused(_("Nama dan alamat ini sudah menunggu hari itu. Tautannya kami kirim lagi.")) from None


@action
def _wait(
    antrean: Antrean, layanan: Layanan, tanggal: date, given: dict[str, Any], told: dict[str, str], now: datetime
) -> DaftarTunggu:
    again = DaftarTunggu.objects.filter(kunci=given["kunci"]).select_related("kunjungan").first()
    if again:
        return again
    day = slots.day(antrean, layanan, tanggal, now=now)
    if day is None or not day.full:
        raise Refused(_("Hari itu masih ada tempat: pilih jamnya.") if day and day.free else _nothing(day))
    urut = place_of(given["sidik_kontak"], tanggal, among=DaftarTunggu.objects.hoping())
    visit = Kunjungan.objects.create(mpp_id=antrean.mpp_id, tanggal=tanggal, created_at=now)
    kabar.subscribe(visit._meta.label_lower, visit.pk, mpp_id=visit.mpp_id, **told)
    whole = given | {"urut_kontak": urut, "created_at": now}
    row = DaftarTunggu.objects.create(antrean=antrean, layanan=layanan, tanggal=tanggal, kunjungan=visit, **whole)
    leave_trace(row, "tunggu.menunggu", at=now)
    return row


def _nothing(day: slots.Day | None) -> str:
    reason = day.reason if day else _("hari itu tanpa jadwal")
    return _("Tidak ada yang bisa ditunggu pada hari itu: %s.") % reason.rstrip(".")


@action
def _remind(person: DaftarTunggu, now: datetime) -> None:
    leave_trace(person, "tunggu.diingatkan", at=now)


def accept(person: DaftarTunggu, *, now: datetime | None = None) -> Pemesanan:
    """Take the place that is held for this person."""
    if person.pemesanan is None:
        raise Refused(_("Belum ada tempat kosong untuk Anda. Kami kabari begitu ada."))
    given = {name: getattr(person, name) for name in ("nama", "kontak", "nik", "prioritas")}
    return confirm(person.pemesanan, kanal="", **given, now=now)


def leave(person: DaftarTunggu, *, now: datetime | None = None) -> None:
    """Wait no longer; a place that is held goes to the next."""
    now = now or timezone.now()
    offered = _leave(person, now)
    if offered:
        cancel_booking(offered, now=now)


@action
def _leave(person: DaftarTunggu, now: datetime) -> Pemesanan | None:
    """The place that has been offered meanwhile, whose slot has to be locked first."""
    rows = DaftarTunggu.objects.select_for_update(no_key=True, of=("self",))
    row = rows.select_related("kunjungan").get(pk=person.pk)  # its place is read under the lock, not joined before it
    if row.status == StatusTunggu.MENUNGGU:
        walk(row, StatusTunggu.BATAL, at=now, ended_at=now)
    return row.pemesanan if row.status == StatusTunggu.DITAWARI else None


def offer_places(*, now: datetime | None = None) -> int:
    """Offer the places that came free by a wider pattern or a broken line; returns how many. Beat tidies with it."""
    now = now or timezone.now()
    days = DaftarTunggu.objects.waiting().order_by("antrean", "tanggal").values_list("antrean", "tanggal").distinct()
    offered = 0
    for antrean, tanggal in list(days):
        rows = Slot.objects.filter(antrean=antrean, tanggal=tanggal, closes_at__gt=now).order_by("mulai")
        slots_ahead = list(rows.values_list("pk", flat=True))
        offered += sum(_offer_in(pk, now) for pk in slots_ahead)
        if not slots_ahead:
            _give_up(antrean, tanggal, now)
    return offered


@action
def _offer_in(slot_id: int, now: datetime) -> int:
    slot, offered = lock(slot_id, now=now)[0], 0
    while offer_next(slot, now):
        offered += 1
    return offered


@action
def _give_up(antrean_id: int, tanggal: date, now: datetime) -> None:
    """No place came free in time: say so, so that nobody waits for it at home."""
    rows = DaftarTunggu.objects.select_for_update(no_key=True, of=("self",)).waiting()
    for person in rows.filter(antrean=antrean_id, tanggal=tanggal).select_related("kunjungan"):
        walk(person, StatusTunggu.HANGUS, at=now, ended_at=now)
