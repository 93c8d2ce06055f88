"""One subscription to the bus per process, fanned out in memory to the pages that are open here."""

import asyncio
import logging
import random
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import redis.asyncio
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from mpp_portal.siaran.bus import BUS, decode
from mpp_portal.siaran.tokens import Permit
from mpp_portal.siaran.watch import Watcher

logger = logging.getLogger(__name__)

QUIET = 2  # seconds without a message after which the bus is asked whether it lives; as long again, and it is away
BACK_OFF = 10  # seconds between two attempts to reach it, at most
SLACK = 2  # seconds that the clocks of a page's process and of this one may differ
DELAYS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.3, 1, 5)  # seconds
REMEMBERED = 50_000  # channels whose last wake is kept for pages that open a moment later


@dataclass(eq=False, slots=True)
class Subscriber:
    """One open page and what it has not been told yet. Repeated wakes of a channel are one, so this stays small."""

    channels: frozenset[str]
    transport: asyncio.Transport | None = None  # the way to write past the page's task, once the stream has begun
    woken: set[str] = field(default_factory=set)
    notice: str = ""  # "away" or "resync": the newest state of the bus
    closed: bool = False
    ready: asyncio.Event = field(default_factory=asyncio.Event)

    def take(self) -> bytes:
        """What to send now, as server-sent events."""
        events = f"event: {self.notice}\ndata: bus\n\n" if self.notice else ""
        if self.woken:
            events += wake_event(self.woken)
        self.woken.clear()
        self.notice = ""
        self.ready.clear()
        return events.encode()

    def wake(self, channels: Iterable[str]) -> None:
        self.woken.update(channels)
        self.ready.set()

    def notify(self, notice: str) -> None:
        self.notice = notice
        self.ready.set()

    def close(self) -> None:
        self.closed = True
        self.transport = None
        self.ready.set()


def wake_event(channels: Iterable[str]) -> str:
    return f"event: wake\ndata: {' '.join(channels)}\n\n"


