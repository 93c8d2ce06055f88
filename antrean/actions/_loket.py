"""The private steps at a loket: lock what a key changes, find whose loket it is and who stands there."""

from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from layanan.models import Loket
from mpp_portal.actions import Refused
from mpp_portal.siaran.bus import wake

from ..models import Jaga, Rehat, Sesi, Tiket
from ..states import DI_LOKET, Status
from ._steps import announce, lock_lines, move, not_before

# Every key asks it before its page may change.
_LINES = """
SELECT sesi.id, 1 AS serves FROM antrean_sesi AS sesi
JOIN antrean_antrean AS antrean ON antrean.id = sesi.antrean_id AND antrean.aktif
JOIN antrean_antrean_loket AS link ON link.antrean_id = antrean.id
WHERE link.loket_id = %s AND sesi.tanggal = %s
UNION ALL SELECT sesi_id, 0 FROM antrean_tiket WHERE loket_id = %s AND status IN ('dipanggil', 'dilayani')
"""


def lock(loket: Loket, now: datetime, *also: int) -> list[Sesi]:
    """Lock the loket's lines of today (and `also` these), the line of who is there, and the loket.

    Returns the lines it serves.
    """
    today = connection.ops.adapt_datefield_value(loket.mpp.today(now))
    with connection.cursor() as cursor:
        cursor.execute(_LINES, [loket.pk, today, loket.pk])
        found = cursor.fetchall()
    serves = {pk for pk, serving in found if serving}
    locked = lock_lines({pk for pk, _serving in found}.union(also))
    for sesi in locked:
        sesi.antrean.mpp = loket.mpp
    Loket.objects.select_for_update(no_key=True).values_list("pk").get(pk=loket.pk)
    return [sesi for sesi in locked if sesi.pk in serves]


def on_duty(loket: Loket, by: Any) -> Jaga:
    jaga = Jaga.objects.open().filter(loket=loket, petugas=by).first()
    if not jaga:
        raise Refused(_("%s belum Anda buka. Buka loket dahulu.") % loket)
    return jaga


def working(loket: Loket, by: Any) -> Jaga:
    """One's own duty, which is not interrupted by a pause just now."""
    jaga = on_duty(loket, by)
    if jaga.rehat:
        raise Refused(_("%s sedang rehat. Tekan Lanjutkan melayani dahulu.") % loket)
    if not loket.aktif:
        raise Refused(_("%s tidak dipakai lagi. Tutup loket ini, lalu buka yang lain.") % loket)
    return jaga


def at_loket(loket: Loket) -> Tiket | None:
    return Tiket.objects.filter(loket=loket, status__in=DI_LOKET).select_related("kunjungan").first()


def mine(loket: Loket, by: Any, *statuses: Status) -> Tiket:
    """The ticket at one's own open loket, in a state that the key pressed is for."""
    on_duty(loket, by)
    tiket = at_loket(loket)
    if tiket is None:
        raise Refused(_("Tidak ada nomor di loket ini. Panggil nomor berikutnya."))
    if tiket.status not in statuses:
        raise Refused(
            _("Nomor %(nomor)s sedang %(status)s. Pilih tindakan yang sesuai.")
            % {"nomor": tiket.label, "status": tiket.get_status_display()}
        )
    return tiket


def call(tiket: Tiket, sesi: Sesi, loket: Loket, *, by: Any, at: datetime, priority: bool, sebab: str = "") -> Tiket:
    """Call this person of a locked line to a loket where nobody is; `priority`: by the priority lane."""
    sesi.panggilan += 1
    sesi.sejak_prioritas = 0 if priority else sesi.sejak_prioritas + 1
    sesi.save(update_fields=["panggilan", "sejak_prioritas"])
    move(tiket, Status.DIPANGGIL, by=by, at=at, loket=loket, called_at=at)
    announce(tiket, loket, at=at, sebab=sebab)
    wake_loket(loket)
    return tiket


def end_pause(jaga: Jaga, now: datetime) -> None:
    """Keep the pause that ends now, if there is one; the caller saves the Jaga."""
    if jaga.paused_at:
        ended_at = not_before(now, jaga.paused_at)
        Rehat.objects.create(jaga=jaga, alasan=jaga.rehat, started_at=jaga.paused_at, ended_at=ended_at)
        jaga.rehat, jaga.paused_at = "", None


def wake_loket(loket: Loket) -> None:
    wake(f"loket-{loket.pk}", f"gerai-{loket.gerai_id}", f"mpp-{loket.mpp_id}")


def wake_lines(loket: Loket, now: datetime) -> None:
    """Who waits in the loket's lines sees whether anybody serves them."""
    wake_loket(loket)
    sesi = Sesi.objects.filter(antrean__loket=loket, tanggal=loket.mpp.today(now)).values_list("pk", flat=True)
    wake(*(f"sesi-{pk}" for pk in sesi))
