"""What a webhook of WhatsApp says: which messages came for which of our numbers. Nothing is decided here."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

WORDS, FILES = ("text",), ("image", "document")
# A person sent it, and is told that we cannot take it; `unsupported` is what the API itself cannot carry.
UNREAD = ("video", "audio", "sticker", "location", "contacts", "unsupported")


@dataclass(frozen=True)
class Arrived:
    """One message, as it is kept until it is dealt with; `phone` has its country code and no plus sign."""

    id: str
    phone: str
    number_id: str
    stored: str


@dataclass(frozen=True)
class Message:
    phone: str
    nama: str
    teks: str
    media_id: str
    berkas: str
    answers: str
    readable: bool


def arrived(content: Any) -> Iterator[Arrived]:
    """Every message in an envelope, in its order. What has another shape than the documentation says is left out."""
    for change in _rows(content, "entry", "changes"):
        value = change.get("value")
        if not isinstance(value, dict):
            continue
        number = _at(value, "metadata", "phone_number_id")
        names = {_at(row, "wa_id"): _at(row, "profile", "name") for row in _rows(value, "contacts")}
        for row in _rows(value, "messages"):
            phone, known = _at(row, "from"), row.get("type") in (*WORDS, *FILES, *UNREAD)
            if known and number and _at(row, "id") and phone.isascii() and phone.isdigit() and len(phone) <= 15:
                kept = _kept(row) | {"phone": phone, "nama": names.get(phone, "")}
                yield Arrived(_at(row, "id"), phone, number, json.dumps(kept))


def read(stored: str) -> Message:
    return Message(**json.loads(stored))


def _kept(row: dict[str, Any]) -> dict[str, Any]:
    kind = row["type"]
    part = kind if kind in FILES else ""
    return {
        "teks": (_at(row, part, "caption") if part else _at(row, "text", "body")).replace("\x00", "").strip(),
        "media_id": _at(row, part, "id") if part else "",
        "berkas": (_at(row, part, "filename") or ("foto.jpg" if kind == "image" else "berkas.pdf")) if part else "",
        "answers": _at(row, "context", "id"),
        "readable": kind not in UNREAD,
    }


def _rows(content: Any, *path: str) -> Iterator[dict[str, Any]]:
    """Every object in a list in a list …"""
    found = content.get(path[0]) if isinstance(content, dict) else None
    for row in found if isinstance(found, list) else []:
        if isinstance(row, dict):
            yield from _rows(row, *path[1:]) if path[1:] else iter([row])


def _at(content: Any, *path: str) -> str:
    for name in path:
        content = content.get(name) if isinstance(content, dict) else None
    return content if isinstance(content, str) else ""
