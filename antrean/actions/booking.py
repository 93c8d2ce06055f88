"""A time promised to somebody who is not here yet: hold, confirm, move, cancel, arrive, lapse.

Whoever makes a slot scarcer locks its row first and lets holds that ran out lapse under that lock: what is left is then
true. Lock order: Slot by pk → Sesi by pk → Loket → Kunjungan → call counter.
"""

import hashlib
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from layanan.models import Layanan
from layanan.opening import calendar
from mpp_portal.actions import Refused, action
from mpp_portal.models import record
from mpp_portal.notifikasi import actions as kabar
from mpp_portal.siaran.bus import wake

from .. import order
from ..models import Kunjungan, Pemesanan, Slot, Tiket
from ..models.jadwal import PER_KONTAK
from ..states import BERLAKU, NEXT_PESAN, StatusPesan
from ._steps import issue, next_number

HOLD = timedelta(minutes=10)  # to type one's name
LATE = timedelta(minutes=60)  # after the promised time: the booking lapses, its holder takes a number like anybody


def hold(
    slot: Slot,
    layanan: Layanan,
    *,
    sender: str,
    key: str,
    along: Pemesanan | None = None,
    by: Any = None,
    now: datetime | None = None,
) -> Pemesanan:
    """Keep one place of a slot for ten minutes. The same `sender` and `key` get the same hold, however often they come.

    `along` is the booking of somebody on the same phone: the new one keeps its contact. Raises Refused with the
    sentence: full, not yet or no longer bookable, closed at that time, four people on that phone already.
    """
    now = now or timezone.now()
    kunci = hashlib.sha256(f"{sender}:{key}".encode()).hexdigest()
    try:
        return _hold(slot, layanan, kunci=kunci, along=along, by=by, now=now)
    except IntegrityError:  # the same form for another slot at the same instant: the loser is rolled back
        first = Pemesanan.objects.filter(kunci=kunci).select_related("kunjungan").first()
        if first is None:
            raise
        return _same(first, slot, layanan)


def _same(first: Pemesanan, slot: Slot, layanan: Layanan) -> Pemesanan:
    if (first.slot_id, first.layanan_id) != (slot.pk, layanan.pk):
        raise Refused(_("Formulir ini sudah dipakai untuk jadwal lain. Muat ulang, lalu pilih lagi."))
    return first


@action
def _hold(slot: Slot, layanan: Layanan, *, kunci: str, along: Pemesanan | None, by: Any, now: datetime) -> Pemesanan:
    slot = _lock(slot.pk, now=now)[0]
    first = Pemesanan.objects.filter(kunci=kunci).select_related("kunjungan").first()
    if first:
        return _same(first, slot, layanan)
    _require_place(slot, layanan, now)
    if along:
        _place_of(along.sidik_kontak, slot.tanggal)  # said before a name is typed; made sure of when it is confirmed
    visit = Kunjungan.objects.create(
        mpp_id=slot.antrean.mpp_id,
        tanggal=slot.tanggal,
        rombongan_id=along.kunjungan.group_id if along else None,
        created_at=now,
    )
    row = Pemesanan.objects.create(
        slot=slot,
        tanggal=slot.tanggal,
        layanan=layanan,
        kunjungan=visit,
        kontak=along.kontak if along else "",
        kunci=kunci,
        held_until=now + HOLD,
        created_at=now,
    )
    _fill(slot, +1)
    _record(row, "", by=by, at=now, tell=False)
    return row


def confirm(
    pemesanan: Pemesanan,
    *,
    nama: str,
    kanal: str,
    kontak: str,
    prioritas: str = "",
    bahasa: str = "id",
    by: Any = None,
    now: datetime | None = None,
) -> Pemesanan:
    """Make a hold a booking, and tell its holder. A hold that ran out while typing is kept if there is still room.

    `kanal` and `kontak` are a channel of notifikasi and an address in its one spelling; both are blank for somebody
    who has none, for whom only the desk books: then nobody is told. Who has a booking of that layanan on that day
    already is refused, and sent the link to it: the refusal tells nobody else anything.
    """
    now = now or timezone.now()
    given = {
        "nama": nama,
        "kontak": kontak,
        "prioritas": prioritas,
        "sidik_kontak": _hash("kontak", kontak) if kontak else "",
        "orang": _hash("orang", f"{kontak or pemesanan.kunjungan_id}|{' '.join(nama.casefold().split())}"),
    }
    try:
        return _again_on_collision(
            lambda: _confirm(pemesanan, given, kanal=kanal, bahasa=bahasa, by=by, now=now),
            pemesanan,
            pemesanan.tanggal,
            given["orang"],
        )
    except Taken as taken:
        remind(taken.subject, now=now)  # outside: a refusal rolls its own transaction back
        raise Refused(
            _("Nama dan alamat ini sudah punya jadwal layanan itu pada hari itu. Tautannya kami kirim lagi.")
        ) from None


