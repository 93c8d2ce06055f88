"""Redis or Valkey, which may be away: calls from a page go through `attempt`, which never raises and never hangs.

A refused or hung server costs a call at most `REDIS_TIMEOUT` seconds, once. From then on the process goes on without it
(cache misses, no wake; pages poll) and a thread looks every `REDIS_PAUSE` seconds whether it is back, so that no page
pays for looking. The database stays the truth.
"""

import logging
import os
import threading
import time
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

import redis
from django.conf import settings
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.backoff import NoBackoff
from redis.retry import Retry

logger = logging.getLogger(__name__)
T = TypeVar("T")

_away = threading.Event()
_noticing = threading.Lock()
_making = threading.Lock()
_returned: list[Callable[[], None]] = []


def client() -> redis.Redis:
    """The process's client for short commands; connects on first use."""
    with _making:  # of two made at once one is dropped, and closes its sockets under the thread that reads from them
        return _made()


@cache
def _made() -> redis.Redis:
    return redis.Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=settings.REDIS_TIMEOUT,
        socket_connect_timeout=settings.REDIS_TIMEOUT,
        retry=Retry(NoBackoff(), 0),
    )


def is_away() -> bool:
    """True while this process goes on without the server."""
    return _away.is_set()


def on_return(call: Callable[[], None]) -> Callable[[], None]:
    """Have `call()` run when the server is back after a time away. Usable as a decorator."""
    _returned.append(call)
    return call


def attempt(call: Callable[[], T], default: T) -> T:
    """Return `call()`, or `default` when the server is refused, hung, known to be away or unwilling."""
    if is_away():
        return default
    try:
        return call()
    except (redis.ConnectionError, redis.TimeoutError) as error:
        _leave(error)
    except redis.RedisError as error:  # it answers, but not to this: full, read-only, another type under that key
        logger.warning("Valkey refused a command: %s", error)
    return default


def _leave(error: Exception) -> None:
    with _noticing:
        if is_away():
            return
        _away.set()
    logger.warning("Valkey is away, going on without it: %s", type(error).__name__)
    threading.Thread(target=_await_return, name="valkey-return", daemon=True).start()


def _await_return() -> None:
    while True:
        time.sleep(settings.REDIS_PAUSE)
        try:
            client().ping()
            break
        except redis.RedisError:
            continue
        except Exception:  # without this thread the process would go on without Valkey for good
            logger.exception("Whether Valkey is back could not be asked")
    _away.clear()
    logger.warning("Valkey is back")
    for call in _returned:
        try:
            call()
        except Exception:  # one that fails, such as a server that is away again, must not keep the others from it
            logger.exception("%s failed on the return of Valkey", call.__name__)


# A forked child has no watching thread: it finds out for itself.
os.register_at_fork(after_in_child=_away.clear)


class _Client(RedisCacheClient):
    def get_client(self, key: Any = None, *, write: bool = False) -> redis.Redis:
        return client()


class OpenCache(RedisCache):
    """Django's Redis cache that fails open: away means "not cached", so limits and fragments go on without it."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = _Client

    def add(self, *args: Any, **kwargs: Any) -> bool:
        return attempt(lambda: super(OpenCache, self).add(*args, **kwargs), True)

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return attempt(lambda: super(OpenCache, self).get(key, default, version), default)

    def set(self, *args: Any, **kwargs: Any) -> None:
        attempt(lambda: super(OpenCache, self).set(*args, **kwargs), None)

    def touch(self, *args: Any, **kwargs: Any) -> bool:
        return attempt(lambda: super(OpenCache, self).touch(*args, **kwargs), False)

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        return attempt(lambda: super(OpenCache, self).delete(*args, **kwargs), False)

    def get_many(self, *args: Any, **kwargs: Any) -> dict[Any, Any]:
        return attempt(lambda: super(OpenCache, self).get_many(*args, **kwargs), {})

    def has_key(self, *args: Any, **kwargs: Any) -> bool:
        return attempt(lambda: super(OpenCache, self).has_key(*args, **kwargs), False)

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        return attempt(lambda: super(OpenCache, self).incr(key, delta, version), delta)

    def set_many(self, *args: Any, **kwargs: Any) -> list[Any]:
        return attempt(lambda: super(OpenCache, self).set_many(*args, **kwargs), [])

    def delete_many(self, *args: Any, **kwargs: Any) -> None:
        attempt(lambda: super(OpenCache, self).delete_many(*args, **kwargs), None)

    def clear(self) -> None:
        attempt(lambda: super(OpenCache, self).clear(), None)
