"""A mall's data comes back as it was: every table, every file, written under load, and never half."""

import fcntl
import os
import resource
import subprocess
import sys
import threading
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from urllib.parse import urlsplit

import environ
import psycopg
import pyrage
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.utils import ConnectionHandler

from mpp_portal.models import Peristiwa
from tests import factories, servers

pytestmark = pytest.mark.django_db(transaction=True)
PAIR = "cadangan.uji"


@pytest.fixture
def identity(settings, tmp_path) -> Path:
    made = pyrage.x25519.Identity.generate()
    settings.CADANGAN_KUNCI = [str(made.to_public())]
    settings.CADANGAN_FOLDER = tmp_path / "cadangan"
    path = tmp_path / "kunci"
    path.write_text(f"{made}\n")
    return path


@pytest.fixture
def elsewhere(tmp_path) -> Iterator[str]:
    """The address of an empty database of the same kind."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path}/pulih.sqlite3"
        return
    name = f"mpp_pulih_{os.environ.get('PYTEST_XDIST_WORKER', 'gw0')}"
    url = os.environ["DATABASE_URL"]
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {name}")
    yield urlsplit(url)._replace(path=f"/{name}").geturl()
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def manage(*arguments: object, url: str, folder: Path, limit: int = 0) -> subprocess.CompletedProcess[str]:
    def small_disk() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    return subprocess.run(
        [sys.executable, "manage.py", *map(str, arguments)], cwd=servers.ROOT, capture_output=True, text=True,
        env=os.environ | {"DATABASE_URL": url, "MPP_DATA_DIR": str(folder)}, preexec_fn=small_disk if limit else None,
    )  # fmt: skip


def here() -> str:
    """The address of the database of these tests."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


def make() -> Path:
    call_command("cadangkan", stdout=(said := StringIO()))
    return Path(said.getvalue().partition(": ")[0])


def rows(using) -> dict[str, list[tuple]]:
    """Every row of every table, as the database has it."""
    with using.cursor() as cursor:
        tables = {}
        for name in sorted(using.introspection.table_names(cursor)):
            cursor.execute(f"SELECT * FROM {using.ops.quote_name(name)}")  # noqa: S608
            tables[name] = sorted(map(repr, cursor.fetchall()))
        return tables


def opened(url: str):
    given = environ.Env.db_url_config(url)
    return ConnectionHandler({"default": connection.settings_dict | given | {"TEST": {}}})["default"]


def write_pairs(stop: threading.Event, begun: threading.Event) -> None:
    """Two rows at a time: a copy that holds one of them was not of one instant."""
    try:
        while not stop.is_set():
            with transaction.atomic():
                for _ in range(2):
                    Peristiwa.objects.create(jenis=PAIR, subjek="uji", subjek_id=1)
            begun.set()
    finally:
        connection.close()


def test_the_drill_every_table_and_file_comes_back_from_a_backup_under_load(identity, elsewhere, tmp_path):
    factories.Laporan()
    factories.Tiket()
    storages["pribadi"].save("laporan/2026/bukti.txt", ContentFile(b"isi yang pribadi"))
    stop, begun = threading.Event(), threading.Event()
    writer = threading.Thread(target=write_pairs, args=(stop, begun))
    writer.start()
    assert begun.wait(60)
    try:
        path = make()
    finally:
        stop.set()
        writer.join()

    done = manage("pulihkan", path, "--kunci", identity, url=elsewhere, folder=tmp_path / "pulih")
    assert done.returncode == 0, done.stderr
    using = opened(elsewhere)
    try:
        there, here = rows(using), rows(connection)
        events = Peristiwa._meta.db_table
        pairs = [row for row in there[events] if PAIR in row]
        assert pairs
        assert len(pairs) % 2 == 0
        assert set(there[events]) <= set(here[events])
        assert len(here) > 40
        assert {name: found for name, found in there.items() if name != events} == {
            name: found for name, found in here.items() if name != events
        }
        with using.cursor() as cursor:  # new rows get new ids
            cursor.execute("SELECT max(id) FROM django_content_type")
            last = cursor.fetchone()[0]
            cursor.execute("INSERT INTO django_content_type (app_label, model) VALUES ('uji', 'baru') RETURNING id")
            assert cursor.fetchone()[0] > last
    finally:
        using.close()
    assert (tmp_path / "pulih/pribadi/laporan/2026/bukti.txt").read_bytes() == b"isi yang pribadi"
    assert oct((tmp_path / "pulih/pribadi/laporan/2026/bukti.txt").stat().st_mode)[-3:] == "600"
    assert not (tmp_path / "pulih/kunci-pulih.env").exists()


