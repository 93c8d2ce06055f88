"""Who is at another loket when their turn comes is passed over for a while, and the petugas reads why."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from antrean import actions
from antrean.models import Antrean
from tests import factories
from tests.antrean.hall import logged_in


def text(response) -> str:
    return " ".join(response.content.decode().split())


class Elsewhere:
    """A loket of another gerai that the same person has a number for."""

    def __init__(self, hall) -> None:
        gerai = factories.Gerai(mpp=hall.mpp, lantai=1)
        self.loket = factories.Loket(gerai=gerai)
        self.line = factories.Antrean(
            gerai=gerai, huruf="R", layanan=[factories.Layanan(gerai=gerai)], loket=[self.loket]
        )
        self.petugas = factories.Penugasan(peran="petugas_loket", gerai=gerai).pengguna
        self.place = f"{self.loket}, {gerai.instansi.singkatan}"
        actions.open_loket(self.loket, by=self.petugas)

    def take(self, visit) -> None:
        line = Antrean.objects.giving().get(pk=self.line.pk)
        actions.take(line, line.layanan.get(), sender="meja", key=f"r{visit.pk}", asal="meja", visit=visit)

    def do(self, verb: str):
        return getattr(actions, verb)(self.loket, by=self.petugas)


@pytest.fixture
def there(hall):
    hall.open()
    return Elsewhere(hall)


def console(hall, client: Client | None = None) -> str:
    return text((client or logged_in(hall.petugas)).get(reverse("antrean:console", args=[hall.loket.pk])))


def test_the_petugas_reads_who_is_passed_over_and_where_they_are(hall, there):
    busy, free = hall.ticket(), hall.ticket()
    there.take(busy.kunjungan)
    there.do("call_next")
    sentence = f"A-001 dilewati sebentar: orangnya sedang di {there.place}."
    assert sentence in console(hall)
    client = logged_in(hall.petugas)
    page = text(client.post(reverse("antrean:step", args=[hall.loket.pk, "panggil"]), follow=True))
    assert f'<p class="konsol-nomor">{free.label}</p>' in page
    assert sentence in page
    there.do("start")
    there.do("finish")
    assert "dilewati sebentar" not in console(hall)
    hall.do("start")
    assert hall.do("finish_and_next") == busy


def test_who_waits_for_the_number_that_comes_first_is_named_with_it(hall, there):
    busy = hall.ticket()
    there.take(busy.kunjungan)
    first = busy.kunjungan.tiket.get(label="R-001")
    busy.prasyarat = first
    busy.save()
    page = console(hall)
    assert f"A-001 dilewati sebentar: menunggu R-001 di {there.line.gerai.instansi.singkatan} selesai." in page
    assert "Belum ada yang dapat dipanggil sekarang." in page
    there.do("call_next")
    assert f"A-001 dilewati sebentar: orangnya sedang di {there.place}." in console(hall)


def test_who_comes_later_than_the_next_is_not_mentioned(hall, there):
    hall.ticket()
    later = hall.ticket()
    there.take(later.kunjungan)
    there.do("call_next")
    assert "dilewati sebentar" not in console(hall)


def test_it_costs_the_same_for_one_and_for_three(hall, there):
    client = logged_in(hall.petugas)
    console(hall, client)  # what the first page of a session notes

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            page = console(hall, client)
        assert page.count("dilewati sebentar") == len(waiting)
        return len(seen)

    waiting = []
    counts = []
    for number in (1, 2):
        for _n in range(number):
            tiket = hall.ticket()
            there.take(tiket.kunjungan)
            tiket.prasyarat = tiket.kunjungan.tiket.get(label__startswith="R")
            tiket.save()
            waiting.append(tiket)
        counts.append(queries())
    assert counts[0] == counts[1]
