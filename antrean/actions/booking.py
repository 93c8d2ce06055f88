"""A time promised to somebody who is not here yet: confirm it, give it back."""

from collections.abc import Collection
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from layanan.models import Layanan
from mpp_portal.actions import Refused, action
from mpp_portal.models import record
from mpp_portal.notifikasi import actions as kabar

from ..models import Pemesanan
from ..states import BERLAKU, StatusPesan, StatusTunggu
from ._persons import Taken, again_on_collision, hand_on, has_place, known_already, others, person_of, place_of
from ._places import fill, move, read, require_fitting, require_place, require_served
from ._slots import give_back, lock
from ._steps import require_own
from ._waiting import satisfy, settle


def confirm(
    pemesanan: Pemesanan,
    *,
    nama: str,
    kanal: str,
    kontak: str,
    nik: str = "",
    prioritas: str = "",
    sekaligus: Collection[Layanan] = (),
    bahasa: str = "id",
    by: Any = None,
    now: datetime | None = None,
) -> Pemesanan:
    """Make a hold a booking, and tell its holder; what was chosen together with it becomes one, too.

    A hold that ran out while typing is kept if there is still room. `kanal` and `kontak` are a channel of notifikasi
    and an address in its one spelling; both are blank for somebody who has none, for whom only the desk books: then
    nobody is told. `kanal` alone is blank where they are told already. Who has a booking of that layanan on that day
    already is refused, and sent the link to it: the refusal tells nobody else anything.
    """
    now = now or timezone.now()
    rows = [row for row in (pemesanan.awaited, pemesanan) if row]
    given = {}
    for row in rows:
        known = nik if len(rows) == 1 or row.layanan.perlu_nik else ""
        person = {"nama": nama, "kontak": kontak, "nik": known, "prioritas": prioritas}
        given[row] = person | person_of(nama, kontak, known, alone=row.kunjungan_id)
    same = reduce(or_, (others(row, row.tanggal, who["orang"]) for row, who in given.items()))
    try:
        return again_on_collision(
            lambda: _confirm_each(given, also=sekaligus, kanal=kanal, bahasa=bahasa, by=by, now=now), same
        )
    except Taken as taken:
        remind(taken.subject, now=now)  # outside: a refusal rolls its own transaction back
        raise known_already(nik) from None


@action
def _confirm_each(
    given: dict[Pemesanan, dict[str, Any]], *, also: Collection[Layanan], kanal: str, **told: Any
) -> Pemesanan:
    """Those that were chosen together, or none of them; the last one is returned."""
    rows = list(given)
    if len(rows) > 1:
        lock(*(row.slot_id for row in rows), now=None)  # in their order, before each by itself
        _confirm(rows[0], given[rows[0]], also=(), kanal=kanal, **told)
        kanal = ""
    return _confirm(rows[-1], given[rows[-1]], also=also, kanal=kanal, **told)


def _confirm(
    pemesanan: Pemesanan,
    given: dict[str, Any],
    *,
    also: Collection[Layanan],
    kanal: str,
    bahasa: str,
    by: Any,
    now: datetime,
) -> Pemesanan:
    slot = lock(pemesanan.slot_id, now=now, but=pemesanan.pk)[0]
    row = read(pemesanan)
    if row.status in BERLAKU and row.orang == given["orang"]:
        return row  # a second tap
    if row.status == StatusPesan.HANGUS:
        if row.nama:
            raise Refused(_("Waktunya sudah lewat, dan tempat ini sudah diberikan kepada yang lain."))
        require_place(slot, row.layanan, now)
        fill(slot, +1)
    else:
        require_served(slot, row.layanan, now)
    require_own(slot.antrean, row.layanan, also)
    urut = None if has_place(row) else place_of(given["sidik_kontak"], row.tanggal)
    visit = row.kunjungan
    if kanal and given["kontak"]:
        told = {"kanal": kanal, "tujuan": given["kontak"], "bahasa": bahasa}
        kabar.subscribe(visit._meta.label_lower, visit.pk, mpp_id=visit.mpp_id, **told)
    move(row, StatusPesan.DIPESAN, by=by, at=now, ended_at=None, urut_kontak=urut, **given)
    row.sekaligus.add(*also)
    settle(row, StatusTunggu.TERPENUHI, at=now, by=by)
    satisfy(row, at=now)
    require_fitting(row, slot, now)
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
def read_nik(pemesanan: Pemesanan, *, by: Any, now: datetime | None = None) -> str:
    """The NIK in full, for somebody who answers for having looked: it stands in the log, the number does not."""
    visit = pemesanan.kunjungan
    record("pemesanan.nik_dibuka", pemesanan, mpp_id=visit.mpp_id, by=by, at=now or timezone.now())
    return pemesanan.nik


@action
def cancel_booking(pemesanan: Pemesanan, *, by: Any = None, now: datetime | None = None) -> Pemesanan:
    """Give the place back."""
    now = now or timezone.now()
    slot = lock(pemesanan.slot_id, now=now, but=pemesanan.pk)[0]
    row = read(pemesanan)
    if row.status != StatusPesan.BATAL:
        move(row, StatusPesan.BATAL, by=by, at=now, ended_at=now)
        settle(row, StatusTunggu.BATAL, at=now, by=by)
        give_back(slot, now)
        hand_on(row)
    return row