class Taken(Refused):
    """The person has another booking of that layanan on that day: `subject`."""


def _again_on_collision(call: Callable[[], Pemesanan], own: Pemesanan, tanggal: date, orang: str) -> Pemesanan:
    """Run `call`, again while another booking of the same contact takes the place among four that it chose."""
    for _attempt in range(PER_KONTAK + 1):
        try:
            return call()
        except IntegrityError:
            same = Pemesanan.objects.filter(layanan=own.layanan_id, tanggal=tanggal, orang=orang, status__in=BERLAKU)
            first = same.exclude(pk=own.pk).select_related("kunjungan").first()
            if first:
                raise Taken(_("Anda sudah punya jadwal layanan itu pada hari itu."), first) from None
    raise Refused(_("Jadwal belum bisa dipesan. Silakan coba sekali lagi."))


def _place_of(sidik_kontak: str, tanggal: date) -> int | None:
    """The first free place among the four of a contact on a day; Refused where all are used. None without a contact."""
    if not sidik_kontak:
        return None
    used = Pemesanan.objects.filter(tanggal=tanggal, sidik_kontak=sidik_kontak, status__in=BERLAKU)
    taken = set(used.values_list("urut_kontak", flat=True))
    free = next((n for n in range(1, PER_KONTAK + 1) if n not in taken), None)
    if free is None:
        raise Refused(
            _("Satu nomor atau surel dapat dipakai untuk %s orang sehari. Pakai alamat lain, atau datang langsung.")
            % PER_KONTAK
        )
    return free


@action
def _confirm(
    pemesanan: Pemesanan, given: dict[str, Any], *, kanal: str, bahasa: str, by: Any, now: datetime
) -> Pemesanan:
    slot = _lock(pemesanan.slot_id, now=now, but=pemesanan.pk)[0]
    row = _read(pemesanan)
    if row.status in BERLAKU and row.orang == given["orang"]:
        return row  # a second tap
    if row.status == StatusPesan.HANGUS and not row.nama:
        _require_place(slot, row.layanan, now)
        _fill(slot, +1)
    else:
        _require_served(slot, row.layanan, now)
    urut = _place_of(given["sidik_kontak"], row.tanggal)
    visit = row.kunjungan
    if given["kontak"]:
        told = {"kanal": kanal, "tujuan": given["kontak"], "bahasa": bahasa}
        kabar.subscribe(visit._meta.label_lower, visit.pk, mpp_id=visit.mpp_id, **told)
    _move(row, StatusPesan.DIPESAN, by=by, at=now, ended_at=None, urut_kontak=urut, **given)
    return row


@action
def remind(pemesanan: Pemesanan, *, now: datetime | None = None) -> None:
    """Send the holder the link again."""
    record(
        "pemesanan.diingatkan",
        pemesanan,
        mpp_id=pemesanan.kunjungan.mpp_id,
        about=pemesanan.kunjungan,
        at=now or timezone.now(),
    )


@action
def cancel_booking(pemesanan: Pemesanan, *, by: Any = None, now: datetime | None = None) -> Pemesanan:
    """Give the place back."""
    now = now or timezone.now()
    slot = _lock(pemesanan.slot_id, now=now, but=pemesanan.pk)[0]
    row = _read(pemesanan)
    if row.status != StatusPesan.BATAL:
        _move(row, StatusPesan.BATAL, by=by, at=now, ended_at=now)
        _fill(slot, -1)
    return row


def reschedule(pemesanan: Pemesanan, slot: Slot, *, by: Any = None, now: datetime | None = None) -> Pemesanan:
    """Move a booking to another time of its line: the new place is sure before the old one is given back.

    A second tap gets the booking that the first one made.
    """
    now = now or timezone.now()
    return _again_on_collision(
        lambda: _reschedule(pemesanan, slot, by=by, now=now), pemesanan, slot.tanggal, pemesanan.orang
    )