class Hub:
    def __init__(self) -> None:
        self.subscribers: set[Subscriber] = set()
        self.by_channel: dict[str, set[Subscriber]] = {}
        self.online = False  # somebody tells what changes: the bus, or the watcher in its place
        self.closed = False
        self.complete_since = 0.0  # no wake later than this was missed or forgotten
        self.last_wake: dict[str, float] = {}  # oldest first
        self.watcher: Watcher | None = None  # while the bus is away
        self._measure()

    def _measure(self) -> None:
        """Figures of this process, for monitoring."""
        self.figures = CollectorRegistry()
        given: dict[str, Any] = {"registry": self.figures}
        Gauge("mpp_aliran_terbuka", "Halaman yang terhubung", **given).set_function(lambda: len(self.subscribers))
        Gauge("mpp_aliran_bus", "1 bila bus menjawab", **given).set_function(lambda: self.online and not self.watcher)
        self.wakes = Counter("mpp_aliran_kabar", "Kabar perubahan dari bus atau basis data", **given)
        self.dropped = Counter("mpp_aliran_lambat", "Halaman yang diputus karena tidak membaca", **given)
        self.delay = Histogram(
            "mpp_aliran_detik", "Dari kabar terbit hingga ditulis ke halaman", buckets=DELAYS, **given
        )

    def join(self, permit: Permit) -> Subscriber:
        """Add a page, and tell it what changed between its making and now."""
        subscriber = Subscriber(permit.channels)
        self.subscribers.add(subscriber)
        for channel in permit.channels:
            self.by_channel.setdefault(channel, set()).add(subscriber)
        seen_until = permit.signed_at - SLACK
        if not self.online:
            subscriber.notify("away")
        elif seen_until < self.complete_since:
            subscriber.notify("resync")
        else:
            missed = [name for name in permit.channels if self.last_wake.get(name, 0) > seen_until]
            if missed:
                subscriber.wake(missed)
        return subscriber

    def leave(self, subscriber: Subscriber) -> None:
        self.subscribers.discard(subscriber)
        for channel in subscriber.channels:
            self.by_channel[channel].discard(subscriber)
            if not self.by_channel[channel]:
                del self.by_channel[channel]

    def wake(self, channels: list[str]) -> None:
        """Tell every page once.

        A page that has read all there was is written to from here, because waking its task costs several times what
        the bytes do. One that has not gets the rest from its task, which waits and drops it.
        """
        self.wakes.inc()
        self._remember(channels)
        for names, pages in self._audience(channels):
            event = wake_event(names).encode()
            chunk = b"%x\r\n%b\r\n" % (len(event), event)
            for page in pages:
                transport = page.transport
                if transport is None or page.woken or transport.get_write_buffer_size():
                    page.wake(names)
                else:
                    transport.write(chunk)

    def _audience(self, channels: list[str]) -> Iterable[tuple[Iterable[str], Iterable[Subscriber]]]:
        """Pages by which of these channels they hear."""
        if len(channels) == 1:
            return [(channels, self.by_channel.get(channels[0], ()))]
        named: dict[Subscriber, tuple[str, ...]] = {}
        for channel in channels:
            for page in self.by_channel.get(channel, ()):
                named[page] = (*named.get(page, ()), channel)
        groups: dict[tuple[str, ...], list[Subscriber]] = {}
        for page, names in named.items():
            groups.setdefault(names, []).append(page)
        return groups.items()

    def _remember(self, channels: list[str]) -> None:
        now = time.time()
        for channel in channels:
            self.last_wake.pop(channel, None)
            self.last_wake[channel] = now
        while len(self.last_wake) > REMEMBERED:
            self.complete_since = max(self.complete_since, self.last_wake.pop(next(iter(self.last_wake))))

    def notify(self, notice: str) -> None:
        for subscriber in self.subscribers:
            subscriber.notify(notice)

    def close(self) -> None:
        """End every stream; the pages come back on their own, each after a moment of its own."""
        self.closed = True
        for subscriber in self.subscribers:
            subscriber.close()

    async def listen(self, url: str) -> None:
        """Follow the bus until cancelled; after each loss, watch the database and try again later."""
        failures = 0
        try:
            while True:
                try:
                    await self._follow(url)
                except (redis.RedisError, OSError) as error:
                    failures = 1 if self.watcher is None else failures + 1
                    self._watch(error)
                await asyncio.sleep(min(BACK_OFF, 0.1 * 2**failures) * random.uniform(0.5, 1))  # noqa: S311
        finally:
            self._rest()

    async def _follow(self, url: str) -> None:
        client = redis.asyncio.Redis.from_url(
            url, socket_connect_timeout=QUIET, socket_timeout=QUIET, retry=Retry(NoBackoff(), 0)
        )
        async with client, client.pubsub() as pubsub:
            await pubsub.subscribe(BUS)
            asked = False
            while True:
                message = await pubsub.get_message(timeout=QUIET)
                if message is None and asked:
                    raise redis.TimeoutError("no answer")
                if message is None:
                    await pubsub.ping()
                    asked = True
                    continue
                asked = False
                if message["type"] == "subscribe":
                    self._rest()
                    self._back()
                elif message["type"] == "message":
                    published_at, channels = decode(message["data"])
                    self.wake(channels)
                    self.delay.observe(max(0, time.time() - published_at))

    # --- While the bus is away ---------------------------------------------------------------------------------------

    def _watch(self, error: Exception) -> None:
        """The pages learn that the bus is away only when nobody can watch the database in its place."""
        if self.watcher is None:
            logger.warning("The bus is away, watching the database: %s", type(error).__name__)
            loop = asyncio.get_running_loop()
            self.watcher = Watcher(lambda channels: loop.call_soon_threadsafe(self._watched, channels))
            self.watcher.start()
        elif self.online and self.watcher.is_late():
            self.online = False
            self.notify("away")

    def _watched(self, channels: set[str]) -> None:
        if self.watcher is None:
            return  # the bus came back meanwhile
        if not self.online:
            self._back()
        if channels:
            self.wake(sorted(channels))

    def _rest(self) -> None:
        if self.watcher:
            self.watcher.stopped.set()
            self.watcher = None

    def _back(self) -> None:
        self.online = True
        self.complete_since = time.time()
        self.notify("resync")
