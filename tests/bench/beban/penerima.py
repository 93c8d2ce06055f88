"""A mail server and a webhook's receiver that count what they take by its key, and misbehave now and then.

`later`: come again (451, 503) · `never`: refused for good (550, 400) · `drop`: takes it and breaks off without a word ·
`hang`: takes nothing and says nothing.
"""

import asyncio
import email
import hashlib
import hmac
import re
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiosmtpd.smtp import SMTP, Envelope, Session

HANG = 15  # seconds: longer than anybody waits
THINKS = 0.1  # seconds from taking a message to saying so, as mail servers do


class Counted:
    """What became of each message: `took` and said so, `untold` (taken, not said), `refused` for good."""

    def __init__(self, faults: dict[str, int], port: int) -> None:
        self.faults = faults  # conduct → every how many requests
        self.port = port
        self.behaves = False  # from now on, once it has misbehaved in every way
        self.asked = 0
        self.took: Counter[str] = Counter()
        self.untold: Counter[str] = Counter()
        self.refused: set[str] = set()
        self.seen: Counter[str] = Counter()
        self.in_flight = 0  # taken, and about to be said

    def conduct(self, key: str) -> str:
        self.asked += 1
        due = (name for name, every in self.faults.items() if self.asked % every == 0)
        found = "ok" if self.behaves and set(self.faults) <= set(self.seen) else next(due, "ok")
        self.seen[found] += 1
        if found == "ok":
            self.took[key] += 1
        elif found == "drop":
            self.untold[key] += 1
        elif found == "never":
            self.refused.add(key)
        return found

    async def think(self, conduct: str) -> None:
        taken = conduct == "ok"
        self.in_flight += taken
        try:
            await asyncio.sleep(THINKS)
        finally:
            self.in_flight -= taken


class Mailbox(Counted):
    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        key = email.message_from_bytes(envelope.content)["Message-ID"].strip("<>").partition("@")[0]
        conduct = self.conduct(key)
        if conduct == "drop":
            server.transport.abort()
        elif conduct == "hang":
            await asyncio.sleep(HANG)
        else:
            await self.think(conduct)
        return {"ok": "250 OK", "never": "550 no such person"}.get(conduct, "451 later")


class Receiver(Counted):
    """`forged` counts what was not signed with the webhook's own key."""

    def __init__(self, faults: dict[str, int], port: int, secret: str) -> None:
        super().__init__(faults, port)
        self.secret = secret
        self.forged = 0

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        headers = dict(re.findall(r"^([\w-]+): (.*?)\r$", head.lower(), re.MULTILINE))
        body = await reader.readexactly(int(headers["content-length"]))
        at, digest = re.fullmatch(r"t=(\d+),v1=(\w+)", headers["mpp-signature"]).groups()
        own = hmac.new(self.secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
        self.forged += not hmac.compare_digest(digest, own)
        conduct = self.conduct(headers["idempotency-key"])
        if conduct == "hang":
            await asyncio.sleep(HANG)
        elif conduct != "drop":
            await self.think(conduct)
            status = {"ok": "200 OK", "later": "503 Later", "never": "400 No"}[conduct]
            writer.write(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
        writer.close()


@asynccontextmanager
async def listening(mailbox: Mailbox, receiver: Receiver) -> AsyncIterator[None]:
    loop = asyncio.get_running_loop()
    mail = await loop.create_server(lambda: SMTP(mailbox, loop=loop), "127.0.0.1", mailbox.port)
    hook = await asyncio.start_server(receiver.answer, "127.0.0.1", receiver.port)
    async with mail, hook:
        yield
