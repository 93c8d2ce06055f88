"""What a petugas does at a loket: open it, call, serve, finish, close."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from layanan.models import Loket
from mpp_portal.actions import Refused, action
from mpp_portal.models import record

from .. import order
from ..models import Jaga, Sesi, Tiket
from ..states import Hasil, Status
from ._loket import at_loket, call, end_pause, lock, mine, on_duty, wake_lines, wake_loket, working
from ._steps import announce, lock_loket, lock_person, move, not_before


@action
def open_loket(loket: Loket, *, by: Any, now: datetime | None = None) -> Jaga:
    """Open a loket for oneself. One loket has one petugas, one petugas has one loket."""
    now = now or timezone.now()
    loket = lock_loket(loket)
    busy = Jaga.objects.open().filter(loket=loket).select_related("petugas").first()
    if busy and busy.petugas_id == by.pk:
        return busy
    if busy:
        raise Refused(
            _("%(loket)s sedang dibuka oleh %(petugas)s. Pilih loket lain, atau minta penyelia menutupnya.")
            % {"loket": loket, "petugas": busy.petugas}
        )
    try:
        with transaction.atomic():
            jaga = Jaga.objects.create(loket=loket, petugas=by, opened_at=now)
    except IntegrityError:
        other = Jaga.objects.open().select_related("loket").get(petugas=by)
        raise Refused(_("Anda sedang membuka %s. Tutup dahulu loket itu.") % other.loket) from None
    record("loket.dibuka", loket, mpp_id=loket.mpp_id, by=by, at=now)
    wake_lines(loket, now)
    return jaga


@action
def close(loket: Loket, *, by: Any, now: datetime | None = None) -> None:
    """Close one's loket; whoever stands there is finished or returned first."""
    now = now or timezone.now()
    loket = lock_loket(loket)
    jaga = on_duty(loket, by)
    tiket = at_loket(loket)
    if tiket:
        raise Refused(_("Nomor %s masih di loket ini. Selesaikan atau kembalikan dahulu.") % tiket.label)
    end_pause(jaga, now)
    jaga.closed_at = not_before(now, jaga.opened_at)
    jaga.save(update_fields=["closed_at", "rehat", "paused_at"])
    record("loket.ditutup", loket, mpp_id=loket.mpp_id, by=by, at=now)
    wake_lines(loket, now)


@action
def call_next(loket: Loket, *, by: Any, now: datetime | None = None) -> Tiket:
    """Call the next person of the lines this loket serves. Raises Refused when nobody waits or somebody is here."""
    return _call_next(loket, by=by, now=now or timezone.now())


@action
def finish_and_next(loket: Loket, *, by: Any, now: datetime | None = None) -> Tiket | None:
    """Finish who is here and call the next one by one key; None if nobody waits any more."""
    now = now or timezone.now()
    lines = lock(loket, now)
    tiket = mine(loket, by, Status.DILAYANI)
    move(tiket, Status.SELESAI, by=by, at=now, ended_at=not_before(now, tiket.started_at), hasil=Hasil.TUNTAS)
    wake_loket(loket)
    return _call_from(lines, loket, by=by, now=now) if loket.aktif else None


def _call_next(loket: Loket, *, by: Any, now: datetime) -> Tiket:
    lines = lock(loket, now)
    working(loket, by)
    here = at_loket(loket)
    if here:
        raise Refused(_("Nomor %s masih di loket ini. Selesaikan dahulu.") % here.label)
    tiket = _call_from(lines, loket, by=by, now=now)
    if tiket is None:
        raise Refused(_("Belum ada yang menunggu. Halaman ini memberi tahu begitu ada yang datang."))
    return tiket


def _call_from(lines: list[Sesi], loket: Loket, *, by: Any, now: datetime) -> Tiket | None:
    """Call the next person of these locked lines to a loket where nobody is; None if nobody waits."""
    choice = order.choose(lines, now)
    while choice and not lock_person(choice.tiket):
        choice = order.choose(lines, now)
    if choice is None:
        return None
    return call(choice.tiket, choice.sesi, loket, by=by, at=now, priority=choice.priority)


@action
def recall(loket: Loket, *, by: Any, now: datetime | None = None) -> Tiket:
    """Say the call once more."""
    now = now or timezone.now()
    lock(loket, now)
    tiket = mine(loket, by, Status.DIPANGGIL)
    announce(tiket, loket, at=now, again=True)
    record("tiket.dipanggil_ulang", tiket, mpp_id=loket.mpp_id, by=by, at=now)
    return tiket


@action
def start(loket: Loket, *, by: Any, now: datetime | None = None) -> Tiket:
    """The person has come to the loket."""
    now = now or timezone.now()
    lock(loket, now)
    tiket = mine(loket, by, Status.DIPANGGIL)
    move(tiket, Status.DILAYANI, by=by, at=now, started_at=not_before(now, tiket.called_at))
    wake_loket(loket)
    return tiket


@action
def finish(loket: Loket, *, by: Any, hasil: str = Hasil.TUNTAS, now: datetime | None = None) -> Tiket:
    """The person has been served; `hasil` says what came of it."""
    now = now or timezone.now()
    lock(loket, now)
    tiket = mine(loket, by, Status.DILAYANI)
    move(tiket, Status.SELESAI, by=by, at=now, ended_at=not_before(now, tiket.started_at), hasil=hasil)
    wake_loket(loket)
    return tiket


@action
def absent(loket: Loket, *, by: Any, now: datetime | None = None) -> Tiket:
    """Nobody came: the first time they keep their turn and are called again, the second time they are passed over."""
    now = now or timezone.now()
    lock(loket, now)
    tiket = mine(loket, by, Status.DIPANGGIL)
    if tiket.absent_at:
        move(tiket, Status.TERLEWAT, by=by, at=now, loket=None)
    else:
        calls = Sesi.objects.get(pk=tiket.sesi_id).panggilan
        away = {"absent_at": now, "absent_panggilan": calls}
        move(tiket, Status.MENUNGGU, by=by, at=now, event="tidak_hadir", loket=None, called_at=None, **away)
    wake_loket(loket)
    return tiket


@action
def put_back(loket: Loket, *, by: Any, now: datetime | None = None) -> Tiket:
    """Return a call that was a mistake: the person waits on with the turn they had."""
    now = now or timezone.now()
    lock(loket, now)
    tiket = mine(loket, by, Status.DIPANGGIL)
    move(tiket, Status.MENUNGGU, by=by, at=now, loket=None, called_at=None)
    wake_loket(loket)
    return tiket
