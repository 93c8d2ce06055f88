"""A petugas for a whole day: opens, calls, waits for who is called, serves, sends elsewhere, rests, closes."""

import math
import random
from typing import Any

from .orang import at_loket
from .sehari import Day, Line, Visitor

AGAIN, PUT_BACK, PARK, TRANSFER, OUT_OF_TURN = 0.1, 0.01, 0.02, 0.03, 0.5
SECONDS_TO_COME = (10, 55)
SPREAD = 0.6  # of the logarithm of how long serving takes
OUTCOMES = ["berkas_kurang", "diarahkan", "tidak_dapat", ""]
LUNCH, PRAYER = (12.0, 13.0), (15.1, 15.35)  # hours


class Officer:
    """`line` is what the loket mainly serves, `minutes` how long one person takes on average, `leaves` an hour."""

    def __init__(
        self, day: Day, *, n: int, console: str, cookies: dict[str, str], line: Line, minutes: float, leaves: float
    ) -> None:
        self.day, self.console, self.line, self.leaves = day, console, line, leaves
        self.client, self.token = day.web.client(cookies), cookies["csrftoken"]
        self.mean = math.log(minutes) - SPREAD**2 / 2
        self.opens = random.uniform(7.85, 8.05)
        self.rests = [(*LUNCH, "istirahat")] + ([(*PRAYER, "ibadah")] if n % 4 == 0 else [])
        self.parked: list[tuple[Any, str]] = []  # from when on to call whom again
        self.turned_away: set[str] = set()  # whose call was returned once

    async def work(self) -> None:
        clock = self.day.clock
        await clock.until(clock.at(self.opens))
        await self._post("buka", page=True)
        body = (await self.day.web.insist(self.client, "GET", self.console)).text
        while True:
            label, status = at_loket(body)
            if status == "dipanggil":
                body = await self._await(label, body)
            elif status == "dilayani":
                body = await self._serve(label)
            elif self._leaves():
                break
            elif rest := self._rest():
                await self._post("rehat", alasan=rest[2])
                await clock.until(clock.at(rest[1]))
                body = await self._post("lanjutkan")
            else:
                body = await self._call()
                if not at_loket(body)[0]:
                    await clock.wait(random.uniform(0.5, 1.5))
        await self._post("tutup", page=True)

    def _leaves(self) -> bool:
        return self.day.clock.now() >= self.day.clock.at(self.leaves)

    def _rest(self) -> tuple[float, float, str] | None:
        """The rest that begins now, once."""
        hour = self.day.clock.at
        due = next((rest for rest in self.rests if hour(rest[0]) <= self.day.clock.now() < hour(rest[1])), None)
        if due:
            self.rests.remove(due)
        return due

    async def _call(self) -> str:
        """The next one, or somebody who was sent for a paper and stands here again."""
        now = self.day.clock.now()
        due = next((pair for pair in self.parked if pair[0] <= now), None)
        if due is None:
            return self._tell(await self._post("panggil"))
        self.parked.remove(due)
        body = await self._post("panggil-nomor", nomor=due[1], sebab="kembali")
        return self._tell(body, (due[1], "menunggu"))

    async def _await(self, label: str, body: str) -> str:
        """Somebody is called: they come, or they do not."""
        clock, person = self.day.clock, self.day.people.get(label)
        await clock.wait(random.uniform(*SECONDS_TO_COME) / 60)
        if random.random() < PUT_BACK and label not in self.turned_away:
            self.turned_away.add(label)
            return self._tell(await self._post("kembalikan"), (label, "menunggu"))
        comes = person is None or person.comes()
        if not comes or random.random() < AGAIN:
            self._tell(await self._post("ulang"), (label, "dipanggil_ulang"), again=True)
            await clock.wait(random.uniform(*SECONDS_TO_COME) / 60)
        if comes:
            return self._tell(await self._post("mulai"), (label, "dilayani"), again=True)
        second = "Panggilan kedua" in body
        answer = await self._post("tidak-hadir")
        if second and person:
            person.sent_away()
        return self._tell(answer, (label, "terlewat" if second else "tidak_hadir"))

    async def _serve(self, label: str) -> str:
        clock, person = self.day.clock, self.day.people.get(label)
        await clock.wait(random.lognormvariate(self.mean, SPREAD))
        fate = random.random()
        if person and fate < PARK:
            return await self._park(label, person)
        if fate < PARK + TRANSFER:
            other = self.day.line(other_than=self.line)
            body = await self._post("alihkan", layanan=str(other.layanan))
            if "kabar-error" not in body:
                return self._tell(body, (label, "dialihkan"), (label, "diambil"))
        if person:
            person.served()
        if fate < 0.15:
            return self._tell(await self._post("selesai", hasil=random.choice(OUTCOMES)), (label, "selesai"))
        busy = self._leaves() or self._is_due()
        return self._tell(await self._post("selesai" if busy else "lanjut"), (label, "selesai"))

    def _is_due(self) -> bool:
        """Somebody or something else comes before the next call."""
        clock = self.day.clock
        rests = any(clock.at(rest[0]) <= clock.now() < clock.at(rest[1]) for rest in self.rests)
        return rests or any(at <= clock.now() for at, _label in self.parked)

    async def _park(self, label: str, person: Visitor) -> str:
        body = self._tell(await self._post("tunda"), (label, "ditunda"))
        if person.returns_to_loket:
            minutes = random.uniform(5, 12)
            self.parked.append((self.day.clock.in_minutes(minutes), label))
        else:
            person.sent_away()
        return body

    def _tell(self, body: str, *done: tuple[str, str], again: bool = False) -> str:
        """Write down what was done, and who was called with it, unless the page says that it was not."""
        if "kabar-error" in body:
            if done:
                self.day.heard.refused[f"loket: {done[0][1]}"] += 1
            return body
        for step in done:
            self.day.heard.steps[step] += 1
        label, status = at_loket(body)
        if status == "dipanggil" and not again:
            self.day.heard.steps[label, "dipanggil"] += 1
        return body

    async def _post(self, key: str, *, page: bool = False, **given: str) -> str:
        form = {"csrfmiddlewaretoken": self.token} | given
        headers = {} if page else {"HX-Request": "true"}
        answer = await self.day.web.insist(self.client, "POST", f"{self.console}{key}/", data=form, headers=headers)
        return answer.text
