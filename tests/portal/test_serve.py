"""bin/serve as a server runs it: nothing missing, nothing of the demo, replaced without losing a request."""

import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from io import StringIO
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import psycopg
import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command

from mpp_portal.models import Pengguna
from tests import factories, servers

PROGRAMS = {"web", "worker", "beat", "supervisord"}
GIVEN = {
    "SECRET_KEY": "kunci-uji-yang-panjang-dan-beragam-0123456789-?!-abcdefgh",
    "DATABASE_URL": "postgres://mpp@127.0.0.1:1/mpp",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "MPP_KUNCI_DATA": "YS1rZXktb2YtdGhlLXRlc3RzLXRoaXJ0eS10d28tYnk=",
    "MPP_KUNCI_SIDIK": "sidik-uji",
    "ALLOWED_HOSTS": "mpp.contoh.id",
    "METRIK_TOKEN": "rahasia-ukur",
    "MPP_URL": "https://mpp.contoh.id",
}


def command(folder: Path, **given: str | None) -> dict[str, object]:
    """What to start `bin/serve` with; None takes a setting away."""
    kept = {name: value for name, value in os.environ.items() if name not in {*GIVEN, "MPP_DEMO", "DEBUG"}}
    env = kept | {"MPP_DATA_DIR": str(folder)} | {k: v for k, v in (GIVEN | given).items() if v is not None}
    return {"args": [sys.executable, servers.ROOT / "bin/serve"], "env": env, "cwd": "/"}


