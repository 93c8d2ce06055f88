"""A NIK is asked only where the layanan needs it, found by its hash, shown masked, and opened under one's name."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from antrean import actions
from antrean.models import DaftarTunggu, Pemesanan
from mpp_portal.models import Peristiwa
from mpp_portal.notifikasi.models import Pesan
from tests import factories
from tests.antrean.hall import logged_in, staff

pytestmark = pytest.mark.django_db
NIK = "7471010101900000"
SARI = {"nama": "Sari Contoh", "kontak": "sari@contoh.id", "prioritas": "", "nik": "7471 0101 0190 0000"}


def text(response) -> str:
    return response.content.decode()


@pytest.fixture
def slot(hall):
    cache.clear()
    hall.layanan.perlu_nik = True
    hall.layanan.save()
    factories.PolaJadwal(antrean=hall.antrean)
    return factories.Slot(antrean=hall.antrean, kapasitas=5)


def send(hall, slot, key="k", **given):
    client = Client()
    held = client.post(f"{hall.url('book')}{slot.tanggal}/", {"slot": slot.pk, "kunci": key})
    return client.post(held.url, SARI | given)


@pytest.fixture
def booked(hall, slot) -> Pemesanan:
    assert send(hall, slot).status_code == 302
    return Pemesanan.objects.get(status="dipesan")


def nik_url(row) -> str:
    return reverse("antrean:nik", args=[row.pk])


def test_it_is_asked_where_the_layanan_needs_it_and_nowhere_else(hall, slot):
    client = Client()
    held = client.post(f"{hall.url('book')}{slot.tanggal}/", {"slot": slot.pk, "kunci": "k"})
    assert 'inputmode="numeric"' in text(client.get(held.url))
    hall.layanan.perlu_nik = False
    hall.layanan.save()
    assert 'name="nik"' not in text(client.get(held.url))
    assert client.post(held.url, SARI).status_code == 302
    assert Pemesanan.objects.get(status="dipesan").nik == ""


def test_what_was_typed_wrongly_gets_a_sentence_and_stays(hall, slot):
    page = text(send(hall, slot, nik="7471 0101"))
    assert "NIK terdiri dari 16 angka, yang ditulis 8 angka" in page
    assert 'value="7471 0101"' in page
    assert 'value="Sari Contoh"' in page


def test_its_holder_sees_it_masked(booked):
    page = text(Client().get(booked.kunjungan.get_absolute_url()))
    assert "7471••••••••0000" in page
    assert NIK not in page
    assert booked.nik == NIK


def test_one_nik_has_one_booking_whatever_the_name_and_the_refusal_tells_nothing(hall, slot, booked):
    page = send(hall, slot, key="lain", nama="Orang Lain", kontak="lain@contoh.id")
    assert page.status_code == 409
    assert "Dengan data itu tidak bisa" in text(page)
    assert "sari@contoh.id" not in text(page)
    assert Pesan.objects.filter(peristiwa__jenis="pemesanan.diingatkan", subjek_id=booked.kunjungan_id).count() == 1
    assert send(hall, slot, key="kakak", nik="7471 0101 0191 0000").status_code == 302


def test_it_goes_along_when_the_booking_moves_or_comes_from_the_waiting_list(hall, slot, booked):
    later = factories.Slot(antrean=hall.antrean, kapasitas=1, mulai=slot.selesai)
    assert actions.reschedule(booked, later).nik == NIK
    slot.refresh_from_db()
    type(slot).objects.filter(pk=slot.pk).update(kapasitas=slot.terisi)
    url = f"{hall.url('book')}{slot.tanggal}/tunggu/"
    assert Client().post(url, SARI | {"nik": "7471010101920000", "kunci": "t"}).status_code == 302
    waiting = DaftarTunggu.objects.get()
    assert waiting.nik == "7471010101920000"
    type(slot).objects.filter(pk=slot.pk).update(kapasitas=slot.terisi + 1)
    actions.offer_places()
    waiting.refresh_from_db()
    assert actions.accept(waiting).nik == "7471010101920000"


def test_the_desk_opens_it_under_its_name(hall, booked):
    user = factories.Penugasan(peran="petugas_informasi", mpp=hall.mpp).pengguna
    client = logged_in(user)
    masked = text(client.get(nik_url(booked)))
    assert ("7471••••••••0000" in masked, NIK in masked) == (True, False)
    assert Peristiwa.objects.about(booked).filter(jenis="pemesanan.nik_dibuka").count() == 0

    assert NIK in text(client.post(nik_url(booked)))

    seen = Peristiwa.objects.about(booked).get(jenis="pemesanan.nik_dibuka")
    assert (seen.oleh, seen.ke) == (user, "")


def test_a_loket_opens_it_only_for_its_own_gerai_on_the_day(hall, booked):
    own = logged_in(hall.petugas)
    assert own.get(nik_url(booked)).status_code == 404  # the booking is for tomorrow
    Pemesanan.objects.filter(pk=booked.pk).update(tanggal=hall.mpp.today())
    type(booked.slot).objects.filter(pk=booked.slot_id).update(tanggal=hall.mpp.today())
    assert NIK in text(own.post(nik_url(booked)))
    neighbour = staff("petugas_loket", gerai=factories.Gerai(mpp=hall.mpp))
    assert neighbour.post(nik_url(booked)).status_code == 404


def test_strangers_and_other_malls_do_not_find_it(hall, booked):
    assert Client().get(nik_url(booked)).status_code == 302
    assert staff("petugas_informasi", mpp=factories.Mpp()).post(nik_url(booked)).status_code == 404
    assert staff("pengelola", mpp=hall.mpp).post(nik_url(booked)).status_code == 404
    plain = factories.Pemesanan(slot=booked.slot)
    assert staff("petugas_informasi", mpp=hall.mpp).get(nik_url(plain)).status_code == 404


def test_no_log_or_event_carries_it(hall, booked):
    assert not Peristiwa.objects.filter(ke__contains="7471").exists()
    assert NIK not in booked.orang
