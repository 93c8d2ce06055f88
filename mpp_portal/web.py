"""`python -m mpp_portal.web`: a web process on the socket that is its standard input, shared with its siblings.

**Taking.** All of them hear of a new connection, and the one that runs already is the quickest to take it: the process
that was making a page for a petugas got most of what a hall of displays asked in that instant, while its siblings were
idle. So one that is busy leaves each connection to the others for `POLITE` seconds.

**Stopping.** Asked to stop, uvicorn closes each connection without an answer under way, also one that it took a moment
ago and has not read yet. This one first takes no more, and reads and answers what it has taken: an upgrade loses no
request.
"""

import asyncio
import socket
from typing import Any

import uvicorn

from mpp_portal import asgi

POLITE = 0.002
FULL = 1  # seconds without room for another connection before it looks again
LATE = 1  # seconds in which what was taken is read
PATIENCE = 30  # seconds for what has begun


class Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, listener: socket.socket) -> None:
        super().__init__(config)
        self.listener = listener
        self.taking: set[asyncio.Task[Any]] = set()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=[])
        self.loop = asyncio.get_running_loop()
        self.listener.setblocking(False)
        self.listen()

    def listen(self) -> None:
        if not self.should_exit:
            self.loop.add_reader(self.listener, self.hear)

    def hear(self) -> None:
        self.loop.remove_reader(self.listener)
        if asgi.pages.busy:
            self.loop.call_later(POLITE, self.take)
        else:
            self.take()

    def take(self) -> None:
        try:
            connection, _address = self.listener.accept()
        except (BlockingIOError, ConnectionError):  # a sibling has it, or nobody wants it any more
            self.listen()
        except OSError:  # too many files are open
            self.loop.call_later(FULL, self.listen)
        else:
            task = self.loop.create_task(self.loop.connect_accepted_socket(self.protocol, connection))
            self.taking.add(task)
            task.add_done_callback(self.taking.discard)
            self.listen()

    def protocol(self) -> asyncio.Protocol:
        return self.config.http_protocol_class(  # type: ignore[call-arg]
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.loop.remove_reader(self.listener)
        await asyncio.sleep(LATE)
        await super().shutdown()


if __name__ == "__main__":
    config = uvicorn.Config(
        "mpp_portal.asgi:application", ws="none", access_log=False, server_header=False, log_level="warning",
        log_config="mpp_portal/uvicorn.json", timeout_graceful_shutdown=PATIENCE,
    )  # fmt: skip
    Server(config, socket.socket(fileno=0)).run()
