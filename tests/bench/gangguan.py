"""A rush of numbers, calls, bookings and reports while processes, broker, database and mail break; then the truth."""

import asyncio
import os
import random
import secrets
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import django

from tests import servers
from tests.portal.siaran.servers import Valkey

from .beban import kebenaran, penerima, perusak
from .beban.halaman import Page
from .beban.orang import Petugas, Phone, Told, Web
from .beban.rumah import Booker, Koordinator, Reporter
from .panggil import log_in
from .peralatan import manage

RUSH = 165  # seconds of people coming and being called
KILLS, EVERY = (20, 140), 6  # from when to when processes are killed, and how many seconds apart on average
IN_FLIGHT = (25, 120)  # the worker is killed when it sends the next letter
HUNG, REFUSED = (45, 75), (75, 105)  # the broker is away for a minute
FAST, CRASH = 115, 130  # the database restarts, by request and by a crash
CALM = 60  # seconds within which every page must show the truth
SETTLE = 420  # seconds within which every message must have left: a lease, some back-off, and one worker for all

LINES, LOKET, PER_SECOND, OPEN_PAGE = 4, 2, 1.6, 7  # every how many phones keep their page open
BOOK, REPORT = 3, 5  # every how many visitors there is somebody at home who books, and one who reports
MAIL = {"hang": 23, "drop": 19, "never": 13, "later": 7}  # every how many messages, as long as people come
HOOK = {"hang": 29, "drop": 23, "never": 17, "later": 11}


@dataclass(frozen=True)
class Hall:
    """What is there to begin with: paths of forms, consoles with a session of their petugas, the webhook's key."""

    mpp: Any
    display: str
    forms: list[str]
    times: list[str]  # of several days of one line
    report: str
    consoles: list[tuple[str, dict[str, str]]]
    koordinator: tuple[int, dict[str, str]]  # an office to send reports to, and the session
    secret: str


@dataclass
class Portal:
    """Everything that runs, and everything that was told to somebody."""

    hall: Hall
    web: Web
    stream_port: int
    processes: perusak.Processes
    broker: Valkey
    database: perusak.Database
    mailbox: penerima.Mailbox
    receiver: penerima.Receiver
    told: Told = field(default_factory=Told)
    pages: list[Page] = field(default_factory=list)


def main() -> dict[str, Any]:
    random.seed(seed := secrets.randbelow(10**6))
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mpp-gangguan-")))
        cluster = stack.enter_context(servers.cluster(servers.find_postgres(), durable=True, connections=200))
        database = perusak.Database(cluster, stack)
        broker = Valkey(folder)
        broker.start()
        stack.callback(broker.kill)
        mail, hook, stream, *pages = (servers.free_port() for _ in range(5))
        prepare(folder, cluster.url, broker.url, mail)
        hall = furnish(hook)
        found: dict[str, Any] = {"seed": seed}

        def break_and_judge(processes: perusak.Processes) -> None:
            mailbox, receiver = penerima.Mailbox(MAIL, mail), penerima.Receiver(HOOK, hook, hall.secret)
            portal = Portal(hall, Web(pages), stream, processes, broker, database, mailbox, receiver)
            found.update(asyncio.run(live_through(portal)))
            found.update(kebenaran.judge(portal))

        supervise(folder, {"web-1": pages[0], "web-2": pages[1], "aliran": stream}, break_and_judge)
    found["load"] = os.getloadavg()[0]
    late = found["pages_true_after_s"] is None or found["slowest_page_s"] > CALM
    return {"ok": not late and not any(found["faults"].values()), **found}


def prepare(folder: Path, database: str, redis: str, mail: int) -> None:
    off = {f"KABAR_{kanal}": "mati" for kanal in ("WHATSAPP", "SMS", "TELEGRAM", "HTTP", "WEBPUSH")}
    os.environ |= off | {
        "SECRET_KEY": "kunci-ukur", "MPP_DEMO": "1", "MPP_DATA_DIR": str(folder), "DATABASE_URL": database,
        "REDIS_URL": redis, "DJANGO_SETTINGS_MODULE": "mpp_portal.settings", "KABAR_TENANG": "",
        "KABAR_SUREL": "hidup", "KABAR_WEBHOOK": "hidup", "EMAIL_URL": f"smtp://127.0.0.1:{mail}",
        "KABAR_PRIVATE_HOSTS": "127.0.0.1",
    }  # fmt: skip
    django.setup()
    manage("migrate")


