"""A fragment that every screen of a hall fetches alike is answered without Django, until its channel is woken.

    response = HttpResponse(html)
    response[SHARED] = "mpp-3"     # nothing in it, headers included, depends on who asks; this channel changes it

At a call twenty displays ask for the same bytes at once. A page costs a process milliseconds before its view begins, so
they waited for each other longer than for the call. One request of each process goes on to the pages; the others, and
those that come later, get what it got: as long as the channel's mark in Valkey (`fragments.mark`) is the same, and
`MAX_AGE` seconds at most. Without Valkey every request goes on to the pages.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any

import redis
import redis.asyncio
from django.conf import settings
from django.core.cache import cache
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from mpp_portal import valkey
from mpp_portal.siaran import fragments

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

SHARED = "MPP-Shared"  # the channel; never leaves the process
_HEADER = SHARED.lower().encode()
MOST = 500  # addresses kept; more are somebody's play with query strings


@dataclass(frozen=True, slots=True)
class Answer:
    mark: bytes
    until: float  # by the monotonic clock
    messages: tuple[Message, ...]

    @property
    def etag(self) -> bytes:
        return dict(self.messages[0]["headers"]).get(b"etag", b"")


class Shared:
    """ASGI application around the one that makes the pages."""

    def __init__(self, pages: Any) -> None:
        self.pages = pages
        self.channels: dict[bytes, str] = {}  # by address, as the pages have said
        self.kept: dict[bytes, Answer] = {}
        self.making: dict[tuple[bytes, bytes], asyncio.Task[Answer]] = {}
        self.marks: redis.asyncio.Redis | None = None  # belongs to the loop that asks first
        self.away_until = 0.0

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.pages(scope, receive, send)
            return
        address = scope["raw_path"] + b"?" + scope["query_string"]
        channel = self.channels.get(address) if scope["method"] == "GET" else None
        mark = await self.mark(channel) if channel else None
        if mark is None:
            await self.pages(scope, receive, self.noticing(address, send))
            return
        answer = self.kept.get(address)
        if answer is None or answer.mark != mark or answer.until < time.monotonic():
            answer = await self.made(address, mark, scope, receive)
        await tell(answer, scope, send)

    def noticing(self, address: bytes, send: Send) -> Send:
        """`send`, which learns from the pages what is shared and keeps that to itself."""

        async def noticed(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = self.learn(address, message["headers"])
            await send(message)

        return noticed

    def learn(self, address: bytes, headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        channel = dict(headers).get(_HEADER)
        if channel is None:
            return headers
        if len(self.channels) >= MOST:
            self.channels.clear()
            self.kept.clear()
        self.channels[address] = channel.decode()
        return [header for header in headers if header[0] != _HEADER]

    async def made(self, address: bytes, mark: bytes, scope: Message, receive: Receive) -> Answer:
        """What the pages answer now; who asks meanwhile waits for the same."""
        key = (address, mark)
        if key not in self.making:
            self.making[key] = asyncio.ensure_future(self.fetch(address, mark, scope, receive))
            self.making[key].add_done_callback(lambda _task: self.making.pop(key))
        return await asyncio.shield(self.making[key])

    async def fetch(self, address: bytes, mark: bytes, scope: Message, receive: Receive) -> Answer:
        messages: list[Message] = []

        async def keep(message: Message) -> None:
            messages.append(message)

        whole = [header for header in scope["headers"] if header[0] != b"if-none-match"]
        await self.pages({**scope, "headers": whole}, receive, self.noticing(address, keep))
        answer = Answer(mark, time.monotonic() + fragments.MAX_AGE, tuple(messages))
        if messages[0]["status"] == 200:
            self.kept[address] = answer
        return answer

    async def mark(self, channel: str) -> bytes | None:
        """The channel's mark; None without Valkey, or before its first wake."""
        if valkey.is_away() or time.monotonic() < self.away_until:
            return None
        if self.marks is None:
            wait = settings.REDIS_TIMEOUT
            self.marks = redis.asyncio.Redis.from_url(
                settings.REDIS_URL, socket_timeout=wait, socket_connect_timeout=wait, retry=Retry(NoBackoff(), 0)
            )
        try:
            mark: Any = await self.marks.get(cache.make_key(fragments.marks_key(channel)))
        except redis.RedisError:
            self.away_until = time.monotonic() + settings.REDIS_PAUSE
            return None
        return mark


async def tell(answer: Answer, scope: Message, send: Send) -> None:
    """The answer, or that nothing has changed since the asker's copy."""
    asked = dict(scope["headers"]).get(b"if-none-match", b"")
    if asked and asked == answer.etag:
        about = [header for header in answer.messages[0]["headers"] if not header[0].startswith(b"content-")]
        await send({"type": "http.response.start", "status": 304, "headers": about})
        await send({"type": "http.response.body", "body": b""})
        return
    for message in answer.messages:
        await send(dict(message))
