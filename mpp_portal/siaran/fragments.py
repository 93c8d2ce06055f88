"""What many open pages show alike is made once per change: kept until its channel is woken, and a few seconds at most.

    html = fragments.once("mpp-3", f"layar-{language}", lambda: render_to_string(…))

`bus.publish` marks each woken channel, before it wakes anybody. What was made before the mark is not used after it. A
mark that is lost (a process killed between commit and publish, a Valkey that was away) costs `MAX_AGE` seconds. Without
Valkey everything is made anew each time.
"""

import threading
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.core.cache import cache
from django.db import connection

from mpp_portal import valkey

T = TypeVar("T")

MAX_AGE = 5  # seconds
_making = [threading.Lock() for _ in range(64)]  # by key


def once(channel: str, name: str, make: Callable[[], T]) -> T:
    """`make()`, or what it gave since the last wake of `channel`. `name` says what is made, in which language."""
    with _making[hash((channel, name)) % len(_making)]:  # many displays ask at once: the first makes it for all
        return each([channel], name, lambda _missing: {channel: make()})[channel]


def each(channels: Iterable[str], name: str, make: Callable[[list[str]], dict[str, T]]) -> dict[str, T]:
    """Like `once` for several channels; `make` gets those that are missing. Nobody waits for anybody."""
    names = list(channels)
    if valkey.is_away() or connection.in_atomic_block:  # what is not committed is nobody else's to see
        return make(names)
    found = cache.get_many([key for channel in names for key in (marks_key(channel), _key(channel, name))])
    marks = {channel: found.get(marks_key(channel)) for channel in names}
    kept: dict[str, T] = {}
    for channel in names:
        made_under, value = found.get(_key(channel, name), (None, None))
        if value is not None and made_under == marks[channel]:
            kept[channel] = value
    missing = [channel for channel in names if channel not in kept]
    if missing:
        made = make(missing)
        cache.set_many({_key(channel, name): (marks[channel], value) for channel, value in made.items()}, MAX_AGE)
        kept |= made
    return kept


def _key(channel: str, name: str) -> str:
    return f"potongan:{channel}:{name}"


def marks_key(channel: str) -> str:
    return f"tanda:{channel}"


def mark(commands: Any, channels: Iterable[str], at: float) -> None:
    """Add to a pipeline: what was made of these channels is old. One day is longer than anything made is kept."""
    for channel in channels:
        commands.set(cache.make_key(marks_key(channel)), int(at * 1_000_000), ex=86_400)