def furnish(hook: int) -> Hall:
    """A mall with several lines, a petugas for each loket, and a webhook that hears of every event."""
    from django.db import connection
    from django.urls import reverse

    from mpp_portal.notifikasi import registry
    from tests import factories

    zone = "Asia/Jakarta" if datetime.now(ZoneInfo("Asia/Jakarta")).hour < 22 else "Asia/Jayapura"
    mpp = factories.Mpp(zona=zone)
    factories.open_always(mpp)
    forms, consoles = [], []
    for _line in range(LINES):
        gerai = factories.Gerai(mpp=mpp)
        layanan = factories.Layanan(gerai=gerai)
        loket = [factories.Loket(gerai=gerai) for _ in range(LOKET)]
        factories.Antrean(gerai=gerai, layanan=[layanan], loket=loket, menit_layanan=1)
        forms.append(reverse("antrean:take", args=[mpp.slug, gerai.instansi.slug, layanan.jenis.slug]))
        for row in loket:
            petugas = factories.Penugasan(peran="petugas_loket", gerai=gerai).pengguna
            consoles.append((reverse("antrean:console", args=[row.pk]), log_in(petugas)))
    koordinator = factories.Penugasan(peran="koordinator", mpp=mpp).pengguna
    kinds = [kind.jenis for kind in registry.kinds()]
    webhook = factories.Webhook(url=f"http://127.0.0.1:{hook}/", jenis=kinds)
    times = days_of(mpp, layanan)
    hall = Hall(
        mpp,
        display=reverse("antrean:display", args=[mpp.slug]),
        forms=forms,
        times=times,
        report=reverse("pengaduan:report", args=[mpp.slug]),
        consoles=consoles,
        koordinator=(gerai.pk, log_in(koordinator)),
        secret=webhook.rahasia,
    )
    connection.close()  # this one would not outlive the restarts
    return hall


def days_of(mpp: Any, layanan: Any) -> list[str]:
    """Where the times of a layanan's next days are chosen; there is room for everybody."""
    from datetime import time as clock
    from datetime import timedelta

    from django.urls import reverse

    from antrean import slots
    from antrean.models import Antrean
    from tests import factories

    line = Antrean.objects.giving().get(layanan=layanan)
    days = [mpp.today() + timedelta(days=n) for n in range(1, 5)]
    for day in days:
        factories.PolaJadwal(antrean=line, hari=day.weekday(), mulai=clock(8), selesai=clock(11, 30), menit=10,
                             persen_langsung=40, hari_ke_depan=6)  # fmt: skip
    slots.regenerate(line)
    place = [mpp.slug, layanan.gerai.instansi.slug, layanan.jenis.slug]
    return [reverse("antrean:times", args=[*place, day]) for day in days]


def supervise(folder: Path, ports: dict[str, int], work: Callable[[perusak.Processes], None]) -> None:
    """Run the programs under the portal's own supervision, and stop them when `work` is done."""
    sys.path.insert(0, str(servers.ROOT / "bin"))
    import _processes

    programs = [_processes.web("127.0.0.1", port, name) for name, port in ports.items()]
    programs += [_processes.worker(), _processes.beat(folder)]
    commands = {program.name: [part % {"process_num": 0} for part in program.command] for program in programs}

    def ready(_prepared: str) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        work(perusak.Processes(folder / "supervisord.pid", commands))
        signal.raise_signal(signal.SIGTERM)

    with _processes.exclusive(folder) as lock:
        url = _processes.address("127.0.0.1", ports["web-1"])
        _processes.run(folder, programs, {**os.environ}, lock=lock, url=url, prepare=lambda: "", ready=ready)


