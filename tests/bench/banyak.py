"""Calling the next person and the pages of a ticket: server time with 5,000,000 tickets stored against 10,000."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from typing import Any

from tests import servers

from .peralatan import manage

FEW, MANY, REACH = 10_000, 5_000_000, 1.3
LINES, PER_DAY, WAITING = 20, 125, 40  # numbers of each line on each day before; who waits today
ROUNDS, TIMES = 16, 12  # rounds of each size in turn; requests of each page in one. The first round warms up


def main(size: str = "") -> dict[str, Any]:
    """Two portals on one PostgreSQL, a small and a large one, that are asked by turns."""
    many = int(size or MANY)
    with ExitStack() as stack:
        database = stack.enter_context(servers.postgres(servers.find_postgres()))
        manage("migrate", "--verbosity=0", env=os.environ | environment(database))
        sizes = {count: stack.enter_context(Portal(database, count)) for count in (FEW, many)}
        rounds: dict[int, list[dict[str, float]]] = {count: [] for count in sizes}
        for turn in range(ROUNDS + 1):
            for count, portal in sorted(sizes.items(), reverse=turn % 2 == 1):
                rounds[count].append(portal.ask("measure"))
        queries = {count: portal.ask("count") for count, portal in sizes.items()}
        stored = {count: portal.ask("size") for count, portal in sizes.items()}
    ms = {count: {page: _middle(found[1:], page) for page in found[0]} for count, found in rounds.items()}
    ratio = {page: round(ms[many][page] / ms[FEW][page], 2) for page in ms[FEW]}
    return {
        "ok": max(ratio.values()) <= REACH and queries[FEW] == queries[many],
        "tickets": [FEW, many],
        "reach": REACH,
        "ratio": ratio,
        "ms": ms,
        "queries": [queries[FEW], queries[many]],
        "database_mb": stored,
    }


def _middle(rounds: list[dict[str, float]], page: str) -> float:
    return round(statistics.median(found[page] for found in rounds), 2)


def environment(database: str) -> dict[str, str]:
    return {"SECRET_KEY": "kunci-ukur", "MPP_DEMO": "1", "DATABASE_URL": database, "LOG_LEVEL": "ERROR",
            "DJANGO_SETTINGS_MODULE": "mpp_portal.settings"}  # fmt: skip


class Portal:
    """A process with a database of its own, which does what it is asked on a line."""

    def __init__(self, database: str, count: int) -> None:
        self.database, self.count = database, count

    def __enter__(self) -> "Portal":
        name = f"mpp_{self.count}"
        psql, create = servers.find_postgres() / "psql", f"CREATE DATABASE {name} TEMPLATE postgres"
        template1, own = (self.database.replace("/postgres?", f"/{other}?") for other in ("template1", name))
        subprocess.run([psql, "-q", template1, "-c", create], check=True)
        self.stack = ExitStack()
        folder = self.stack.enter_context(tempfile.TemporaryDirectory(prefix="mpp-ukur-"))
        redis = self.stack.enter_context(servers.valkey(servers.find_redis() or ""))
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.banyak", "portal", str(self.count)], cwd=servers.ROOT,
            env=os.environ | environment(own) | {"MPP_DATA_DIR": folder, "REDIS_URL": redis},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        return self

    def ask(self, what: str) -> Any:
        self.process.stdin.write(f"{what}\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise RuntimeError(f"{self.count} tickets: {self.process.wait()}")
        return json.loads(answer)

    def __exit__(self, *error: object) -> None:
        self.process.stdin.close()
        self.process.wait(timeout=60)
        self.stack.close()


# --- In the process of one portal --------------------------------------------------------------------------------
def answer(count: int) -> None:
    import django

    django.setup()
    pages = furnish(count)
    for line in sys.stdin:
        print(json.dumps(getattr(pages, line.strip())()), flush=True)  # noqa: T201


def furnish(count: int) -> Any:
    """A mall whose lines have many days behind them and one before them; one of its petugas and one who waits."""
    from django.db import connection

    from antrean import actions
    from tests import factories

    mpp = factories.Mpp(slug="lama")
    factories.open_always(mpp)
    lines = [make_line(mpp, n) for n in range(LINES)]
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # too many keys to look each of them up
        for statement in FILL:
            cursor.execute(statement, {"mpp": mpp.pk, "count": count, "lines": LINES, "day": PER_DAY})
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("VACUUM ANALYZE")
    tickets = [factories.Tiket(antrean=line) for line in lines for _person in range(WAITING)]
    loket = lines[LINES // 2].loket.get()
    petugas = factories.Penugasan(peran="petugas_loket", gerai=loket.gerai).pengguna
    actions.open_loket(loket, by=petugas)
    return Pages(loket, petugas, tickets[LINES // 2 * WAITING + WAITING // 2])


def make_line(mpp: Any, n: int) -> Any:
    from tests import factories

    gerai = factories.Gerai(mpp=mpp)
    given = {"layanan": [factories.Layanan(gerai=gerai)], "loket": [factories.Loket(gerai=gerai)]}
    return factories.Antrean(gerai=gerai, huruf=f"A{chr(65 + n)}", menit_layanan=1, **given)


# Numbers of days gone by, all served. Number i is of line i % lines, and of the day i / (lines × per day) before.
FILL = [
    """CREATE TEMP TABLE lama (i bigint, nomor int, antrean_id bigint, huruf text, loket_id bigint, layanan_id bigint,
    tanggal date, at timestamptz)""",
    """INSERT INTO lama SELECT i, i / %(lines)s %% %(day)s + 1, antrean_id, huruf, loket_id, layanan_id,
    CURRENT_DATE - 2 - d, now() - (2 + d) * interval '1 day'
    FROM (SELECT i, i / (%(lines)s * %(day)s) AS d FROM generate_series(0, %(count)s - 1) AS i) AS each JOIN (
        SELECT antrean.id AS antrean_id, huruf, loket_id, layanan_id, row_number() OVER (ORDER BY antrean.id) - 1 AS n
        FROM antrean_antrean AS antrean JOIN antrean_antrean_loket AS a ON a.antrean_id = antrean.id
        JOIN antrean_antrean_layanan AS b ON b.antrean_id = antrean.id
    ) AS line ON line.n = i %% %(lines)s""",
    """INSERT INTO antrean_sesi (antrean_id, tanggal, nomor_terakhir, panggilan, sejak_prioritas)
    SELECT antrean_id, tanggal, MAX(nomor), MAX(nomor), 2 FROM lama GROUP BY antrean_id, tanggal""",
    """INSERT INTO antrean_kunjungan (id, mpp_id, tanggal, kode, rahasia, tamu, created_at)
    SELECT i + 1, %(mpp)s, tanggal, lpad(to_hex(i %% (%(lines)s * %(day)s)), 6, 'A'), substr(md5(i::text), 1, 22), '',
    at FROM lama""",
    """INSERT INTO antrean_tiket (id, sesi_id, nomor, label, kunjungan_id, layanan_id, asal, prioritas, pendampingan,
    kunci, status, cetak, giliran_pada, created_at, loket_id, called_at, started_at, ended_at, hasil, catatan,
    kode_luar)
    SELECT i + 1, sesi.id, nomor, huruf || '-' || lpad(nomor::text, 3, '0'), i + 1, layanan_id, 'meja', '', false,
    md5(i::text), 'selesai', '', at, at, loket_id, at, at, at, 'tuntas', '', ''
    FROM lama JOIN antrean_sesi AS sesi USING (antrean_id, tanggal)""",
    """INSERT INTO antrean_panggilan (id, mpp_id, urut, tiket_id, loket_id, ulang, sebab, at)
    SELECT i + 1, %(mpp)s, i + 1, i + 1, loket_id, false, '', at FROM lama""",
    """INSERT INTO mpp_portal_peristiwa (jenis, subjek, subjek_id, mpp_id, dari, ke, at)
    SELECT 'tiket.selesai', 'antrean.tiket', i + 1, %(mpp)s, 'dilayani', 'selesai', at FROM lama""",
    "INSERT INTO antrean_urutanpanggilan (mpp_id, terakhir) VALUES (%(mpp)s, %(count)s)",
    "SELECT setval(pg_get_serial_sequence('antrean_kunjungan', 'id'), %(count)s)",
    "SELECT setval(pg_get_serial_sequence('antrean_tiket', 'id'), %(count)s)",
    "SELECT setval(pg_get_serial_sequence('antrean_panggilan', 'id'), %(count)s)",
    "DROP TABLE lama",
]


class Pages:
    """What is asked of one portal."""

    def __init__(self, loket: Any, petugas: Any, tiket: Any) -> None:
        from django.test import Client
        from django.urls import reverse

        self.staff, self.phone = (Client(SERVER_NAME="localhost", headers={"hx-request": "true"}) for _n in range(2))
        self.staff.force_login(petugas)
        self.console = reverse("antrean:console", args=[loket.pk])
        secret = tiket.kunjungan.rahasia
        self.reads = {
            "ticket_page": (self.phone, reverse("antrean:kunjungan", args=[secret])),
            "ticket_fragment": (self.phone, reverse("antrean:tiket", args=[secret])),
            "place_fragment": (self.phone, reverse("antrean:position", args=[secret, tiket.pk])),
            "console": (self.staff, self.console),
            "display_fragment": (self.phone, reverse("antrean:calls", args=[loket.mpp.slug])),
        }

    def measure(self) -> dict[str, float]:
        """Median milliseconds of each."""
        found = {page: statistics.median(_ms(*asked) for _n in range(TIMES)) for page, asked in self.reads.items()}
        calls = []
        for _n in range(TIMES):
            calls.append(_ms(self.staff, f"{self.console}panggil/", post=True))
            _ms(self.staff, f"{self.console}kembalikan/", post=True)
        return found | {"call_next": statistics.median(calls)}

    def count(self) -> dict[str, int]:
        """Queries of each, when nothing of it is kept."""
        from django.core.cache import cache
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        found = {}
        for page, (client, path) in (self.reads | {"call_next": (self.staff, f"{self.console}panggil/")}).items():
            cache.clear()
            with CaptureQueriesContext(connection) as queries:
                _ms(client, path, post=page == "call_next")
            found[page] = len(queries)
        return found

    def size(self) -> int:
        """Megabytes of the database."""
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_database_size(current_database()) / 1000000")
            return int(cursor.fetchone()[0])


def _ms(client: Any, path: str, *, post: bool = False) -> float:
    start = time.perf_counter()
    answer = client.post(path) if post else client.get(path)
    took = (time.perf_counter() - start) * 1000
    if answer.status_code != 200 or "kabar-error" in answer.content.decode():
        raise RuntimeError(f"{path}: {answer.status_code}")
    return took


if __name__ == "__main__":
    answer(int(sys.argv[2]))
