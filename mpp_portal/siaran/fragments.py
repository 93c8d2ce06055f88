"""What many open pages show alike is made once per change: kept until its channel is woken, and a few seconds at most.

    html = fragments.once("mpp-3", f"layar-{language}", lambda: render_to_string(…))

`bus.publish` marks each woken channel, before it wakes anybody. What was made before the mark is not used after it. A
mark that is lost (a process killed between commit and publish, a Valkey that was away) costs `MAX_AGE` seconds. Without
Valkey everything is made anew each time.
"""

import time
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.core.cache import cache
from django.db import connection

from mpp_portal import valkey

T = TypeVar("T")

MAX_AGE = 5  # seconds
CLAIM = 1  # second; whoever claims a state of a channel makes it, and the others wait for it as long
LOOK = 0.004  # seconds between two looks whether it is there


def once(channel: str, name: str, make: Callable[[], T]) -> T:
    """`make()`, or what it gave since the last wake of `channel`. `name` says what is made, in which language."""
    return each([channel], name, lambda _missing: {channel: make()})[channel]


def each(channels: Iterable[str], name: str, make: Callable[[list[str]], dict[str, T]]) -> dict[str, T]:
    """Like `once` for several channels; `make` gets those that are missing.

    Many pages ask at once, of every process: the first makes it for all. Each making it for itself would take from the
    others the time to make theirs.
    """
    waiting = set(channels)
    found: dict[str, T] = {}
    while waiting and _is_usable():
        rows = _find(sorted(waiting), name)
        found |= {channel: value for channel, (_mark, value) in rows.items() if value is not None}
        waiting -= found.keys()
        marks = {channel: rows[channel][0] for channel in sorted(waiting)}
        mine = [channel for channel, mark in marks.items() if _claim(channel, name, mark)]
        if mine:
            made = make(mine)
            _keep(name, {channel: (marks[channel], value) for channel, value in made.items()})
            found |= made
            waiting -= set(mine)
        elif waiting:
            time.sleep(LOOK)
    return found | make(sorted(waiting)) if waiting else found


def _claim(channel: str, name: str, mark: int | None) -> bool:
    return cache.add(f"dibuat:{channel}:{name}:{mark}", True, CLAIM)


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