async def live_through(portal: Portal) -> dict[str, Any]:
    """The rush with all that breaks in it; then the seconds of quiet until every page is true and no message waits."""
    async with penerima.listening(portal.mailbox, portal.receiver):
        end = time.monotonic() + RUSH
        late = asyncio.get_running_loop().call_later(RUSH + CALM - 1, tell_who_is_busy)
        async with asyncio.timeout(RUSH + CALM), asyncio.TaskGroup() as group:
            group.create_task(break_all(portal))
            group.create_task(open_halls_pages(portal))
            for console, cookies in portal.hall.consoles:
                group.create_task(Petugas(portal.web, portal.told, console=console, cookies=cookies).work(end))
            group.create_task(read_reports(portal, end))
            await come(portal, group, end)
        late.cancel()
        portal.mailbox.behaves = portal.receiver.behaves = True
        quiet = time.monotonic()
        true = await first_true(lambda: all_true(portal.pages), CALM)
        for page in portal.pages:
            page.close()
        settled = await first_true(lambda: asyncio.to_thread(kebenaran.all_left), SETTLE - (time.monotonic() - quiet))
        settled_after = round(time.monotonic() - quiet) if settled is not None else None
    return {"pages_true_after_s": true, "settled_after_s": settled_after}


def tell_who_is_busy() -> None:
    """On stderr, before the time is up: whoever has not come to an end would be a bare timeout."""
    for task in asyncio.all_tasks():
        task.print_stack(limit=4)


async def come(portal: Portal, group: asyncio.TaskGroup, end: float) -> None:
    n = 0
    while time.monotonic() < end:
        n += 1
        group.create_task(visit(portal, n))
        if n % BOOK == 0:
            group.create_task(Booker(portal.web, portal.told, times=portal.hall.times, n=n).book())
        if n % REPORT == 0:
            group.create_task(Reporter(portal.web, portal.told, report=portal.hall.report, n=n).send())
        await asyncio.sleep(random.expovariate(PER_SECOND))


async def visit(portal: Portal, n: int) -> None:
    from django.urls import reverse

    from antrean import presence

    form = portal.hall.forms[n % len(portal.hall.forms)]
    phone = Phone(portal.web, portal.told, take=form, address=f"orang.{n}@contoh.id")
    arrive = reverse("antrean:arrive", args=[presence.code(portal.hall.mpp)])
    if await phone.visit(arrive) and n % OPEN_PAGE == 0:
        page = Page(portal.web, portal.stream_port, phone.client, phone.link,
                    lambda body: portal.told.show(phone.label, body))  # fmt: skip
        portal.pages.append(page)
        await page.open()
        portal.told.watched[phone.label] = time.time()


async def read_reports(portal: Portal, end: float) -> None:
    from django.urls import reverse

    office, cookies = portal.hall.koordinator
    path = reverse("pengaduan:worklist")
    await Koordinator(portal.web, portal.told, worklist=path, office=office, cookies=cookies).work(end)


async def open_halls_pages(portal: Portal) -> None:
    """Two displays, and a second look at two of the consoles."""
    pages = [(portal.hall.display, None)] * 2 + portal.hall.consoles[:2]
    for path, cookies in pages:
        page = Page(portal.web, portal.stream_port, portal.web.client(cookies), path)
        portal.pages.append(page)
        await page.open()


async def break_all(portal: Portal) -> None:
    async def at(seconds: float, work: Any) -> None:
        await asyncio.sleep(seconds)
        await work()

    hung, refused = HUNG[1] - HUNG[0], REFUSED[1] - REFUSED[0]

    async def kill_worker() -> None:
        await portal.processes.kill_in_flight("pekerja", portal.mailbox)

    await asyncio.gather(
        *(at(moment, kill_worker) for moment in IN_FLIGHT),
        at(KILLS[0], lambda: perusak.kill_for(portal.processes, KILLS[1] - KILLS[0], every=EVERY)),
        at(HUNG[0], lambda: perusak.hang_then_refuse(portal.broker, hung=hung, refused=refused)),
        at(FAST, lambda: portal.database.restart(signal.SIGINT, away=3)),
        at(CRASH, lambda: portal.database.restart(signal.SIGQUIT, away=1)),
    )


async def all_true(pages: list[Page]) -> bool:
    return all([await page.is_true() for page in pages])


async def first_true(ask: Callable[[], Any], limit: float) -> int | None:
    """After how many seconds `await ask()` was true; None if not within the limit."""
    begun = time.monotonic()
    while not await ask():
        if time.monotonic() - begun > limit:
            return None
        await asyncio.sleep(2)
    return round(time.monotonic() - begun)
