"""HTTP to addresses that others gave us: no redirects, no proxy, short waits, and never into our own network.

What counts is where the connection really leads, checked after connecting and before a byte is sent: a name that
resolves to something else a moment later gets nowhere.
"""

import ipaddress
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, NewConnectionError

from . import CONNECT, READ, Permanent, Temporary, Unsure


class Overlong(Permanent):
    """An answer of more bytes than anybody reads."""


class Private(OSError):  # noqa: N818
    """The address leads into a network that is not public."""


class _Checked:
    host: str

    def _new_conn(self) -> socket.socket:
        sock: socket.socket = super()._new_conn()  # type: ignore[misc]
        peer = sock.getpeername()[0]
        if not ipaddress.ip_address(peer).is_global and self.host not in settings.KABAR_PRIVATE_HOSTS:
            sock.close()
            raise Private(f"{self.host} is {peer}, which is not a public address")
        return sock


class _Http(_Checked, HTTPConnection):
    pass


class _Https(_Checked, HTTPSConnection):
    pass


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _Http


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _Https


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        manager: PoolManager = self.poolmanager
        manager.pool_classes_by_scheme = {"http": _HttpPool, "https": _HttpsPool}


class _Session(requests.Session):
    def get_redirect_target(self, resp: Any) -> None:
        """A redirect is an answer like another; requests would read all of its body first, however long."""


def require_public(url: str) -> None:
    """https, and a host outside our own network. Raises Permanent with the reason."""
    parts = urlsplit(url)
    if parts.hostname in settings.KABAR_PRIVATE_HOSTS:
        return
    if parts.scheme != "https" or not parts.hostname:
        raise Permanent(f"not an https address: {parts.scheme}://{parts.hostname}")


def require_push_service(url: str) -> None:
    """An endpoint comes from a browser, so from anybody: only the services of browsers are called."""
    host = urlsplit(url).hostname or ""
    if not any(host == known or host.endswith(f".{known}") for known in settings.KABAR_PUSH_HOSTS):
        raise Permanent(f"{host} is no push service of a browser we know (KABAR_PUSH_HOSTS)")
    require_public(url)


@contextmanager
def session() -> Iterator[requests.Session]:
    """A requests session that goes only to public addresses; its errors are ours."""
    with _Session() as made:
        made.trust_env = False
        for prefix in ("http://", "https://"):
            made.mount(prefix, _Adapter())
        try:
            yield made
        except requests.RequestException as error:
            raise _meaning(error) from error


def _meaning(error: requests.RequestException) -> Exception:
    if isinstance(error, requests.exceptions.InvalidURL):
        return Permanent(f"{type(error).__name__}: {error}")
    private = "not a public address" in str(error)
    return Permanent(str(error)) if private else Temporary(f"{type(error).__name__}: {error}", everyone=True)


def post(url: str, body: bytes, headers: dict[str, str]) -> None:
    """POST JSON; 2xx is taken, 408, 425, 429 and 5xx are temporary, all else is not."""
    require_public(url)
    # stream: an answer's body is nobody's concern, and may be endless
    conduct: dict[str, Any] = {"timeout": (CONNECT, READ), "allow_redirects": False, "stream": True}
    headers = {"Content-Type": "application/json", **headers}
    with session() as http, http.post(url, data=body, headers=headers, **conduct) as answer:
        settle(answer.status_code)


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes


def ask(method: str, url: str, *, seconds: float, most: int, **given: Any) -> Answer:
    """One request whose answer is read: at most `most` bytes, and not much longer than `seconds`. Its errors name no
    address: there may be a key in it. Unsure: it was sent, and no whole answer came."""
    require_public(url)
    limit = time.monotonic() + seconds
    headers = {"Accept-Encoding": "identity"} | given.pop("headers", {})
    conduct: dict[str, Any] = {"timeout": (CONNECT, seconds), "allow_redirects": False, "stream": True}
    with session() as http:
        try:
            with http.request(method, url, headers=headers, **given, **conduct) as answer:
                return Answer(answer.status_code, _read(answer, limit, most))
        except (requests.RequestException, HTTPError) as error:
            raise _nameless(error) from None


def _read(answer: requests.Response, limit: float, most: int) -> bytes:
    body = b""
    while part := answer.raw.read1(65_536):
        body += part
        if len(body) > most:
            raise Overlong(f"an answer of more than {most} bytes")
        if time.monotonic() > limit:
            raise Unsure("an answer without end", everyone=True)
    return body


def _nameless(error: Exception) -> Exception:
    cause = getattr(error.args[0] if error.args else None, "reason", None)
    if isinstance(cause, Private) or "not a public address" in str(error):
        return Permanent("not a public address")
    if isinstance(error, requests.exceptions.InvalidURL):
        return Permanent(type(error).__name__)
    unsent = isinstance(error, (requests.ConnectTimeout, requests.exceptions.SSLError))
    kind = Temporary if unsent or isinstance(cause, NewConnectionError) else Unsure
    return kind(type(cause or error).__name__, everyone=True)


def settle(code: int) -> None:
    """What an HTTP status means for a message."""
    if code in (408, 425, 429) or code >= 500:
        raise Temporary(f"HTTP {code}", everyone=code >= 500)
    if not 200 <= code < 300:
        raise Permanent(f"HTTP {code}")
