"""A day of 1,000 visits at 12 loket, 75 times as fast as the sun's; then the audit. `hari 0.1`: a tenth of them.

All of the portal's processes, the visitors and the petugas have one clock (beban/jam.py). PostgreSQL and Valkey keep
the real one: no rule of the queue asks them for the time. With fewer visits each takes longer: the hall is as full.
"""

import asyncio
import json
import os
import random
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from datetime import time as clock
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import django

from tests import servers

from .beban import jam, jejak, periksa
from .beban.bertugas import Officer
from .beban.orang import Web
from .beban.sehari import Day, Desk, Heard, Line, Visitor
from .panggil import log_in
from .peralatan import stores, web

VISITS, SPEED, SPEED_OF_A_PART = 1000, 75, 150
ZONE = ZoneInfo("Asia/Makassar")
START = datetime(2026, 9, 15, 5, 30, tzinfo=ZONE)  # a Tuesday without a holiday
OPENS, CLOSES, LAPSED = 8, 16, 16.5  # hours; an hour after its time the last booking lapses that nobody claimed
SERVING, PLANNED = 4.3, 5  # minutes per person: at the loket, and by the line's own figure, with the walk to it
LINES = {"A": 4, "F": 1, "H": 3, "J": 2, "K": 2}  # and how many in twelve visitors they serve
LOKET = ["A", "A", "A", "AF", "AF", "H", "H", "H", "J", "J", "K", "K"]
EARLY = {"K": 15.3}  # the line whose loket all close while people wait
OUTCOMES = {"selesai", "tidak_hadir", "terlewat", "ditunda", "menunggu", "dialihkan", "batal", "dipanggil_ulang"}
TIDIED_IN = 90  # of the sun's seconds after that
PULSE_EVERY = 30  # of the sun's seconds in which a worker has done once what beat asks it to do all the time


def main(part: str = "1") -> dict[str, Any]:
    speed = SPEED if float(part) > 0.3 else SPEED_OF_A_PART
    with (
        stores(demo=False) as kept,
        jam.running(kept.folder, start=START, speed=speed) as environment,
    ):
        done = subprocess.run([sys.executable, "-m", "tests.bench.hari", part], cwd=servers.ROOT, text=True,
                              env=os.environ | environment, stdout=subprocess.PIPE)  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"hari: {done.returncode}")
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def live(part: float) -> dict[str, Any]:
    """The day itself, in a process with its clock."""
    random.seed(seed := secrets.randbelow(10**6))
    jejak.keep()
    mall = Mall(1 / part)
    port, began = servers.free_port(), time.monotonic()
    with web(port, 2), tasks(), pulses(float(os.environ[jam.SPEED])) as late:
        day = asyncio.run(happen(mall, port, round(VISITS * part)))
        tidied = wait_until_all_is_over(day)
        unoffered = asyncio.run(without_an_offer(day))
    race = timedelta(seconds=day.clock.speed)  # a request takes less than a second
    found = periksa.judge(day.heard, race=race)
    del found["ok"]
    faults = found.pop("faults") | {
        "clocks_disagree": given_at_another_time(day.heard) + late.from_the_future,
        "beat_in_vain": late.too_old,
        "never_tidied": int(not tidied),
        "unserved_without_offer": unoffered,
        "errors": day.web.failed.total(),
        "not_seen": len(not_seen(day.heard, found)) if part == 1 else 0,
    }
    return {
        "ok": not any(faults.values()), "seed": seed, "visits": round(VISITS * part), "speed": day.clock.speed,
        "real_s": round(time.monotonic() - began), **found,
        "oldest_pulse_s": round(late.oldest), "refused": dict(day.heard.refused),
        "failed": dict(day.web.failed), "faults": faults, "load": os.getloadavg()[0],
    }  # fmt: skip


class Mall:
    """Five lines at four offices, twelve loket with a petugas each, times to book today and tomorrow."""

    def __init__(self, longer: float) -> None:
        from tests import factories

        self.longer = longer
        self.mpp = factories.Mpp(zona=ZONE.key)
        for hari in range(5):
            factories.JamBuka(mpp=self.mpp, hari=hari, buka=clock(OPENS), tutup=clock(CLOSES))
        offices = {huruf: factories.Gerai(mpp=self.mpp) for huruf in "AHJK"}
        offices["F"] = offices["A"]
        places = [(lines, factories.Loket(gerai=offices[lines[0]])) for lines in LOKET]
        self.lines: dict[str, Line] = {}
        for huruf, share in LINES.items():
            loket = [row for lines, row in places if huruf in lines]
            self.lines[huruf] = self._line(huruf, offices[huruf], loket, share)
        self.consoles = [(row.pk, lines[0], self._cookies("petugas_loket", gerai=row.gerai)) for lines, row in places]
        self.desk = self._cookies("petugas_informasi", mpp=self.mpp)

    def _line(self, huruf: str, gerai: Any, loket: list[Any], share: int) -> Line:
        from django.urls import reverse

        from antrean import slots
        from antrean.models import Antrean
        from tests import factories

        layanan = factories.Layanan(gerai=gerai)
        planned = {"menit_layanan": round(PLANNED * self.longer), "bobot_menit": 10 if huruf == "F" else 0}
        factories.Antrean(gerai=gerai, huruf=huruf, layanan=[layanan], loket=loket, **planned)
        line = Antrean.objects.giving().get(layanan=layanan)
        today = self.mpp.today()
        for tanggal in (today, today + timedelta(days=1)):
            for start, end in ((OPENS, 12), (13, CLOSES)):
                factories.PolaJadwal(
                    antrean=line, hari=tanggal.weekday(), mulai=clock(start), selesai=clock(end), loket=share,
                    menit=30 if self.longer < 3 else 120, persen_langsung=40, batas_menit=30,
                )  # fmt: skip
        slots.regenerate(line)
        place = [self.mpp.slug, gerai.instansi.slug, layanan.jenis.slug]
        times = reverse("antrean:times", args=[*place, today])
        take, give = (reverse(f"antrean:{name}", args=place) for name in ("take", "give"))
        return Line(take, give, times, layanan.pk, share)

    def _cookies(self, peran: str, **place: Any) -> dict[str, str]:
        from tests import factories

        return log_in(factories.Penugasan(peran=peran, **place).pengguna)


