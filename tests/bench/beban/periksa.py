"""The books of a day, read without our own code: does everything add up that people saw, heard and were told?"""

import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from .jejak import AT_LOKET, GRACE, OVER, replay

OPEN_BOOKINGS = ["ditahan", "dipesan"]
BY_ITSELF = {"hangus", "tidak_terlayani", "mendekat", "ditutup"}  # what no person does
Part = tuple[dict[str, Any], dict[str, int]]  # figures, and those of them that must be 0


def judge(heard: Any, *, race: timedelta = timedelta()) -> dict[str, Any]:
    """What happened, in figures; `faults` are those that must be 0, `said` describes some of them.

    `heard` has what people were told: `held` (secret link → numbers), `bookings` (secret link → what became of it),
    `steps` (number and step → how often). `race` is how long a request may take: an instant is noted when it comes in,
    before it waits for its turn, so two steps at once may be written in the other order.
    """
    played = replay()
    figures: dict[str, Any] = {"calls_by": dict(played.seen)}
    faults: dict[str, int] = dict(played.faults)
    for found, wrong in [_numbers(), _calls(), _times(race), _ends(), *_told(heard)]:
        figures |= found
        faults |= wrong
    return {"ok": not any(faults.values()), **figures, **_waits(), "faults": faults, "said": played.said[:5]}


def _numbers() -> Part:
    """1, 2, 3 … in each line, as many as its counter says."""
    from antrean.models import Sesi, Tiket

    given: dict[int, list[int]] = defaultdict(list)
    for sesi, nomor in Tiket.objects.values_list("sesi", "nomor"):
        given[sesi].append(nomor)
    last = dict(Sesi.objects.values_list("pk", "nomor_terakhir"))
    gaps = sum(len(set(range(1, last[pk] + 1)) ^ set(given[pk])) for pk in last)
    doubles = sum(len(numbers) - len(set(numbers)) for numbers in given.values())
    return {"numbers": sum(map(len, given.values())), "lines": len(last)}, {"gaps": gaps, "doubles": doubles}


def _calls() -> Part:
    """1, 2, 3 … in each mall, as many as its counter says."""
    from antrean.models import Panggilan, UrutanPanggilan

    said: dict[int, list[int]] = defaultdict(list)
    for mpp, urut in Panggilan.objects.values_list("mpp", "urut"):
        said[mpp].append(urut)
    last = dict(UrutanPanggilan.objects.values_list("mpp", "terakhir"))
    gaps = sum(len(set(range(1, last.get(mpp, 0) + 1)) ^ set(urut)) for mpp, urut in said.items())
    doubles = sum(len(urut) - len(set(urut)) for urut in said.values())
    return {"calls": sum(map(len, said.values()))}, {"call_gaps": gaps + doubles}


def _times(race: timedelta) -> Part:
    """What happened to a number happened in that order; a loket and a person were busy with one thing at a time."""
    from antrean.models import Panggilan, Tiket
    from mpp_portal.models import Peristiwa

    events: dict[int, list[tuple[datetime, str]]] = defaultdict(list)
    rows = Peristiwa.objects.filter(subjek="antrean.tiket").order_by("pk")
    for pk, at, ke in rows.values_list("subjek_id", "at", "ke"):
        events[pk].append((at, ke))
    backwards = sum(_backwards([at for at, _ke in story], race) for story in events.values())
    for row in Tiket.objects.values_list("created_at", "called_at", "started_at", "ended_at"):
        backwards += _backwards([at for at in row if at], race)
    owner = dict(Tiket.objects.values_list("pk", "kunjungan"))
    by_loket, by_person = defaultdict(list), defaultdict(list)
    for pk, loket, at in Panggilan.objects.filter(ulang=False).values_list("tiket", "loket", "at"):
        span = (at, _left(events[pk], at))
        by_loket[loket].append(span)
        by_person[owner[pk]].append(span)
    overlaps = sum(_overlaps(spans, race) for spans in [*by_loket.values(), *by_person.values()])
    return {"steps": sum(map(len, events.values()))}, {"backwards": backwards, "overlaps": overlaps}


def _backwards(instants: list[datetime], race: timedelta) -> int:
    return sum(later < earlier - race for earlier, later in pairwise(instants))


def _left(story: list[tuple[datetime, str]], called: datetime) -> datetime:
    """When somebody who was called at that instant was no longer at the loket."""
    begun = False
    for at, ke in story:
        begun = begun or (at == called and ke == "dipanggil")
        if begun and ke and ke not in AT_LOKET:
            return at
    return datetime.max.replace(tzinfo=called.tzinfo)


