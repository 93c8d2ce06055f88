"""`python -m mpp_portal.web`: a web process on the socket that is its standard input, shared with its siblings.

Asked to stop, uvicorn closes each connection without an answer under way, also one that it took a moment ago and has
not read yet. This one first takes no more, and reads and answers what it has taken: an upgrade loses no request.
"""

import asyncio
import socket

import uvicorn

LATE = 1  # seconds in which what was taken is read
PATIENCE = 30  # seconds for what has begun


class Server(uvicorn.Server):
    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        await asyncio.sleep(LATE)
        await super().shutdown(sockets)


if __name__ == "__main__":
    config = uvicorn.Config(
        "mpp_portal.asgi:application", fd=0, ws="none", access_log=False, server_header=False, log_level="warning",
        log_config="mpp_portal/uvicorn.json", timeout_graceful_shutdown=PATIENCE,
    )  # fmt: skip
    Server(config).run()
