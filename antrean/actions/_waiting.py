"""The private steps of the waiting list. A place that is offered is a held booking of that person's own visit."""

import hashlib
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from mpp_portal.actions import Refused
from mpp_portal.models import record
from mpp_portal.notifikasi.hours import quiet_until
from mpp_portal.siaran.bus import wake

from ..models import DaftarTunggu, Pemesanan, Slot
from ..states import NEXT_TUNGGU, StatusTunggu
from ._places import fill, served, trace

OFFER = timedelta(minutes=30)  # to answer; at night from the end of the quiet hours
SHORTEST = timedelta(minutes=10)  # a place that closes sooner is for whoever comes first


def offer_next(slot: Slot, now: datetime) -> bool:
    """Hold a free place for whoever waits longest for this day, and tell them. The slot is locked."""
    until = min((quiet_until(now, slot.antrean.gerai.mpp.zone) or now) + OFFER, slot.closes_at)
    if slot.terisi >= slot.kapasitas or now < slot.opens_at or until - now < SHORTEST:
        return False
    for pk in DaftarTunggu.objects.waiting().filter(antrean=slot.antrean_id, tanggal=slot.tanggal).values_list("pk"):
        person = _free(pk[0])
        if person and served(slot, person.layanan, now):
            _offer(slot, person, until=until, now=now)
            return True
    return False


def _free(pk: int) -> DaftarTunggu | None:
    """Locked; None if another slot of that day is offering its place to the same person."""
    rows = DaftarTunggu.objects.select_for_update(no_key=True, of=("self",), skip_locked=True)
    return rows.waiting().filter(pk=pk).select_related("kunjungan", "layanan").first()


def _offer(slot: Slot, person: DaftarTunggu, *, until: datetime, now: datetime) -> None:
    row = Pemesanan.objects.create(
        slot=slot,
        tanggal=slot.tanggal,
        layanan=person.layanan,
        kunjungan=person.kunjungan,
        nama=person.nama,
        kontak=person.kontak,
        nik=person.nik,
        prioritas=person.prioritas,
        kunci=hashlib.sha256(f"tunggu:{person.pk}".encode()).hexdigest(),
        held_until=until,
        created_at=now,
    )
    fill(slot, +1)
    trace(row, "", by=None, at=now, tell=False)
    walk(person, StatusTunggu.DITAWARI, at=now, pemesanan=row)


def settle(pemesanan: Pemesanan, status: StatusTunggu, *, at: datetime, by: Any = None) -> None:
    """Whoever was offered this place has taken it, let it pass or given it back. The place's slot is locked."""
    rows = DaftarTunggu.objects.select_related("kunjungan")
    person = rows.filter(pemesanan=pemesanan, status=StatusTunggu.DITAWARI).first() if pemesanan.nama else None
    if person:
        walk(person, status, at=at, by=by, ended_at=at)


def satisfy(pemesanan: Pemesanan, *, at: datetime) -> None:
    """Who has booked a time need not wait for that day any longer."""
    rows = DaftarTunggu.objects.select_for_update(no_key=True, of=("self",)).waiting()
    same = {"layanan": pemesanan.layanan_id, "tanggal": pemesanan.tanggal, "orang": pemesanan.orang}
    for person in rows.filter(**same).select_related("kunjungan"):
        walk(person, StatusTunggu.TERPENUHI, at=at, ended_at=at, pemesanan=pemesanan)


def walk(person: DaftarTunggu, status: StatusTunggu, *, at: datetime, by: Any = None, **fields: Any) -> None:
    """One step with its trace. The caller holds the row's lock."""
    if status not in NEXT_TUNGGU[person.status]:
        raise Refused(_("Tempat ini sudah %s. Muat ulang halaman.") % person.get_status_display())
    before, person.status = person.status, status
    for name, value in fields.items():
        setattr(person, name, value)
    person.save(update_fields=["status", *fields])
    leave_trace(person, f"tunggu.{status}", dari=before, by=by, at=at)


def leave_trace(person: DaftarTunggu, kind: str, *, at: datetime, by: Any = None, dari: str = "") -> None:
    visit = person.kunjungan
    record(kind, person, mpp_id=visit.mpp_id, by=by, about=visit, dari=dari, ke=person.status, at=at)
    wake(visit.channel)