def _overlaps(spans: Iterable[tuple[datetime, datetime]], race: timedelta) -> int:
    ordered = sorted(spans)
    return sum(start + race < end for (_start, end), (start, _end) in pairwise(ordered))


def _ends() -> Part:
    """Everybody's day has ended; who waited until closing was told so, not that they missed their turn."""
    from antrean.models import Pemesanan, Tiket
    from mpp_portal.models import Peristiwa

    states = Counter(Tiket.objects.values_list("status", flat=True))
    unserved = set(Peristiwa.objects.filter(jenis="tiket.tidak_terlayani").values_list("subjek_id", flat=True))
    lapsed = Tiket.objects.filter(status="hangus")
    ended = Peristiwa.objects.filter(subjek="antrean.tiket", ke="hangus")
    before = dict(ended.values_list("subjek_id", "dari"))
    waited = {pk for pk in lapsed.filter(absent_at=None).values_list("pk", flat=True) if before.get(pk) == "menunggu"}
    open_bookings = Pemesanan.objects.filter(status__in=OPEN_BOOKINGS).count()
    figures = {
        "states": dict(states),
        "bookings": dict(Counter(Pemesanan.objects.values_list("status", flat=True))),
        "unserved": len(unserved),
    }
    unended = sum(n for status, n in states.items() if status not in OVER)
    return figures, {"unended": unended + open_bookings, "unserved_not_told": len(waited ^ unserved)}


def _told(heard: Any) -> list[Part]:
    """What was acknowledged is there, as often as it was; and nothing else is."""
    from antrean.models import Pemesanan, Tiket
    from mpp_portal.models import Peristiwa

    own = Tiket.objects.exclude(pk__in=Tiket.objects.filter(pengganti__isnull=False).values("pengganti"))
    numbers = set(own.values_list("kunjungan__rahasia", "label"))
    told = {(secret, label) for secret, labels in heard.held.items() for label in labels}
    bookings = set(Pemesanan.objects.exclude(nama="").values_list("kunjungan__rahasia", "status"))
    shown = set(heard.bookings.items())
    missing = {secret for secret, _status in shown} ^ {secret for secret, _status in bookings}
    labels = dict(Tiket.objects.values_list("pk", "label"))
    steps = Counter(
        (labels[pk], jenis.removeprefix("tiket."))
        for pk, jenis in Peristiwa.objects.filter(subjek="antrean.tiket").values_list("subjek_id", "jenis")
        if jenis.removeprefix("tiket.") not in BY_ITSELF
    )
    lost, unknown = heard.steps - steps, steps - heard.steps
    return [
        ({}, {"numbers_lost": len(told - numbers), "numbers_nobody_was_told": len(numbers - told)}),
        ({}, {"bookings_lost": len(missing), "bookings_untrue": len(shown - bookings)}),
        ({}, {"steps_lost": lost.total(), "steps_nobody_made": unknown.total()}),
    ]


def _waits() -> dict[str, Any]:
    """Minutes from the promised time (or from coming, if that was later) to the first call; others from their number.

    `booked` came in time for what was promised. Who holds priority is counted there, with a booking or without.
    """
    from antrean.models import Panggilan, Tiket

    first: dict[int, datetime] = {}
    for pk, at in Panggilan.objects.order_by("urut").values_list("tiket", "at"):
        first.setdefault(pk, at)
    found: dict[str, list[float]] = {"booked": [], "walk_in": [], "priority": []}
    moved = Tiket.objects.filter(pengganti__isnull=False).values("pengganti")
    for row in Tiket.objects.filter(pk__in=first).exclude(pk__in=moved):
        promised = row.jadwal if row.jadwal and row.created_at <= row.jadwal + GRACE else None
        since = max(promised, row.created_at) if promised else row.created_at
        kind = "priority" if row.prioritas else "booked" if promised else "walk_in"
        found[kind].append(max(0, (first[row.pk] - since).total_seconds()) / 60)
    return {f"wait_{kind}": _spread(minutes) for kind, minutes in found.items()}


def _spread(minutes: list[float]) -> dict[str, float]:
    if len(minutes) < 2:
        return {"n": len(minutes)}
    tenths = statistics.quantiles(minutes, n=10)
    return {"n": len(minutes), "p50_min": round(statistics.median(minutes), 1), "p90_min": round(tenths[8], 1)}
