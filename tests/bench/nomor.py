"""Tickets per second on one hot line over HTTP, against pgbench replaying the same SQL; no duplicate, no gap."""

import asyncio
import re
import secrets
import statistics
import subprocess
import tempfile
import time
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlencode
from zoneinfo import ZoneInfo

from .peralatan import Site, site

ROUNDS, SECONDS, CLIENTS, PEER_CLIENTS = 5, 4, 8, 4  # the first round warms both sides up and does not count
REACH = 0.30  # of pgbench, desain §8


def main() -> dict[str, Any]:
    with site(processes=4) as portal:
        ratios, ours, peers, faults = [], [], [], 0
        for turn in range(ROUNDS):
            line = make_line(turn * 2)
            prepared = [encode(portal, *request(portal, line)) for _ in range(SECONDS * 1000)]
            links, rate = asyncio.run(take_numbers(portal, prepared))
            faults += audit(line, links)
            peer = replay(portal, make_line(turn * 2 + 1), start=turn * 10_000)
            if not turn:
                continue
            ours.append(round(rate))
            peers.append(round(peer))
            ratios.append(rate / peer)
        ratio = statistics.median(ratios)
        return {
            "ok": ratio >= REACH and not faults,
            "ratio": round(ratio, 3),
            "reach": REACH,
            "tickets_per_s": ours,
            "pgbench_tps": peers,
            "duplicates_or_gaps": faults,
        }


def make_line(n: int) -> Any:
    """A line that is open all day and never full, in a zone where today does not end within the hour."""
    from tests import factories

    west = ZoneInfo("Asia/Jakarta")
    mpp = factories.Mpp(zona="Asia/Jakarta" if datetime.now(west).hour < 22 else "Asia/Jayapura", slug=f"ukur-{n}")
    factories.open_always(mpp)
    gerai = factories.Gerai(mpp=mpp, instansi=factories.Instansi(slug=f"ukur-{n}"))
    layanan = factories.Layanan(gerai=gerai, jenis=factories.JenisLayanan(slug=f"ukur-{n}"))
    loket = [factories.Loket(gerai=gerai) for _ in range(200)]
    return factories.Antrean(gerai=gerai, layanan=[layanan], loket=loket, menit_layanan=1)


def request(portal: Site, line: Any) -> tuple[str, dict[str, str], dict[str, str]]:
    """Path, cookies and form of one device that stands in the hall and has the form open."""
    from django.http import HttpRequest, HttpResponse
    from django.urls import reverse

    from antrean import presence

    layanan = line.layanan.get()
    path = reverse("antrean:take", args=[line.gerai.mpp.slug, line.gerai.instansi.slug, layanan.jenis.slug])
    answer = HttpResponse()
    presence.admit(HttpRequest(), answer, line.gerai.mpp_id)
    token = secrets.token_hex(16)
    cookies = {name: morsel.coded_value for name, morsel in answer.cookies.items()} | {"csrftoken": token}
    form = {"csrfmiddlewaretoken": token, "kunci": secrets.token_urlsafe(16), "prioritas": ""}
    return path, cookies, form


async def take_numbers(portal: Site, prepared: list[bytes]) -> tuple[list[str], float]:
    """Secret links of the numbers handed out to several phones at once, and how many per second."""
    links: list[str] = []
    start = time.perf_counter()

    async def phone() -> None:
        host, port = portal.url.removeprefix("http://").split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        while prepared and time.perf_counter() - start < SECONDS:
            writer.write(prepared.pop())
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            await reader.readexactly(int(re.search(r"content-length: (\d+)", head, re.IGNORECASE)[1]))
            if not head.startswith("HTTP/1.1 302"):
                raise RuntimeError(head)
            links.append(re.search(r"location: (\S+)", head, re.IGNORECASE)[1])
        writer.close()

    await asyncio.gather(*(phone() for _ in range(CLIENTS)))
    return links, len(links) / (time.perf_counter() - start)


