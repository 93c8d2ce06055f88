"""People in a hall where things break: they take numbers, ask to be told, and serve. An error makes them press again.

What they were told is written down: a number shown, a wish taken, a key that worked. Afterwards it must all be true.
"""

import asyncio
import random
import re
import time
from collections import Counter
from typing import Any

import httpx

RANKS = {"dipanggil": 1, "dilayani": 2, "selesai": 3}  # a number never goes back here: nobody is absent
NO_BUTTON = "no number is given"  # the page says why, and has no button
PATIENCE = 15  # seconds until a person tries again


class Web:
    """Page servers without a proxy: each request goes to one of them by chance."""

    def __init__(self, ports: list[int]) -> None:
        self.ports = ports
        self.transport = httpx.AsyncHTTPTransport(limits=httpx.Limits(max_connections=300, keepalive_expiry=2))
        self.failed: Counter[str] = Counter()
        self.again = 0

    def client(self, cookies: dict[str, str] | None = None) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=self.transport, cookies=cookies, timeout=PATIENCE, trust_env=False)

    async def ask(self, client: httpx.AsyncClient, method: str, path: str, **given: Any) -> httpx.Response | None:
        """The answer, or None where a person sees an error page or nothing."""
        try:
            answer = await client.request(method, f"http://127.0.0.1:{random.choice(self.ports)}{path}", **given)
        except httpx.HTTPError as error:
            self.failed[type(error).__name__] += 1
            return None
        if answer.status_code >= 500:
            self.failed[str(answer.status_code)] += 1
            return None
        return answer

    async def insist(self, client: httpx.AsyncClient, method: str, path: str, **given: Any) -> httpx.Response:
        """The same request, the form's key too, until there is an answer."""
        wait = 0.5
        while (answer := await self.ask(client, method, path, **given)) is None:
            await asyncio.sleep(wait * random.uniform(0.5, 1.5))
            wait = min(2 * wait, 4)
            self.again += method == "POST"
        return answer


class Told:
    """What people were told, and when (seconds since 1970)."""

    def __init__(self) -> None:
        self.numbers: dict[str, str] = {}  # secret link → number
        self.wishes: dict[str, tuple[str, float]] = {}  # secret link → address
        self.keys: dict[tuple[str, str], float] = {}  # number and what happened to it
        self.shown: dict[tuple[str, str], float] = {}  # ... on the page of who holds it
        self.watched: dict[str, float] = {}  # numbers whose page is open, and since when
        self.bookings: dict[str, str] = {}  # secret link → what became of it
        self.reports: dict[str, str] = {}  # secret link → title
        self.verified: set[str] = set()  # codes of reports
        self.refused: Counter[str] = Counter()

    def press(self, label: str, what: str) -> None:
        self.keys.setdefault((label, what), time.time())

    def show(self, label: str, body: str) -> None:
        rank = next((rank for what, rank in RANKS.items() if f"karcis-{what}" in body), 0)
        for what, below in RANKS.items():
            if below <= rank:
                self.shown.setdefault((label, what), time.time())


class Phone:
    """Scans the hall's QR, takes a number; with an `address`, asks to be told by e-mail."""

    def __init__(self, web: Web, told: Told, *, take: str, address: str = "", prioritas: str = "") -> None:
        self.web, self.told, self.take, self.address = web, told, take, address
        self.prioritas = prioritas
        self.client = web.client()
        self.link = self.label = self.page = ""

    async def visit(self, arrive: str = "") -> bool:
        """True when the person holds a number. `arrive`: where the QR leads; empty if they have been there."""
        if arrive:
            await self.web.insist(self.client, "GET", arrive)
        form = fields((await self.web.insist(self.client, "GET", self.take)).text)
        if not form:
            self.told.refused[NO_BUTTON] += 1
            return False
        answer = await self.web.insist(self.client, "POST", self.take, data=form | {"prioritas": self.prioritas})
        if answer.status_code != 302:
            self.told.refused[said(answer)] += 1
            return False
        self.link = answer.headers["location"]
        self.page = page = (await self.web.insist(self.client, "GET", self.link)).text
        self.label = re.search(r'karcis-nomor">([^<]+)<', page)[1]
        secret = self.link.rstrip("/").rpartition("/")[2]
        self.told.numbers[secret] = self.label
        if not self.address:
            return True
        offer = re.search(r'"(/kabar/ikut/[^"]+)"', page)
        if offer:
            await self._follow(secret, offer[1])
        else:
            self.told.refused["a ticket page without the offer"] += 1
        return True

    async def _follow(self, secret: str, path: str) -> None:
        form = fields((await self.web.insist(self.client, "GET", path)).text)
        answer = await self.web.insist(self.client, "POST", path, data=form | {"surel": self.address})
        if answer.status_code == 302:
            self.told.wishes[secret] = self.address, time.time()
        else:
            self.told.refused[said(answer)] += 1


class Petugas:
    """Opens a loket, then calls, starts and finishes, by what the console shows."""

    def __init__(self, web: Web, told: Told, *, console: str, cookies: dict[str, str]) -> None:
        self.web, self.told, self.console = web, told, console
        self.client = web.client(cookies)
        self.token = cookies["csrftoken"]

    async def work(self, until: float) -> None:
        await self._press("buka")
        body = (await self.web.insist(self.client, "GET", self.console)).text
        while time.monotonic() < until:
            label, status = at_loket(body)
            if status == "dipanggil":
                await asyncio.sleep(random.uniform(0.5, 2))
                body = await self._step("mulai", {label: "dilayani"})
            elif status == "dilayani":
                await asyncio.sleep(random.uniform(1, 4))
                body = await self._step(random.choice(["lanjut", "lanjut", "selesai"]), {label: "selesai"})
            else:
                body = await self._step("panggil", {})
                if not at_loket(body)[0]:
                    await asyncio.sleep(2)

    async def _step(self, key: str, means: dict[str, str]) -> str:
        """Press a key; what it says it did is written down, the call of somebody new too."""
        body = (await self._press(key)).text
        if "kabar-error" not in body:
            label, status = at_loket(body)
            for number, what in (means | ({label: "dipanggil"} if status == "dipanggil" else {})).items():
                self.told.press(number, what)
        return body

    async def _press(self, key: str) -> httpx.Response:
        headers = {} if key == "buka" else {"HX-Request": "true"}
        form = {"csrfmiddlewaretoken": self.token}
        return await self.web.insist(self.client, "POST", f"{self.console}{key}/", data=form, headers=headers)


def fields(page: str) -> dict[str, str]:
    """The hidden fields of a page's form."""
    tags = re.findall(r'<input type="hidden"[^>]*>', page)
    return {re.search(r'name="([^"]+)"', tag)[1]: re.search(r'value="([^"]*)"', tag)[1] for tag in tags}


def at_loket(body: str) -> tuple[str, str]:
    """The number at a loket and how it stands there; empty if nobody is there."""
    label = re.search(r'konsol-nomor">([^<]+)<', body)
    status = re.search(r"konsol-kini konsol-(\w+)", body)
    return (label[1], status[1]) if label and status else ("", "")


def said(answer: httpx.Response) -> str:
    """The status and the first sentence of a refusal."""
    text = re.search(r"(?:invalid-feedback|alert|kabar)[^>]*>(.{0,200})", answer.text, re.DOTALL)
    return f"{answer.status_code} {' '.join(re.sub('<[^>]*>', ' ', text[1]).split()) if text else ''}"
