"""A hall of bare asyncio: a key publishes on Redis, who listens is told, pages are bytes at hand. So much is the limit.

    python -m tests.bench.beban.aula_polos PORT REDIS_URL

GET /dengar?CHANNEL&CHANNEL is a stream, POST /panggil?LABEL&CHANNEL&CHANNEL calls, any other GET is a page that shows
the last label, as large as a fragment.
"""

import asyncio
import contextlib
import sys
from collections import defaultdict

import redis.asyncio
import uvloop

BUS = "mpp:polos"
STREAM = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
FRAGMENT = b"<p data-mpp-urgent>%b</p>" + 3000 * b" "


class Hall:
    def __init__(self, bus: redis.asyncio.Redis) -> None:
        self.bus = bus
        self.label = b""
        self.writers: dict[bytes, set[asyncio.StreamWriter]] = defaultdict(set)

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                path, _, query = head.split(b" ", 2)[1].partition(b"?")
                if path == b"/dengar":
                    await self.hold(reader, writer, query.split(b"&"))
                    break
                if path == b"/panggil":
                    await reader.readexactly(int(head.partition(b"Content-Length: ")[2].partition(b"\r\n")[0]))
                    self.label, *channels = query.split(b"&")
                    await self.bus.publish(BUS, b" ".join(channels))
                body = FRAGMENT % self.label
                writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%b" % (len(body), body))
        writer.close()

    async def hold(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, channels: list[bytes]) -> None:
        writer.write(STREAM)
        for channel in channels:
            self.writers[channel].add(writer)
        with contextlib.suppress(OSError):
            await reader.read()
        for channel in channels:
            self.writers[channel].discard(writer)

    async def spread(self) -> None:
        async with self.bus.pubsub() as pubsub:
            await pubsub.subscribe(BUS)
            async for message in pubsub.listen():
                if message["type"] == "message":
                    event = b"event: wake\ndata: %b\n\n" % message["data"]
                    heard = {writer for channel in message["data"].split() for writer in self.writers[channel]}
                    for writer in heard:
                        writer.write(b"%x\r\n%b\r\n" % (len(event), event))


async def serve(port: int, url: str) -> None:
    async with redis.asyncio.Redis.from_url(url) as bus:
        hall = Hall(bus)
        async with await asyncio.start_server(hall.answer, "127.0.0.1", port, backlog=4096):
            await hall.spread()


uvloop.run(serve(int(sys.argv[1]), sys.argv[2]))
