"""Redis or Valkey, which may be away: every call from a page goes through `attempt`, which never raises and never hangs.

A refused or hung server costs a process at most `REDIS_TIMEOUT` seconds once per `REDIS_PAUSE`; in between the process
goes on without it (cache misses, no wake; pages poll). The database stays the truth.
"""

import logging
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

# Monotonic second until which this process leaves the server alone. Races between threads only cost one more try.
_away_until = 0.0


@cache
def client() -> redis.Redis:
    """The process's client for short commands; connects on first use."""
    return redis.Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=settings.REDIS_TIMEOUT,
        socket_connect_timeout=settings.REDIS_TIMEOUT,
        retry=Retry(NoBackoff(), 0),
    )


def is_away() -> bool:
    """True while this process has given up on the server."""
    return time.monotonic() < _away_until


def attempt(call: Callable[[], T], default: T) -> T:
    """Return `call()`, or `default` when the server is refused, hung or known to be away. Never raises redis errors."""
    global _away_until
    if is_away():
        return default
    try:
        return call()
    except redis.RedisError as error:
        _away_until = time.monotonic() + settings.REDIS_PAUSE
        logger.warning("Valkey is away, going on without it for %s s: %s", settings.REDIS_PAUSE, type(error).__name__)
        return default


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

    def clear(self) -> bool:
        return attempt(lambda: super(OpenCache, self).clear(), False)
