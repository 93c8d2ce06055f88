"""Who a booking is for: one of a layanan and day for each person, at most four of a contact."""

from collections.abc import Callable
from datetime import date

from django.db import IntegrityError
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from mpp_portal.actions import Refused

from ..models import Pemesanan
from ..models.jadwal import PER_KONTAK
from ..states import BERLAKU


class Taken(Refused):
    """The person has another booking of that layanan on that day: `subject`."""


def again_on_collision(call: Callable[[], Pemesanan], own: Pemesanan, tanggal: date, orang: str) -> Pemesanan:
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


def place_of(sidik_kontak: str, tanggal: date) -> int | None:
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


def keyed_hash(what: str, value: str) -> str:
    return salted_hmac(f"antrean.pemesanan.{what}", value, algorithm="sha256").hexdigest()
