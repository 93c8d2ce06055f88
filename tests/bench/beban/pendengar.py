"""Hold many event streams at several servers, publish wakes in turns, and measure when each stream hears them.

    python -m tests.bench.beban.pendengar < task.json

The task: `servers` (name → port and bus), `targets` (one request target per stream), `redis`, `blocks` and `wakes` (how
many in a block for each server), `pause` (seconds between). Prints for each server `ms`, one list of latencies per
block, and `lost`.
"""

import json
import resource
import select
import socket
import sys
import time
from typing import Any

import redis

from mpp_portal.siaran.bus import encode

WAIT = 5  # seconds after which a wake that was not heard is lost
PER_ADDRESS = 500


def connect(port: int, targets: list[str]) -> tuple[select.epoll, dict[int, socket.socket]]:
    """Open the streams from several loopback addresses, as from several halls: the limit per address stays on."""
    streams, poll = {}, select.epoll()
    for n, target in enumerate(targets):
        stream = socket.create_connection(("127.0.0.1", port), source_address=(f"127.0.0.{2 + n // PER_ADDRESS}", 0))
        stream.sendall(f"GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        streams[stream.fileno()] = stream
    for number, stream in streams.items():
        if not stream.recv(4096).startswith(b"HTTP/1.1 200"):
            raise RuntimeError("a stream was refused")
        stream.setblocking(False)
        poll.register(number, select.EPOLLIN)
    return poll, streams


def measure(task: dict[str, Any]) -> dict[str, Any]:
    held = {name: connect(server["port"], task["targets"]) for name, server in task["servers"].items()}
    found: dict[str, Any] = {name: {"ms": [], "lost": 0} for name in held}
    bus = redis.Redis.from_url(task["redis"])
    for poll, streams in held.values():
        drain(poll, streams)
    for block in range(1 + task["blocks"]):  # the first one warms up
        heard: dict[str, list[float]] = {name: [] for name in held}
        for n in range(task["wakes"]):
            for name, (poll, streams) in held.items():
                channel, waiting = f"sesi-{n % 50 + 1}", set(streams)
                start = time.perf_counter()
                bus.publish(task["servers"][name]["bus"], encode([channel]))
                heard[name] += listen(poll, streams, waiting, f"{channel}\n".encode(), start)
                found[name]["lost"] += len(waiting)
                time.sleep(task["pause"])
        for name, seconds in heard.items():
            if block:
                found[name]["ms"].append([round(1000 * value, 3) for value in seconds])
    return found


def drain(poll: select.epoll, streams: dict[int, socket.socket]) -> None:
    """Read what streams say on opening until all are quiet."""
    while events := poll.poll(0.5):
        for number, _event in events:
            streams[number].recv(65536)


def listen(poll: Any, streams: dict[int, socket.socket], waiting: set[int], word: bytes, start: float) -> list[float]:
    heard = []
    while waiting and time.perf_counter() - start < WAIT:
        for number, _event in poll.poll(0.5, 64):
            if word in streams[number].recv(65536) and number in waiting:
                heard.append(time.perf_counter() - start)
                waiting.discard(number)
    return heard


if __name__ == "__main__":
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    json.dump(measure(json.load(sys.stdin)), sys.stdout)
