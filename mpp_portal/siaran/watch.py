"""The bus's understudy: while it is away, one thread reads from the log of what happened which channels changed.

Ids are given out before the commit, so "newer than the last I saw" would miss rows that commit late. Each reading takes
the newest rows again, far more than half a minute's worth, and drops those that an earlier one has seen.
"""

import logging
import threading
import time
from collections.abc import Callable
from datetime import timedelta

from django.db import connection
from django.utils import timezone

from mpp_portal import portal

logger = logging.getLogger(__name__)

PERIOD = 2  # seconds between two readings
ROWS = 2000
BEFORE = timedelta(seconds=30)  # the first reading goes back this far: the loss of the bus is noticed after seconds
LATE = 8  # seconds without a reading after which nobody watches


class Watcher(threading.Thread):
    """Calls `found(channels)` after each reading until stopped; with an empty set where nothing happened.

    A daemon thread with a connection of its own for each reading: a database that hangs holds up neither the streams
    nor the end of the process.
    """

    def __init__(self, found: Callable[[set[str]], object]) -> None:
        super().__init__(name="siaran-watch", daemon=True)
        self.found = found
        self.read_at = time.monotonic()
        self.stopped = threading.Event()

    def is_late(self) -> bool:
        return time.monotonic() - self.read_at > LATE

    def run(self) -> None:
        seen: set[int] | None = None
        while not self.stopped.wait(0 if seen is None else PERIOD):
            try:
                seen, channels = read(seen)
            except Exception as error:  # whatever it is, the pages poll until it is over
                logger.warning("The database cannot be watched: %s", type(error).__name__)
                self.read_at = float("-inf")
                self.stopped.wait(PERIOD)
                continue
            if not self.stopped.is_set():
                self.read_at = time.monotonic()
                self.found(channels)


def read(seen: set[int] | None) -> tuple[set[int], set[str]]:
    """Ids of the newest rows, and the channels of those not in `seen`; with None, of those of the last 30 s."""
    from mpp_portal.models import Peristiwa  # the stream starts without models

    try:
        newest = Peristiwa.objects.order_by("-pk").values_list("pk", "at", "subjek", "subjek_id", "mpp_id")[:ROWS]
        rows = list(newest)
        since = timezone.now() - BEFORE
        fresh = [row for row in rows if (row[1] >= since if seen is None else row[0] not in seen)]
        subjects: dict[str, set[int]] = {}
        for _pk, _at, subject, subject_id, _mpp_id in fresh:
            subjects.setdefault(subject, set()).add(subject_id)
        channels = {f"mpp-{row[4]}" for row in fresh if row[4]}
        for subject, ids in subjects.items():
            channels |= portal.channels_of(subject, ids)
        return {row[0] for row in rows}, channels
    finally:
        connection.close()