def encode(portal: Site, path: str, cookies: dict[str, str], form: dict[str, str]) -> bytes:
    body = urlencode(form)
    cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
    host = portal.url.removeprefix("http://")
    head = [f"POST {path} HTTP/1.1", f"Host: {host}", f"Cookie: {cookie}", f"Content-Length: {len(body)}"]
    return "\r\n".join([*head, "Content-Type: application/x-www-form-urlencoded", "", body]).encode()


def audit(line: Any, links: list[str]) -> int:
    """How many numbers are missing, double, or were promised to a phone and are not in the database."""
    from antrean.models import Sesi, Tiket

    sesi = Sesi.objects.get(antrean=line)
    numbers = list(Tiket.objects.filter(sesi=sesi).order_by("nomor").values_list("nomor", flat=True))
    kept = set(Tiket.objects.filter(sesi=sesi).values_list("kunjungan__rahasia", flat=True))
    promised = {unquote(link.rstrip("/").rpartition("/")[2]) for link in links}
    gaps = len(set(range(1, len(numbers) + 1)) ^ set(numbers)) + abs(sesi.nomor_terakhir - len(numbers))
    return gaps + len(promised - kept) + len(links) - len(promised)


def replay(portal: Site, line: Any, *, start: int) -> float:
    """Transactions per second of pgbench with the statements of one real request, counting its rows from `start`."""
    script = capture(portal, line)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "satu_permintaan.sql"
        path.write_text(script)
        done = subprocess.run(
            [f"{portal.programs}/pgbench", "-n", "-c", str(PEER_CLIENTS), "-j", "2", "-T", str(SECONDS), "-M", "simple",
             "-D", f"n={start}", "-f", str(path), portal.database],
            capture_output=True, text=True,
        )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr)
    return float(re.search(r"tps = ([\d.]+)", done.stdout)[1])


def capture(portal: Site, line: Any) -> str:
    """The SQL of one request as a pgbench script: what is unique counts up, what is returned is passed on."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from antrean.models import Tiket

    client = Client(SERVER_NAME="127.0.0.1")
    for warm in (True, False):  # the first one makes the day's Sesi and fills caches
        path, cookies, form = request(portal, line)
        client.cookies.load(cookies)
        with CaptureQueriesContext(connection) as queries:
            answer = client.post(path, form)
        if answer.status_code != 302:
            raise RuntimeError(f"{answer.status_code} {warm=}")
    tiket = Tiket.objects.select_related("kunjungan").get(sesi__antrean=line, nomor=2)
    visit = tiket.kunjungan
    count = "lpad((:client_id * 200000 + :n)::text, {width}, '{mark}')"
    own = {
        f"'{text}'": count.format(width=width, mark=mark)
        for text, width, mark in [
            (visit.kode, 6, "0"),
            (visit.rahasia, 22, "r"),
            (visit.tamu, 64, "t"),
            (tiket.kunci, 64, "k"),
        ]
    }
    returned = {"antrean_kunjungan": "kunjungan", "antrean_sesi": "sesi", "antrean_tiket": "tiket"}
    passed_on = {
        "antrean_tiket": {"nomor": ":sesi_nomor_terakhir", "kunjungan_id": ":kunjungan_id", "sesi_id": ":sesi_id"},
        "mpp_portal_peristiwa": {"subjek_id": ":tiket_id"},
    }
    statements = ["\\set n :n + 1"]
    for query in queries:
        into = re.match(r'INSERT INTO "?(\w+)"?', query["sql"])
        table = into[1] if into else ""
        sql = with_values(query["sql"], passed_on.get(table, {}))
        for text, value in own.items():
            sql = sql.replace(text, value)
        statements.append(f"{sql} \\gset {returned[table]}_" if table in returned else f"{sql};")
    return "\n".join(statements) + "\n"


def with_values(sql: str, values: dict[str, str]) -> str:
    """An INSERT with the values of these columns replaced."""
    if not values:
        return sql
    before, names, middle, given, after = re.fullmatch(r"(.*?\()(.*?)(\) VALUES \()(.*)(\) RETURNING.*)", sql).groups()
    columns = [name.strip('" ') for name in names.split(",")]
    row = [values.get(column, value) for column, value in zip(columns, given.split(", "), strict=True)]
    return f"{before}{names}{middle}{', '.join(row)}{after}"
