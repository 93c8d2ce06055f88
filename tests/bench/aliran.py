"""Fan-out of one wake to 200, 1,000 and 2,000 open streams, against a bare asyncio fan-out; nothing lost."""

import json
import os
import resource
import socket
import statistics
import subprocess
import sys
from typing import Any

from tests import servers

from .peralatan import Site, site

STREAMS, BLOCKS, WAKES, PAUSE = (200, 1000, 2000), 9, 15, 0.02
PEER_BUS = "mpp:ukur"
REACH = 1.3  # times the p99 of the bare fan-out, desain §8


def main() -> dict[str, Any]:
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))  # for the servers too
    with site(processes=1, demo=False) as portal:
        port = servers.free_port()
        peer = [sys.executable, "-m", "tests.bench.beban.pembanding", str(port), portal.redis, PEER_BUS]
        with servers.running(peer, lambda: answers(port), cwd=servers.ROOT):
            figures = {str(n): compare(portal, port, n) for n in STREAMS}
    lost = sum(figure["lost"] for figure in figures.values())
    ok = not lost and all(figure["ratio"] <= REACH for figure in figures.values())
    return {"ok": ok, "reach": REACH, "lost": lost, "load": os.getloadavg()[0], "streams": figures}


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def compare(portal: Site, peer_port: int, streams: int) -> dict[str, Any]:
    """p99 in ms of both, the median of the blocks; wakes in turns, so that the machine's other work meets both."""
    from mpp_portal.siaran import tokens
    from mpp_portal.siaran.bus import BUS

    channels = [f"sesi-{n}" for n in range(1, 50 + 1)]
    both = {
        "ours": {"port": int(portal.url.rpartition(":")[2]), "bus": BUS},
        "bare": {"port": peer_port, "bus": PEER_BUS},
    }
    heard = hear(
        servers=both,
        targets=[tokens.url(*channels) for _ in range(streams)],
        redis=portal.redis,
        blocks=BLOCKS,
        wakes=WAKES,
        pause=PAUSE,
    )
    p99 = {name: [statistics.quantiles(block, n=100)[98] for block in heard[name]["ms"]] for name in both}
    ratio = statistics.median(p99["ours"]) / statistics.median(p99["bare"])
    return {
        "ratio": round(ratio, 2),
        "p99_ms": rounded(p99["ours"]),
        "bare_p99_ms": rounded(p99["bare"]),
        "lost": heard["ours"]["lost"],
    }


def hear(**task: Any) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.bench.beban.pendengar"]
    done = subprocess.run(command, input=json.dumps(task), capture_output=True, text=True, cwd=servers.ROOT)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return json.loads(done.stdout)


def rounded(values: list[float]) -> list[float]:
    return [round(value, 1) for value in values]
