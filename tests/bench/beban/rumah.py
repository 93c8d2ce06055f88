"""People who are not in the hall: they book a time, or report what went wrong; and the koordinator who reads it.

As in orang.py, what they were told is written down, and afterwards it must all be true.
"""

import asyncio
import random
import re
import time
from typing import Any

from .orang import Told, Web, fields, said

GIVES_BACK = 5  # every how many bookings are given back at once


class Booker:
    """Chooses a time, says who comes; one in `gives_back` thinks better of it, if that is not 0."""

    def __init__(
        self, web: Web, told: Told, *, times: list[str], n: int, prioritas: str = "", gives_back: int = GIVES_BACK
    ) -> None:
        self.web, self.told, self.times, self.n = web, told, times, n
        self.prioritas, self.gives_back = prioritas, gives_back
        self.client = web.client()

    async def book(self) -> str:
        """The link of the visit; empty if refused."""
        link = await self.hold()
        if not link:
            return ""
        page = (await self.web.insist(self.client, "GET", link)).text
        person = {"nama": f"Pemesan {self.n}", "kontak": f"pemesan.{self.n}@contoh.id"}
        person["prioritas"] = self.prioritas
        answer = await self.web.insist(self.client, "POST", link, data=fields(page) | person)
        if answer.status_code != 302:
            self.told.refused[said(answer)] += 1
            return ""
        visit = answer.headers["location"]
        secret = visit.rstrip("/").rpartition("/")[2]
        self.told.bookings[secret] = "dipesan"
        if self.gives_back and self.n % self.gives_back == 0:
            await self.cancel(visit)
        return visit

    async def hold(self) -> str:
        """Where to say who comes; empty if refused. A time that somebody else took meanwhile is no refusal."""
        while True:
            path = random.choice(self.times)
            page = (await self.web.insist(self.client, "GET", path)).text
            free = re.findall(r'name="slot" value="(\d+)"', page)
            if not free:
                self.told.refused["no time is free"] += 1
                return ""
            form = fields(page) | {"slot": random.choice(free)}
            answer = await self.web.insist(self.client, "POST", path, data=form)
            if answer.status_code == 302:
                return answer.headers["location"]
            if answer.status_code != 409:
                self.told.refused[said(answer)] += 1
                return ""

    async def cancel(self, visit: str) -> None:
        secret = visit.rstrip("/").rpartition("/")[2]
        page = (await self.web.insist(self.client, "GET", visit)).text
        path = re.search(rf'"(/[^"]*{secret}/jadwal/\d+/batal/)"', page)[1]
        form = fields((await self.web.insist(self.client, "GET", path)).text)
        answer = await self.web.insist(self.client, "POST", path, data=form)
        if answer.status_code == 302:
            self.told.bookings[secret] = "batal"
        else:
            self.told.refused[said(answer)] += 1


class Reporter:
    """Fills in the five steps of a report, as somebody without JavaScript does."""

    def __init__(self, web: Web, told: Told, *, report: str, n: int) -> None:
        self.web, self.told, self.report, self.n = web, told, report, n
        self.client = web.client()

    async def send(self) -> None:
        title = f"Kipas di ruang tunggu mati, laporan {self.n}"
        typed: list[dict[str, Any]] = [
            {"jenis": "pengaduan", "judul": title, "isi": "Panas sekali sejak kemarin."},
            {"gerai": "", "lokasi": "ruang tunggu", "terjadi_pada": ""},
            {},
            {"nama": f"Pelapor {self.n}", "kontak": f"pelapor.{self.n}@contoh.id"},
            {},
        ]
        answer = await self.web.insist(self.client, "GET", self.report)
        for step in typed:
            answer = await self.web.insist(self.client, "POST", self.report, data=fields(answer.text) | step)
        if answer.status_code != 302:
            self.told.refused[said(answer)] += 1
            return
        self.told.reports[answer.headers["location"].split("/k/")[1].partition("/")[0]] = title


class Koordinator:
    """Reads each new report and sends it to an office."""

    def __init__(self, web: Web, told: Told, *, worklist: str, office: int, cookies: dict[str, str]) -> None:
        self.web, self.told, self.worklist, self.office = web, told, worklist, str(office)
        self.client = web.client(cookies)
        self.token = cookies["csrftoken"]

    async def work(self, until: float) -> None:
        while time.monotonic() < until:
            page = (await self.web.insist(self.client, "GET", self.worklist)).text
            new = set(re.findall(rf'"{self.worklist}(MPP-[\d-]+)/"', page)) - self.told.verified
            for kode in sorted(new):
                await self._verify(kode)
            await asyncio.sleep(2)

    async def _verify(self, kode: str) -> None:
        sheet = {"klasifikasi": "tidak_berkadar", "urgensi": "rutin", "kepada": self.office, "pesan": "", "alasan": ""}
        form = {"csrfmiddlewaretoken": self.token} | {f"verifikasi-{name}": value for name, value in sheet.items()}
        answer = await self.web.insist(self.client, "POST", f"{self.worklist}{kode}/verifikasi/", data=form)
        if answer.status_code == 302:
            self.told.verified.add(kode)
        else:
            self.told.refused[said(answer)] += 1
