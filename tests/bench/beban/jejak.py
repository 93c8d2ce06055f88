"""Every change of a ticket in the order in which the database made it, and a replay of the calls by the rule.

A trigger copies each ticket as it is written; all of one line is written under the lock of that line, so the copies
of a line stand in the order of its commits. The replay knows the rule of docs/adr/0005-urutan.md, not our code for it.

Two may have been left out because they were not there yet when the loket looked: who was just leaving another loket,
and the first of a line's day, with whom the line itself begins. Such a call is counted as `excused`, if the other
number of that person moved, or that first one was given, among the last `RACE` changes of the whole hall.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection

RACE = 20
LANE_AFTER = 2  # calls of a line since the priority lane was used: the third may be its next
AGAIN_CALLS, AGAIN_WAIT = 5, timedelta(minutes=10)  # of who was called and was not there
GRACE = timedelta(minutes=10)  # after a promised time
AT_LOKET = {"dipanggil", "dilayani"}
OVER = {"selesai", "dialihkan", "batal", "hangus"}

COLUMNS = {  # of the copy, and whether it is an instant
    "id": False, "sesi_id": False, "nomor": False, "label": False, "kunjungan_id": False, "status": False,
    "cetak": False, "prioritas": False, "giliran_pada": True, "jadwal": True, "created_at": True, "loket_id": False,
    "called_at": True, "absent_at": True, "prasyarat_id": False,
}  # fmt: skip
_TABLE = f"CREATE TABLE jejak_tiket AS SELECT 0 AS urut, {', '.join(COLUMNS)} FROM antrean_tiket WHERE 1 = 0"  # noqa: S608
_COPY = (
    f"INSERT INTO jejak_tiket (urut, {', '.join(COLUMNS)})"  # noqa: S608
    f" VALUES ({{next}}, {', '.join(f'NEW.{name}' for name in COLUMNS)});"
)


def keep() -> None:
    """From now on each change of a ticket leaves a copy. Nobody has a number yet."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLE)
        if connection.vendor == "postgresql":
            copy = _COPY.format(next="nextval('jejak_urut')")
            cursor.execute("CREATE SEQUENCE jejak_urut")
            cursor.execute(
                f"CREATE FUNCTION jejak() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {copy} RETURN NULL; END $$"
            )
            cursor.execute(
                "CREATE TRIGGER jejak AFTER INSERT OR UPDATE ON antrean_tiket FOR EACH ROW EXECUTE FUNCTION jejak()"
            )
            return
        copy = _COPY.format(next="(SELECT COUNT(*) + 1 FROM jejak_tiket)")
        for step in ("INSERT", "UPDATE"):
            cursor.execute(f"CREATE TRIGGER jejak_{step} AFTER {step} ON antrean_tiket BEGIN {copy} END")


class Copy(NamedTuple):
    """A ticket as it was written, the `urut`th time that any was."""

    urut: int
    pk: int
    sesi: int
    nomor: int
    label: str
    kunjungan: int
    status: str
    cetak: str
    prioritas: str
    giliran: Any
    jadwal: Any
    created_at: Any
    loket: int | None
    called_at: Any
    absent_at: Any
    prasyarat: int | None

    @property
    def walks_in(self) -> bool:
        return self.giliran != self.jadwal


def copies() -> Iterator[Copy]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT urut, {', '.join(COLUMNS)} FROM jejak_tiket ORDER BY urut")  # noqa: S608
        rows = cursor.fetchall()
    instants = [False, *COLUMNS.values()]
    for row in rows:
        yield Copy(*(_instant(value) if at else value for value, at in zip(row, instants, strict=True)))


def _instant(value: Any) -> datetime | None:
    if isinstance(value, str):  # SQLite
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    return value


@dataclass(frozen=True)
class Loket:
    """What the replay must know of the hall: each loket's lines today, and the head start of each line."""

    lines: dict[int, set[int]]  # loket → its sesi
    weight: dict[int, timedelta]  # sesi → head start


def hall() -> Loket:
    from antrean.models import Antrean, Sesi

    lines: dict[int, set[int]] = defaultdict(set)
    weight = {}
    for sesi in Sesi.objects.select_related("antrean"):
        weight[sesi.pk] = timedelta(minutes=sesi.antrean.bobot_menit)
        for loket in Antrean.loket.through.objects.filter(antrean=sesi.antrean_id).values_list("loket", flat=True):
            lines[loket].add(sesi.pk)
    return Loket(dict(lines), weight)