@contextmanager
def tasks() -> Iterator[None]:
    """A worker and beat, which looks at the clock every second of the sun."""
    sys.path.insert(0, str(servers.ROOT / "bin"))
    import _processes

    from mpp_portal import sehat

    folder = Path(os.environ["MPP_DATA_DIR"])
    worker = [part % {"process_num": 0} for part in _processes.worker().command]
    beat = [*_processes.beat(folder).command, "--max-interval=1"]
    said = {"cwd": servers.ROOT, "stdout": sys.stderr, "stderr": sys.stderr}
    with ExitStack() as running:
        running.enter_context(servers.running(worker, lambda: True, **said))
        running.enter_context(servers.running(beat, lambda: sehat.beat() != "belum berdenyut", **said))
        yield


@dataclass
class Late:
    """How often the worker's last pulse was not of the last minutes, by the clock here."""

    too_old: int = 0
    from_the_future: int = 0
    oldest: float = 0  # seconds of the day's clock


@contextmanager
def pulses(speed: float) -> Iterator[Late]:
    """Watch the clock of worker and beat."""
    import threading

    from mpp_portal import sehat, valkey

    late, stop = Late(), threading.Event()

    def watch() -> None:
        while not stop.wait(2):
            age = time.time() - float(valkey.client().get(sehat.PULSE))
            late.oldest = max(late.oldest, age)
            late.too_old += age > PULSE_EVERY * speed
            late.from_the_future += age < -jam.AGREE

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield late
    finally:
        stop.set()
        watcher.join()


async def happen(mall: Mall, port: int, visits: int) -> Day:
    """Everybody's day, until the last loket is closed."""
    from django.urls import reverse

    from antrean import presence

    now, pages = jam.Clock(ZONE), Web([port])
    desk = Desk(pages, reverse("antrean:desk", args=[mall.mpp.slug]), mall.desk)

    def arrive() -> str:
        return reverse("antrean:arrive", args=[presence.code(mall.mpp)])

    day = Day(now, pages, list(mall.lines.values()), arrive, desk, CLOSES)
    officers = [
        Officer(day, n=n, console=reverse("antrean:console", args=[pk]), cookies=cookies, line=mall.lines[huruf],
                minutes=SERVING * mall.longer, leaves=EARLY.get(huruf, CLOSES))
        for n, (pk, huruf, cookies) in enumerate(mall.consoles)
    ]  # fmt: skip
    async with asyncio.TaskGroup() as group:
        visitors = [group.create_task(Visitor(day, n).live()) for n in range(visits)]
        await asyncio.gather(*(officer.work() for officer in officers))
        await now.wait(5)  # what was pressed a moment before closing has been answered
        for visitor in visitors:
            visitor.cancel()
    return day


def wait_until_all_is_over(day: Day) -> bool:
    """Beat ends the day: numbers first, an hour after its time each booking that nobody claimed."""
    from antrean.models import Pemesanan, Tiket

    limit = day.clock.at(LAPSED) + timedelta(seconds=TIDIED_IN * day.clock.speed)
    while day.clock.now() < limit:
        open_numbers = Tiket.objects.exclude(status__in=jejak.OVER)
        if not open_numbers.exists() and not Pemesanan.objects.filter(status__in=periksa.OPEN_BOOKINGS).exists():
            return True
        time.sleep(0.5)
    return False


async def without_an_offer(day: Day) -> int:
    """How many of those who waited in vain are shown no time of another day on their page."""
    from asgiref.sync import sync_to_async

    from antrean.models import Tiket
    from mpp_portal.models import Peristiwa

    def links() -> list[str]:
        unserved = Peristiwa.objects.filter(jenis="tiket.tidak_terlayani").values("subjek_id")
        return [row.kunjungan.get_absolute_url() for row in Tiket.objects.filter(pk__in=unserved)]

    pages = Web(day.web.ports)
    tomorrow = f"/{day.clock.now().date() + timedelta(days=1)}/"
    found = [(await pages.insist(pages.client(), "GET", link)).text for link in await sync_to_async(links)()]
    return sum(tomorrow not in page for page in found)


def not_seen(heard: Heard, found: dict[str, Any]) -> set[str]:
    """What a day has and this one had not: it shows nothing about that."""
    seen = {kind for (_label, kind) in heard.steps} | {kind for kind, n in found["calls_by"].items() if n}
    seen |= {"unserved"} if found["unserved"] else set()
    return (OUTCOMES | {"in_turn", "by_lane", "given", "unserved"}) - seen


def given_at_another_time(heard: Heard) -> int:
    """Numbers whose instant, by a web process, is not between asking and being told, by the visitor's clock."""
    from antrean.models import Tiket

    allowed = timedelta(seconds=jam.AGREE)
    rows = Tiket.objects.filter(label__in=heard.spans).order_by("pk").values_list("label", "created_at")
    first = dict(reversed(rows))
    spans = [(heard.spans[label], at) for label, at in first.items()]
    return sum(not since - allowed <= at <= until + allowed for (since, until), at in spans)


if __name__ == "__main__":
    django.setup()
    json.dump(live(float(sys.argv[1])), sys.stdout)
