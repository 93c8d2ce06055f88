"""One clock for many processes that runs faster than the sun's: Debian's libfaketime, told by a file what time it is.

    with running(folder, start=…, speed=75) as environment:
        subprocess.run(…, env=os.environ | environment)

A speed given to libfaketime would shorten every timeout with it, and each process would count from its own start. So
the file says how far the clock is ahead, written anew every `EVERY` seconds: all processes read the same time whenever
they look, and what they measure (timeouts, event loops) stays in real seconds.
"""

import asyncio
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from datetime import time as clock
from pathlib import Path
from zoneinfo import ZoneInfo

from tests import servers

EVERY = 0.02
SPEED = "JAM_LAJU"  # the name under which processes are told how fast their clock is
AGREE = 30  # seconds of this clock that two processes may differ by: a page is made meanwhile


@contextmanager
def running(folder: Path, *, start: datetime, speed: float) -> Iterator[dict[str, str]]:
    """The environment of processes for which it is `start` now, while this block goes on."""
    file = folder / "jam"
    stop = threading.Event()
    begun = time.time()

    def put() -> None:
        now = time.time()
        ahead = start.timestamp() - begun + (now - begun) * (speed - 1)
        os.pwrite(handle, b"%+020.3f\n" % ahead, 0)  # one write of the same length: nobody reads half of it

    def drive() -> None:
        while not stop.wait(EVERY):
            put()

    handle = os.open(file, os.O_RDWR | os.O_CREAT)
    put()
    driver = threading.Thread(target=drive)
    driver.start()
    try:
        yield {
            "LD_PRELOAD": servers.find_faketime() or "",
            "FAKETIME_TIMESTAMP_FILE": str(file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "FAKETIME_FORCE_MONOTONIC_FIX": "0",  # or threads that wait for their turn never sleep
            "NO_FAKE_STAT": "1",  # a file is as old as it is: compiled modules stay valid
            "PYTHONPATH": str(Path(__file__).parent / "tidur"),
            SPEED: str(speed),
        }
    finally:
        stop.set()
        driver.join()
        os.close(handle)


class Clock:
    """Inside such a process: the hour in a mall's zone, and how to wait for one."""

    def __init__(self, zone: ZoneInfo) -> None:
        self.zone, self.speed = zone, float(os.environ[SPEED])

    def now(self) -> datetime:
        return datetime.now(self.zone)

    def at(self, hour: float) -> datetime:
        """Today at this hour: 7.5 is half past seven."""
        return datetime.combine(self.now().date(), clock(), self.zone) + timedelta(hours=hour)

    def in_minutes(self, minutes: float) -> datetime:
        return self.now() + timedelta(minutes=minutes)

    async def wait(self, minutes: float) -> None:
        await asyncio.sleep(minutes * 60 / self.speed)

    async def until(self, moment: datetime) -> None:
        while (left := (moment - self.now()).total_seconds()) > 0:
            await asyncio.sleep(left / self.speed)
