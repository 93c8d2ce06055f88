"""A clamd of our own: it speaks INSTREAM on a socket and knows one signature."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SIGNATURE = b"TANDA-VIRUS-BUATAN-SENDIRI"


@contextmanager
def clamd(path: Path) -> Iterator[tuple[str, list[bytes]]]:
    """Its address for the setting, and what it was given of what it found clean."""
    heard: list[bytes] = []
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen()
        thread = threading.Thread(target=_serve, args=(server, heard), daemon=True)
        thread.start()
        yield f"unix:{path}", heard
        server.shutdown(socket.SHUT_RDWR)
    path.unlink()
    thread.join(5)


def _serve(server: socket.socket, heard: list[bytes]) -> None:
    while True:
        try:
            line, _address = server.accept()
        except OSError:
            return
        with line, line.makefile("rb") as stream:
            assert stream.read(10) == b"zINSTREAM\0"
            content = b""
            while size := struct.unpack("!I", stream.read(4))[0]:
                content += stream.read(size)
            if SIGNATURE in content:
                line.sendall(b"stream: Uji.Buatan FOUND\0")
            else:
                heard.append(content)
                line.sendall(b"stream: OK\0")
