"""Logs that name what failed and where, never a key, never a person.

Django names the path of a refused request, and some paths are keys. Messages of exceptions carry what was typed:
PostgreSQL prints the whole row that broke a constraint. So an exception is told by its class and its lines of code.
"""

import logging
import re
import traceback
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from pythonjsonlogger.json import JsonFormatter

from . import permintaan

SECRET = re.compile(r"(/k/|/hadir/|/kabar/[a-z-]+/|/aliran/\?t=)[^/\s?&]{16,}")
# What must not get here at all, and is taken out if it does: e-mail addresses, NIK, telephone numbers.
PERSONAL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?<!\d)\d{16}(?!\d)|(?<!\d)(?:\+?62|0)8\d{7,11}(?!\d)")


def clean(text: str) -> str:
    return PERSONAL.sub("…", SECRET.sub(r"\1…", text))


def told(error: BaseException | None) -> str:
    """The class of an exception, and what the database named: its code and the promise that was broken."""
    diagnosis = getattr(error, "diag", None)
    names = [getattr(diagnosis, name, None) for name in ("sqlstate", "table_name", "constraint_name")]
    return " ".join([type(error).__name__, *(name for name in names if name)])


def chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def lines(error: BaseException) -> str:
    """A traceback without the messages, the first cause first."""
    parts = [
        "".join([*traceback.StackSummary.from_list(traceback.extract_tb(one.__traceback__)).format(), told(one)])
        for one in chain(error)
    ]
    return "\n".join(reversed(parts))


class WithoutSecrets(logging.Filter):
    """Writes `…` where a secret or a person stands in a message, and adds the request's name."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        error = record.exc_info[1] if record.exc_info else None
        for one in chain(error) if not settings.DEBUG else ():
            for words in {repr(one), str(one), *map(str, one.args)} - {""}:
                message = message.replace(words, type(one).__name__)
        record.sentence = getattr(record, "sentence", record.msg)
        record.msg, record.args = clean(message), ()
        record.permintaan = permintaan.current.get()
        return True


class Traceless:
    """A formatter that tells exceptions without their messages."""

    def formatException(self, exc_info: Any) -> str:  # noqa: N802  logging's own name
        if settings.DEBUG or exc_info[1] is None:
            return logging.Formatter().formatException(exc_info)
        return clean(lines(exc_info[1]))


class Plain(Traceless, logging.Formatter):
    """A line for people."""


class Json(Traceless, JsonFormatter):
    """A line for machines: one JSON object. Other libraries add requests and arguments to their records: not told."""

    fields = ("waktu", "tingkat", "asal", "pesan", "permintaan", "halaman", "metode", "jawaban", "ms", "exc_info")

    def __init__(self) -> None:
        super().__init__(
            "{asctime}{levelname}{name}{message}{permintaan}",
            style="{",
            rename_fields={"asctime": "waktu", "levelname": "tingkat", "name": "asal", "message": "pesan"},
            json_ensure_ascii=False,
        )

    def process_log_record(self, log_data: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in log_data.items() if name in self.fields}


def without_people(event: Any, hint: dict[str, Any]) -> Any:
    """What may leave for Sentry: where it failed and how, not what was asked, typed or said."""
    for name in ("request", "user", "breadcrumbs", "extra", "server_name"):
        event.pop(name, None)
    for one in event.get("exception", {}).get("values", []):
        one["value"] = ""
    if "logentry" in event:  # the sentence as it stands in the code, not what was put into it
        sentence = getattr(hint.get("log_record"), "sentence", event["logentry"].get("message"))
        event["logentry"] = {"message": clean(str(sentence))}
    event["transaction"] = clean(event.get("transaction") or "")
    event.setdefault("tags", {})["permintaan"] = permintaan.current.get()
    return event


SENTRY: dict[str, Any] = {
    "before_send": without_people,
    "include_local_variables": False,
    "include_source_context": False,
    "max_request_body_size": "never",
    "max_breadcrumbs": 0,
}
