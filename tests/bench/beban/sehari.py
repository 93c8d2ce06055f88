"""Who comes to a mall on one day, and what they do there; the desk that helps those without a phone.

What each of them is told is written down (`Heard`), for the audit in periksa.py. Minutes are those of the day's clock.
"""

import asyncio
import random
import re
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

import httpx

from .jam import Clock
from .orang import NO_BUTTON, Phone, Told, Web, fields, said
from .rumah import Booker

BOOKED, DESK, PRIORITY, SECOND = 0.45, 0.3, 0.15, 0.03  # shares of all who come
NO_SHOW, CANCEL, MOVE, ABANDON, LATE = 0.12, 0.04, 0.03, 0.02, 0.08  # of those who book
STEP_OUT, GIVE_UP, MISS_ONCE, MISS_TWICE, STAY_AWAY = 0.04, 0.02, 0.035, 0.025, 0.4
LOOKS = 20  # minutes until somebody who waits looks at their page again
LABEL = re.compile(r"\b[A-Z]{1,2}-\d{3,}\b")
DONE = {"tunda": "ditunda", "kembali": "menunggu", "batal": "batal"}  # key → step in the history


class Heard(Told):
    """`held`: secret link → numbers; `steps`: number and step → how often; `spans`: between when it was given."""

    def __init__(self) -> None:
        super().__init__()
        self.held: dict[str, set[str]] = {}
        self.steps: Counter[tuple[str, str]] = Counter()
        self.spans: dict[str, tuple[datetime, datetime]] = {}

    def number(self, link: str, label: str, since: datetime, until: datetime) -> None:
        self.held.setdefault(link.rstrip("/").rpartition("/")[2], set()).add(label)
        self.steps[label, "diambil"] += 1
        self.spans[label] = since, until


@dataclass(frozen=True)
class Line:
    """Paths of forms: where its numbers are taken and given, and times of today booked; `layanan` is an id."""

    take: str
    give: str
    times: str
    layanan: int
    share: int  # of the mall's visitors


@dataclass
class Day:
    """What all of them share."""

    clock: Clock
    web: Web
    lines: list[Line]
    arrive: Callable[[], str]  # where the hall's QR leads now
    desk: "Desk"
    closes: float  # hour
    heard: Heard = field(default_factory=Heard)
    people: dict[str, "Visitor"] = field(default_factory=dict)  # by number

    def is_over(self) -> bool:
        """Who is still here goes home, and presses nothing any more."""
        return self.clock.now() >= self.clock.at(self.closes)

    def line(self, *, other_than: Line | None = None) -> Line:
        known = [line for line in self.lines if line != other_than]
        return random.choices(known, [line.share for line in known])[0]


class Desk:
    """The information desk: a petugas who gives numbers, finds bookings, and brings people back into the line."""

    def __init__(self, web: Web, path: str, cookies: dict[str, str]) -> None:
        self.web, self.path = web, path
        self.client, self.token = web.client(cookies), {"csrfmiddlewaretoken": cookies["csrftoken"]}

    async def give(self, path: str, prioritas: str) -> httpx.Response | None:
        """None where the page has no button for it."""
        form = fields((await self.web.insist(self.client, "GET", path)).text)
        if "kunci" not in form:
            return None
        return await self.web.insist(self.client, "POST", path, data=form | self.token | {"prioritas": prioritas})

    async def admit(self, kode: str) -> httpx.Response | None:
        """The booking of who says this code; None if there is none to be found."""
        page = (await self.web.insist(self.client, "GET", self.path, params={"kode": kode})).text
        form = re.search(rf'"({self.path}jadwal/\d+/datang/)"', page)
        return await self.web.insist(self.client, "POST", form[1], data=self.token) if form else None

    async def read(self, answer: httpx.Response) -> str:
        """The page that an answer leads to."""
        return (await self.web.insist(self.client, "GET", answer.headers["location"])).text

    async def bring_back(self, path: str) -> str:
        return await self.read(await self.web.insist(self.client, "POST", f"{path}kembali/", data=self.token))


