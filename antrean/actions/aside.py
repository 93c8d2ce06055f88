"""Beside the plain course at a loket: a pause, a number out of its turn, who waits aside or goes to another line."""

import hashlib
import re
from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from layanan.models import Layanan, Loket
from layanan.opening import calendar
from mpp_portal.actions import Refused, action
from mpp_portal.models import record
from mpp_portal.siaran.bus import wake

from .. import order
from ..models import Antrean, Jaga, Sesi, Tiket
from ..states import BELUM, DI_LOKET, Cetak, Status
from ._loket import at_loket, call, end_pause, lock, mine, on_duty, wake_lines, wake_loket, working
from ._luar import require_today, turn_of
from ._steps import BACK, issue, lock_loket, lock_person, move, next_number, not_before

NUMBER = re.compile(r"([A-Z]{0,2})[- ]?0*(\d{1,5})")
AT_LOKET = [Status(status) for status in DI_LOKET]


@action
def pause(loket: Loket, *, by: Any, alasan: str, now: datetime | None = None) -> Jaga:
    """Stop calling for a while; the loket stays open, and everybody is told that it pauses, not that it is closed."""
    now = now or timezone.now()
    loket = lock_loket(loket)
    jaga = working(loket, by)
    here = at_loket(loket)
    if here:
        raise Refused(_("Nomor %s masih di loket ini. Selesaikan dahulu.") % here.label)
    jaga.rehat, jaga.paused_at = alasan, now
    record("loket.rehat", loket, mpp_id=loket.mpp_id, by=by, at=now)
    return _keep(jaga, loket, now)


@action
def resume(loket: Loket, *, by: Any, now: datetime | None = None) -> Jaga:
    """Go on calling."""
    now = now or timezone.now()
    loket = lock_loket(loket)
    jaga = on_duty(loket, by)
    if not jaga.rehat:
        return jaga
    end_pause(jaga, now)
    record("loket.dilanjutkan", loket, mpp_id=loket.mpp_id, by=by, at=now)
    return _keep(jaga, loket, now)


def _keep(jaga: Jaga, loket: Loket, now: datetime) -> Jaga:
    jaga.save(update_fields=["rehat", "paused_at"])
    wake_lines(loket, now)
    return jaga


@action
def call_number(loket: Loket, *, by: Any, nomor: str, sebab: str, now: datetime | None = None) -> Tiket:
    """Call this number of the loket's own lines out of its turn; `sebab` is kept with the call."""
    now = now or timezone.now()
    lines = {sesi.pk: sesi for sesi in lock(loket, now)}
    working(loket, by)
    here = at_loket(loket)
    if here:
        raise Refused(_("Nomor %s masih di loket ini. Selesaikan dahulu.") % here.label)
    tiket = _named(nomor, lines)
    if tiket.cetak == Cetak.DITUNGGU:
        raise Refused(_("Karcis %s belum pasti keluar. Minta meja informasi menyerahkannya dahulu.") % tiket.label)
    if not lock_person(tiket):
        raise Refused(_("Pemegang nomor %s sedang di loket lain.") % tiket.label)
    if tiket.status != Status.MENUNGGU:
        move(tiket, Status.MENUNGGU, by=by, at=now, **BACK)
    return call(tiket, lines[tiket.sesi_id], loket, by=by, at=now, priority=bool(tiket.prioritas), sebab=sebab)


def _named(nomor: str, lines: dict[int, Sesi]) -> Tiket:
    found = NUMBER.fullmatch(nomor.strip().upper())
    if not found:
        raise Refused(_("Tulis nomornya seperti di karcis. Contoh: A-012."))
    huruf, n = found[1], int(found[2])
    rows = Tiket.objects.filter(sesi__in=lines, label__endswith=f"-{n:03d}", status__in=[*BELUM, *DI_LOKET])
    if huruf:
        rows = rows.filter(label=f"{huruf}-{n:03d}")
    known = list(rows)
    if not known:
        raise Refused(_("Nomor %s tidak menunggu di antrean loket ini hari ini.") % nomor.strip().upper())
    if len(known) > 1:
        raise Refused(_("Ada beberapa nomor %s. Tulis juga hurufnya.") % nomor.strip())
    if known[0].status in DI_LOKET:
        raise Refused(_("Nomor %s sedang di loket lain.") % known[0].label)
    return known[0]


@action
def park(loket: Loket, *, by: Any, now: datetime | None = None) -> Tiket:
    """The person fetches something first and keeps the number: back in the line once they return."""
    now = now or timezone.now()
    lock(loket, now)
    tiket = mine(loket, by, *AT_LOKET)
    move(tiket, Status.DITUNDA, by=by, at=now, parked_at=now, loket=None, called_at=None, started_at=None)
    wake_loket(loket)
    return tiket


