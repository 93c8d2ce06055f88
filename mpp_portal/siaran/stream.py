"""The event stream, an ASGI application of its own: no Django handler, session or database (docs/adr/0002-aliran.md).

GET /aliran/?t=<token>  ->  text/event-stream
    wake    "sesi-17 kunjungan-99": these channels changed
    resync  the bus is back after a loss: anything may have changed
    away    the bus is away: poll until `resync`
    beat    every 15-20 s, so that a page notices a dead connection

GET /aliran/metrik/  ->  this process's figures for Prometheus, to whom the settings allow it
"""

import asyncio
import contextlib
import ipaddress
import random
import signal
from collections import Counter
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs

from django.conf import settings
from django.core.signing import BadSignature
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from mpp_portal import metrik
from mpp_portal.siaran import tokens
from mpp_portal.siaran.hub import Hub, Subscriber

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

BEAT = b"event: beat\ndata: bus\n\n"
FIGURES = f"{tokens.PATH}metrik/"
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store, no-transform"),
    (b"x-accel-buffering", b"no"),
]


class Application:
    def __init__(
        self,
        *,
        max_streams: int = 2000,
        max_per_address: int = 1000,  # a whole hall, or a carrier's customers, may share one address
        beat: float = 15,
        slow: float = 10,  # seconds a page may leave its full buffer unread
    ) -> None:
        self.max_streams = max_streams
        self.max_per_address = max_per_address
        self.beat = beat
        self.slow = slow
        self.hub = Hub()
        self.addresses: Counter[str] = Counter()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.live(receive, send)
        elif scope["type"] == "http":
            await self.answer(scope, receive, send)

    async def live(self, receive: Receive, send: Send) -> None:
        await receive()
        self.hub = Hub()
        listening = asyncio.create_task(self.hub.listen(settings.REDIS_URL))
        self.close_on_signal()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self.hub.close()
        listening.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await listening
        await send({"type": "lifespan.shutdown.complete"})

    def close_on_signal(self) -> None:
        """The server waits for open responses before it tells us to stop, so we listen for what stops the server."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            server = signal.getsignal(number)
            if not callable(server):
                continue

            def stop(number: int, frame: Any, server: Callable[[int, Any], Any] = server) -> None:
                loop.call_soon_threadsafe(self.hub.close)
                server(number, frame)

            with contextlib.suppress(ValueError):  # not the main thread: then no signal reaches the server either
                signal.signal(number, stop)

    async def answer(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["path"] == FIGURES:
            await self.tell_figures(scope, send)
            return
        address = coarse(scope.get("client"))
        if scope["method"] != "GET":
            await refuse(send, 405, "Aliran hanya dibaca dengan GET.", (b"allow", b"GET"))
            return
        try:
            permit = tokens.read(parse_qs(scope["query_string"].decode("latin-1")).get("t", [""])[0])
        except BadSignature:
            await refuse(send, 403, "Izin aliran ini tidak berlaku lagi. Muat ulang halamannya.")
            return
        full = len(self.hub.subscribers) >= self.max_streams or self.addresses[address] >= self.max_per_address
        if full or self.hub.closed:
            await refuse(send, 503, "Aliran sedang penuh. Halaman tetap diperbarui berkala.", (b"retry-after", b"30"))
            return
        self.addresses[address] += 1
        subscriber = self.hub.join(permit)
        watching = asyncio.create_task(watch(receive, subscriber))
        try:
            await self.stream(subscriber, send)
        finally:
            watching.cancel()
            self.hub.leave(subscriber)
            self.addresses -= Counter([address])

    async def stream(self, subscriber: Subscriber, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        subscriber.transport = direct(send)
        data = f"retry: {random.randint(1000, 5000)}\n\n".encode()  # noqa: S311
        while not subscriber.closed:
            try:
                async with asyncio.timeout(self.slow):
                    await send({"type": "http.response.body", "body": data, "more_body": True})
            except TimeoutError:
                self.hub.dropped.inc()
                await drop(send)
                return
            try:
                async with asyncio.timeout(self.beat * random.uniform(1, 4 / 3)):  # noqa: S311
                    await subscriber.ready.wait()
                data = subscriber.take()
            except TimeoutError:
                data = BEAT
        await send({"type": "http.response.body"})

    async def tell_figures(self, scope: Message, send: Send) -> None:
        authorization = dict(scope["headers"]).get(b"authorization", b"").decode("latin-1")
        if metrik.is_open_to((scope.get("client") or ("",))[0], authorization):
            await respond(send, 200, generate_latest(self.hub.figures), CONTENT_TYPE_LATEST)
        else:
            await refuse(send, 404, "Tidak ada halaman di alamat ini.")


async def watch(receive: Receive, subscriber: Subscriber) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    subscriber.close()


def direct(send: Send) -> asyncio.Transport | None:
    """The transport of this response if chunks may be written to it past `send`; None under another server.

    uvicorn keeps nothing between `send` and the transport, so chunks of both stay whole and in order.
    """
    cycle: Any = getattr(send, "__self__", None)
    return cycle.transport if getattr(cycle, "chunked_encoding", None) else None


async def drop(send: Send) -> None:
    """Cut the connection. uvicorn's own close would wait until the page has read what it does not read."""
    transport = getattr(getattr(send, "__self__", None), "transport", None)
    if transport:
        transport.abort()
        await asyncio.sleep(0)


async def refuse(send: Send, status: int, sentence: str, *headers: tuple[bytes, bytes]) -> None:
    await respond(send, status, sentence.encode(), "text/plain; charset=utf-8", *headers)


async def respond(send: Send, status: int, body: bytes, kind: str, *headers: tuple[bytes, bytes]) -> None:
    about = [(b"content-type", kind.encode()), (b"content-length", str(len(body)).encode()), *headers]
    await send({"type": "http.response.start", "status": status, "headers": about})
    await send({"type": "http.response.body", "body": body})


def coarse(client: tuple[str, int] | None) -> str:
    """The device's address; of an IPv6 address the network, of which a device has a whole one."""
    if not client or ":" not in client[0]:
        return client[0] if client else ""
    return str(ipaddress.ip_network((client[0].partition("%")[0], 64), strict=False))


application = Application()
