"""Say which channels changed, once per transaction and only if it commits.

A channel is a lower-case noun, a hyphen and a number: `sesi-17`, `kunjungan-99`. The message on the bus is a JSON list
of the time and such names; it never carries content, and losing it only delays a page (see docs/adr/0002-aliran.md).
"""

import json
import re
import time
from collections.abc import Iterable

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from mpp_portal import valkey
from mpp_portal.siaran import fragments

BUS = "mpp:siaran"  # the one Redis channel that every stream process subscribes to
CHANNEL = re.compile(r"[a-z]+-\d+")


class _Batch:
    """The channels of one transaction. Hooks fill it at the commit, and the last of them sends it."""

    def __init__(self) -> None:
        self.channels: set[str] = set()
        self.sends_left = 0

    @classmethod
    def of(cls, connection: BaseDatabaseWrapper) -> "_Batch":
        for hook in reversed(connection.run_on_commit):
            batch = getattr(hook[1], "__self__", None)
            if isinstance(batch, cls):
                return batch
        return cls()

    def send(self) -> None:
        self.sends_left -= 1
        if not self.sends_left:
            ready, self.channels = self.channels, set()
            publish(ready)


# Wakes that could not be sent: they go out when the server is back, because a page that missed one would wait a minute.
_unsent: set[str] = set()


def wake(*channels: str) -> None:
    """Tell the open pages, after the commit, that these channels changed; at once where no transaction is open.

    All wakes of a transaction leave as one message; those of a rolled back savepoint do not leave. A server that is
    away is nobody's error here. Raises ValueError only for a malformed name, which is a mistake in the calling code.
    """
    check_names(channels)
    connection = transaction.get_connection()
    if not connection.in_atomic_block:
        publish(channels)
        return
    batch = _Batch.of(connection)
    transaction.on_commit(lambda: batch.channels.update(channels), robust=True)
    # Django drops a hook together with the savepoint it was registered in. A hook that sends must outlive that, other
    # savepoints may have added channels: hence Django's own list and no savepoints.
    batch.sends_left += 1
    connection.run_on_commit.append((set(), batch.send, True))


def publish(channels: Iterable[str]) -> None:
    """Send one message now. Never raises and waits at most `REDIS_TIMEOUT` seconds."""
    names = sorted(set(channels))
    if names and valkey.attempt(lambda: _send(names), None) is None:
        _unsent.update(names)


def _send(names: list[str]) -> list[object]:
    """One round trip: what was made of these channels is old, and whoever listens hears it."""
    with valkey.client().pipeline(transaction=False) as commands:
        fragments.mark(commands, names, time.time())
        commands.publish(BUS, encode(names))
        return commands.execute()


def encode(channels: Iterable[str]) -> str:
    return json.dumps([time.time(), *channels])


def decode(message: bytes | str) -> tuple[float, list[str]]:
    """When a message was published, in seconds since 1970, and which channels it names."""
    published_at, *channels = json.loads(message)
    return published_at, channels


def check_names(channels: Iterable[str]) -> None:
    for channel in channels:
        if not CHANNEL.fullmatch(channel):
            raise ValueError(f"not a channel name: {channel!r}")


@valkey.on_return
def _send_unsent() -> None:
    late = set(_unsent)
    _unsent.difference_update(late)
    publish(late)
