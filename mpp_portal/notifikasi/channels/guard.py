"""HTTP to addresses that others gave us: no redirects, no proxy, short waits, and never into our own network.

What counts is where the connection really leads, checked after connecting and before a byte is sent: a name that
resolves to something else a moment later gets nowhere.
"""

import ipaddress
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection

from . import CONNECT, READ, Permanent, Temporary


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
    with requests.Session() as made:
        made.trust_env = False
        made.max_redirects = 0
        for prefix in ("http://", "https://"):
            made.mount(prefix, _Adapter())
        try:
            yield made
        except requests.RequestException as error:
            raise _meaning(error) from error


def _meaning(error: requests.RequestException) -> Exception:
    if isinstance(error, (requests.TooManyRedirects, requests.exceptions.InvalidURL)):
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


def ask(
    method: str,
    url: str,
    headers: dict[str, str],
    *,
    body: bytes | None = None,
    most: int = 1_000_000,
    wait: int = READ,
) -> tuple[int, bytes]:
    """The status and the body of an answer. Temporary where the body has more than `most` bytes, or has not come after
    `wait` seconds: that may pass."""
    require_public(url)
    conduct: dict[str, Any] = {"timeout": (CONNECT, READ), "allow_redirects": False, "stream": True}
    headers = {"Accept-Encoding": "identity", **headers}
    end = time.monotonic() + CONNECT + wait
    with session() as http, http.request(method, url, data=body, headers=headers, **conduct) as answer:
        read = bytearray()
        for chunk in answer.iter_content(65_536):
            read += chunk
            if len(read) > most or time.monotonic() > end:
                raise Temporary("the answer is too long" if len(read) > most else "the answer does not end")
        return answer.status_code, bytes(read)


def settle(code: int) -> None:
    """What an HTTP status means for a message."""
    if code in (408, 425, 429) or code >= 500:
        raise Temporary(f"HTTP {code}", everyone=code >= 500)
    if not 200 <= code < 300:
        raise Permanent(f"HTTP {code}")
