"""From a layanan's page to a booked time, and everything its holder may do with it by the secret link."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from antrean.models import Pemesanan, Slot, Tiket
from tests import factories
from tests.antrean.hall import staff

pytestmark = pytest.mark.django_db
SARI = {"nama": "Sari Contoh", "kontak": "0812-3456-7890", "prioritas": ""}


def text(response) -> str:
    return response.content.decode()


@pytest.fixture
def slot(hall) -> Slot:
    """Tomorrow at this hour, for one person."""
    factories.PolaJadwal(antrean=hall.antrean)
    return factories.Slot(antrean=hall.antrean, kapasitas=1)


@pytest.fixture
def today(hall) -> Pemesanan:
    """Sari's booking for this very minute."""
    slot = factories.Slot(antrean=hall.antrean, mulai=timezone.now())
    visit = factories.Kunjungan(mpp=hall.mpp)
    return factories.Pemesanan(slot=slot, layanan=hall.layanan, kunjungan=visit)


def times_url(hall, slot) -> str:
    return f"{hall.url('book')}{slot.tanggal}/"


def choose(client, hall, slot, key="kunci-1"):
    return client.post(times_url(hall, slot), {"slot": slot.pk, "kunci": key})


def book(hall, slot, client=None, **given) -> Pemesanan:
    client = client or Client()
    held = choose(client, hall, slot)
    assert client.post(held.url, SARI | given).status_code == 302
    return Pemesanan.objects.get(slot=slot, status="dipesan")


def test_the_page_of_a_layanan_leads_to_its_times(hall, slot):
    page = text(Client().get(hall.layanan.get_absolute_url()))
    assert hall.url("book") in page
    assert page.count("btn-primary btn-besar") == 1
    assert hall.url("take") in page


def test_days_say_in_words_what_is_free_and_why_not(hall, slot):
    closed = slot.tanggal + timedelta(days=1)
    start = slot.mulai + timedelta(days=1)
    factories.Slot(antrean=hall.antrean, mulai=start)
    midnight = hall.mpp.local(start).replace(hour=0, minute=0, second=0, microsecond=0)
    factories.Penutupan(mpp=hall.mpp, mulai=midnight, selesai=midnight + timedelta(days=1), alasan="Listrik padam")

    page = text(Client().get(hall.url("book")))

    assert times_url(hall, slot) in page
    assert "Ada tempat" in page
    assert "1 tempat" in page
    assert "Listrik padam" in page
    assert f"{hall.url('book')}{closed}/" not in page
    assert "Tanpa jadwal: datang langsung" in page  # today


def test_a_chosen_time_is_held_while_one_types_and_booked_then(hall, slot):
    phone = Client()
    held = choose(phone, hall, slot)
    assert held.status_code == 302
    assert "Jam ini ditahan untuk Anda sampai pukul" in text(phone.get(held.url))

    done = phone.post(held.url, SARI)

    row = Pemesanan.objects.get()
    assert (row.status, row.nama, row.kontak) == ("dipesan", "Sari Contoh", "+6281234567890")
    assert done.url == row.kunjungan.get_absolute_url()
    page = text(phone.get(done.url))
    assert "Untuk Sari Contoh" in page
    assert "Dipesan" in page
    assert row.kunjungan.kode in page
    assert "81234567890" not in page
    assert phone.get(held.url).url == done.url


def test_a_form_with_errors_keeps_what_was_typed(hall, slot):
    phone = Client()
    held = choose(phone, hall, slot)
    page = text(phone.post(held.url, {"nama": "Sari Contoh", "kontak": "12"}))
    assert "Nomor WhatsApp terdiri dari 10–13 angka" in page
    assert 'value="Sari Contoh"' in page
    assert Pemesanan.objects.get().status == "ditahan"


def test_a_time_that_was_taken_meanwhile_says_so_and_shows_the_others(hall, slot):
    other = factories.Slot(antrean=hall.antrean, mulai=slot.mulai + timedelta(minutes=1))
    choose(Client(), hall, slot)
    late = choose(Client(), hall, slot)
    assert late.status_code == 409
    assert "baru saja penuh" in text(late)
    assert f'value="{other.pk}"' in text(late)
    assert f'value="{slot.pk}"' not in text(late)


def test_a_slot_is_chosen_by_its_plain_number_however_many_there_are(hall, slot):
    late = factories.Slot(pk=1_234_567, antrean=hall.antrean, mulai=slot.mulai + timedelta(minutes=1))
    page = text(Client().get(times_url(hall, late)))
    assert 'value="1234567"' in page
    assert choose(Client(), hall, late).status_code == 302


def test_a_hold_that_ran_out_while_typing_is_said_and_can_still_be_sent(hall, slot):
    phone = Client()
    held = choose(phone, hall, slot)
    Pemesanan.objects.update(held_until=timezone.now() - timedelta(seconds=1))
    assert "Waktu mengisi sudah lewat 10 menit" in text(phone.get(held.url))
    assert phone.post(held.url, SARI).status_code == 302
    assert Pemesanan.objects.get().status == "dipesan"


def test_the_second_tap_holds_no_second_place(hall, slot):
    phone = Client()
    phone.get(times_url(hall, slot))
    first = choose(phone, hall, slot)
    again = choose(phone, hall, slot)
    assert again.url == first.url
    assert Pemesanan.objects.count() == 1