def test_nothing_is_restored_over_a_site_unless_told(identity, elsewhere, tmp_path):
    path = make()
    arguments = ("pulihkan", path, "--kunci", identity)
    assert manage(*arguments, url=elsewhere, folder=tmp_path / "pulih").returncode == 0
    again = manage(*arguments, url=elsewhere, folder=tmp_path / "pulih")
    assert again.returncode == 1
    assert "Basis data ini sudah berisi" in again.stderr
    factories.Pengguna()  # the source goes on; the copy is replaced by a newer one
    told = manage("pulihkan", make(), "--kunci", identity, "--timpa", url=elsewhere, folder=tmp_path / "pulih")
    assert told.returncode == 0, told.stderr
    using = opened(elsewhere)
    try:
        assert rows(using) == rows(connection)
        if connection.vendor == "postgresql":  # somebody is connected: the site may be running elsewhere
            refused = manage(*arguments, url=elsewhere, folder=tmp_path / "pulih")
            assert "Situsnya masih berjalan" in refused.stderr
    finally:
        using.close()
    with (tmp_path / "pulih/jalan.lock").open("w") as held:  # as bin/run and bin/serve do
        fcntl.flock(held, fcntl.LOCK_EX)
        assert "Situsnya masih berjalan" in manage(*arguments, url=elsewhere, folder=tmp_path / "pulih").stderr


def test_other_keys_are_named_and_kept_for_the_owner_alone(identity, elsewhere, tmp_path, settings):
    path = make()
    settings.SECRET_KEY = "kunci lain"
    settings.DATA_DIR = tmp_path / "pulih"
    with pytest.raises(CommandError, match=r"sudah berisi|masih berjalan"):
        call_command("pulihkan", path, kunci=identity)
    kept = settings.DATA_DIR / "kunci-pulih.env"
    kept.parent.mkdir(exist_ok=True)
    kept.touch()  # left by somebody, for all to read
    kept.chmod(0o644)
    call_command("pulihkan", path, kunci=identity, timpa=True, stdout=(said := StringIO()))
    assert "Kunci yang lain dari yang kini disetel: SECRET_KEY." in said.getvalue()
    assert kept.read_text() == "SECRET_KEY=kunci-uji\n"
    assert oct(kept.stat().st_mode)[-3:] == "600"


@pytest.mark.parametrize("part", ["basis_data", "unggahan"])
def test_a_full_disk_leaves_no_half_backup(identity, tmp_path, settings, monkeypatch, part):
    whole = make()
    small = whole.stat().st_size
    data = tmp_path / "data"
    if part == "unggahan":  # the database has its place, then comes a large file
        (data / "pribadi").mkdir(parents=True)
        (data / "pribadi/besar").write_bytes(bytes(3 * small))
    before = sorted(data.rglob("*"))
    monkeypatch.setenv("CADANGAN_KUNCI", ",".join(settings.CADANGAN_KUNCI))
    limit = small // 2 if part == "basis_data" else 2 * small
    done = manage("cadangkan", "--folder", whole.parent, url=here(), folder=data, limit=limit)
    assert done.returncode == 1
    assert "Cadangan tidak jadi dibuat, tidak ada yang tersisa darinya" in done.stderr
    assert list(whole.parent.iterdir()) == [whole]
    assert sorted(data.rglob("*")) == before


def test_a_cut_or_changed_backup_and_another_key_change_nothing(identity, tmp_path):
    path = make()
    content = path.read_bytes()
    other = tmp_path / "lain"
    other.write_text(str(pyrage.x25519.Identity.generate()))
    broken = tmp_path / "rusak.tar.age"
    before = rows(connection)
    for cut, key in ((content[:-100], identity), (content[:5000] + b"x" + content[5001:], identity), (content, other)):
        broken.write_bytes(cut)
        with pytest.raises(CommandError, match="kuncinya lain, atau berkasnya tidak utuh"):
            call_command("pulihkan", broken, kunci=key, timpa=True)
    identity.write_text("bukan kunci")
    with pytest.raises(CommandError, match="bukan kunci rahasia age"):
        call_command("pulihkan", path, kunci=identity, timpa=True)
    assert rows(connection) == before


def test_old_backups_go_and_the_key_must_be_a_key(identity, settings):
    settings.CADANGAN_SIMPAN = 2
    folder = settings.CADANGAN_FOLDER
    folder.mkdir()
    for day in (1, 2, 3):
        (folder / f"mpp-2026010{day}-000000.tar.age").touch()
    (folder / "catatan.txt").touch()
    newest = make()
    assert {path.name for path in folder.iterdir()} == {"catatan.txt", "mpp-20260103-000000.tar.age", newest.name}
    assert oct(newest.stat().st_mode)[-3:] == "600"
    for keys, said in ((["age1salah"], "bukan kunci umum age"), ([], "Setel CADANGAN_KUNCI")):
        settings.CADANGAN_KUNCI = keys
        with pytest.raises(CommandError, match=said):
            call_command("cadangkan")


def test_the_keys_that_are_made_fit_each_other():
    call_command("buat_kunci_cadangan", stdout=(said := StringIO()))
    public, secret = said.getvalue().splitlines()
    recipient = pyrage.x25519.Recipient.from_str(public.removeprefix("CADANGAN_KUNCI="))
    identity = pyrage.x25519.Identity.from_str(secret.rpartition(" ")[2])
    assert pyrage.decrypt(pyrage.encrypt(b"isi", [recipient]), [identity]) == b"isi"
