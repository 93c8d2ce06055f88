"""Which events have a message, and what may be said in it. Every app's `pesan.py` fills this at start.

    # antrean/pesan.py
    @registry.message("tiket.dipanggil", texts=TEXTS, sample={"nomor": "A-012", …}, urgent=True)
    def called(peristiwa):
        return registry.Message({"nomor": …}, url=…, zone=…)     # or None: there is nothing to say any more

    registry.subject("antrean.kunjungan", over=finished)         # when may its subscriptions be forgotten?

A maker reads the row of the change, never "the current status", and is asked while the message is being sent, in the
language of who reads it. A message carries what is needed and nothing else: never a NIK, never the text of a report.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db.models import Model

from mpp_portal.models import Peristiwa

if TYPE_CHECKING:
    from .models import Pesan


@dataclass(frozen=True)
class Message:
    """The variables of one message, where it leads to (an absolute path), and the zone whose night is quiet."""

    values: dict[str, str]
    url: str
    zone: ZoneInfo


Make = Callable[[Peristiwa], Message | None]
Texts = dict[str, dict[str, dict[str, str]]]  # group of channels → language → judul, isi


@dataclass(frozen=True)
class Kind:
    """`sample` names every variable there is, with a value for previews. A message older than `useful_for` is not
    sent any more; one that is not `urgent` waits for the morning."""

    jenis: str
    make: Make
    texts: Texts
    sample: dict[str, Any]  # texts, some of them translated when read
    urgent: bool = False
    delay: timedelta = timedelta(0)
    useful_for: timedelta = timedelta(days=2)

    @property
    def variables(self) -> set[str]:
        return {*self.sample, "tautan"}


@dataclass(frozen=True)
class Carrier:
    """How an app above hands the thing itself to another system: at any hour, and however old it is.

    `hand_over` raises Temporary or Permanent as channels do, and is asked again after a process died in it; it returns
    why nothing is to be handed over any more, or nothing. `tell` says in a dry run what would have been handed over.
    For events of `jenis`, `wants` is asked about the subject in the transaction of the change; an app that hands over
    to several systems puts its rows there itself (`outbox.carry`).
    """

    kanal: str
    hand_over: Callable[["Pesan"], str | None]
    tell: Callable[["Pesan"], dict[str, str]]
    jenis: frozenset[str] = frozenset()
    wants: Callable[[Model], bool] = lambda _about: False


_carriers: dict[str, Carrier] = {}
_kinds: dict[str, Kind] = {}
_over: dict[str, Callable[[Iterable[int], datetime], Iterable[int]]] = {}


def message(jenis: str, *, texts: dict[str, Texts], sample: dict[str, Any], **conduct: Any) -> Callable[[Make], Make]:
    """Register what is said about events of this kind; `texts` holds the shipped wording by kind."""

    def register(make: Make) -> Make:
        _kinds[jenis] = Kind(jenis, make, texts[jenis], sample, **conduct)
        return make

    return register


def carry(carrier: Carrier) -> None:
    _carriers[carrier.kanal] = carrier


def carrier(kanal: str) -> Carrier | None:
    return _carriers.get(kanal)


def carriers(jenis: str) -> list[Carrier]:
    return [one for one in _carriers.values() if jenis in one.jenis]


def kind(jenis: str) -> Kind | None:
    return _kinds.get(jenis)


def kinds() -> list[Kind]:
    return list(_kinds.values())


def subject(label: str, *, over: Callable[[Iterable[int], datetime], Iterable[int]]) -> None:
    """`over(ids, before)` returns those ids whose matter had ended before that instant, or that are gone."""
    _over[label] = over


def is_over(label: str, ids: Iterable[int], before: datetime) -> set[int]:
    return set(_over[label](ids, before)) if label in _over else set()


def texts_in(path: Path) -> dict[str, Texts]:
    """Shipped wording: a JSON file of kind → group of channels → language → judul, isi."""
    return json.loads(path.read_text())
