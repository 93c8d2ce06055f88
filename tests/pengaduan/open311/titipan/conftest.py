"""A mall whose first office has its own Open311 server, and the city's server itself."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from mpp_portal.notifikasi import sending
from mpp_portal.notifikasi.models import Pesan
from pengaduan.open311.titipan import server
from pengaduan.open311.titipan.models import Sambungan, Titipan
from tests import factories
from tests.pengaduan.conftest import Meja

from ...conftest import figures, meja
from .kota import Kota

__all__ = ["figures", "meja"]


@pytest.fixture(autouse=True)
def switched_on(settings: Any) -> None:
    settings.KABAR_KANAL = dict.fromkeys(settings.KABAR_KANAL, "mati") | {"open311": "hidup"}
    settings.KABAR_PRIVATE_HOSTS = ["127.0.0.1", "localhost"]


@pytest.fixture
def kota(monkeypatch: pytest.MonkeyPatch) -> Iterator[Kota]:
    """Its answers are waited for half a second."""
    monkeypatch.setattr(server, "SECONDS", 0.5)
    made = Kota()
    yield made
    made.stop()


@pytest.fixture
def sambungan(meja: Meja, kota: Kota) -> Sambungan:
    return factories.Sambungan(gerai=meja.gerai[0], url=kota.url, jurisdiction_id="kota.go.id", service_code="001")


def drained() -> list[tuple[str, str]]:
    """Let the waiting messages' time come, and drain; returns state and error of each."""
    Pesan.objects.waiting().update(next_try_at=timezone.now() - timedelta(seconds=1))
    sending.drain()
    return list(Pesan.objects.order_by("pk").values_list("status", "last_error"))


def only() -> Titipan:
    return Titipan.objects.get()


def due() -> Titipan:
    """The only one, whose time to be asked about has come."""
    Titipan.objects.update(next_at=timezone.now() - timedelta(seconds=1))
    return only()