class Visitor:
    """One visit, from booking to the end of the day. `misses` calls find them elsewhere."""

    def __init__(self, day: Day, n: int) -> None:
        self.day, self.n, self.line = day, n, day.line()
        self.client = day.web.client()
        self.at_desk = random.random() < DESK
        chosen = random.random() < PRIORITY
        self.prioritas = random.choice(["lansia", "disabilitas", "hamil", "balita"]) if chosen else ""
        self.link = self.desk_path = ""
        fate = random.random()
        self.misses = 1 if fate < MISS_ONCE else 2 if fate < MISS_ONCE + MISS_TWICE else 0
        self.returns_to_loket = random.random() < 0.3  # who was parked goes straight back to the loket
        self.news, self.over = asyncio.Event(), False

    # --- What happens to them at the loket ------------------------------------------------------------------------
    def comes(self) -> bool:
        """Do they hear this call?"""
        self.misses -= 1
        return self.misses < 0

    def sent_away(self) -> None:
        """Passed over, or asked to come back with a paper."""
        self.news.set()

    def served(self) -> None:
        self.over = True
        self.news.set()

    # --- The visit ------------------------------------------------------------------------------------------------
    async def live(self) -> None:
        if random.random() < BOOKED:
            await self.day.clock.until(self.day.clock.at(random.uniform(5.6, 7.3)))
            has_number = await self._come_as_booked() if random.random() > ABANDON else await self._abandon()
            if has_number is None:  # no time was free
                has_number = await self._walk_in()
        else:
            has_number = await self._walk_in()
        if has_number:
            await self._wait_in_the_hall()

    async def _abandon(self) -> bool:
        """A time is held, and nobody ever says for whom."""
        booker = Booker(self.day.web, self.day.heard, times=[self.line.times], n=self.n)
        return not await booker.hold() and False

    async def _walk_in(self) -> bool:
        hour = random.triangular(7.4, 12, 8.6) if random.random() < 0.62 else random.triangular(12, 15.9, 13.3)
        await self.day.clock.until(self.day.clock.at(hour))
        return await self._take(self.line)

    async def _take(self, line: Line) -> bool:
        since, heard = self.day.clock.now(), self.day.heard
        if self.day.is_over():
            return False
        if self.at_desk:
            answer = await self.day.desk.give(line.give, self.prioritas)
            if answer is None or answer.status_code != 302:
                heard.refused[said(answer) if answer else NO_BUTTON] += 1
                return False
            return await self._has_paper(answer, since)
        phone = Phone(self.day.web, heard, take=line.take, prioritas=self.prioritas)
        phone.client = self.client
        await self._scan()
        if not await phone.visit():
            return False
        self.link = phone.link
        self._holds(set(re.findall(r'karcis-nomor">([^<]+)<', phone.page)), since)
        if random.random() < SECOND and len(self._labels()) == 1:
            await self._take(self.day.line(other_than=line))
        return True

    async def _has_paper(self, answer: httpx.Response, since: datetime) -> bool:
        page = await self.day.desk.read(answer)
        if "/tiket/" not in answer.headers["location"]:
            self.day.heard.refused[f"desk: {said(answer)}"] += 1
            return False
        self.desk_path = answer.headers["location"]
        self.link = re.search(r'href="https?://[^/"]+(/antrean/k/[^"]+)"', page)[1]
        self._holds({LABEL.search(re.search(r"<title>(.*?)</title>", page, re.DOTALL)[1])[0]}, since)
        return True

    async def _scan(self) -> None:
        """The hall's QR; again, if it has turned before the page was made."""
        while (await self.day.web.insist(self.client, "GET", self.day.arrive())).status_code == 410:
            self.day.heard.refused["the code has turned"] += 1

    def _holds(self, labels: set[str], since: datetime) -> None:
        for label in labels - self._labels():
            self.day.heard.number(self.link, label, since, self.day.clock.now())
            self.day.people[label] = self

    def _labels(self) -> set[str]:
        return self.day.heard.held.get(self.link.rstrip("/").rpartition("/")[2], set())

    # --- Who booked -----------------------------------------------------------------------------------------------
    async def _come_as_booked(self) -> bool | None:
        """None where there was no time to book: then they come without one."""
        heard = self.day.heard
        booker = Booker(self.day.web, heard, times=[self.line.times], n=self.n, prioritas=self.prioritas, gives_back=0)
        self.client = booker.client
        self.link = await booker.book()
        if not self.link:
            return None
        secret = self.link.rstrip("/").rpartition("/")[2]
        fate = random.random()
        if fate < CANCEL:
            await booker.cancel(self.link)
            return False
        if fate < CANCEL + MOVE:
            await self._move(booker)
        if random.random() < NO_SHOW:
            heard.bookings[secret] = "hangus"  # an hour after its time
            return False
        page = (await self.day.web.insist(self.client, "GET", self.link)).text
        hour, minute = re.search(r'karcis-jadwal">.*?tabular">(\d\d)\.(\d\d)<', page, re.DOTALL).groups()
        off = random.uniform(2, 40) if random.random() < LATE else -random.triangular(0, 45, 8)
        await self.day.clock.until(self.day.clock.at(int(hour) + (int(minute) + off) / 60))
        if await self._arrive(page):
            heard.bookings[secret] = "hadir"
            return True
        heard.bookings[secret] = "hangus"
        return False

    async def _move(self, booker: Booker) -> None:
        """Another time of the same day."""
        page = (await self.day.web.insist(self.client, "GET", self.link)).text
        path = re.search(r'"(/antrean/k/[^"]+/ubah/)"', page)[1] + self.line.times.rstrip("/").rpartition("/")[2] + "/"
        page = (await self.day.web.insist(self.client, "GET", path)).text
        free = re.findall(r'name="slot" value="(\d+)"', page)
        if free:
            form = fields(page) | {"slot": random.choice(free)}
            answer = await self.day.web.insist(self.client, "POST", path, data=form)
            if answer.status_code != 302:
                self.day.heard.refused[said(answer)] += 1

    async def _arrive(self, page: str) -> bool:
        since, web = self.day.clock.now(), self.day.web
        if self.at_desk:
            kode = re.search(r'kode">([A-Z0-9]+)<', page)[1]
            answer = await self.day.desk.admit(kode)
            if answer is None:
                self.day.heard.refused["desk: no such booking"] += 1
            return answer is not None and await self._has_paper(answer, since)
        await self._scan()
        path = re.search(r'"(/antrean/k/[^"]+/datang/)"', page)[1]
        form = fields((await web.insist(self.client, "GET", path)).text)
        answer = await web.insist(self.client, "POST", path, data=form)
        page = (await web.insist(self.client, "GET", self.link)).text
        labels = set(re.findall(r'karcis-nomor">([^<]+)<', page))
        if not labels:
            self.day.heard.refused[f"arrival: {said(answer)}"] += 1
        self._holds(labels, since)
        return bool(labels)

    # --- In the hall ----------------------------------------------------------------------------------------------
    async def _wait_in_the_hall(self) -> None:
        clock, fate = self.day.clock, random.random()
        if self.link and len(self._labels()) == 1 and not self.at_desk:
            if fate < STEP_OUT:
                await clock.wait(random.uniform(1, 10))
                if not self.over and await self.press("tunda"):
                    await clock.wait(random.uniform(5, 20))
                    await self.press("kembali")
            elif fate < STEP_OUT + GIVE_UP:
                await clock.wait(random.uniform(2, 15))
                if not self.over and await self.press("batal"):
                    return
        while not self.over:
            with suppress(TimeoutError):
                await asyncio.wait_for(self.news.wait(), LOOKS * 60 / clock.speed)
            if self.news.is_set():
                self.news.clear()
                await self._come_back()
            elif not self.desk_path:
                await self.day.web.insist(self.client, "GET", f"{self.link}tiket/")

    async def _come_back(self) -> None:
        if self.over or random.random() < STAY_AWAY:
            return
        await self.day.clock.wait(random.uniform(3, 15))
        if not self.desk_path:
            await self.press("kembali")
        elif not self.over and not self.day.is_over():
            self._read("kembali", await self.day.desk.bring_back(self.desk_path))

    async def press(self, key: str) -> bool:
        """A button on one's own page, and the page that asks whether one is sure."""
        web = self.day.web
        page = (await web.insist(self.client, "GET", self.link)).text
        path = re.search(rf'"(/antrean/k/[^"]+/{key}/\d+/)"', page)
        if not path or self.day.is_over():
            return False
        form = fields((await web.insist(self.client, "GET", path[1])).text)
        await web.insist(self.client, "POST", path[1], data=form)
        return self._read(key, (await web.insist(self.client, "GET", self.link)).text)

    def _read(self, key: str, page: str) -> bool:
        """Does this page say that it was done?"""
        done = re.search(r"kabar-success.{0,400}?([A-Z]{1,2}-\d{3,})", page, re.DOTALL)
        if done:
            self.day.heard.steps[done[1], DONE[key]] += 1
        else:
            self.day.heard.refused[f"{key}: too late"] += 1
        return bool(done)
