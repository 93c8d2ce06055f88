"""What a letter says: from whom, about what, in plain words, with which files. Nothing is decided here."""

import hashlib
import re
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Any

from inscriptis import get_text

ID = re.compile(r"<[^<>\s]+>")
SAID_BEFORE = re.compile(r"^(-{2,} ?(original message|pesan asli|forwarded message).*|_{10,})$", re.IGNORECASE)
ATTRIBUTION = re.compile(r"^(on|pada) .{5,200}(wrote|menulis):$", re.IGNORECASE)
NOBODY = ("mailer-daemon", "postmaster", "no-reply", "noreply", "do-not-reply", "donotreply")


@dataclass(frozen=True)
class Letter:
    id: str
    sender: str
    nama: str
    judul: str
    teks: str
    refs: list[str] = field(default_factory=list)
    files: list[tuple[str, bytes]] = field(default_factory=list)
    automatic: bool = False
    forged: bool = False


def read(raw: bytes) -> Letter:
    """Of a whole letter, or of its head alone."""
    mail: Any = message_from_bytes(raw, policy=policy.default)
    nama, sender = parseaddr(_head(mail, "From"))
    return Letter(
        id=next(iter(ID.findall(_head(mail, "Message-ID"))), hashlib.sha256(raw).hexdigest()),
        sender=sender,
        nama=" ".join(nama.split())[:100],
        judul=" ".join(_head(mail, "Subject").split()),
        teks=_text(mail),
        refs=ID.findall(f"{_head(mail, 'References')} {_head(mail, 'In-Reply-To')}"),
        files=[(part.get_filename() or "berkas", _bytes(part)) for part in mail.iter_attachments()],
        automatic=_is_automatic(mail, sender),
        # Only the first was written by our own server: what stands below it a sender can write.
        forged="dmarc=fail" in _head(mail, "Authentication-Results").lower(),
    )


def _head(mail: EmailMessage, name: str) -> str:
    """A broken header is an empty one."""
    try:
        return str(mail.get(name, ""))
    except (ValueError, IndexError, LookupError):
        return ""


def _is_automatic(mail: EmailMessage, sender: str) -> bool:
    """RFC 3834: nobody reads an answer to these, and two programs must not answer each other for ever."""
    return (
        _head(mail, "Auto-Submitted").lower() not in ("", "no")
        or _head(mail, "Precedence").lower() in ("bulk", "junk", "list", "auto_reply")
        or _head(mail, "Return-Path").strip() == "<>"
        or any(name in mail for name in ("List-Id", "List-Unsubscribe", "X-Autoreply", "X-Autorespond"))
        or mail.get_content_type() == "multipart/report"
        or "@" not in sender
        or sender.partition("@")[0].lower() in NOBODY
    )


def _text(mail: EmailMessage) -> str:
    """What its writer said, without what they quoted; all of it where nothing else is there."""
    body: Any = mail.get_body(("plain", "html"))
    if body is None:
        return ""
    try:
        said = body.get_content()
    except (LookupError, UnicodeError):  # an encoding that does not exist
        said = body.get_payload(decode=True).decode("utf-8", "replace")
    if body.get_content_type() == "text/html":
        said = get_text(said)
    said = said.replace("\r\n", "\n").replace("\x00", "")
    return _own_words(said) or said.strip()


def _own_words(text: str) -> str:
    kept = []
    for line in text.split("\n"):
        if SAID_BEFORE.match(line.strip()):
            break
        if not line.startswith(">") and not ATTRIBUTION.match(line.strip()):
            kept.append(line.rstrip())
    return "\n".join(kept).strip()


def _bytes(part: EmailMessage) -> bytes:
    if part.get_content_maintype() == "message":
        return part.as_bytes()
    return part.get_payload(decode=True) or b""  # type: ignore[return-value]
