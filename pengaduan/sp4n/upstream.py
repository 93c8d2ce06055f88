"""What a system must be able to do, so that reports reach SP4N-LAPOR! through it and its answers come back.

Its national API is not public: nothing is guessed here. `gerbang.Gerbang` speaks to a gateway that an office puts in
front; whoever is given a real API writes another class and names it in SP4N_ADAPTER.
"""

from dataclasses import dataclass
from typing import Any, Protocol

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True)
class Report:
    """What leaves of a report. `rujukan` is our own reference, the same however often it is sent; `nama` is blank where
    the reporter is anonymous; `tanggal` is a day in ISO form."""

    rujukan: str
    mpp: str
    tanggal: str
    jenis: str
    klasifikasi: str
    nama: str
    judul: str
    isi: str
    instansi: list[str]


@dataclass(frozen=True)
class Changes:
    """Rows with the names of `sheets.FIELDS`, how far they reach, and whether more are waiting."""

    rows: list[dict[str, Any]]
    until: str
    more: bool


class Upstream(Protocol):
    """Every method raises `channels.Temporary` (ask again later) or `channels.Permanent` (a person has to look), with a
    sentence that names nobody."""

    def find(self, rujukan: str) -> str | None:
        """The tracking id under which our reference is known there."""

    def submit(self, report: Report) -> str:
        """Its tracking id. The same reference twice is one report there."""

    def changes(self, mpp: str, since: str) -> Changes:
        """What was said there after `since`, the `until` of an earlier answer; blank: from the beginning."""


def chosen() -> Upstream:
    made: Upstream = import_string(settings.SP4N_ADAPTER)()
    return made