class Replay:
    """The day again, change by change. `faults` counts them by name, `said` tells of the first ones."""

    def __init__(self, place: Loket, reasons: dict[tuple[int, datetime], str], heirs: dict[int, int]) -> None:
        """`reasons`: why each ticket was called at an instant; `heirs`: ticket that goes on → the one before it."""
        self.place, self.reasons, self.heirs = place, reasons, heirs
        self.now: dict[int, Copy] = {}
        self.served: dict[int, Copy] = {}  # of these, who is at a loket
        self.calls: Counter[int] = Counter()  # of each line
        self.since: dict[int, int] = defaultdict(lambda: LANE_AFTER)
        self.absent: dict[int, int] = {}  # ticket → calls of its line when it was absent
        self.left: dict[int, int] = {}  # ticket → when it came to or left a loket, as `urut`
        self.given: dict[int, int] = {}  # ... and when it was made
        self.faults: Counter[str] = Counter(passed=0, two_places=0, unexplained_calls=0, turns_wrong=0)
        self.seen: Counter[str] = Counter(in_turn=0, by_lane=0, given=0, excused=0)
        self.said: list[str] = []

    def run(self, rows: Iterable[Copy]) -> "Replay":
        for row in rows:
            before = self.now.get(row.pk)
            self._check_turn(before, row)
            if row.status == "dipanggil" and (before is None or before.status != "dipanggil"):
                self._check_call(row)
            if row.absent_at and (before is None or before.absent_at is None):
                self.absent[row.pk] = self.calls[row.sesi]
            if before and (before.status in AT_LOKET) != (row.status in AT_LOKET):
                self.left[row.pk] = row.urut
            self.now[row.pk] = row
            self.given.setdefault(row.pk, row.urut)
            self._check_places(row)
        return self

    def _fault(self, name: str, words: str) -> None:
        self.faults[name] += 1
        self.said.append(f"{name}: {words}")

    def _check_places(self, row: Copy) -> None:
        """Nobody else is at that loket, and this person is at no other."""
        self.served.pop(row.pk, None)
        if row.status not in AT_LOKET:
            return
        for other in self.served.values():
            if other.loket == row.loket or other.kunjungan == row.kunjungan:
                self._fault("two_places", f"{row.label} and {other.label} at loket {row.loket} and {other.loket}")
        self.served[row.pk] = row

    def _check_turn(self, before: Copy | None, row: Copy) -> None:
        """A turn is what was promised, or not before whoever came earlier; it never becomes earlier afterwards."""
        if before:
            if row.giliran < before.giliran:
                self._fault("turns_wrong", f"{row.label} came to an earlier turn")
        elif row.pk in self.heirs:
            if row.giliran != max(self.now[self.heirs[row.pk]].giliran, row.created_at):
                self._fault("turns_wrong", f"{row.label} was moved and lost the turn")
        elif row.jadwal and row.created_at <= row.jadwal + GRACE:
            if row.giliran != row.jadwal:
                self._fault("turns_wrong", f"{row.label} came in time for a promise that was not kept")
        else:
            waiting = [one for one in self.now.values() if one.sesi == row.sesi and one.status == "menunggu"]
            last = max((one.giliran for one in waiting if one.walks_in), default=row.created_at)
            if row.giliran < max(last, row.created_at):
                self._fault("turns_wrong", f"{row.label} walked in before others")

    def _check_call(self, row: Copy) -> None:
        reason = self.reasons.get((row.pk, row.called_at))
        lane = False
        if reason is None:
            self._fault("unexplained_calls", f"{row.label} at {row.called_at}: no such call")
        elif reason:
            self.seen["given"] += 1
            lane = bool(row.prioritas)
        else:
            lane = self._in_turn(row)
        self.calls[row.sesi] += 1
        self.since[row.sesi] = 0 if lane else self.since[row.sesi] + 1

    def _in_turn(self, row: Copy) -> bool:
        """True if it was the priority lane's turn, and theirs."""
        left_out: set[int] = set()
        first = self._next(row, left_out)
        while first and first.pk != row.pk and self._has_just_come(first, row.urut):
            left_out.add(first.pk)
            first = self._next(row, left_out)
        if first is None or first.pk != row.pk:
            words = (
                f"{first.label} was first, since {row.urut - self.given[first.pk]} changes" if first else "nobody was"
            )
            self._fault("passed", f"{row.label} was called at {row.called_at}, {words}")
        self.seen["excused"] += bool(left_out)
        lane = self._rank(self.now.get(row.pk, row), row.called_at)[0] == 0
        self.seen["by_lane" if lane else "in_turn"] += 1
        return lane

    def _next(self, call: Copy, left_out: set[int]) -> Copy | None:
        """Who of the lines of that loket is first by the rule."""
        firsts = []
        for sesi in self.place.lines.get(call.loket, ()):
            waiting = [one for one in self.now.values() if one.sesi == sesi and self._may_be_called(one)]
            ranked = [(self._rank(one, call.called_at), one) for one in waiting if one.pk not in left_out]
            if ranked:
                firsts.append(min(ranked))
        lane = [pair for pair in firsts if pair[0][0] == 0]
        keyed = [(one.giliran - self.place.weight[one.sesi], one.nomor, one) for _rank, one in lane or firsts]
        return min(keyed)[2] if keyed else None

    def _may_be_called(self, one: Copy) -> bool:
        if one.status != "menunggu" or one.cetak == "ditunggu":
            return False
        first = self.now.get(one.prasyarat) if one.prasyarat else None
        elsewhere = {other.kunjungan for other in self.served.values()}
        return one.kunjungan not in elsewhere and (first is None or first.status in OVER)

    def _rank(self, one: Copy, at: datetime) -> tuple[int, datetime, int]:
        """First the priority lane when its turn has come, last who was not there a moment ago."""
        away = one.absent_at and one.absent_at > at - AGAIN_WAIT
        if away and self.calls[one.sesi] < self.absent[one.pk] + AGAIN_CALLS:
            return 2, one.giliran, one.nomor
        lane = one.prioritas and self.since[one.sesi] >= LANE_AFTER
        return 0 if lane else 1, one.giliran, one.nomor

    def _has_just_come(self, one: Copy, urut: int) -> bool:
        others = [other.pk for other in self.now.values() if other.kunjungan == one.kunjungan and other.pk != one.pk]
        begins = one.nomor == 1 and urut - self.given[one.pk] < RACE
        return begins or any(urut - self.left.get(pk, -RACE) < RACE for pk in others)


def replay() -> Replay:
    from antrean.models import Panggilan, Tiket

    calls = Panggilan.objects.filter(ulang=False).values_list("tiket", "at", "sebab")
    reasons = {(tiket, at): sebab for tiket, at, sebab in calls}
    heirs = dict(Tiket.objects.filter(pengganti__isnull=False).values_list("pengganti", "pk"))
    return Replay(hall(), reasons, heirs).run(copies())
