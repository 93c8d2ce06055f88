"""A small hall on a Monday: one gerai, one line A, three loket with their petugas."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from antrean import actions
from antrean.models import Antrean, Tiket
from layanan.models import Gerai, Layanan, Loket, Mpp
from tests import factories
from tests.antrean import hall as hall_of_today

WITA = ZoneInfo("Asia/Makassar")
NINE = datetime(2026, 11, 23, 9, 0, tzinfo=WITA)  # a Monday; hours 08.00–15.30, break 12.00–13.00


@dataclass
class Aula:
    mpp: Mpp
    gerai: Gerai
    layanan: Layanan
    antrean: Antrean
    loket: list[Loket]
    petugas: list[Any]
    keys: count = field(default_factory=count)

    def take(self, who: str = "", *, at: datetime = NINE, antrean: Antrean | None = None, **given: Any) -> Tiket:
        """A new number for a device (a new one if none is named)."""
        n = next(self.keys)
        line = Antrean.objects.giving().get(pk=(antrean or self.antrean).pk)
        given = {"sender": who or f"ponsel-{n}", "key": f"kunci-{n}", "asal": "aula"} | given
        return actions.take(line, given.pop("layanan", None) or line.layanan.get(), now=at, **given)

    def open(self, n: int = 0, *, at: datetime = NINE) -> None:
        actions.open_loket(self.loket[n], by=self.petugas[n], now=at)

    def do(self, verb: str, n: int = 0, *, at: datetime = NINE, **given: Any) -> Any:
        """Press a key at loket n: `aula.do("call_next")`."""
        return getattr(actions, verb)(self.loket[n], by=self.petugas[n], now=at, **given)

    def serve(self, n: int = 0, *, at: datetime = NINE) -> str:
        """Call, start and finish the next person; returns the label."""
        tiket = self.do("call_next", n, at=at)
        self.do("start", n, at=at)
        self.do("finish", n, at=at)
        return tiket.label

    def line(self, huruf: str, **given: Any) -> Antrean:
        """One more line at the same gerai, served by the first loket."""
        service = factories.Layanan(gerai=self.gerai)
        return factories.Antrean(gerai=self.gerai, huruf=huruf, layanan=[service], loket=self.loket[:1], **given)


@pytest.fixture
def aula(db) -> Aula:
    mpp = factories.Mpp()
    for hari in range(5):
        factories.JamBuka(mpp=mpp, hari=hari)
    gerai = factories.Gerai(mpp=mpp, lantai=2)
    layanan = factories.Layanan(gerai=gerai)
    loket = [factories.Loket(gerai=gerai) for _ in range(3)]
    petugas = [factories.Penugasan(peran="petugas_loket", gerai=gerai).pengguna for _ in loket]
    antrean = factories.Antrean(gerai=gerai, huruf="A", layanan=[layanan], loket=loket)
    return Aula(mpp, gerai, layanan, antrean, loket, petugas)


def minutes(n: float) -> timedelta:
    return timedelta(minutes=n)


@pytest.fixture
def hall(db) -> hall_of_today.Hall:
    return hall_of_today.make()
