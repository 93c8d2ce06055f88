"""The desk books for a guest, also for one without a phone; in its own mall only, named in the history."""

import pytest
from django.test import Client
from django.urls import reverse

from antrean import actions
from antrean.models import Pemesanan
from mpp_portal.models import Peristiwa
from mpp_portal.notifikasi.models import Langganan
from tests import factories
from tests.antrean.hall import staff

pytestmark = pytest.mark.django_db


def text(response) -> str:
    return " ".join(response.content.decode().split())


@pytest.fixture
def slot(hall):
    factories.PolaJadwal(antrean=hall.antrean)
    return factories.Slot(antrean=hall.antrean, kapasitas=2)


@pytest.fixture
def greeter(hall):
    return staff("petugas_informasi", mpp=hall.mpp)


def times_url(hall, slot) -> str:
    return f"{hall.url('desk_days')}{slot.tanggal}/"


def book(greeter, hall, slot, key="satu", **given):
    held = greeter.post(times_url(hall, slot), {"slot": slot.pk, "kunci": key})
    assert held.status_code == 302, text(held)
    return greeter.post(held.url, {"nama": "Pak Contoh", "kontak": "", "prioritas": "lansia"} | given, follow=True)


def test_a_guest_without_a_phone_leaves_with_a_time_on_paper(hall, slot, greeter):
    assert hall.url("desk_days") in text(greeter.get(hall.url("give")))
    assert times_url(hall, slot) in text(greeter.get(hall.url("desk_days")))
    paper = text(book(greeter, hall, slot))
    row = Pemesanan.objects.get()
    assert (row.status, row.nama, row.kontak, row.urut_kontak, row.prioritas) == (
        "dipesan", "Pak Contoh", "", None, "lansia",
    )  # fmt: skip
    assert row.kunjungan.kode in paper
    assert "<svg" in paper
    petugas = int(greeter.session["_auth_user_id"])
    assert set(Peristiwa.objects.about(row).values_list("oleh", flat=True)) == {petugas}
    assert Langganan.objects.count() == 0


def test_two_guests_of_one_name_without_a_phone_both_get_a_time(hall, slot, greeter):
    book(greeter, hall, slot)
    book(greeter, hall, slot, key="dua")
    assert Pemesanan.objects.filter(status="dipesan").count() == 2


def test_a_guest_with_an_address_is_told_there_and_counted_like_anybody(hall, slot, greeter):
    book(greeter, hall, slot, kontak="0812 3456 7890")
    row = Pemesanan.objects.get()
    assert (row.kontak, row.urut_kontak) == ("+6281234567890", 1)
    assert Langganan.objects.get().subjek_id == row.kunjungan_id
    again = book(greeter, hall, slot, key="dua", kontak="0812 3456 7890")
    assert again.status_code == 409
    assert "sudah punya jadwal layanan itu" in text(again)


def test_a_wrong_address_is_said_and_what_was_typed_stays(hall, slot, greeter):
    page = text(book(greeter, hall, slot, kontak="12"))
    assert "Nomor WhatsApp terdiri dari 10–13 angka" in page
    assert 'value="Pak Contoh"' in page


def test_a_full_time_is_said(hall, slot, greeter):
    for n in range(2):
        factories.Pemesanan(slot=slot, layanan=hall.layanan, sidik_kontak=f"k{n}")
    late = greeter.post(times_url(hall, slot), {"slot": slot.pk, "kunci": "k"})
    assert late.status_code == 409
    assert "baru saja penuh" in text(late)


def test_a_booking_without_an_address_moves_too(hall, slot, greeter):
    book(greeter, hall, slot)
    other = factories.Slot(antrean=hall.antrean, mulai=slot.selesai)
    new = actions.reschedule(Pemesanan.objects.get(), other)
    assert (new.status, new.kontak, new.urut_kontak) == ("dipesan", "", None)


def test_the_desk_of_another_mall_and_who_is_no_petugas_see_nothing(hall, slot):
    row = factories.Pemesanan(slot=slot, layanan=hall.layanan)
    url = reverse("antrean:desk_booking", args=[hall.mpp.slug, row.pk])
    elsewhere = staff("petugas_informasi", mpp=factories.Mpp())
    for path in (hall.url("desk_days"), times_url(hall, slot), url):
        assert elsewhere.get(path).status_code == 404
        assert Client().get(path).status_code == 302
