"""Bookings for the last place, 64 at once on several processes, slots made again meanwhile; sold = capacity."""

import asyncio
import json
import re
import secrets
import subprocess
import sys
import threading
from typing import Any
from urllib.parse import urlencode

from tests import servers

from .peralatan import Site, site

SLOTS, CLIENTS, PROCESSES = 100, 64, 3


def main() -> dict[str, Any]:
    """Each database in a process of its own: Django is set up once in each."""
    found = {kind: _in_its_own_process(kind) for kind in ("postgres", "sqlite")}
    return {"ok": all(row["ok"] for row in found.values()), "clients": CLIENTS, "slots": SLOTS, **found}


def _in_its_own_process(kind: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.rebutan", kind], cwd=servers.ROOT, stdout=subprocess.PIPE, text=True
    )
    if done.returncode:
        raise RuntimeError(f"rebutan {kind}: {done.returncode}")
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def measure(kind: str) -> dict[str, Any]:
    with site(processes=PROCESSES, demo=False, sqlite=kind == "sqlite") as portal:
        line, seats = furnish()
        stop = threading.Event()
        maker = threading.Thread(target=make_again, args=(line.pk, stop))
        maker.start()
        try:
            answers = asyncio.run(rush(portal, paths_of(line, seats)))
        finally:
            stop.set()
            maker.join()
        return audit(line, answers)


def furnish() -> tuple[Any, list[Any]]:
    """A line whose patterns give slots for three on five days, and two bookings in each: one place is left."""
    from datetime import time, timedelta

    from antrean import slots
    from antrean.models import Antrean, Slot
    from tests import factories

    mpp = factories.Mpp()
    factories.open_always(mpp)
    gerai = factories.Gerai(mpp=mpp)
    layanan = factories.Layanan(gerai=gerai)
    line = factories.Antrean(gerai=gerai, layanan=[layanan], loket=[factories.Loket(gerai=gerai)], menit_layanan=1)
    for n in range(1, 6):
        hari = (mpp.today() + timedelta(days=n)).weekday()
        factories.PolaJadwal(antrean=line, hari=hari, mulai=time(8), selesai=time(9, 40), menit=5,
                             persen_langsung=40, hari_ke_depan=6)  # fmt: skip
    line = Antrean.objects.giving().get(pk=line.pk)
    slots.regenerate(line)
    seats = list(Slot.objects.filter(antrean=line).order_by("mulai")[:SLOTS])
    for slot in seats:
        for _ in range(2):
            factories.Pemesanan(slot=slot, layanan=layanan)
    return line, seats


def make_again(line_id: int, stop: threading.Event) -> None:
    """Change something in every slot, again and again, as an admin's save does."""
    from django.db import connection

    from antrean import slots
    from antrean.models import Antrean, PolaJadwal

    line = Antrean.objects.giving().get(pk=line_id)
    minutes = 60
    while not stop.wait(0.2):
        minutes = 119 - minutes
        PolaJadwal.objects.filter(antrean=line).update(batas_menit=minutes)
        slots.regenerate(line)
    connection.close()


def paths_of(line: Any, seats: list[Any]) -> list[tuple[str, int]]:
    """Where each slot is chosen, and its id."""
    from django.urls import reverse

    layanan = line.layanan.select_related("jenis").get()
    place = [line.gerai.mpp.slug, line.gerai.instansi.slug, layanan.jenis.slug]
    return [(reverse("antrean:times", args=[*place, slot.tanggal]), slot.pk) for slot in seats]


async def rush(portal: Site, seats: list[tuple[str, int]]) -> list[int]:
    """The statuses of all answers. Every client is a device of its own; all of them want the same time at once."""
    host = portal.url.removeprefix("http://")
    found: list[int] = []
    for path, slot in seats:
        found += await asyncio.gather(*(press(host, path, slot) for _ in range(CLIENTS)))
    return found


async def press(host: str, path: str, slot: int) -> int:
    token = secrets.token_hex(16)
    body = urlencode({"csrfmiddlewaretoken": token, "slot": slot, "kunci": secrets.token_urlsafe(16)})
    head = [f"POST {path} HTTP/1.1", f"Host: {host}", f"Cookie: csrftoken={token}", f"Content-Length: {len(body)}",
            "Content-Type: application/x-www-form-urlencoded", "Connection: close"]  # fmt: skip
    name, port = host.split(":")
    reader, writer = await asyncio.open_connection(name, int(port))
    writer.write("\r\n".join([*head, "", body]).encode())
    answer = await reader.read()
    writer.close()
    status = re.match(rb"HTTP/1\.1 (\d{3})", answer)
    return int(status[1]) if status else 0


def audit(line: Any, answers: list[int]) -> dict[str, Any]:
    from antrean.models import Pemesanan, Slot

    rows = list(Slot.objects.filter(antrean=line).order_by("mulai")[:SLOTS])
    held = {row.pk: Pemesanan.objects.filter(slot=row).holding().count() for row in rows}
    wrong = [row.pk for row in rows if not held[row.pk] == row.terisi == row.kapasitas == 3]
    statuses = {str(status): answers.count(status) for status in sorted(set(answers))}
    ok = not wrong and statuses == {"302": SLOTS, "409": SLOTS * (CLIENTS - 1)}
    return {"ok": ok, "sold": sum(held.values()), "capacity": 3 * len(rows), "wrong_slots": len(wrong),
            "answers": statuses}  # fmt: skip


if __name__ == "__main__":
    json.dump(measure(sys.argv[1]), sys.stdout)
