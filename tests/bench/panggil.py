"""From a pressed call to the changed text on displays and the called phone, with 1,000 open streams; nothing lost.

Beside it, what a hall of bare asyncio without a database, rules or pages needs for the same in the same run.
"""

import json
import os
import resource
import secrets
import statistics
import subprocess
import sys
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from tests import servers

from .peralatan import site

DISPLAYS, PHONES, LINES, CALLS, RECONNECTS, PAUSE = 20, 980, 14, 56, 50, 3
REACH_P95, REACH_P99 = 150, 300  # ms, desain §8


def main() -> dict[str, Any]:
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))  # for the servers too
    with site(processes=4, demo=False) as portal:
        port, bare_port = servers.free_port(), servers.free_port()
        command = [sys.executable, "-m", "uvicorn", "mpp_portal.asgi:application", f"--port={port}", "--ws=none",
                   "--no-access-log", "--log-level=warning"]  # fmt: skip
        bare = [sys.executable, "-m", "tests.bench.beban.aula_polos", str(bare_port), portal.redis]
        with (
            servers.running(command, lambda: answers(port), cwd=servers.ROOT),
            servers.running(bare, lambda: answers(bare_port), cwd=servers.ROOT),
        ):
            task = furnish() | {"stream": port, "web": int(portal.url.rpartition(":")[2])}
            seen = press_keys(task)
            least = press_keys(stripped(task) | {"stream": bare_port, "web": bare_port})
    p50, p95, p99 = cuts(seen)
    ok = p95 <= REACH_P95 and p99 <= REACH_P99 and not seen["lost"] and seen["reconnects"] == RECONNECTS
    return {
        "ok": ok and not seen["faults"],
        "p50_ms": round(p50),
        "p95_ms": round(p95),
        "p99_ms": round(p99),
        "reach_ms": [REACH_P95, REACH_P99],
        "bare_ms": [round(value, 1) for value in cuts(least)],
        "ratio": round(p95 / cuts(least)[1], 1),
        "lost": seen["lost"],
        "reconnects": seen["reconnects"],
        "samples": len(seen["ms"]),
        "requests": seen["requests"],
        "faults": seen["faults"],
        "load": os.getloadavg()[0],
    }


def press_keys(task: dict[str, Any]) -> dict[str, Any]:
    load = [sys.executable, "-m", "tests.bench.beban.aula"]
    done = subprocess.run(load, input=json.dumps(task), capture_output=True, text=True, cwd=servers.ROOT)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return json.loads(done.stdout)


def cuts(seen: dict[str, Any]) -> tuple[float, float, float]:
    """The 50th, 95th and 99th percentile, in ms."""
    found = statistics.quantiles(seen["ms"], n=100)
    return found[49], found[94], found[98]


def stripped(task: dict[str, Any]) -> dict[str, Any]:
    """The same hall for `aula_polos`: as many streams, keys that tell as many pages, nobody who comes back."""

    def channels(page: dict[str, Any]) -> list[str]:
        return [name for fragment in page["fragments"] for name in fragment["channels"]]

    def listening(page: dict[str, Any]) -> dict[str, Any]:
        return page | {"stream": "/dengar?" + "&".join(channels(page))}

    def key(*words: str) -> str:
        return f"POST /panggil?{'&'.join(words)} HTTP/1.1\r\nContent-Length: 0\r\n\r\n"

    hall = channels(task["displays"][0])
    return task | {
        "displays": [listening(page) for page in task["displays"]],
        "phones": [listening(page) for page in task["phones"]],
        "opening": [],
        "presses": [
            press
            | {"before": key("-"), "request": key(press["label"], *hall, *channels(task["phones"][press["phone"]]))}
            for press in task["presses"]
        ],
        "reconnects": 0,
        "pause": 1,
    }


