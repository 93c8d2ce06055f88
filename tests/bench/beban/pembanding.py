"""A bare asyncio fan-out: what arrives on one Redis channel goes to every open connection, and nothing else is done.

python -m tests.bench.beban.pembanding PORT REDIS_URL CHANNEL
"""

import asyncio
import contextlib
import json
import sys

import redis.asyncio
import uvloop

HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"


async def serve(port: int, url: str, channel: str) -> None:
    writers: set[asyncio.StreamWriter] = set()

    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(HEAD)
            writers.add(writer)
            await reader.read()
        writers.discard(writer)
        writer.close()

    server = await asyncio.start_server(connect, "127.0.0.1", port, backlog=4096)
    async with server, redis.asyncio.Redis.from_url(url) as client, client.pubsub() as pubsub:
        await pubsub.subscribe(channel)
        async for message in pubsub.listen():
            if message["type"] == "message":
                event = f"event: wake\ndata: {json.loads(message['data'])[-1]}\n\n".encode()
                chunk = b"%x\r\n%b\r\n" % (len(event), event)
                for writer in writers:
                    writer.write(chunk)


uvloop.run(serve(int(sys.argv[1]), sys.argv[2], sys.argv[3]))
