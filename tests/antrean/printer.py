"""A receipt printer on a TCP port that runs out of paper, jams and loses power like a real one.

It answers real-time questions (DLE EOT) at once, also when it is offline, and works through the rest in order: text
takes paper line by line, GS V cuts, GS r is answered when everything before it is done. What it had in its memory when
the paper ended goes on when there is paper again, unless it was told to forget it (DLE DC4).
"""

from __future__ import annotations

import re
import socket
import threading
import time
from dataclasses import dataclass, field

REAL_TIME = re.compile(rb"\x10\x04([\x01-\x04])|(\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08)")
COMMANDS = re.compile(
    rb"(?P<reset>\x1b@)|(?P<feed>\x1bd(.))|(?P<cut>\x1dV\x00)|(?P<ask>\x1dr.)|\x1d\(k(?P<size>..)"
    rb"|\x1b[!aEtM{-].|\x1d[!Ba].|\x1b[23]|(?P<line>\n)|(?P<letter>[^\x1b\x1d\x10])",
    re.DOTALL,
)


@dataclass
class Printer:
    """`papers` are the cut ones; `lines` of paper are left. Start it by `with`."""

    lines: int = 10_000
    jammed: bool = False
    open_cover: bool = False
    jams_at_cut: bool = False
    dies_after: int | None = None  # lines until the power goes
    cutting: float = 0  # seconds that a cut takes
    papers: list[str] = field(default_factory=list)
    now: str = ""  # on the paper that is not cut yet

    def __enter__(self) -> Printer:
        self.lock = threading.RLock()
        self.memory = b""
        self.power_on()
        return self

    def __exit__(self, *_: object) -> None:
        self.power_off()

    def power_on(self, port: int = 0) -> None:
        self.memory = b""
        self.server = socket.create_server(("127.0.0.1", port or getattr(self, "port", 0)))
        self.port = self.server.getsockname()[1]
        self.on, self.open_lines = True, []
        threading.Thread(target=self._listen, args=(self.server,), daemon=True).start()

    def power_off(self) -> None:
        self.on = False
        for line in (*self.open_lines, self.server):
            try:
                line.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # gone already
            finally:
                line.close()

    @property
    def address(self) -> str:
        return f"tcp://127.0.0.1:{self.port}"

    @property
    def offline(self) -> bool:
        return self.lines <= 0 or self.jammed or self.open_cover

    def refill(self) -> None:
        """New paper, or the jam cleared, with what is left in memory printed on it."""
        with self.lock:
            self.lines, self.jammed, self.open_cover = 10_000, False, False
            self._work(None)

    def _listen(self, server: socket.socket) -> None:
        while self.on:
            try:
                line, _address = server.accept()
            except OSError:
                return
            self.open_lines.append(line)
            threading.Thread(target=self._talk, args=(line,), daemon=True).start()

    def _talk(self, line: socket.socket) -> None:
        with line:
            while self.on:
                try:
                    data = line.recv(4096)
                    if not data:
                        return
                    with self.lock:
                        self._hear(data, line)
                except OSError:
                    return  # the other side has hung up, or the power is gone

    def _hear(self, data: bytes, line: socket.socket) -> None:
        for asked in REAL_TIME.finditer(data):
            if asked[2]:
                self.memory = b""
            else:
                line.sendall(bytes([self._status(asked[1][0])]))
        self.memory += REAL_TIME.sub(b"", data)
        self._work(line)

    def _status(self, n: int) -> int:
        bits = {
            1: 0x08 * self.offline,
            2: 0x04 * self.open_cover | 0x20 * (self.lines <= 0) | 0x40 * self.jammed,
            3: 0x08 * self.jammed,
            4: 0x60 * (self.lines <= 0) | 0x0C * (self.lines < 100),
        }
        return 0x12 | bits[n]

    def _work(self, line: socket.socket | None) -> None:
        while self.memory and not self.offline and self.on:
            step = COMMANDS.match(self.memory)
            if step is None:
                assert len(self.memory) < 3, f"no printer knows {self.memory[:20]!r}"
                return  # the rest of a command is on its way
            size = int.from_bytes(step["size"], "little") if step["size"] else 0
            self.memory = self.memory[step.end() + size :]
            self._do(step, line)

    def _do(self, step: re.Match[bytes], line: socket.socket | None) -> None:
        if step["letter"]:
            self.now += step["letter"].decode("cp437")
        elif step["line"] or step["feed"]:
            self.now += "\n"
            self._advance(step["feed"][-1] if step["feed"] else 1)
        elif step["cut"] and self.jams_at_cut:
            self.jammed = True
        elif step["cut"]:
            time.sleep(self.cutting)
            self.papers.append(self.now)
            self.now = ""
        elif step["ask"] and line:
            line.sendall(bytes([0x03 * (self.lines < 100)]))

    def _advance(self, lines: int) -> None:
        self.lines -= lines
        if self.dies_after is not None:
            self.dies_after -= lines
            if self.dies_after <= 0:
                self.dies_after = None
                self.power_off()
