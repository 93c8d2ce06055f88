"""Times that an instansi's own system gave, entered on arrival: which are kept, and what they are worth in the line."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

from layanan.opening import Calendar
from mpp_portal.actions import Refused

from .. import order
from ..models import Antrean, Tiket


@dataclass(frozen=True)
class Appointment:
    """What stands on a person's proof: the time, and the code under which the instansi knows it."""

    at: datetime
    kode: str


def require_today(antrean: Antrean, hours: Calendar, at: datetime, now: datetime) -> None:
    """Raise Refused unless the loket of this line serve at that time of today."""
    mpp = antrean.gerai.mpp
    tanggal = mpp.today(at)
    if tanggal != mpp.today(now):
        raise Refused(
            _("Jadwal itu untuk %s. Nomor diambil pada hari jadwalnya: periksa tanggal di bukti jadwal.")
            % date_format(tanggal, "l, j F Y")
        )
    serving = hours.serving(at)
    if not serving:
        raise Refused(
            _("Pukul %(jam)s loketnya tidak melayani (%(sebab)s). Periksa jam di bukti jadwal.")
            % {"jam": time_format(mpp.local(at)), "sebab": serving.reason.rstrip(".")}
        )


def turn_of(at: datetime, came: datetime, walk_in: datetime) -> datetime:
    """The time itself for who came by then plus grace, else a walk-in's turn."""
    return at if came <= at + order.GRACE else walk_in


def require_unused(antrean: Antrean, kode: str, now: datetime) -> None:
    """Say that somebody has taken a number with this code today."""
    if kode and Tiket.objects.filter(sesi__antrean=antrean, sesi__tanggal=antrean.gerai.mpp.today(now), kode_luar=kode):
        raise Refused(
            _("Kode jadwal itu sudah dipakai mengambil nomor hari ini. Nomornya dapat dicari di meja informasi.")
        )
