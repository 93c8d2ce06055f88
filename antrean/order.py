"""The order of a line: when a person's turn is planned, and who is next, each with its reason in one sentence.

One key, `giliran_pada`, orders everybody; `nomor` breaks ties. Written from the promises in docs/adr/0005-urutan.md.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from layanan.opening import Calendar

from .models import Antrean, Pemesanan, Sesi, Slot, Tiket
from .models.jadwal import WALK
from .states import DI_LOKET, Cetak

ONE_IN = 3  # at most one call in three of a line goes to the priority lane
SHOW_RATE = 0.85  # of those who booked come …
GRACE = timedelta(minutes=10)  # … and are on time until this long after the promised time
ABSENT_CALLS = 5  # an absent person is called again after this many further calls …
ABSENT_WAIT = timedelta(minutes=10)  # … or this long, or when nobody else waits
PLACE = ("loket", "sesi__antrean__gerai__instansi")  # where a number is


def rostered(antrean: Antrean) -> int:
    """Loket that work for this line: those open now, or all of its own while none is open yet; at least 1."""
    with connection.cursor() as cursor:  # asked for every number, and composing it by ORM takes longer than running it
        cursor.execute(
            "SELECT COUNT(*), COUNT(jaga.id) FROM antrean_antrean_loket AS line"
            " JOIN layanan_loket AS loket ON loket.id = line.loket_id AND loket.aktif"
            " LEFT JOIN antrean_jaga AS jaga ON jaga.loket_id = loket.id AND jaga.closed_at IS NULL"
            " WHERE line.antrean_id = %s",
            [antrean.pk],
        )
        all_loket, on_duty = cursor.fetchone()
    return max(on_duty or all_loket, 1)


def walk_in_turn(
    antrean: Antrean,
    calendar: Calendar,
    now: datetime,
    *,
    waiting: int,
    last: datetime | None,
    loket: int,
    booked: Sequence[datetime] = (),
) -> datetime:
    """Planned time of a walk-in: now or opening, plus the work ahead in service minutes; never before `last`.

    `waiting` people are ahead, `last` is the latest walk-in key among them, `loket` of them serve the line; `booked`
    are the times promised to people who are not here yet. Those due by then count too, at their show rate.
    """
    opens_at = calendar.today(now).opens_at
    start = max(now, opens_at) if opens_at else now
    turn = calendar.after(start, waiting * antrean.menit_layanan / loket)
    coming = due(booked, now, by=turn)
    if coming:
        turn = calendar.after(start, (waiting + coming) * antrean.menit_layanan / loket)
    return max(turn, last) if last else turn


def frees_at(tiket: Tiket) -> datetime:
    """When the holder of this number can be at another gerai, if all goes as planned."""
    return tiket.giliran_pada + timedelta(minutes=tiket.sesi.antrean.menit_layanan) + WALK


def due(booked: Iterable[datetime], now: datetime, *, by: datetime) -> float:
    """People who are promised a time up to `by` and may still come in time, at the rate that they do come."""
    return SHOW_RATE * sum(now - GRACE <= at <= by for at in booked)


def promised(lines: Iterable[int], tanggal: date) -> dict[int, list[datetime]]:
    """What `booked` says, of several lines in one query; empty for lines where nobody is expected."""
    found: dict[int, list[datetime]] = defaultdict(list)
    rows = Pemesanan.objects.expected().filter(slot__antrean__in=lines, slot__tanggal=tanggal)
    for line_id, mulai in rows.values_list("slot__antrean", "slot__mulai"):
        found[line_id].append(mulai)
    return found


def booked(antrean_id: int, tanggal: date) -> list[datetime]:
    """The times promised to people who are not here yet, one for each of them."""
    rows = Slot.objects.raw(
        "SELECT slot.id, slot.mulai FROM antrean_slot AS slot"
        " JOIN antrean_pemesanan AS pesan ON pesan.slot_id = slot.id"
        " WHERE slot.antrean_id = %s AND slot.tanggal = %s AND pesan.status IN ('dipesan')",
        [antrean_id, tanggal],
    )
    return [row.mulai for row in rows]


def line(sesi_id: int | None) -> tuple[int, datetime | None]:
    """How many wait in a line, and the latest walk-in key among them: a time promised for later holds nobody up."""
    rows: Any = Tiket.objects.raw(
        "SELECT MAX(id) AS id, COUNT(*) AS waiting,"
        " MAX(CASE WHEN jadwal IS NULL OR giliran_pada <> jadwal THEN giliran_pada END) AS giliran_pada"
        " FROM antrean_tiket"
        " WHERE sesi_id = %s AND status = 'menunggu'",
        [sesi_id],
    )
    return rows[0].waiting, rows[0].giliran_pada


@dataclass(frozen=True)
class Choice:
    """Who is next and why; `priority` if the priority lane was used."""

    tiket: Tiket
    sesi: Sesi
    why: str
    priority: bool = False

    @property
    def key(self) -> datetime:
        """Planned time, less the head start of the line where a loket serves several."""
        return self.tiket.giliran_pada - timedelta(minutes=self.sesi.antrean.bobot_menit)


@dataclass(frozen=True)
class Passed:
    """Who has an earlier turn and is left out for a while, because of `other`: another number of theirs."""

    tiket: Tiket
    other: Tiket

    @property
    def why(self) -> str:
        gerai = self.other.sesi.antrean.gerai.instansi.singkatan
        words = {"nomor": self.tiket.label, "dahulu": self.other.label, "loket": self.other.loket, "gerai": gerai}
        if self.other.loket:
            return _("%(nomor)s dilewati sebentar: orangnya sedang di %(loket)s, %(gerai)s.") % words
        return _("%(nomor)s dilewati sebentar: menunggu %(dahulu)s di %(gerai)s selesai.") % words


def passed_over(lines: Iterable[Sesi], *called: Tiket | None) -> list[Passed]:
    """Who of these lines would have come before the one `called`, or the one about to be; all, if nobody is."""
    known = [tiket for tiket in called if tiket]
    rows = Tiket.objects.waiting().left_out().filter(sesi__in=lines).in_order()
    rows = rows.exclude(cetak=Cetak.DITUNGGU).select_related(*(f"prasyarat__{path}" for path in PLACE))
    left = [row for row in rows if not known or any(_is_before(row, tiket) for tiket in known)]
    at_loket = Tiket.objects.filter(kunjungan__in={row.kunjungan_id for row in left}, status__in=DI_LOKET)
    others = {other.kunjungan_id: other for other in at_loket.select_related(*PLACE)} if left else {}
    pairs = [(row, others.get(row.kunjungan_id) or row.awaited) for row in left]
    return [Passed(row, other) for row, other in pairs if other]


def _is_before(row: Tiket, tiket: Tiket) -> bool:
    return row.sesi_id == tiket.sesi_id and (row.giliran_pada, row.nomor) < (tiket.giliran_pada, tiket.nomor)


def choose(lines: Iterable[Sesi], now: datetime) -> Choice | None:
    """The next person of these lines. The caller holds their rows' locks if it is going to call."""
    choices = [choice for sesi in lines if (choice := _next_of(sesi, now))]
    priority = [choice for choice in choices if choice.priority]
    return min(priority or choices, key=lambda choice: (choice.key, choice.tiket.nomor), default=None)