@action
def _reschedule(pemesanan: Pemesanan, slot: Slot, *, by: Any, now: datetime) -> Pemesanan:
    slots = {row.pk: row for row in _lock(pemesanan.slot_id, slot.pk, now=now, but=pemesanan.pk)}
    old = _read(pemesanan)
    before, after = slots[old.slot_id], slots[slot.pk]
    if old.pengganti and old.pengganti.slot_id == after.pk:
        return old.pengganti
    if before.antrean_id != after.antrean_id or before == after:
        raise Refused(_("Pilih jam lain untuk layanan yang sama."))
    _require_step(old, StatusPesan.DIJADWALKAN_ULANG)
    _require_place(after, old.layanan, now)
    visit = old.kunjungan
    if after.tanggal != visit.tanggal:
        visit = Kunjungan.objects.create(
            mpp_id=visit.mpp_id, tanggal=after.tanggal, rombongan_id=visit.group_id, created_at=now
        )
    new = Pemesanan.objects.create(
        slot=after,
        tanggal=after.tanggal,
        layanan=old.layanan,
        kunjungan=visit,
        kunci=hashlib.sha256(f"pindah:{old.pk}".encode()).hexdigest(),
        held_until=now + HOLD,
        created_at=now,
    )
    _move(old, StatusPesan.DIJADWALKAN_ULANG, by=by, at=now, tell=False, ended_at=now, pengganti=new)
    _fill(before, -1)
    _fill(after, +1)
    kabar.follow_along(visit._meta.label_lower, old.kunjungan_id, visit.pk, mpp_id=visit.mpp_id)
    person = {name: getattr(old, name) for name in ("nama", "kontak", "prioritas", "orang", "sidik_kontak")}
    urut = _place_of(old.sidik_kontak, after.tanggal)
    _move(new, StatusPesan.DIPESAN, by=by, at=now, urut_kontak=urut, **person)
    return new


@action
def arrive(pemesanan: Pemesanan, *, by: Any = None, now: datetime | None = None) -> Tiket:
    """„Saya sudah datang“: a number with the promised time as its turn, or as a walk-in's when it is too late for that.

    Raises Refused on another day than the booked one, and when the booking has lapsed or was given up.
    """
    now = now or timezone.now()
    slot = _lock(pemesanan.slot_id, now=now, but=pemesanan.pk)[0]
    row = _read(pemesanan)
    if row.status == StatusPesan.HADIR and row.tiket:
        return row.tiket
    _require_step(row, StatusPesan.HADIR)
    antrean, mpp = slot.antrean, slot.antrean.gerai.mpp
    if row.tanggal != mpp.today(now):
        raise Refused(_("Jadwal ini untuk hari lain. Periksa tanggalnya di bawah."))
    if now > slot.mulai + LATE:
        raise Refused(_("Jadwal Anda sudah lewat lebih dari satu jam. Silakan ambil nomor di aula."))
    sesi_id, nomor = next_number(antrean, row.tanggal)
    turn = slot.mulai if now <= slot.mulai + order.GRACE else _walk_in_turn(slot, row.layanan, sesi_id, now)
    kunci = hashlib.sha256(f"pemesanan:{row.pk}".encode()).hexdigest()
    given = {"asal": Tiket.Asal.PESAN, "prioritas": row.prioritas, "kunci": kunci, "giliran_pada": turn}
    tiket = issue(antrean, row.kunjungan, row.layanan, sesi=sesi_id, nomor=nomor, by=by, at=now, **given)
    _move(row, StatusPesan.HADIR, by=by, at=now, tell=False, tiket=tiket)
    return tiket


def _walk_in_turn(slot: Slot, layanan: Layanan, sesi_id: int, now: datetime) -> datetime:
    antrean = slot.antrean
    waiting, last = order.line(sesi_id)
    booked = order.booked(antrean.pk, slot.tanggal)
    booked.remove(slot.mulai)  # one of these is the person who has come
    return order.walk_in_turn(
        antrean,
        calendar(antrean.gerai, layanan),
        now,
        waiting=waiting,
        last=last,
        loket=order.rostered(antrean),
        booked=booked,
    )


def lapse_bookings(*, now: datetime | None = None) -> int:
    """Let holds that ran out and bookings that nobody claimed lapse; returns how many. Beat only tidies with it."""
    now = now or timezone.now()
    rows = Pemesanan.objects.filter(status=StatusPesan.DITAHAN, held_until__lte=now)
    rows = rows | Pemesanan.objects.filter(status=StatusPesan.DIPESAN, slot__mulai__lt=now - LATE)
    slots = rows.order_by("slot_id").values_list("slot_id", flat=True).distinct()
    return sum(_lapse_in(pk, now) for pk in list(slots))


