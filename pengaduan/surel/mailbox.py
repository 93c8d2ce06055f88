"""A mailbox on an IMAP server (RFC 9051), read by Python's own client. A letter is seen once it has been dealt with."""

import imaplib
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

WAIT = 10  # seconds for one answer of the server


class Broken(Exception):  # noqa: N818 — the server's answer
    """The mailbox cannot be read now."""


@dataclass(frozen=True)
class Place:
    """`imaps://nama:sandi@server:993/INBOX?mpp=kota-contoh`; `imap://` is not encrypted, for the own machine only."""

    host: str
    port: int
    encrypted: bool
    user: str
    password: str
    folder: str
    mpp: str

    @classmethod
    def of(cls, url: str) -> "Place":
        """Raises ValueError with what is missing, without the password."""
        parts = urlsplit(url)
        mpp = parse_qs(parts.query).get("mpp", [""])[0]
        if parts.scheme not in ("imap", "imaps") or not parts.hostname or not parts.username or not mpp:
            raise ValueError("imaps://name:password@host/INBOX?mpp=slug")
        encrypted = parts.scheme == "imaps"
        return cls(
            parts.hostname, parts.port or (993 if encrypted else 143), encrypted, unquote(parts.username),
            unquote(parts.password or ""), unquote(parts.path.strip("/")) or "INBOX", mpp,
        )  # fmt: skip


class Mailbox:
    def __init__(self, client: imaplib.IMAP4) -> None:
        self.client = client

    def unseen(self) -> list[str]:
        """Their numbers, oldest first; a number is the letter's own as long as the mailbox lives."""
        return self._ask("SEARCH", None, "UNSEEN")[0].decode().split()

    def size(self, uid: str) -> int:
        found = re.search(rb"RFC822\.SIZE (\d+)", b" ".join(_flat(self._ask("FETCH", uid, "(RFC822.SIZE)"))))
        return int(found[1]) if found else 0

    def letter(self, uid: str, *, head_only: bool = False) -> bytes:
        """As it came, without marking it. Empty when somebody has removed it meanwhile."""
        part = "BODY.PEEK[HEADER]" if head_only else "BODY.PEEK[]"
        return next((row[1] for row in self._ask("FETCH", uid, f"({part})") if isinstance(row, tuple)), b"")

    def mark_seen(self, uid: str) -> None:
        self._ask("STORE", uid, "+FLAGS", r"(\Seen)")

    def _ask(self, *words: Any) -> list[Any]:
        status, data = self.client.uid(*words)
        if status != "OK":
            raise Broken(words[0])
        return data


def _flat(data: list[Any]) -> Iterator[bytes]:
    for row in data:
        yield from row if isinstance(row, tuple) else [row or b""]


@contextmanager
def opened(place: Place) -> Iterator[Mailbox]:
    """Raises Broken when the server does not answer, or not as it should; its words may name people and are left."""
    try:
        kind = imaplib.IMAP4_SSL if place.encrypted else imaplib.IMAP4
        client = kind(place.host, place.port, timeout=WAIT)
        try:
            client.login(place.user, place.password)
            folder = place.folder.replace("\\", "").replace('"', "")
            if client.select(f'"{folder}"')[0] != "OK":
                raise Broken("SELECT")
            yield Mailbox(client)
        finally:
            with suppress(imaplib.IMAP4.error, OSError):
                client.logout()
    except (imaplib.IMAP4.error, OSError) as error:
        raise Broken(type(error).__name__) from None
