"""Who a booking is for: one of a layanan and day for each person, at most four of a contact."""

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from django.db import IntegrityError
from django.db.models import QuerySet
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from mpp_portal import crypto
from mpp_portal.actions import Refused

from ..models import Kunjungan, Pemesanan
from ..models.jadwal import PER_KONTAK
from ..states import BERLAKU

R = TypeVar("R")


class Taken(Refused):
    """The person has another booking of that layanan on that day, or waits for one already: `subject`."""


def again_on_collision(call: Callable[[], R], same: QuerySet[Any]) -> R:
    """Run `call`, again while another row of the same contact takes the place among four that it chose.

    `same` finds the row of the same person; where there is one, Taken is raised with it.
    """
    for _attempt in range(PER_KONTAK + 1):
        try:
            return call()
        except IntegrityError:
            first = same.select_related("kunjungan").first()
            if first:
                raise Taken(_("Anda sudah punya jadwal layanan itu pada hari itu."), first) from None
    raise Refused(_("Jadwal belum bisa dipesan. Silakan coba sekali lagi."))


def others(own: Pemesanan, tanggal: date, orang: str) -> QuerySet[Pemesanan]:
    """Bookings that this person may not have beside `own`."""
    same = Pemesanan.objects.filter(layanan=own.layanan_id, tanggal=tanggal, orang=orang, status__in=BERLAKU)
    return same.exclude(pk=own.pk)


def person_of(nama: str, kontak: str, nik: str, alone: object = "") -> dict[str, str]:
    """The keyed hashes by which a person and their contact are found again.

    A person is their NIK where the layanan asks for it, else a name at a contact; `alone` stands in for a contact.
    """
    named = f"{kontak or alone}|{' '.join(nama.casefold().split())}"
    return {
        "sidik_kontak": _keyed("kontak", kontak) if kontak else "",
        "orang": crypto.keyed("nik", nik) if nik else _keyed("orang", named),
    }


def known_already(nik: str) -> Refused:
    """The refusal of who has a time of that layanan on that day: whoever types another's NIK learns nothing by it."""
    if nik:
        return Refused(
            _("Dengan data itu tidak bisa. Yang sudah punya jadwal atau menunggu hari itu kami kirimi lagi tautannya.")
        )
    return Refused(_("Nama dan alamat ini sudah punya jadwal layanan itu pada hari itu. Tautannya kami kirim lagi."))


def place_of(sidik_kontak: str, tanggal: date, *, among: QuerySet[Any] | None = None) -> int | None:
    """The first free place among the four of a contact on a day, by default of bookings. None without a contact.

    Raises Refused where all are used.
    """
    if not sidik_kontak:
        return None
    rows = Pemesanan.objects.filter(status__in=BERLAKU) if among is None else among
    taken = set(rows.filter(tanggal=tanggal, sidik_kontak=sidik_kontak).values_list("urut_kontak", flat=True))
    free = next((n for n in range(1, PER_KONTAK + 1) if n not in taken), None)
    if free is None:
        raise Refused(
            _("Satu nomor atau surel dapat dipakai untuk %s orang sehari. Pakai alamat lain, atau datang langsung.")
            % PER_KONTAK
        )
    return free


def has_place(row: Pemesanan) -> bool:
    """Another booking of the same visit stands for the person among the four of their contact."""
    others = Pemesanan.objects.filter(kunjungan=row.kunjungan_id, status__in=BERLAKU, urut_kontak__isnull=False)
    return others.exclude(pk=row.pk).exists()


def hand_on(row: Pemesanan) -> None:
    """The place among the four of the contact goes to what else the person has booked; `row` holds good no longer."""
    Kunjungan.objects.select_for_update(no_key=True).get(pk=row.kunjungan_id)  # an heir is not given back meanwhile
    if row.urut_kontak is None:
        return
    heirs = Pemesanan.objects.filter(kunjungan=row.kunjungan_id, status__in=BERLAKU, sidik_kontak=row.sidik_kontak)
    heir = heirs.filter(urut_kontak__isnull=True).order_by("pk").first()
    if heir:
        Pemesanan.objects.filter(pk=heir.pk).update(urut_kontak=row.urut_kontak)


def _keyed(what: str, value: str) -> str:
    return salted_hmac(f"antrean.pemesanan.{what}", value, algorithm="sha256").hexdigest()
