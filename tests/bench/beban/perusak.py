"""What may go wrong in a mall's server room: processes die, the broker hangs and is gone, the database restarts."""

import asyncio
import os
import random
import signal
from collections import Counter
from contextlib import ExitStack, suppress
from pathlib import Path

from tests import servers
from tests.portal.siaran.servers import Valkey

from .penerima import Counted


class Processes:
    """The programs under one supervisord, found by their command lines; it starts again what is killed."""

    def __init__(self, pidfile: Path, programs: dict[str, list[str]]) -> None:
        self.supervisor = int(pidfile.read_text())
        self.programs = programs
        self.killed: Counter[str] = Counter()

    def kill_one(self) -> None:
        """SIGKILL a program with all it started, or only one process of it."""
        alive = self._alive()
        if alive:
            name = random.choice(list(alive))
            tree = _tree(alive[name])
            self._kill(name, tree if random.random() < 0.7 else [random.choice(tree)])

    async def kill_in_flight(self, name: str, receiver: Counted) -> None:
        """Kill a program while the receiver has taken a message and not said so yet."""
        while not (receiver.in_flight and (pid := self._alive().get(name))):
            await asyncio.sleep(0.02)
        self._kill(name, _tree(pid))

    def _kill(self, name: str, victims: list[int]) -> None:
        for pid in victims:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.killed[name] += 1

    def _alive(self) -> dict[str, int]:
        lines = {pid: _command(pid) for pid in _children(self.supervisor)}
        # `nice` and the like give way to the program they start
        return {
            name: pid
            for name, command in self.programs.items()
            for pid, line in lines.items()
            if line and line == command[-len(line) :]
        }


def _command(pid: int) -> list[str]:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text().split("\0")[:-1]
    return []


def _children(pid: int) -> list[int]:
    with suppress(OSError):
        tasks = Path(f"/proc/{pid}/task").glob("*/children")
        return [int(child) for task in tasks for child in task.read_text().split()]
    return []


def _tree(pid: int) -> list[int]:
    return [pid, *(below for child in _children(pid) for below in _tree(child))]


class Database:
    """PostgreSQL, restarted by a signal: SIGINT asks its sessions to go, SIGQUIT leaves recovery to the next start."""

    def __init__(self, cluster: servers.Cluster, stack: ExitStack) -> None:
        self.cluster, self.stack = cluster, stack
        self.restarts = 0
        self.start()

    def start(self) -> None:
        self.process = self.stack.enter_context(self.cluster.running())

    async def restart(self, number: signal.Signals, *, away: float) -> None:
        self.process.send_signal(number)
        while self.process.poll() is None:
            await asyncio.sleep(0.05)
        await asyncio.sleep(away)
        self.start()
        self.restarts += 1


async def hang_then_refuse(broker: Valkey, *, hung: float, refused: float) -> None:
    """It comes back with nothing that it had been told."""
    broker.freeze()
    await asyncio.sleep(hung)
    broker.kill()
    await asyncio.sleep(refused)
    broker.start()


async def kill_for(processes: Processes, seconds: float, *, every: float) -> None:
    """Kills at random instants, `every` seconds on average."""
    end = asyncio.get_running_loop().time() + seconds
    while asyncio.get_running_loop().time() < end:
        await asyncio.sleep(random.expovariate(1 / every))
        processes.kill_one()
