"""Several people on one phone: one contact, each with a time, a code and a page of their own."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from antrean.models import Kunjungan, Pemesanan
from mpp_portal.notifikasi.models import Langganan
from tests import factories

pytestmark = pytest.mark.django_db


def text(response) -> str:
    return response.content.decode()


@pytest.fixture
def slot(hall):
    factories.PolaJadwal(antrean=hall.antrean)
    return factories.Slot(antrean=hall.antrean, kapasitas=9)


@pytest.fixture
def phone():
    cache.clear()
    return Client()


@pytest.fixture
def mother(hall, slot, phone) -> Pemesanan:
    held = phone.post(f"{hall.url('book')}{slot.tanggal}/", {"slot": slot.pk, "kunci": "ibu"})
    phone.post(held.url, {"nama": "Sari Contoh", "kontak": "0812 3456 7890", "prioritas": ""})
    return Pemesanan.objects.get()


def url_along(row):
    return reverse("antrean:along_times", args=[row.kunjungan.rahasia, row.pk, row.tanggal])


def add(phone, row, nama, *, key="", slot=None):
    held = phone.post(url_along(row), {"slot": (slot or row.slot).pk, "kunci": key or nama})
    if held.status_code != 302:
        return held
    return phone.post(held.url, {"nama": nama, "prioritas": ""}, follow=True)


def test_a_second_person_needs_only_a_name_and_has_a_page_of_their_own(phone, mother):
    assert url_along(mother) in text(phone.get(mother.kunjungan.get_absolute_url()))
    held = phone.post(url_along(mother), {"slot": mother.slot_id, "kunci": "anak"})
    form = text(phone.get(held.url))
    assert "0812•••7890" in form
    assert 'name="kontak"' not in form
    assert "81234567890" not in form

    page = text(phone.post(held.url, {"nama": "Budi Contoh", "prioritas": ""}, follow=True))

    child = Pemesanan.objects.get(nama="Budi Contoh")
    assert (child.status, child.kontak, child.urut_kontak) == ("dipesan", mother.kontak, 2)
    assert child.kunjungan != mother.kunjungan
    assert mother.kunjungan.get_absolute_url() in page
    assert child.kunjungan.get_absolute_url() in text(phone.get(mother.kunjungan.get_absolute_url()))
    assert Langganan.objects.get(subjek_id=child.kunjungan_id).tujuan == mother.kontak


def test_everybody_sees_the_others_whoever_of_them_was_booked_from(phone, mother):
    add(phone, mother, "Budi Contoh")
    child = Pemesanan.objects.get(nama="Budi Contoh")
    add(phone, child, "Ani Contoh")
    assert Kunjungan.objects.filter(rombongan=mother.kunjungan).count() == 2
    for visit in Kunjungan.objects.all():
        page = text(phone.get(visit.get_absolute_url()))
        others = Kunjungan.objects.exclude(pk=visit.pk)
        assert all(other.get_absolute_url() in page for other in others)


def test_a_fifth_person_is_refused_before_a_name_is_typed(phone, mother):
    for name in ("Budi", "Ani", "Tono"):
        add(phone, mother, f"{name} Contoh")
    fifth = add(phone, mother, "Kelima Contoh")
    assert fifth.status_code == 409
    assert "dapat dipakai untuk 4 orang sehari" in text(fifth)
    assert Pemesanan.objects.count() == 4


def test_the_same_person_twice_is_refused_and_what_was_typed_stays(phone, mother):
    held = phone.post(url_along(mother), {"slot": mother.slot_id, "kunci": "lagi"})
    page = phone.post(held.url, {"nama": "sari contoh", "prioritas": ""})
    assert page.status_code == 409
    assert "sudah punya jadwal layanan itu" in text(page)
    assert 'value="sari contoh"' in text(page)


def test_another_day_can_be_chosen_and_who_moves_stays_in_the_group(phone, hall, mother):
    from antrean import actions

    add(phone, mother, "Budi Contoh")
    later = factories.Slot(antrean=hall.antrean, mulai=mother.slot.mulai.replace(day=1, month=1, year=2099))
    days = text(phone.get(reverse("antrean:along_days", args=[mother.kunjungan.rahasia, mother.pk])))
    assert "Orang berikutnya datang hari apa?" in days
    assert url_along(mother) in days
    later.opens_at = mother.slot.opens_at
    later.save()
    moved = actions.reschedule(mother, later)
    child = Pemesanan.objects.get(nama="Budi Contoh")
    assert moved.kunjungan.get_absolute_url() in text(phone.get(child.kunjungan.get_absolute_url()))


def test_who_cancelled_leaves_the_group_and_cannot_bring_others(phone, mother):
    from antrean import actions

    add(phone, mother, "Budi Contoh")
    child = Pemesanan.objects.get(nama="Budi Contoh")
    actions.cancel_booking(mother)
    assert mother.kunjungan.get_absolute_url() not in text(phone.get(child.kunjungan.get_absolute_url()))
    assert phone.get(url_along(mother)).status_code == 404
    assert add(phone, mother, "Ani Contoh").status_code == 404
