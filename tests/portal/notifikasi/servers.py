"""Real servers for messages, which behave as badly as a test asks: an SMTP server and an HTTP sink."""

import asyncio
import email
import socket
import threading
import time
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Mailbox:
    """An SMTP server's conduct and what it accepted: ok · drop · hang · an answer like `451 later`, at DATA or RCPT.

    `slow` accepts, and lets the sender wait for the answer.
    """

    def __init__(self) -> None:
        self.conduct = "ok"
        self.at = "DATA"
        self.tried = 0
        self.received: list[Message] = []

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:
        if self.at == "RCPT" and self.conduct != "ok":
            return await self._misbehave(server)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.at == "DATA" and self.conduct not in ("ok", "slow"):
            return await self._misbehave(server)
        self.received.append(email.message_from_bytes(envelope.content))
        if self.conduct == "slow":
            await asyncio.sleep(5)
        return "250 OK"

    async def _misbehave(self, server: SMTP) -> str:
        self.tried += 1
        if self.conduct == "drop":
            server.transport.abort()
        if self.conduct in ("drop", "hang"):
            await asyncio.sleep(2)
            return "451 too late"
        return self.conduct


def smtp(mailbox: Mailbox) -> Controller:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return Controller(mailbox, hostname="127.0.0.1", port=port)


class Sink:
    """An HTTP server that keeps what it was sent; it answers `status` after `delay` seconds."""

    def __init__(self) -> None:
        self.status, self.delay = 200, 0.0
        self.received: list[tuple[str, dict[str, str], bytes]] = []
        sink = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                sink.received.append((self.path, dict(self.headers), body))
                time.sleep(sink.delay)
                try:
                    self.send_response(sink.status)
                    if sink.status in (301, 302, 307):
                        self.send_header("Location", "http://127.0.0.1:1/")
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                except OSError:
                    self.close_connection = True  # the sender did not wait for us

            def log_message(self, *args: Any) -> None:
                """Tests are quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.block_on_close = False
        self.server.daemon_threads = True
        self.host = f"127.0.0.1:{self.server.server_address[1]}"
        self.url = f"http://{self.host}/"
        self.thread = threading.Thread(target=lambda: self.server.serve_forever(0.05), daemon=True)
        self.thread.start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()
