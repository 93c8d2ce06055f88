"""What a penyelia sees of the hall: every line and loket as it is now, and what needs somebody at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max, Min
from django.utils import timezone
from django.utils.translation import gettext as _

from layanan.models import Loket, Mpp

from . import lines
from .models import Antrean, Jaga, Rehat, Tiket
from .states import DI_LOKET

IDLE = timedelta(minutes=10)  # an open loket that calls nobody for this long although people wait


@dataclass(frozen=True)
class Row:
    """A line; `longest` is how long the one who came first has waited."""

    line: lines.Line
    longest: timedelta | None

    @property
    def late(self) -> bool:
        return self.longest is not None and self.longest > timedelta(minutes=self.line.antrean.batas_tunggu)

    @property
    def minutes(self) -> int:
        return int(self.longest.total_seconds() // 60) if self.longest else 0


@dataclass(frozen=True)
class Desk:
    """A loket: who opened it, who stands there, and since when nobody does (`free_since`, of an open one)."""

    loket: Loket
    lines: list[Antrean]
    jaga: Jaga | None
    tiket: Tiket | None
    free_since: datetime | None
    idle: bool


def floor(mpp: Mpp, *, now: datetime | None = None) -> dict[str, Any]:
    """The context of the floor view: `rows`, `desks`, `alarms`, `waiting`, `channels`; few queries for any hall."""
    now = now or timezone.now()
    tanggal = mpp.today(now)
    waiting = Tiket.objects.waiting().filter(sesi__antrean__mpp=mpp, sesi__tanggal=tanggal)
    first = dict(waiting.ready().order_by().values_list("sesi__antrean").annotate(Min("created_at")))
    rows = [
        Row(line, now - first[line.antrean.pk] if line.antrean.pk in first else None)
        for line in lines.of_mpp(mpp, now=now)
        if line.numbered
    ]
    desks = _desks(mpp, set(first), now)
    gerai = {row.line.antrean.gerai_id for row in rows} | {desk.loket.gerai_id for desk in desks}
    return {
        "mpp": mpp,
        "channels": [f"mpp-{mpp.pk}", *(f"gerai-{pk}" for pk in sorted(gerai))],
        "now": now,
        "rows": rows,
        "desks": desks,
        "alarms": list(_alarms(rows, desks)),
        "waiting": sum(row.line.waiting for row in rows),
    }


def _desks(mpp: Mpp, wanted: set[int], now: datetime) -> list[Desk]:
    loket = Loket.objects.filter(mpp=mpp, aktif=True).select_related("gerai__instansi").prefetch_related("antrean")
    jaga = {row.loket_id: row for row in Jaga.objects.open().filter(loket__mpp=mpp).select_related("petugas")}
    here = {row.loket_id: row for row in Tiket.objects.filter(loket__mpp=mpp, status__in=DI_LOKET)}
    ended = Tiket.objects.filter(loket__in=jaga, sesi__tanggal=mpp.today(now)).order_by()
    last: dict[Any, Any] = dict(ended.values_list("loket").annotate(Max("ended_at")))
    resumed: dict[Any, Any] = dict(
        Rehat.objects.filter(jaga__in=jaga.values()).order_by().values_list("jaga__loket").annotate(Max("ended_at"))
    )
    desks = []
    for row in loket.order_by("nomor"):
        duty, tiket = jaga.get(row.pk), here.get(row.pk)
        since = None
        if duty and not tiket and not duty.rehat:
            since = max(at for at in (duty.opened_at, last.get(row.pk), resumed.get(row.pk)) if at)
        served = [line for line in row.antrean.all() if line.aktif]
        idle = since is not None and now - since > IDLE and any(line.pk in wanted for line in served)
        desks.append(Desk(row, served, duty, tiket, since, idle))
    return desks


def _alarms(rows: Iterable[Row], desks: Iterable[Desk]) -> Iterable[str]:
    """Sentences, the gravest first."""
    rows = list(rows)
    for row in rows:
        if row.line.unmanned and row.line.waiting:
            yield _("%(antrean)s: %(n)s orang menunggu dan tidak ada loket yang buka.") % _words(row)
    for row in rows:
        if row.late:
            yield _("%(antrean)s: ada yang sudah menunggu %(menit)s menit.") % _words(row)
    empty = [row.line.antrean.huruf for row in rows if row.line.unmanned and not row.line.waiting]
    if empty:
        yield _("Jam buka, tetapi belum ada loket yang buka untuk antrean %s.") % ", ".join(empty)
    for desk in desks:
        if desk.idle:
            yield _("%s buka dan kosong, padahal antreannya menunggu.") % desk.loket


def _words(row: Row) -> dict[str, Any]:
    return {"antrean": row.line.antrean, "n": row.line.waiting, "menit": row.minutes}