# Who waits in a line with the number in hand (on paper only once that is known to be out), is not at another loket just
# now and has no other number first (`TiketQuerySet.ready`); first the priority lane if its turn has come, then whoever
# has not been called in vain a moment ago. Asked twice by every key pressed, while the whole hall waits for the call.
_NEXT = """
SELECT tiket.*, CASE WHEN absent_at IS NULL OR absent_at <= %s OR absent_panggilan <= %s
    THEN CASE WHEN prioritas = '' THEN 1 ELSE %s END ELSE 2 END AS lane
FROM antrean_tiket AS tiket WHERE sesi_id = %s AND status = 'menunggu' AND cetak <> 'ditunggu' AND NOT EXISTS (
    SELECT 1 FROM antrean_tiket AS other
    WHERE other.kunjungan_id = tiket.kunjungan_id AND (other.status IN ('dipanggil', 'dilayani')
        OR other.id = tiket.prasyarat_id AND other.status NOT IN ('selesai', 'dialihkan', 'batal', 'hangus'))
) ORDER BY lane, giliran_pada, nomor LIMIT 1
"""


def _next_of(sesi: Sesi, now: datetime) -> Choice | None:
    away_since = connection.ops.adapt_datetimefield_value(now - ABSENT_WAIT)
    priority = 0 if sesi.sejak_prioritas >= ONE_IN - 1 else 1
    found: Any = Tiket.objects.raw(_NEXT, [away_since, sesi.panggilan - ABSENT_CALLS, priority, sesi.pk])
    first = next(iter(found), None)
    if first is None:
        return None
    if first.lane == 0:
        why = _("Prioritas %s: paling lama menunggu di jalur prioritas.") % first.get_prioritas_display()
        return Choice(first, sesi, why, priority=True)
    if first.absent_at:
        return Choice(first, sesi, _("Tadi dipanggil dan belum datang, sekarang dipanggil lagi."))
    turn = timezone.localtime(first.giliran_pada, sesi.antrean.mpp.zone)
    return Choice(first, sesi, _("Gilirannya paling awal: pukul %s.") % time_format(turn))