@action
def transfer(loket: Loket, *, by: Any, layanan: Layanan, now: datetime | None = None) -> Tiket:
    """The person waits in another line, for this layanan, with the label they hold: with their own turn, or now.

    Returns the new ticket.
    """
    now = now or timezone.now()
    line = Antrean.objects.giving().filter(mpp=loket.mpp_id, layanan=layanan).order_by("huruf").first()
    if line is None:
        raise Refused(_("Layanan itu tidak memakai nomor dari aula ini."))
    hall = calendar(line.gerai, since=now).hall(now)
    if not hall:
        raise Refused(_("Gerai tujuan sedang tutup: %s.") % hall.reason)
    tanggal = loket.mpp.today(now)
    there, _made = Sesi.objects.get_or_create(antrean=line, tanggal=tanggal)
    lock(loket, now, there.pk)
    tiket = mine(loket, by, *AT_LOKET)
    if Tiket.objects.active().filter(sesi=there, kunjungan=tiket.kunjungan_id).exists():
        raise Refused(_("Pemegang nomor %s sudah berada di antrean itu.") % tiket.label)
    moved = _issue_again(tiket, line, layanan, tanggal, by, now)
    ended_at = not_before(now, tiket.started_at)
    move(tiket, Status.DIALIHKAN, by=by, at=now, ended_at=ended_at, pengganti=moved)
    Tiket.objects.filter(kunjungan=tiket.kunjungan_id, prasyarat=tiket).update(prasyarat=moved)
    wake_loket(loket)
    return moved


def _issue_again(tiket: Tiket, line: Antrean, layanan: Layanan, tanggal: Any, by: Any, now: datetime) -> Tiket:
    kept = {name: getattr(tiket, name) for name in ("label", "asal", "prioritas", "pendampingan", "catatan", "cetak")}
    kunci = hashlib.sha256(f"dialihkan:{tiket.pk}".encode()).hexdigest()
    sesi, nomor = next_number(line, tanggal)
    turn = max(tiket.giliran_pada, now)
    return issue(
        line, tiket.kunjungan, layanan, sesi=sesi, nomor=nomor, by=by, at=now, kunci=kunci, giliran_pada=turn, **kept
    )


@action
def correct_time(loket: Loket, *, by: Any, jam: time | None, now: datetime | None = None) -> Tiket:
    """The instansi's own system says another time than the person did, or none at all: `jam` is empty then.

    Who was called too early by it waits on with the right turn.
    """
    now = now or timezone.now()
    lock(loket, now)
    tiket = mine(loket, by, *AT_LOKET)
    sesi = Sesi.objects.select_related("antrean__gerai__mpp__wilayah").get(pk=tiket.sesi_id)
    if sesi.antrean.mode != Antrean.Mode.JADWAL_LUAR:
        raise Refused(_("Nomor %s tidak memakai jadwal dari instansi.") % tiket.label)
    antrean, at = sesi.antrean, None
    hours = calendar(antrean.gerai, tiket.layanan, since=now)
    if jam is not None:
        at = datetime.combine(sesi.tanggal, jam, loket.mpp.zone)
        require_today(antrean, hours, at, now)
    waiting, last = order.line(sesi.pk)
    free = order.rostered(antrean)
    walk_in = order.walk_in_turn(antrean, hours, now, waiting=waiting, last=last, loket=free)
    turn = turn_of(at, tiket.created_at, walk_in) if at else walk_in
    if tiket.status == Status.DIPANGGIL and turn > now:
        back = {"loket": None, "called_at": None, "giliran_pada": turn, "jadwal": at}
        move(tiket, Status.MENUNGGU, by=by, at=now, event="jadwal_diperbaiki", **back)
    else:
        tiket.jadwal = at
        tiket.save(update_fields=["jadwal"])
        record("tiket.jadwal_diperbaiki", tiket, mpp_id=loket.mpp_id, by=by, at=now)
    wake_loket(loket)
    return tiket


@action
def assign(loket: Loket, lines: Iterable[Antrean], *, by: Any, now: datetime | None = None) -> None:
    """Let a loket serve these lines of its gerai from the next call on."""
    now = now or timezone.now()
    loket = lock_loket(loket)
    wake_lines(loket, now)
    loket.antrean.set([line for line in lines if line.gerai_id == loket.gerai_id])
    record("loket.dipindah", loket, mpp_id=loket.mpp_id, by=by, at=now)
    wake_lines(loket, now)


@action
def note(loket: Loket, *, by: Any, catatan: str, now: datetime | None = None) -> Tiket:
    """Words for colleagues on the ticket at one's loket; nobody else sees them."""
    now = now or timezone.now()
    lock(loket, now)
    tiket = mine(loket, by, *AT_LOKET)
    tiket.catatan = catatan
    tiket.save(update_fields=["catatan"])
    record("tiket.dicatat", tiket, mpp_id=loket.mpp_id, by=by, at=now)
    wake(f"loket-{loket.pk}")
    return tiket
