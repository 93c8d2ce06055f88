"""What many open pages show alike is made once per change: kept until its channel is woken, and a few seconds at most.

    html = fragments.once("mpp-3", f"layar-{language}", lambda: render_to_string(…))

`bus.publish` marks each woken channel, before it wakes anybody. What was made before the mark is not used after it. A
mark that is lost (a process killed between commit and publish, a Valkey that was away) costs `MAX_AGE` seconds. Without
Valkey everything is made anew each time.
"""

import threading
import time
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.core.cache import cache
from django.db import connection

from mpp_portal import valkey

T = TypeVar("T")

MAX_AGE = 5  # seconds
CLAIM = 1  # seconds; whoever claims a state of a channel makes it
PATIENCE = 0.1  # seconds to wait for what another process makes
LOOK = 0.003  # seconds between two looks whether it is there
_making = [threading.Lock() for _ in range(64)]  # by key


def once(channel: str, name: str, make: Callable[[], T]) -> T:
    """`make()`, or what it gave since the last wake of `channel`. `name` says what is made, in which language.

    Many displays ask at once, of every process: the first makes it for all.
    """
    if not _is_usable():
        return make()
    with _making[hash((channel, name)) % len(_making)]:
        patient_until = time.monotonic() + PATIENCE
        while True:
            mark, value = _find([channel], name)[channel]
            if value is not None:
                return value
            claimed = cache.add(f"dibuat:{channel}:{name}:{mark}", True, CLAIM)
            if claimed or time.monotonic() > patient_until:
                made = make()
                _keep(name, {channel: (mark, made)})
                return made
            time.sleep(LOOK)


def each(channels: Iterable[str], name: str, make: Callable[[list[str]], dict[str, T]]) -> dict[str, T]:
    """Like `once` for several channels; `make` gets those that are missing. Nobody waits for anybody."""
    names = list(channels)
    if not _is_usable():
        return make(names)
    found = _find(names, name)
    missing = [channel for channel, (_mark, value) in found.items() if value is None]
    made = make(missing) if missing else {}
    _keep(name, {channel: (found[channel][0], value) for channel, value in made.items()})
    return {channel: value for channel, (_mark, value) in found.items() if value is not None} | made


def _is_usable() -> bool:
    """What is not committed is nobody else's to see."""
    return not (valkey.is_away() or connection.in_atomic_block)


def _find(channels: list[str], name: str) -> dict[str, tuple[int | None, Any]]:
    """The mark of each channel, and what was made under it."""
    found = cache.get_many([key for channel in channels for key in (marks_key(channel), _key(channel, name))])
    answer = {}
    for channel in channels:
        mark = found.get(marks_key(channel))
        made_under, value = found.get(_key(channel, name), (None, None))
        answer[channel] = (mark, value if made_under == mark else None)
    return answer


def _keep(name: str, made: dict[str, tuple[int | None, Any]]) -> None:
    """Unless the channel was woken meanwhile: what the next has made of it must not be lost."""
    marks = cache.get_many([marks_key(channel) for channel in made]) if made else {}
    current = {channel: row for channel, row in made.items() if marks.get(marks_key(channel)) == row[0]}
    if current:
        cache.set_many({_key(channel, name): row for channel, row in current.items()}, MAX_AGE)


def _key(channel: str, name: str) -> str:
    return f"potongan:{channel}:{name}"


def marks_key(channel: str) -> str:
    return f"tanda:{channel}"


def mark(commands: Any, channels: Iterable[str], at: float) -> None:
    """Add to a pipeline: what was made of these channels is old. One day is longer than anything made is kept."""
    for channel in channels:
        commands.set(cache.make_key(marks_key(channel)), int(at * 1_000_000), ex=86_400)
