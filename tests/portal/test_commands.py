"""bin/run as a person meets it: one portal per folder and port, nothing left behind, one sentence when it cannot."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from tests import servers

pytestmark = pytest.mark.e2e
PROGRAMS = {"valkey-server", "uvicorn", "worker", "beat", "supervisord"}


class Portal:
    """A `bin/run` on a port and data folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.port, self.folder = servers.free_port(), folder
        self.start()

    def start(self) -> None:
        self.process = servers.start_portal(self.port, self.folder)

    def processes(self) -> dict[str, int]:
        """What runs on this data folder: program → process id of its first process."""
        found: dict[str, int] = {}
        for entry in sorted(Path("/proc").glob("[0-9]*"), key=lambda path: int(path.name)):
            try:
                words = (entry / "cmdline").read_text().split("\0")
                mine = str(self.folder) in (entry / "environ").read_text() and "setpriv" not in words[0]
            except OSError:
                continue
            names = {word.rpartition("/")[2].rpartition(".")[2] for word in words} & PROGRAMS
            if mine and names:
                found.setdefault(names.pop(), int(entry.name))
        return found

    def stop(self, number: int = signal.SIGINT) -> int:
        self.process.send_signal(number)
        return self.process.wait(timeout=30)

    def answers(self) -> bool:
        """Whether the home page comes."""
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}/", trust_env=False, timeout=10).status_code == 200
        except httpx.TransportError:
            return False


def refusal(port: int | str, folder: Path) -> str:
    """What a `bin/run` that cannot start says."""
    done = subprocess.run([sys.executable, servers.ROOT / "bin/run"], env=servers.portal_environment(port, folder),
                          capture_output=True, text=True, timeout=60)  # fmt: skip
    assert done.returncode == 1
    assert done.stdout == ""
    return done.stderr


def eventually(condition: Callable[[], bool], within: float = 20) -> None:
    end = time.monotonic() + within
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.1)


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[Portal]:
    # deeper than the path of a socket may be long
    portal = Portal(tmp_path / ("dalam" * 15) / "data")
    yield portal
    portal.process.kill()
    portal.process.wait()
    eventually(lambda: portal.processes() == {})


def test_ctrl_c_stops_every_program_and_a_second_start_keeps_the_data(portal):
    assert set(portal.processes()) == PROGRAMS
    assert portal.answers()
    key = (portal.folder / "secret_key").read_text()
    assert (portal.folder / "secret_key").stat().st_mode & 0o777 == 0o600

    assert portal.stop(signal.SIGINT) == 0
    assert portal.processes() == {}

    portal.start()
    assert (portal.folder / "secret_key").read_text() == key
    assert portal.stop(signal.SIGTERM) == 0
    assert portal.processes() == {}


@pytest.mark.parametrize("victim", ["bin/run", "supervisord"])
def test_nothing_is_left_behind_when_the_parent_is_killed(portal, victim):
    os.kill(portal.process.pid if victim == "bin/run" else portal.processes()["supervisord"], signal.SIGKILL)
    eventually(lambda: portal.processes() == {})
    assert portal.process.wait(timeout=10) == (-signal.SIGKILL if victim == "bin/run" else 1)


def test_a_program_that_dies_is_started_again_and_a_second_portal_is_refused(portal, tmp_path):
    before = portal.processes()
    for name in PROGRAMS - {"supervisord"}:
        os.kill(before[name], signal.SIGKILL)
    eventually(lambda: set(portal.processes()) == PROGRAMS and portal.answers())
    after = portal.processes()
    assert [name for name in before if before[name] == after[name]] == ["supervisord"]

    assert "sudah berjalan dengan folder data" in refusal(portal.port + 1, portal.folder)
    assert f"Port {portal.port} sedang dipakai program lain" in refusal(portal.port, tmp_path / "lain")
    assert portal.answers()


def test_a_port_that_is_none_says_so(tmp_path):
    assert "PORT harus angka 1–65535, bukan «delapan»" in refusal("delapan", tmp_path)


def test_a_data_folder_that_cannot_be_made_says_so(tmp_path):
    (tmp_path / "berkas").write_text("")
    assert "tidak dapat ditulis" in refusal(8000, tmp_path / "berkas" / "data")
