"""One port, two doors: the event stream natively, every page through WSGI (several times faster than Django's ASGI)."""

import gc
from typing import Any, cast

import environ
from a2wsgi import WSGIMiddleware
from a2wsgi.wsgi import WSGIResponder
from django.urls import get_resolver

from mpp_portal.siaran.shared import Shared
from mpp_portal.siaran.stream import application as stream
from mpp_portal.wsgi import application as django

THREADS = environ.Env().int("MPP_WEB_THREADS", 4)
WHOLE = 1_000_000  # bytes; a longer response goes out as it is made


class Responder(WSGIResponder):
    """Hands a page over in one piece.

    a2wsgi passes each part to the event loop and waits until it is taken. Every such pass waits for the interpreter's
    lock, which is what a busy process has least of: it took more than the page itself.
    """

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.kept: list[Any] = []
        self.size = 0

    def send(self, message: Any) -> None:
        self.kept.append(message)
        self.size += len(message.get("body", b""))
        if self.size > WHOLE:
            kept, self.kept, self.size = self.kept, [], 0
            for part in kept:
                super().send(part)

    async def sender(self, send: Any) -> None:
        await super().sender(send)  # until the page is made
        for part in self.kept:
            await send(part)


class Pages(WSGIMiddleware):
    busy = 0  # pages that are being made

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.busy += 1
        try:
            await Responder(self.app, self.executor, self.send_queue_size)(scope, receive, send)
        finally:
            self.busy -= 1


# a2wsgi and Django spell the same WSGI signature differently
pages = Pages(cast(Any, django), workers=THREADS)
_shared = Shared(pages)


async def application(scope: Any, receive: Any, send: Any) -> None:
    """What lies under `/aliran/` and the process's start and stop go to the stream, the rest to the pages."""
    to_stream = scope["type"] == "lifespan" or scope["path"].startswith("/aliran/")
    await (stream if to_stream else _shared)(scope, receive, send)


def _settle() -> None:
    """Load all views now, and leave everything that stays for good out of later collections of garbage.

    A full one walks 180,000 objects of code and models and frees none: for a tenth of a second the process answers
    nobody, and that is a call that reaches the hall late.
    """
    get_resolver().url_patterns  # noqa: B018
    gc.collect()
    gc.freeze()


_settle()