@action
def _lapse_in(slot_id: int, now: datetime) -> int:
    slot = _lock(slot_id, now=None)[0]
    lapsed = _lapse_holds(slot, now)
    if slot.mulai < now - LATE:
        for row in Pemesanan.objects.expected().filter(slot=slot).select_related("kunjungan"):
            _move(row, StatusPesan.HANGUS, at=now, ended_at=now)
            _fill(slot, -1)
            lapsed += 1
    return lapsed


def _lock(*slots: int, now: datetime | None, but: int | None = None) -> list[Slot]:
    """Lock these slots in the order of their pk; holds that ran out by `now` lapse, except the one of `but`."""
    rows = Slot.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=slots).order_by("pk")
    locked = list(rows.select_related("antrean__gerai__mpp__wilayah", "antrean__gerai__instansi"))
    if now:
        for slot in locked:
            _lapse_holds(slot, now, but)
    return locked


def _lapse_holds(slot: Slot, now: datetime, but: int | None = None) -> int:
    over = Pemesanan.objects.filter(slot=slot, status=StatusPesan.DITAHAN, held_until__lte=now)
    rows = [row for row in over.select_related("kunjungan") if row.pk != but]
    for row in rows:
        _move(row, StatusPesan.HANGUS, at=now, tell=False, ended_at=now)
        _fill(slot, -1)
    return len(rows)


def _require_place(slot: Slot, layanan: Layanan, now: datetime) -> None:
    """Raise Refused unless one more person may have this time. The slot is locked."""
    if now < slot.opens_at:
        raise Refused(_("Jadwal hari itu belum dibuka. Pilih hari yang lebih dekat."))
    if now >= slot.closes_at:
        raise Refused(_("Jam itu sudah tidak bisa dipesan. Pilih jam lain, atau datang langsung."))
    _require_served(slot, layanan, now)
    if slot.terisi >= slot.kapasitas:
        clock = time_format(timezone.localtime(slot.mulai, slot.antrean.gerai.mpp.zone))
        raise Refused(_("Jadwal pukul %s baru saja penuh. Pilih jam lain di bawah.") % clock)


def _require_served(slot: Slot, layanan: Layanan, now: datetime) -> None:
    """Raise Refused where loket do not serve at that time: a closure acts at once, also on a time that is held."""
    answer = calendar(slot.antrean.gerai, layanan).bookable(slot.mulai, now=now)
    if not answer:
        raise Refused(_("Loket tidak melayani pada jam itu: %s. Pilih jam lain.") % answer.reason.rstrip("."))


def _fill(slot: Slot, change: int) -> None:
    slot.terisi += change
    slot.save(update_fields=["terisi"])


def _read(pemesanan: Pemesanan) -> Pemesanan:
    """The booking as it is under its slot's lock."""
    rows = Pemesanan.objects.select_related("kunjungan__mpp__wilayah", "layanan", "tiket", "pengganti__kunjungan")
    return rows.get(pk=pemesanan.pk)


def _move(
    row: Pemesanan, status: StatusPesan, *, at: datetime, by: Any = None, tell: bool = True, **fields: Any
) -> None:
    """Walk one step and leave its trace. The caller holds the slot's lock and has read the row under it."""
    _require_step(row, status)
    before, row.status = row.status, status
    for name, value in fields.items():
        setattr(row, name, value)
    row.save(update_fields=["status", *fields])
    _record(row, before, by=by, at=at, tell=tell)


def _require_step(row: Pemesanan, status: StatusPesan) -> None:
    if status not in NEXT_PESAN[row.status]:
        raise Refused(_("Jadwal ini sudah %s. Muat ulang halaman.") % row.get_status_display())


def _record(row: Pemesanan, before: str, *, at: datetime, by: Any, tell: bool) -> None:
    visit = row.kunjungan
    step = {"dari": before, "ke": row.status, "at": at}
    record(f"pemesanan.{row.status}", row, mpp_id=visit.mpp_id, by=by, about=visit if tell else None, **step)
    wake(visit.channel)


def _hash(what: str, value: str) -> str:
    return salted_hmac(f"antrean.pemesanan.{what}", value, algorithm="sha256").hexdigest()
