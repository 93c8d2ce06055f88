"""Open pages that do what static/js/stream.js does: hear the stream, refetch what changed, check by themselves."""

import asyncio
import html
import random
import re
import time
from collections.abc import Callable
from typing import Any

import httpx

from .orang import Web

CHECK, AWAY, CALM, SILENT, REOPEN = 42, 5, 3, 45, 10  # seconds, as in stream.js
RETRY = (1, 5)  # seconds after which a browser connects again by itself


def around(seconds: float) -> float:
    return seconds * random.uniform(0.7, 1.3)


class Fragment:
    def __init__(self, page: "Page", path: str, channels: set[str], calm: bool) -> None:
        self.page, self.path, self.channels, self.calm = page, path, channels, calm
        self.body = ""
        self.busy = self.again = False
        self.moved = asyncio.Event()
        self.due = time.monotonic() + around(page.period)
        self.living = asyncio.create_task(self.live())

    def hurry(self, delay: float) -> None:
        if self.busy:
            self.again = True
        elif time.monotonic() + delay < self.due:
            self.due = time.monotonic() + delay
            self.moved.set()

    async def live(self) -> None:
        while True:
            self.moved.clear()
            try:
                async with asyncio.timeout(max(0, self.due - time.monotonic())):
                    await self.moved.wait()
            except TimeoutError:
                self.busy, self.again = True, False
                delay = await self.refetch()
                self.busy = False
                self.due = time.monotonic() + (0 if self.again else delay)

    async def refetch(self) -> float:
        """Seconds until the next check."""
        answer = await self.page.web.ask(self.page.client, "GET", self.path, headers={"HX-Request": "true"})
        if answer is None or answer.status_code != 200:
            return around(AWAY)
        if answer.text != self.body:
            self.body = answer.text
            self.page.changed(self)
        return around(self.page.period)


class Page:
    """`saw(body)` is told what it shows. `said` is all that it says of its subject."""

    def __init__(self, web: Web, stream_port: int, client: httpx.AsyncClient, path: str,
                 saw: Callable[[str], None] = lambda _body: None) -> None:  # fmt: skip
        self.web, self.stream_port, self.client, self.path, self.saw = web, stream_port, client, path, saw
        self.away = False
        self.fragments: dict[str, Fragment] = {}
        self.stream = ""
        self.listening: asyncio.Task[None] | None = None

    @property
    def period(self) -> float:
        return AWAY if self.away else CHECK

    async def open(self) -> None:
        self._show(await self._load())
        self.listening = asyncio.create_task(self._listen())

    async def _load(self) -> str:
        page = (await self.web.insist(self.client, "GET", self.path)).text
        self.stream = html.unescape(re.search(r'data-mpp-stream="([^"]+)"', page)[1])
        return page

    def close(self) -> None:
        for task in [self.listening, *(fragment.living for fragment in self.fragments.values())]:
            if task:
                task.cancel()

    def _show(self, body: str) -> None:
        """Take in the fragments of what has just been put on the page."""
        for tag in re.findall(r"<[^>]*data-mpp-fragment=[^>]*>", body):
            path, channels = (re.search(rf'{name}="([^"]*)"', tag)[1] for name in FRAGMENT)
            if path not in self.fragments:
                self.fragments[path] = Fragment(self, path, set(channels.split()), "data-mpp-calm" in tag)
            self.fragments[path].body = body
        self.saw(body)

    def changed(self, fragment: Fragment) -> None:
        if not fragment.calm:  # the outer one, which holds the others
            inside = re.findall(r'data-mpp-fragment="([^"]*)"', fragment.body)
            for path in set(self.fragments) - set(inside):
                self.fragments.pop(path).living.cancel()
        self._show(fragment.body)

    def said(self) -> dict[str, list[Any]]:
        return {path: words(fragment.body, path) for path, fragment in self.fragments.items()}

    async def is_true(self) -> bool:
        """Does it show what the server says now?"""
        for path, said in self.said().items():
            answer = await self.web.insist(self.client, "GET", path, headers={"HX-Request": "true"})
            if answer.status_code == 200 and words(answer.text, path) != said:
                return False
        return True

    # --- The stream --------------------------------------------------------------------------------------------------

    async def _listen(self) -> None:
        while True:
            try:
                refused = await self._hear()
            except (httpx.HTTPError, TimeoutError):
                refused = False
            self._set_away(True)
            await asyncio.sleep(around(REOPEN) if refused else random.uniform(*RETRY))
            if refused:
                await self._load()

    async def _hear(self) -> bool:
        """Follow the stream until it ends; True if it was refused."""
        waits = httpx.Timeout(SILENT, connect=10)
        url = f"http://127.0.0.1:{self.stream_port}{self.stream}"
        async with self.client.stream("GET", url, timeout=waits) as response:
            if response.status_code != 200:
                return True
            self._set_away(False)
            event = ""
            async for line in response.aiter_lines():
                if line.startswith("event: "):
                    event = line.removeprefix("event: ")
                elif line.startswith("data: "):
                    self._hear_event(event, set(line.removeprefix("data: ").split()))
        return False

    def _hear_event(self, event: str, channels: set[str]) -> None:
        if event == "away":
            self._set_away(True)
        elif event == "resync":
            self._set_away(False)
        for fragment in self.fragments.values():
            if event == "resync" or (event == "wake" and fragment.channels & channels):
                fragment.hurry(random.uniform(0, CALM) if event == "resync" or fragment.calm else 0)

    def _set_away(self, away: bool) -> None:
        if away and not self.away:
            for fragment in self.fragments.values():
                fragment.hurry(around(AWAY))
        self.away = away


FRAGMENT = ("data-mpp-fragment", "data-mpp-channels")


def words(body: str, path: str) -> list[Any]:
    """What a fragment itself shows, without times and estimates: of a display its calls, of a visit its tickets."""
    if "/layar/" in path:
        return re.findall(r'class="tabular">([^<]*)<|data-mpp-call="(\d+)"', body)
    if path.endswith("/tiket/"):
        return re.findall(r'karcis karcis-(\w+)" aria-label="([^"]*)"', body)
    own = [tag for tag in re.findall(r"<[^>]*data-mpp-say=[^>]*>", body) if f'"{path}"' in tag]
    return re.findall(r'data-mpp-say="([^"]*)"', " ".join(own))