def answers(port: int) -> bool:
    import socket

    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def furnish() -> dict[str, Any]:
    """A mall with a line at each of its gerai, phones spread over the lines, and what every open page asks for."""
    from django.urls import reverse

    from mpp_portal.siaran import tokens
    from tests import factories

    zone = "Asia/Jakarta" if datetime.now(ZoneInfo("Asia/Jakarta")).hour < 22 else "Asia/Jayapura"
    mpp = factories.Mpp(zona=zone)
    factories.open_always(mpp)
    lines = [make_line(mpp, n) for n in range(LINES)]
    tickets = [take(*lines[n % LINES], n) for n in range(PHONES)]
    calls = {"path": reverse("antrean:calls", args=[mpp.slug]), "channels": [f"mpp-{mpp.pk}"], "calm": False}
    return {
        "displays": [{"stream": tokens.url(f"mpp-{mpp.pk}"), "fragments": [calls]} for _ in range(DISPLAYS)],
        "phones": [phone(tiket) for tiket in tickets],
        "opening": [key(loket, "panggil", log_in(petugas)) for _line, (loket, petugas) in lines],
        "presses": [press(*lines[n % LINES][1], tickets[n + LINES], n + LINES) for n in range(CALLS)],
        "reconnects": RECONNECTS,
        "pause": PAUSE,
    }


def make_line(mpp: Any, n: int) -> tuple[Any, Any]:
    """A line, and its one loket, opened by a petugas."""
    from antrean import actions
    from tests import factories

    gerai = factories.Gerai(mpp=mpp)
    loket = factories.Loket(gerai=gerai)
    line = factories.Antrean(gerai=gerai, huruf=chr(65 + n), layanan=[factories.Layanan(gerai=gerai)], loket=[loket],
                             menit_layanan=1)  # fmt: skip
    petugas = factories.Penugasan(peran="petugas_loket", gerai=gerai).pengguna
    actions.open_loket(loket, by=petugas)
    return line, (loket, petugas)


def take(line: Any, _post: Any, n: int) -> Any:
    from antrean import actions
    from antrean.models import Antrean

    line = Antrean.objects.giving().get(pk=line.pk)
    return actions.take(line, line.layanan.get(), sender="meja", key=f"ukur-{n}", asal="meja")


def phone(tiket: Any) -> dict[str, Any]:
    from django.urls import reverse

    from mpp_portal.siaran import tokens

    visit, line = tiket.kunjungan, f"sesi-{tiket.sesi_id}"
    own = {"path": reverse("antrean:tiket", args=[visit.rahasia]), "channels": [visit.channel], "calm": False}
    place = {"path": reverse("antrean:position", args=[visit.rahasia, tiket.pk]), "channels": [line], "calm": True}
    return {"stream": tokens.url(visit.channel, line), "fragments": [own, place]}


def press(loket: Any, petugas: Any, tiket: Any, phone: int) -> dict[str, Any]:
    """„Lanjut“, the key that finishes one person and calls the next, here this ticket; „mulai“ comes before it."""
    cookies = log_in(petugas)
    return {"before": key(loket, "mulai", cookies), "request": key(loket, "lanjut", cookies), "label": tiket.label,
            "phone": phone}  # fmt: skip


def log_in(petugas: Any) -> dict[str, str]:
    from django.test import Client

    client = Client()
    client.force_login(petugas)
    return {"sessionid": client.cookies["sessionid"].value, "csrftoken": secrets.token_hex(16)}


def key(loket: Any, step: str, cookies: dict[str, str]) -> str:
    from django.urls import reverse

    body = urlencode({"csrfmiddlewaretoken": cookies["csrftoken"]})
    cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
    head = [f"POST {reverse('antrean:step', args=[loket.pk, step])} HTTP/1.1", "Host: localhost", "HX-Request: true",
            f"Cookie: {cookie}", f"Content-Length: {len(body)}"]  # fmt: skip
    return "\r\n".join([*head, "Content-Type: application/x-www-form-urlencoded", "", body])
