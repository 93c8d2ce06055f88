"""The end of a day, planned or sudden: numbers stop, and whoever holds one is told and offered the next days."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from layanan.models import Gerai, Mpp, Penutupan
from layanan.opening import Calendar, calendar
from mpp_portal.actions import Refused, action
from mpp_portal.models import record
from mpp_portal.siaran.bus import wake

from .. import order
from ..models import Antrean, Jaga, Pemesanan, Sesi, Tiket
from ..states import BELUM, Status
from ._steps import lock_lines, move


@action
def close_today(place: Mpp | Gerai, *, alasan: str, by: Any, alasan_en: str = "", now: datetime | None = None) -> int:
    """Close a mall or a gerai from now until midnight; returns how many people were told.

    Numbers stop with the commit, because everybody asks `layanan.opening`. Who waits keeps the number: they are served
    while a loket still serves, and choose another day themselves. It acts at once; where it is not the pengelola's own
    decision, one of them approves it afterwards.
    """
    now = now or timezone.now()
    mpp = place if isinstance(place, Mpp) else place.mpp
    tanggal = mpp.today(now)
    midnight = datetime.combine(tanggal + timedelta(days=1), datetime.min.time(), mpp.zone)
    type(place)._default_manager.select_for_update(no_key=True).values_list("pk").get(pk=place.pk)  # two at once
    target: dict[str, Any] = {"mpp" if isinstance(place, Mpp) else "gerai": place}
    if Penutupan.objects.filter(**target, mulai__lte=now, selesai__gte=midnight).exists():
        raise Refused(_("%s sudah ditutup untuk hari ini.") % place)
    closure = Penutupan.objects.create(
        **target,
        mulai=now,
        selesai=midnight,
        alasan=alasan,
        alasan_en=alasan_en,
        dibuat_oleh=by,
        perlu_disetujui=not Mpp.objects.managed_by(by).filter(pk=mpp.pk).exists(),
    )
    record("penutupan.mendadak", closure, mpp_id=mpp.pk, by=by, at=now)
    lines = Antrean.objects.filter(**target)
    told = _tell(lines, tanggal, by, now)
    sesi = Sesi.objects.filter(antrean__in=lines, tanggal=tanggal).values_list("pk", flat=True)
    gerai = lines.values_list("gerai", flat=True).distinct()
    wake(f"mpp-{mpp.pk}", *(f"sesi-{pk}" for pk in sesi), *(f"gerai-{pk}" for pk in gerai))
    return told


def _tell(lines: Any, tanggal: date, by: Any, now: datetime) -> int:
    """A message about each visit that holds a number or a booking there today."""
    tickets = Tiket.objects.filter(sesi__antrean__in=lines, sesi__tanggal=tanggal, status__in=BELUM)
    visits = set()
    for tiket in tickets.select_related("kunjungan"):
        record("tiket.ditutup", tiket, mpp_id=tiket.kunjungan.mpp_id, by=by, about=tiket.kunjungan, at=now)
        visits.add(tiket.kunjungan)
    due = Pemesanan.objects.expected().filter(slot__antrean__in=lines, tanggal=tanggal)
    for row in due.filter(slot__mulai__gte=now - order.GRACE).select_related("kunjungan"):
        _note(row, "ditutup", told_at=now, by=by, at=now)
        visits.add(row.kunjungan)
    wake(*(visit.channel for visit in visits))
    return len(visits)


def tell_unserved(*, now: datetime | None = None) -> int:
    """Tell who booked a time at which no loket serves any more, or serves again; returns how many.

    A closure, a holiday, other hours: whoever enters them need not know of bookings. What was promised is compared with
    what holds now.
    """
    now = now or timezone.now()
    rows = Pemesanan.objects.expected().filter(slot__mulai__gt=now)
    rows = rows.select_related("slot__antrean__gerai__mpp__wilayah", "layanan", "kunjungan").order_by("pk")
    hours: dict[tuple[int, int], Calendar] = {}
    told = 0
    for row in rows.iterator(chunk_size=500):
        gerai = row.slot.antrean.gerai
        place = (gerai.pk, row.layanan_id)
        hours[place] = hours.get(place) or calendar(gerai, row.layanan, since=now)
        served = bool(hours[place].serving(row.slot.mulai))
        if served == (row.told_at is not None):
            told += _tell_booked(row, served, now)
    return told


@action
def _tell_booked(row: Pemesanan, served: bool, now: datetime) -> bool:
    return _note(row, "dibuka_lagi", told_at=None, at=now) if served else _note(row, "ditutup", told_at=now, at=now)


def _note(row: Pemesanan, event: str, *, told_at: datetime | None, at: datetime, by: Any = None) -> bool:
    """Update if unchanged: somebody else may be telling the same person."""
    same = Pemesanan.objects.expected().filter(pk=row.pk, told_at__isnull=told_at is not None)
    if not same.update(told_at=told_at):
        return False
    record(f"pemesanan.{event}", row, mpp_id=row.kunjungan.mpp_id, by=by, about=row.kunjungan, at=at)
    wake(row.kunjungan.channel)
    return True


def end_day(antrean: Antrean, *, now: datetime | None = None) -> int:
    """End the numbers of a line that nobody serves any more; returns how many.

    Those of earlier days, and today's once its hours are over and no loket of it is open. Who waited in vain is offered
    another day; only who was not there has lost the turn.
    """
    now = now or timezone.now()
    mpp = antrean.gerai.mpp
    before = mpp.today(now)
    hall = calendar(antrean.gerai, since=now).hall(now)
    over = not hall and (hall.changes_at is None or mpp.today(hall.changes_at) > before)
    if over and not Jaga.objects.open().filter(loket__antrean=antrean).exists():
        before += timedelta(days=1)
    return lapse_before(antrean, before, now=now)


@action
def lapse_before(antrean: Antrean, tanggal: date, *, now: datetime | None = None) -> int:
    """End the numbers of a line before this date that were never served; returns how many."""
    now = now or timezone.now()
    days = Sesi.objects.filter(antrean=antrean, tanggal__lt=tanggal, tiket__status__in=BELUM)
    return _end(lock_lines(days.values_list("pk", flat=True).distinct()), now)


def _end(lines: Iterable[Sesi], now: datetime) -> int:
    rows = Tiket.objects.filter(sesi__in=[sesi.pk for sesi in lines], status__in=BELUM)
    tickets = list(rows.select_related("kunjungan"))
    for tiket in tickets:
        given: dict[str, Any] = {"at": now, "ended_at": now, "parked_at": None}
        if tiket.status == Status.MENUNGGU and tiket.absent_at is None:
            move(tiket, Status.HANGUS, event="tidak_terlayani", **given)
        else:
            move(tiket, Status.HANGUS, **given)
    return len(tickets)
