"""One port, two doors: the event stream natively, every page through WSGI (several times faster than Django's ASGI)."""

from typing import Any, cast

import environ
from a2wsgi import WSGIMiddleware

from mpp_portal.siaran.stream import application as stream
from mpp_portal.wsgi import application as pages

THREADS = environ.Env().int("MPP_WEB_THREADS", 8)

# a2wsgi and Django spell the same WSGI signature differently
_pages: Any = WSGIMiddleware(cast(Any, pages), workers=THREADS)


async def application(scope: Any, receive: Any, send: Any) -> None:
    """What lies under `/aliran/` and the process's start and stop go to the stream, the rest to the pages."""
    to_stream = scope["type"] == "lifespan" or scope["path"].startswith("/aliran/")
    await (stream if to_stream else _pages)(scope, receive, send)
