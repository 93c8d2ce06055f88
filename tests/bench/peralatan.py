"""A portal to measure: PostgreSQL as durable as in production, Valkey, and several web processes on one port.

    def main() -> dict:
        with site(processes=2) as portal:
            ...  # Django is set up on the same database: factories and models work; portal.url answers
        return {"ok": rate > 0.3 * peer, "rate": rate, "peer": peer}

All limits stay on. Progress and the web processes' errors go to stderr: the last line on stdout is the result.
"""

import functools
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import django
import httpx

from tests import servers


@dataclass(frozen=True)
class Site:
    """`url` without a slash at its end; `database` and `redis` are URLs for other programs, `programs` PostgreSQL's."""

    url: str
    database: str
    redis: str

    @property
    def programs(self) -> str:
        return str(servers.find_postgres())


@dataclass(frozen=True)
class Stores:
    """The data folder, and the URLs of database and broker."""

    folder: Path
    database: str
    redis: str


@contextmanager
def site(*, processes: int = 2, demo: bool = True, durable: bool = True, sqlite: bool = False) -> Iterator[Site]:
    """A running portal with the national catalogue and, unless told otherwise, the demo malls."""
    with stores(demo=demo, durable=durable, sqlite=sqlite) as kept:
        port = servers.free_port()
        with web(port, processes):
            yield Site(f"http://127.0.0.1:{port}", kept.database, kept.redis)


@contextmanager
def stores(*, demo: bool, durable: bool = True, sqlite: bool = False) -> Iterator[Stores]:
    """What the portal's processes share; Django is set up on it, and so is every process started inside the block."""
    programs = servers.find_postgres()
    if programs is None:
        raise RuntimeError("PostgreSQL is missing; bin/bench installs it")
    with (
        tempfile.TemporaryDirectory(prefix="mpp-ukur-") as folder,
        _database(programs, folder, durable=durable, sqlite=sqlite) as database,
        servers.valkey(servers.find_redis() or "") as redis,
    ):
        environment = {"SECRET_KEY": "kunci-ukur", "MPP_DEMO": "1", "MPP_DATA_DIR": folder, "DATABASE_URL": database,
                       "REDIS_URL": redis, "DJANGO_SETTINGS_MODULE": "mpp_portal.settings"}  # fmt: skip
        os.environ.update(environment)
        django.setup()
        manage("siapkan" if demo else "migrate")
        yield Stores(Path(folder), database, redis)


@contextmanager
def _database(programs: Path, folder: str, *, durable: bool, sqlite: bool) -> Iterator[str]:
    if sqlite:
        yield f"sqlite:///{folder}/mpp.sqlite3"
    else:
        with servers.postgres(programs, durable=durable, connections=200) as url:
            yield url


def manage(*arguments: str, **options: Any) -> None:
    """Run a management command on the site's database. Options are those of `subprocess.run`."""
    command = [sys.executable, "manage.py", *arguments]
    subprocess.run(command, cwd=servers.ROOT, check=True, stdout=sys.stderr, **options)


@contextmanager
def web(port: int, processes: int) -> Iterator[None]:
    """Web processes as in production: on one socket, which they were given."""
    command = [sys.executable, "-m", "mpp_portal.web"]
    said = {"stdout": sys.stderr, "stderr": sys.stderr, "env": os.environ | {"LOG_LEVEL": "ERROR"}}
    with socket.create_server(("127.0.0.1", port), backlog=1024) as listener, ExitStack() as running:
        for _process in range(processes):
            ready = functools.partial(_answers, f"http://127.0.0.1:{port}/")
            running.enter_context(servers.running(command, ready, cwd=servers.ROOT, stdin=listener, **said))
        time.sleep(0.5 * processes)  # the first of the processes answered, the others follow
        yield


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=10, trust_env=False).is_success
    except httpx.TransportError:
        return False


def queries(client: Any, path: str) -> int:
    """How many this page asks of the database once what is kept is warm."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return len(captured)


def percentile(client: Any, path: str, times: int = 40) -> float:
    """The server's 95th percentile for this page in ms, in this process."""
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        client.get(path)
        taken.append((time.perf_counter() - begun) * 1000)
    return statistics.quantiles(taken, n=20)[-1]
