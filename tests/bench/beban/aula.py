"""A hall full of open pages that do what static/js/stream.js does, and petugas who press their keys.

    python -m tests.bench.beban.aula < task.json

The task: `stream` and `web` (ports), `displays` and `phones` (each with `stream`, a request target, and `fragments`:
path and channels), `opening` (the first calls of the day, before anything is measured), `presses` (`before` and
`request` as raw HTTP, `label` that is called, `phone` whose it is), `reconnects` (how many), `pause` (seconds between
presses). Prints `ms`, the times from the press until each display and the called phone have refetched a fragment with
the new text, and what was `lost`.
"""

import asyncio
import itertools
import json
import random
import resource
import sys
import time
from typing import Any

import uvloop

CALM = 3  # seconds over which the rest of the line spreads its refetches
AWAY = (0.2, 2)  # seconds until a page whose stream was cut is back
GIVE_UP = 15  # seconds after which a call that a page does not show is lost
PER_ADDRESS = 500
KEPT = 2  # seconds an idle connection is good for: the server closes it after five
CALLED = b"data-mpp-urgent"  # what a phone's fragment says only while its number is called
_addresses = itertools.count()


class Web:
    """Kept connections to the pages, as those of a proxy."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.idle: list[tuple[float, asyncio.StreamReader, asyncio.StreamWriter]] = []
        self.requests = 0

    async def ask(self, request: bytes) -> tuple[int, bytes, bytes]:
        reader, writer = await self.connection()
        self.requests += 1
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        status = int(head[9:12])
        length = head.partition(b"content-length: ")[2].partition(b"\r\n")[0]
        body = await reader.readexactly(int(length)) if length else b""
        self.idle.append((time.monotonic(), reader, writer))
        return status, head, body

    async def connection(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        while self.idle:
            since, reader, writer = self.idle.pop()
            if time.monotonic() - since < KEPT:
                return reader, writer
            writer.close()
        return await asyncio.open_connection("127.0.0.1", self.port)


class Fragment:
    def __init__(self, page: "Page", path: str, channels: list[str], calm: bool) -> None:
        self.page, self.path, self.channels, self.calm = page, path, set(channels), calm
        self.etag = b""
        self.busy = self.again = False

    def hurry(self) -> None:
        if self.busy:
            self.again = True
        else:
            self.busy = True
            self.page.hall.start(self.refetch())

    async def refetch(self) -> None:
        if self.calm:
            await asyncio.sleep(random.uniform(0, CALM))
        self.again = True
        while self.again:
            self.again = False
            condition = b"If-None-Match: %b\r\n" % self.etag if self.etag else b""
            request = b"GET %b HTTP/1.1\r\nHost: localhost\r\nHX-Request: true\r\n%b\r\n" % (
                self.path.encode(),
                condition,
            )
            status, head, body = await self.page.hall.web.ask(request)
            if status == 200:
                self.etag = etag(head)
                self.page.shown(body)
            elif status != 304:
                self.page.hall.faults.append(f"{status} {self.path}")
        self.busy = False


def etag(head: bytes) -> bytes:
    return head.partition(b"\r\netag: ")[2].partition(b"\r\n")[0]


class Page(asyncio.Protocol):
    def __init__(self, hall: "Hall", stream: str, fragments: list[dict[str, Any]]) -> None:
        self.hall, self.stream = hall, stream
        self.fragments = [Fragment(self, **fragment) for fragment in fragments]
        self.transport: Any = None
        self.text = b""  # that it waits to show
        self.cut = False

    async def open(self) -> None:
        local = (f"127.0.0.{2 + next(_addresses) // PER_ADDRESS % 250}", 0)
        connect = asyncio.get_running_loop().create_connection
        self.transport, _ = await connect(lambda: self, "127.0.0.1", self.hall.task["stream"], local_addr=local)
        self.transport.write(b"GET %b HTTP/1.1\r\nHost: localhost\r\n\r\n" % self.stream.encode())

    def data_received(self, data: bytes) -> None:
        for line in data.split(b"\n"):
            if line.startswith(b"data: ") and not line.startswith(b"data: bus"):
                names = set(line[6:].decode().split())
                for fragment in self.fragments:
                    if fragment.channels & names:
                        fragment.hurry()
        if b"event: resync" in data and self.hall.open:
            for fragment in self.fragments:
                fragment.hurry()

    def shown(self, body: bytes) -> None:
        if self.text and self.text in body:
            self.text = b""
            self.hall.has_shown(self)

    async def reconnect(self) -> None:
        self.cut = True
        self.transport.abort()
        await asyncio.sleep(random.uniform(*AWAY))
        await self.open()


class Hall:
    def __init__(self, task: dict[str, Any]) -> None:
        self.task = task
        self.web = Web(task["web"])
        self.displays = [Page(self, **page) for page in task["displays"]]
        self.phones = [Page(self, **page) for page in task["phones"]]
        self.open = False
        self.ms: list[float] = []
        self.faults: list[str] = []
        self.pending: set[Page] = set()
        self.tasks: set[asyncio.Task[None]] = set()
        self.pressed_at = 0.0

    def start(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def has_shown(self, page: Page) -> None:
        self.pending.discard(page)
        if not page.cut:
            self.ms.append(1000 * (time.perf_counter() - self.pressed_at))

    async def run(self) -> dict[str, Any]:
        for page in [*self.displays, *self.phones]:
            await page.open()
        await asyncio.sleep(3)
        self.open = True
        for request in self.task["opening"]:
            await self.press(request)
            await asyncio.sleep(self.task["pause"] / 2)
        presses, lost = self.task["presses"], 0
        per_press = self.task["reconnects"] / len(presses)
        reconnects = 0
        for n, press in enumerate(presses, 1):
            await self.press(press["before"])
            await asyncio.sleep(self.task["pause"] / 2)
            called = self.phones[press["phone"]]
            audience = [*self.displays, called]
            self.pending = set(audience)
            for page in audience:
                page.text, page.cut = CALLED if page is called else press["label"].encode(), False
            for page in random.sample(audience, round(n * per_press) - reconnects):
                reconnects += 1
                self.start(page.reconnect())
            self.pressed_at = time.perf_counter()
            await self.press(press["request"])
            while self.pending and time.perf_counter() - self.pressed_at < GIVE_UP:
                await asyncio.sleep(0.01)
            lost += len(self.pending)
            await asyncio.sleep(self.task["pause"] / 2)
        return {"ms": self.ms, "lost": lost, "reconnects": reconnects, "requests": self.web.requests,
                "faults": self.faults[:5]}  # fmt: skip

    async def press(self, request: str) -> None:
        status, _head, body = await self.web.ask(request.encode())
        if status != 200:
            raise RuntimeError(f"a key was refused: {status} {body[:300]!r}")


if __name__ == "__main__":
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    random.seed(1)
    json.dump(uvloop.run(Hall(json.load(sys.stdin)).run()), sys.stdout)
