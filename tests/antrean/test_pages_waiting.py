"""The waiting list as people meet it: from a full day to a place of their own, by pages alone."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from antrean import actions
from antrean.models import DaftarTunggu, Pemesanan, Slot
from tests import factories

pytestmark = pytest.mark.django_db
BUDI = {"nama": "Budi Contoh", "kontak": "0812-3456-7891", "prioritas": "lansia", "kunci": "k1"}


def text(response) -> str:
    return response.content.decode()


@pytest.fixture
def slot(hall) -> Slot:
    """Tomorrow at this hour, for one person: taken by Sari."""
    cache.clear()
    factories.PolaJadwal(antrean=hall.antrean)
    slot = factories.Slot(antrean=hall.antrean, kapasitas=1)
    factories.Pemesanan(slot=slot)
    return slot


@pytest.fixture
def url(hall, slot) -> str:
    return f"{hall.url('book')}{slot.tanggal}/tunggu/"


def join(url, client=None, **given) -> DaftarTunggu:
    assert (client or Client()).post(url, BUDI | given).status_code == 302
    return DaftarTunggu.objects.select_related("kunjungan").latest("pk")


def page_of(row) -> str:
    return text(Client().get(row.kunjungan.get_absolute_url()))


def offer_url(row) -> str:
    return reverse("antrean:offer", args=[row.kunjungan.rahasia, row.pk])


def test_a_full_day_leads_to_its_waiting_list(hall, slot, url):
    assert url in text(Client().get(hall.url("book")))
    assert url in text(Client().get(f"{hall.url('book')}{slot.tanggal}/"))
    page = text(Client().get(url))
    assert "Mau menunggu tempat kosong?" in page
    assert "Anda yang pertama" in page
    assert page.count("btn-primary btn-besar") == 1


def test_a_day_with_room_leads_to_its_times(hall, slot, url):
    Slot.objects.update(kapasitas=2)
    assert url not in text(Client().get(hall.url("book")))
    assert Client().get(url).url == f"{hall.url('book')}{slot.tanggal}/"
    page = Client().post(url, BUDI)
    assert page.status_code == 409
    assert "masih ada tempat" in text(page)
    assert 'value="Budi Contoh"' in text(page)


def test_one_joins_sees_the_place_in_the_list_and_takes_what_is_offered(slot, url):
    first = join(url)
    assert (first.kontak, first.prioritas, first.status) == ("+6281234567891", "lansia", "menunggu")
    second = join(url, nama="Ani Contoh", kunci="k2")
    assert "Anda urutan pertama" in page_of(first)
    assert "1 orang menunggu di depan Anda" in page_of(second)
    assert "Belum" not in text(Client().get(offer_url(first)))

    actions.cancel_booking(Pemesanan.objects.get(nama="Sari Contoh"))

    assert offer_url(first) in page_of(first)
    assert "Ada tempat untuk Anda" in page_of(first)
    assert "Anda urutan pertama" in page_of(second)
    asked = text(Client().get(offer_url(first)))
    assert "Ambil tempat ini?" in asked
    taken = text(Client().post(offer_url(first), {"jawab": "ambil"}, follow=True))
    assert "Jadwal Anda sudah dipesan" in taken
    assert "Daftar tunggu" not in taken
    assert Pemesanan.objects.get(nama="Budi Contoh").status == "dipesan"
    assert Client().get(offer_url(first)).status_code == 404


def test_a_place_that_is_let_go_is_offered_to_the_next(slot, url):
    first, second = join(url), join(url, nama="Ani Contoh", kunci="k2")
    actions.cancel_booking(Pemesanan.objects.get(nama="Sari Contoh"))
    page = text(Client().post(offer_url(first), {"jawab": "lepas"}, follow=True))
    assert "Anda sudah berhenti menunggu" in page
    assert "Ada tempat untuk Anda" in page_of(second)


def test_one_may_stop_waiting(slot, url):
    row = join(url)
    assert "Berhenti menunggu?" in text(Client().get(offer_url(row)))
    assert "Anda sudah berhenti menunggu" in text(Client().post(offer_url(row), {"jawab": "lepas"}, follow=True))
    row.refresh_from_db()
    assert row.status == "batal"


def test_taking_before_there_is_a_place_says_so(slot, url):
    row = join(url)
    page = text(Client().post(offer_url(row), {"jawab": "ambil"}, follow=True))
    assert "Belum ada tempat kosong" in page
    row.refresh_from_db()
    assert row.status == "menunggu"


def test_an_offer_that_passed_is_shown_as_such(slot, url):
    row = join(url)
    actions.cancel_booking(Pemesanan.objects.get(nama="Sari Contoh"))
    actions.lapse_bookings(now=timezone.now() + timedelta(hours=12))
    assert "sudah diberikan kepada orang berikutnya" in page_of(row)
    assert offer_url(row) not in page_of(row)


def test_the_wait_of_another_visit_is_not_found(slot, url):
    row, other = join(url), join(url, nama="Ani Contoh", kunci="k2")
    foreign = reverse("antrean:offer", args=[other.kunjungan.rahasia, row.pk])
    assert Client().get(foreign).status_code == 404
    assert Client().post(foreign, {"jawab": "lepas"}).status_code == 404


def test_what_is_missing_is_said_beside_the_field(slot, url):
    page = text(Client().post(url, {"nama": "", "kontak": "0812", "kunci": "k"}))
    assert "Tulis nama orang yang akan dilayani" in page
    assert 'value="0812"' in page
    assert DaftarTunggu.objects.count() == 0


def test_a_second_tap_leads_to_the_same_page(slot, url):
    client = Client()
    client.get(url)
    assert join(url, client) == join(url, client)
    assert DaftarTunggu.objects.count() == 1


def test_one_phone_cannot_fill_the_list(slot, url):
    client = Client()
    client.get(url)
    for n in range(20):
        client.post(url, BUDI | {"kunci": f"k{n}", "nama": f"Orang {n} Contoh", "kontak": f"orang{n}@contoh.id"})
    page = client.post(url, BUDI)
    assert (page.status_code, DaftarTunggu.objects.count()) == (409, 20)
    assert "sudah sering memilih jadwal" in text(page)