def refusal(folder: Path, **given: str | None) -> str:
    done = subprocess.run(**command(folder, **given), capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (1, "")
    return done.stderr


def test_what_is_missing_is_named_all_at_once(tmp_path):
    said = refusal(tmp_path, REDIS_URL=None, ALLOWED_HOSTS="")
    assert said == (
        "Setel dahulu: REDIS_URL (Redis atau Valkey: redis://server/0); ALLOWED_HOSTS (nama situsnya: "
        "mpp.example.go.id).\n(Not set: REDIS_URL (Redis or Valkey); ALLOWED_HOSTS (the name of the site).)\n"
    )


def test_the_settings_of_the_install_guide_leave_only_the_keys_to_fill_in(tmp_path):
    lines = (servers.ROOT / "docs/pasang/portal.env").read_text().splitlines()
    given = dict(shlex.split(line)[0].split("=", 1) for line in lines if line and not line.startswith("#"))
    assert given.pop("MPP_DATA_DIR") == "/var/lib/mpp"
    said = refusal(tmp_path, **given).partition("\n")[0]
    assert re.findall(r"(\w+) \(", said) == ["SECRET_KEY", "MPP_KUNCI_DATA", "MPP_KUNCI_SIDIK"]
    documented = (servers.ROOT / "docs/pengaturan.md").read_text()
    assert [name for name in given if f"`{name}`" not in documented] == []


@pytest.mark.parametrize("name", ["MPP_DEMO", "DEBUG"])
def test_neither_the_demo_nor_debugging(tmp_path, name):
    assert f"{name} menyala. Hapus {name}" in refusal(tmp_path, **{name: "1"})


def test_only_postgresql_and_numbers_that_are_numbers(tmp_path):
    assert "DATABASE_URL harus PostgreSQL" in refusal(tmp_path, DATABASE_URL="sqlite:////tmp/mpp.sqlite3")
    assert "MPP_PORT_ALIRAN harus angka 1–65535, bukan «dua»" in refusal(tmp_path, MPP_PORT_ALIRAN="dua")


@pytest.mark.django_db
def test_an_account_of_the_demo_opens_nothing_outside_the_demo(settings, client):
    invented = factories.Pengguna(username="ani.contoh", peragaan=True)
    real = factories.Pengguna(username="ani")
    for person in (invented, real):
        person.set_password("contoh-mpp-2026")
        person.save()

    def who_may_enter() -> list[str]:
        found = [authenticate(username=name, password="contoh-mpp-2026") for name in ("ani.contoh", "ani")]
        return [person.username for person in found if person]

    settings.DEMO = True
    assert who_may_enter() == ["ani.contoh", "ani"]
    client.force_login(invented)
    assert client.get("/petugas/").status_code == 200

    settings.DEMO = False
    assert who_may_enter() == ["ani"]
    assert client.get("/petugas/").status_code == 302  # a session from before has ended


@pytest.mark.django_db
def test_a_database_is_a_demo_or_real_and_never_becomes_the_other(settings):
    settings.DEMO = False
    call_command("siapkan", stdout=StringIO())
    assert Pengguna.objects.count() == 0
    factories.Pengguna()
    settings.DEMO = True
    with pytest.raises(CommandError, match="berisi orang sungguhan"):
        call_command("siapkan", stdout=StringIO())
    assert Pengguna.objects.invented().count() == 0

    factories.Pengguna(peragaan=True)
    settings.DEMO = False
    with pytest.raises(CommandError, match="mulailah dengan basis data kosong"):
        call_command("siapkan", stdout=StringIO())


class Serving:
    """A `bin/serve` on a database of its own, called through a link to the version in use."""

    def __init__(self, folder: Path, database: str) -> None:
        self.folder, self.database, self.port = folder, database, servers.free_port()
        self.home = folder / "kini"
        self.home.symlink_to(servers.ROOT)
        self.said = folder / "keluaran"
        given = command(folder / "data", DATABASE_URL=database, REDIS_URL=os.environ["REDIS_URL"],
                        PORT=str(self.port), MPP_PORT_ALIRAN=str(servers.free_port()), MPP_WEB_PROSES="2")  # fmt: skip
        given["args"] = [sys.executable, self.home / "bin/serve"]
        with self.said.open("w") as output:
            self.process = subprocess.Popen(**given, stdout=output, stderr=output, start_new_session=True)
        self.wait_for("Portal siap / ready")

    def wait_for(self, words: str) -> None:
        end = time.monotonic() + 300
        while words not in self.said.read_text():
            assert self.process.poll() is None, self.said.read_text()
            assert time.monotonic() < end, self.said.read_text()
            time.sleep(0.1)

    def processes(self) -> dict[int, str]:
        """Process id → program, of all that run on this data folder."""
        found = {}
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                words = (entry / "cmdline").read_text().split("\0")
                mine = str(self.folder) in (entry / "environ").read_text() and "setpriv" not in words[0]
            except OSError:
                continue
            names = {word.rpartition("/")[2].rpartition(".")[2] for word in words} & PROGRAMS
            if mine and names:
                found[int(entry.name)] = names.pop()
        return found

    def takers(self, connections: list[socket.socket]) -> list[int]:
        """The process at the other end of each."""
        rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        ports = {tuple(int(end.partition(":")[2], 16) for end in row[1:3]): row[9] for row in rows}
        owners = {
            str(file.readlink()): pid
            for pid, name in self.processes().items()
            if name == "web"
            for file in Path(f"/proc/{pid}/fd").iterdir()
        }
        return [owners[f"socket:[{ports[self.port, each.getsockname()[1]]}]"] for each in connections]

    def get(self, path: str = "/", **headers: str) -> httpx.Response:
        headers |= {"Host": "mpp.contoh.id", "X-Forwarded-Proto": "https"}
        return httpx.get(f"http://127.0.0.1:{self.port}{path}", headers=headers, trust_env=False, timeout=30)


@pytest.fixture
def serving(tmp_path: Path, settings) -> Iterator[Serving]:
    """The server of these tests, with an empty database beside theirs."""
    name = f"mpp_serve_{os.environ.get('PYTEST_XDIST_WORKER', 'gw0')}"
    url = os.environ["DATABASE_URL"]
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {name}")
    made = Serving(tmp_path, urlsplit(url)._replace(path=f"/{name}").geturl())
    yield made
    made.process.terminate()
    made.process.wait(timeout=200)
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def taken_while_one_is_busy(serving: Serving, visitors: int = 40) -> tuple[int, int]:
    """Connections that the process took that is making a page, and that its idle sibling took."""
    with ExitStack() as stack:

        def connect() -> socket.socket:
            return stack.enter_context(socket.create_connection(("127.0.0.1", serving.port)))

        database = stack.enter_context(psycopg.connect(serving.database))
        database.execute("LOCK TABLE antrean_kunjungan")
        slow = connect()
        slow.sendall(
            b"GET /antrean/k/%b/ HTTP/1.1\r\nHost: mpp.contoh.id\r\nX-Forwarded-Proto: https\r\n\r\n" % (b"a" * 22)
        )
        time.sleep(1)
        others = []
        for _ in range(visitors):
            others.append(connect())
            time.sleep(0.05)
        busy, *takers = serving.takers([slow, *others])
    return takers.count(busy), visitors - takers.count(busy)


@pytest.mark.postgres
def test_it_serves_is_replaced_without_losing_a_request_and_ends_on_sigterm(serving):
    before = serving.processes()
    assert sorted(before.values()).count("web") == 3  # two for pages, one for streams
    assert set(before.values()) == PROGRAMS
    assert serving.get().status_code == 200
    assert serving.get("/tidak-ada/").status_code == 404

    # Both processes count into one: whichever is asked.
    for _ in range(5):
        figures = serving.get("/metrik/", Authorization="Bearer rahasia-ukur").text
        assert 'mpp_permintaan_detik_count{halaman="beranda",jawaban="2xx"} 1.0' in figures
    health = httpx.get(f"http://127.0.0.1:{serving.port}/sehat/siap/", trust_env=False)
    assert (health.status_code, health.json()) == (200, {"sehat": True, "bagian": {"basis_data": "baik"}})

    taken_by_busy, taken_by_idle = taken_while_one_is_busy(serving)
    assert taken_by_busy < taken_by_idle / 2

    statuses: list[int] = []
    done = threading.Event()

    def visit() -> None:
        while not done.is_set():
            statuses.append(serving.get().status_code)

    visitors = [threading.Thread(target=visit) for _ in range(3)]
    for visitor in visitors:
        visitor.start()
    serving.process.send_signal(signal.SIGHUP)
    serving.wait_for("Semua proses sudah diganti")
    done.set()
    for visitor in visitors:
        visitor.join()
    assert set(statuses) == {200}
    assert len(statuses) > 5
    after = serving.processes()
    kept = {name for pid, name in before.items() if pid in after}
    assert kept == {"supervisord"}
    assert set(after.values()) == PROGRAMS

    serving.process.send_signal(signal.SIGTERM)
    assert serving.process.wait(timeout=200) == 0
    assert serving.processes() == {}
