"""Ask clamd about a file, where the setting CLAMD names one: `INSTREAM` of its protocol, on a socket.

PyPI's `clamd` has had no release since 2014; the protocol is a word, chunks with their length, and one line of answer.
"""

import socket
import struct
from collections.abc import Iterable

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

CHUNK = 64 * 1024
PATIENCE = 20  # seconds


def refuse_infected(chunks: Iterable[bytes]) -> None:
    """Raises ValidationError for an infected file, and where clamd is named but does not answer."""
    if not settings.CLAMD:
        return
    try:
        answer = _ask(chunks)
    except OSError:
        answer = ""
    if answer.endswith("FOUND"):
        raise ValidationError(_("Berkas ini mengandung virus dan tidak kami simpan. Kirim berkas lain."))
    if not answer.endswith("OK"):
        raise ValidationError(_("Berkas belum dapat diperiksa. Kirim laporannya dulu, tambahkan berkasnya nanti."))


def _ask(chunks: Iterable[bytes]) -> str:
    with _connect() as line:
        line.sendall(b"zINSTREAM\0")
        for piece in chunks:
            for start in range(0, len(piece), CHUNK):
                part = piece[start : start + CHUNK]
                line.sendall(struct.pack("!I", len(part)) + part)
        line.sendall(struct.pack("!I", 0))
        answer = b""
        while more := line.recv(1024):
            answer += more
    return answer.rstrip(b"\0\n").decode(errors="replace")


def _connect() -> socket.socket:
    """`unix:/run/clamav/clamd.ctl` or `host:3310`"""
    if settings.CLAMD.startswith("unix:"):
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(PATIENCE)
        try:
            line.connect(settings.CLAMD.removeprefix("unix:"))
        except OSError:
            line.close()
            raise
        return line
    host, _colon, port = settings.CLAMD.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=PATIENCE)
