"""A mall with two offices, its koordinator, inspektorat and pejabat penghubung; a Monday without holidays near."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib import import_module
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.core.files.storage import storages

from layanan.models import Gerai, Mpp
from pengaduan import actions
from pengaduan.models import Disposisi, KebijakanTenggat, Lampiran, Laporan, Tenggat
from tests import factories

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("Asia/Makassar"))


def days(n: float) -> timedelta:
    return timedelta(days=n)


@dataclass
class Meja:
    """One `penghubung` for each of `gerai`; the others are of the mall, `rekan` is a second koordinator."""

    mpp: Mpp
    gerai: list[Gerai]
    koordinator: Any
    rekan: Any
    inspektur: Any
    penghubung: list[Any]
    keys: count = field(default_factory=count)

    def send(self, *, at: datetime = MONDAY, **given: Any) -> actions.Sent:
        empty: actions.Given = {
            "jenis": "pengaduan", "judul": "Loket tutup lebih awal", "isi": "Pukul dua sudah kosong.",
            "gerai": self.gerai[0], "tentang_pengelola": False, "lokasi": "", "terjadi_pada": None, "anonim": False,
            "rahasia": False, "nama": "Warga Contoh", "kanal": "surel", "kontak": "warga@contoh.id",
        }  # fmt: skip
        return actions.submit(self.mpp, empty | given, sender="ponsel", key=f"kunci-{next(self.keys)}", now=at)

    def routed(self, *gerai: int, at: datetime = MONDAY, **given: Any) -> Laporan:
        """A report that was verified and sent to these offices (the first, if none is named)."""
        laporan = self.send(at=at, **given).laporan
        chosen = [self.gerai[n] for n in gerai or (0,)]
        return actions.verify(
            laporan, klasifikasi="tidak_berkadar", urgensi="rutin", gerai=chosen, by=self.koordinator, now=at
        )

    def part(self, laporan: Laporan, n: int = 0) -> Disposisi:
        return Disposisi.objects.current().get(laporan=laporan, gerai=self.gerai[n])

    def answer(self, laporan: Laporan, n: int = 0, *, at: datetime = MONDAY) -> Laporan:
        actions.answer(self.part(laporan, n), "Sudah kami perbaiki.", by=self.penghubung[n], now=at)
        return fresh(laporan)


def fresh(laporan: Laporan) -> Laporan:
    return Laporan.objects.get(pk=laporan.pk)


def clocks(laporan: Laporan) -> dict[str, Tenggat]:
    """The newest clock of each kind."""
    return {clock.jenis: clock for clock in Tenggat.objects.filter(laporan=laporan).order_by("pk")}


@pytest.fixture(autouse=True)
def figures(db) -> None:
    """What the migration put in, also after a test that emptied every table."""
    if not KebijakanTenggat.objects.exists():
        import_module("pengaduan.migrations.0001_awal").put_figures(apps, None)


@pytest.fixture
def meja(db) -> Meja:
    gerai = [factories.Gerai()]
    mpp = gerai[0].mpp
    gerai.append(factories.Gerai(mpp=mpp))

    def person(peran: str, **place: Any) -> Any:
        return factories.Penugasan(peran=peran, **place).pengguna

    return Meja(
        mpp,
        gerai,
        person("koordinator", mpp=mpp),
        person("koordinator", mpp=mpp),
        person("inspektorat", mpp=mpp),
        [person("pejabat_penghubung", gerai=place) for place in gerai],
    )


@pytest.fixture
def kept_files(tmp_path, monkeypatch) -> Callable[[], list[str]]:
    """The names of all files of reports that are on the disk: `kept_files()`. The field holds its storage since it was
    made, so the settings come too late."""
    storage = storages.create_storage(storages.backends["pribadi"] | {"OPTIONS": {"location": str(tmp_path)}})
    monkeypatch.setattr(Lampiran._meta.get_field("berkas"), "storage", storage)
    return lambda: [path.name for path in tmp_path.rglob("*") if path.is_file()]
