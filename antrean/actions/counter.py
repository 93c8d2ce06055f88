"""What a petugas does at a loket: open it, call, serve, finish, close."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from layanan.models import Loket
from mpp_portal.actions import Refused, action
from mpp_portal.models import record
from mpp_portal.siaran.bus import wake

from .. import order
from ..models import Jaga, Sesi, Tiket
from ..states import DI_LOKET, Status
from ._steps import announce, lock_lines, lock_loket, lock_person, move


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
    _wake_loket(loket)
    return jaga


@action
def close(loket: Loket, *, by: Any, now: datetime | None = None) -> None:
    """Close one's loket; whoever stands there is finished or returned first."""
    now = now or timezone.now()
    loket = lock_loket(loket)
    jaga = _on_duty(loket, by)
    tiket = _at(loket)
    if tiket:
        raise Refused(_("Nomor %s masih di loket ini. Selesaikan atau kembalikan dahulu.") % tiket.label)
    jaga.closed_at = now
    jaga.save(update_fields=["closed_at"])
    record("loket.ditutup", loket, mpp_id=loket.mpp_id, by=by, at=now)
    _wake_loket(loket)


@action
def call_next(loket: Loket, *, by: Any, now: datetime | None = None) -> Tiket:
    """Call the next person of the lines this loket serves. Raises Refused when nobody waits or somebody is here."""
    return _call_next(loket, by=by, now=now or timezone.now())


@action
def finish_and_next(loket: Loket, *, by: Any, now: datetime | None = None) -> Tiket | None:
    """Finish who is here and call the next one by one key; None if nobody waits any more."""
    now = now or timezone.now()
    lines = _lock(loket, now)
    tiket = _mine(loket, by, Status.DILAYANI)
    move(tiket, Status.SELESAI, by=by, at=now, ended_at=now)
    _wake_loket(loket)
    return _call_from(lines, loket, by=by, now=now)


def _call_next(loket: Loket, *, by: Any, now: datetime) -> Tiket:
    lines = _lock(loket, now)
    _on_duty(loket, by)
    here = _at(loket)
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
    sesi, tiket = choice.sesi, choice.tiket
    sesi.panggilan += 1
    sesi.sejak_prioritas = 0 if choice.priority else sesi.sejak_prioritas + 1
    sesi.save(update_fields=["panggilan", "sejak_prioritas"])
    move(tiket, Status.DIPANGGIL, by=by, at=now, loket=loket, called_at=now)
    announce(tiket, loket, at=now)
    _wake_loket(loket)
    return tiket


@action
def recall(loket: Loket, *, by: Any, now: datetime | None = None) -> Tiket:
    """Say the call once more."""
    now = now or timezone.now()
    _lock(loket, now)
    tiket = _mine(loket, by, Status.DIPANGGIL)
    announce(tiket, loket, at=now, again=True)
    record("tiket.dipanggil_ulang", tiket, mpp_id=loket.mpp_id, by=by, at=now)
    return tiket


@action
def start(loket: Loket, *, by: Any, now: datetime | None = None) -> Tiket:
    """The person has come to the loket."""
    now = now or timezone.now()
    _lock(loket, now)
    tiket = _mine(loket, by, Status.DIPANGGIL)
    move(tiket, Status.DILAYANI, by=by, at=now, started_at=now)
    _wake_loket(loket)
    return tiket


@action
def finish(loket: Loket, *, by: Any, now: datetime | None = None) -> Tiket:
    """The person has been served."""
    now = now or timezone.now()
    _lock(loket, now)
    tiket = _mine(loket, by, Status.DILAYANI)
    move(tiket, Status.SELESAI, by=by, at=now, ended_at=now)
    _wake_loket(loket)
    return tiket


@action
def absent(loket: Loket, *, by: Any, now: datetime | None = None) -> Tiket:
    """Nobody came: the first time they keep their turn and are called again, the second time they are passed over."""
    now = now or timezone.now()
    _lock(loket, now)
    tiket = _mine(loket, by, Status.DIPANGGIL)
    if tiket.absent_at:
        move(tiket, Status.TERLEWAT, by=by, at=now, loket=None)
    else:
        calls = Sesi.objects.get(pk=tiket.sesi_id).panggilan
        away = {"absent_at": now, "absent_panggilan": calls}
        move(tiket, Status.MENUNGGU, by=by, at=now, event="tidak_hadir", loket=None, called_at=None, **away)
    _wake_loket(loket)
    return tiket


@action
def put_back(loket: Loket, *, by: Any, now: datetime | None = None) -> Tiket:
    """Return a call that was a mistake: the person waits on with the turn they had."""
    now = now or timezone.now()
    _lock(loket, now)
    tiket = _mine(loket, by, Status.DIPANGGIL)
    move(tiket, Status.MENUNGGU, by=by, at=now, loket=None, called_at=None)
    _wake_loket(loket)
    return tiket


# Every key asks it before its page may change.
_LINES = """
SELECT sesi.id, 1 AS serves FROM antrean_sesi AS sesi
JOIN antrean_antrean AS antrean ON antrean.id = sesi.antrean_id AND antrean.aktif
JOIN antrean_antrean_loket AS link ON link.antrean_id = antrean.id
WHERE link.loket_id = %s AND sesi.tanggal = %s
UNION ALL SELECT sesi_id, 0 FROM antrean_tiket WHERE loket_id = %s AND status IN ('dipanggil', 'dilayani')
"""


def _lock(loket: Loket, now: datetime) -> list[Sesi]:
    """Lock the loket's lines of today, the line of who is there, and the loket; returns the lines it serves."""
    today = connection.ops.adapt_datefield_value(loket.mpp.today(now))
    with connection.cursor() as cursor:
        cursor.execute(_LINES, [loket.pk, today, loket.pk])
        found = cursor.fetchall()
    serves = {pk for pk, serving in found if serving}
    locked = lock_lines({pk for pk, _serving in found})
    Loket.objects.select_for_update(no_key=True).values_list("pk").get(pk=loket.pk)
    return [sesi for sesi in locked if sesi.pk in serves]


def _on_duty(loket: Loket, by: Any) -> Jaga:
    jaga = Jaga.objects.open().filter(loket=loket, petugas=by).first()
    if not jaga:
        raise Refused(_("%s belum Anda buka. Buka loket dahulu.") % loket)
    return jaga


def _at(loket: Loket) -> Tiket | None:
    return Tiket.objects.filter(loket=loket, status__in=DI_LOKET).select_related("kunjungan").first()


def _mine(loket: Loket, by: Any, status: Status) -> Tiket:
    """The ticket at one's own open loket, in the state that the key pressed is for."""
    _on_duty(loket, by)
    tiket = _at(loket)
    if tiket is None:
        raise Refused(_("Tidak ada nomor di loket ini. Panggil nomor berikutnya."))
    if tiket.status != status:
        raise Refused(
            _("Nomor %(nomor)s sedang %(status)s. Pilih tindakan yang sesuai.")
            % {"nomor": tiket.label, "status": tiket.get_status_display()}
        )
    return tiket


def _wake_loket(loket: Loket) -> None:
    wake(f"loket-{loket.pk}", f"gerai-{loket.gerai_id}", f"mpp-{loket.mpp_id}")