def test_one_device_cannot_hold_everything(hall, slot):
    cache.clear()
    phone = Client()
    phone.get(times_url(hall, slot))
    choose(phone, hall, slot)
    rows = [factories.Slot(antrean=hall.antrean, mulai=slot.mulai + timedelta(minutes=n)) for n in range(1, 21)]
    answers = [choose(phone, hall, row, key=f"k{row.pk}").status_code for row in rows]
    assert answers == [302] * 19 + [409]


@pytest.mark.parametrize("wrong", ["", "abc", "99999999999999999999", "-1"])
def test_a_slot_that_is_none_is_not_found(hall, slot, wrong):
    assert Client().post(times_url(hall, slot), {"slot": wrong, "kunci": "k"}).status_code == 404
    for day in ("besok", "2026-02-30", "9999-12-31", "2020-01-01"):
        assert Client().get(f"{hall.url('book')}{day}/").status_code == 404


def test_a_booking_is_given_back_by_its_link(hall, slot):
    row = book(hall, slot)
    url = reverse("antrean:cancel_booking", args=[row.kunjungan.rahasia, row.pk])
    assert "Batalkan jadwal ini?" in text(Client().get(url))
    page = text(Client().post(url, follow=True))
    assert "Jadwal ini sudah dibatalkan." in page
    assert hall.url("book") in page
    slot.refresh_from_db()
    assert slot.terisi == 0


def test_a_booking_moves_by_its_link(hall, slot):
    row = book(hall, slot)
    later = factories.Slot(antrean=hall.antrean, mulai=slot.mulai + timedelta(days=1))
    days = text(Client().get(reverse("antrean:move_days", args=[row.kunjungan.rahasia, row.pk])))
    url = reverse("antrean:move_times", args=[row.kunjungan.rahasia, row.pk, later.tanggal])
    assert url in days
    moved = Client().post(url, {"slot": later.pk})
    new = Pemesanan.objects.get(slot=later)
    assert moved.url == new.kunjungan.get_absolute_url()
    assert "Lihat jadwal yang baru" in text(Client().get(row.kunjungan.get_absolute_url()))
    assert Client().post(url, {"slot": later.pk}).url == moved.url  # a second tap
    assert Client().get(url).url == row.kunjungan.get_absolute_url()


def test_who_stands_in_the_hall_says_so_and_gets_the_number(hall, today):
    row = today
    url = reverse("antrean:book_arrive", args=[row.kunjungan.rahasia, row.pk])
    away = Client()
    assert "Pindai kode QR di aula" in text(away.get(url))
    assert away.post(url).status_code == 403
    assert Tiket.objects.count() == 0

    phone = hall.phone()
    assert "Saya sudah datang" in text(phone.get(url))
    page = text(phone.post(url, follow=True))

    tiket = Tiket.objects.get()
    assert (tiket.label, tiket.giliran_pada) == ("A-001", row.slot.mulai)
    assert "A-001" in page
    assert "Ubah jadwal" not in page
    clock = hall.mpp.local(row.slot.mulai).strftime("%H.%M")
    assert f'Jadwal Anda: <b class="tabular">pukul {clock}</b>. Giliran Anda menurut jam itu' in page
    Tiket.objects.update(giliran_pada=row.slot.mulai + timedelta(minutes=20))
    late = text(phone.get(row.kunjungan.get_absolute_url()))
    assert "Jam itu sudah lewat, maka gilirannya menurut waktu datang." in late


def test_the_hall_code_leads_back_to_who_wanted_to_say_it(hall, today):
    from antrean import presence

    row = today
    url = reverse("antrean:book_arrive", args=[row.kunjungan.rahasia, row.pk])
    phone = Client()
    phone.get(url)
    assert phone.get(reverse("antrean:arrive", args=[presence.code(hall.mpp)])).url == url


def test_the_desk_finds_a_booking_by_its_code_and_gives_the_number(hall, today):
    row = today
    desk = staff("petugas_informasi", mpp=hall.mpp)
    page = text(desk.get(reverse("antrean:desk", args=[hall.mpp.slug]), {"kode": row.kunjungan.kode.lower()}))
    assert "Sari Contoh" in page
    url = re.search(r'action="([^"]+/datang/)"', page)[1]
    assert desk.post(url).status_code == 302
    assert Tiket.objects.get().pemesanan == row


def test_the_desk_of_another_mall_does_not_find_it(hall, today):
    row = today
    other = factories.Mpp()
    desk = staff("petugas_informasi", mpp=other)
    page = text(desk.get(reverse("antrean:desk", args=[other.slug]), {"kode": row.kunjungan.kode}))
    assert "Sari" not in page
    assert desk.post(reverse("antrean:desk_arrive", args=[other.slug, row.pk])).status_code == 404


def test_pages_of_a_booking_ask_the_database_as_often_for_three_days_as_for_one(
    hall, slot, django_assert_num_queries, django_assert_max_num_queries
):
    with django_assert_max_num_queries(10) as first:
        Client().get(hall.url("book"))
    for n in (1, 2):
        factories.Slot(antrean=hall.antrean, mulai=slot.mulai + timedelta(days=n))
    with django_assert_num_queries(len(first)):
        Client().get(hall.url("book"))
