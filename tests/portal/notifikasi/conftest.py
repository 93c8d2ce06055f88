"""A visit with one number at a gerai, whose holder asked to be told; and a mail server that takes the messages."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.utils import timezone

from antrean.models import Panggilan, Tiket
from mpp_portal.models import Peristiwa, record
from mpp_portal.notifikasi import actions, sending
from mpp_portal.notifikasi.models import Langganan, Pesan
from tests import factories

from .servers import Mailbox, Sink, smtp


@dataclass
class Orang:
    """A person with a number, away from the hall."""

    tiket: Tiket

    def asks(self, kanal: str = "surel", tujuan: str = "budi@contoh.id", bahasa: str = "id") -> Langganan:
        visit = self.tiket.kunjungan
        given = {"mpp_id": visit.mpp_id, "kanal": kanal, "tujuan": tujuan, "bahasa": bahasa}
        return actions.subscribe("antrean.kunjungan", visit.pk, **given)

    def hears(self, jenis: str) -> Peristiwa:
        """Something happens to the number: the event is recorded as the queue's actions do it."""
        now = timezone.now()
        if jenis == "tiket.dipanggil":
            factories.Panggilan(tiket=self.tiket, at=now)
        visit = self.tiket.kunjungan
        return record(jenis, self.tiket, mpp_id=visit.mpp_id, about=visit, at=now)

    @property
    def loket(self) -> str:
        return str(Panggilan.objects.latest("urut").loket)


@pytest.fixture
def orang(db) -> Orang:
    return Orang(factories.Tiket())


@pytest.fixture(autouse=True)
def awake(settings):
    """Day and night, unless a test is about the night."""
    settings.KABAR_TENANG = ""


@pytest.fixture
def live(settings):
    """Function that switches channels on, and all others off: `live("surel")`."""

    def switch(*on: str) -> None:
        settings.KABAR_KANAL = {kanal: "hidup" if kanal in on else "mati" for kanal in settings.KABAR_KANAL}

    return switch


@pytest.fixture
def mailbox(live, settings):
    """A real SMTP server that the portal sends to; channel surel is on."""
    box = Mailbox()
    controller = smtp(box)
    controller.start()
    live("surel")
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = controller.port
    settings.EMAIL_TIMEOUT = 0.5
    settings.PORTAL_URL = "https://mpp.contoh.id"
    yield box
    controller.stop()


@pytest.fixture
def sink(settings):
    """A real HTTP server on this machine, which the portal may call."""
    server = Sink()
    settings.KABAR_PRIVATE_HOSTS = ["127.0.0.1"]
    yield server
    server.stop()


def later() -> int:
    """Let the waiting messages' time come, and drain; returns how many were handled."""
    Pesan.objects.waiting().update(next_try_at=timezone.now() - timedelta(seconds=1))
    return sending.drain()


def states() -> list[tuple[str, int]]:
    return list(Pesan.objects.order_by("pk").values_list("status", "attempts"))
