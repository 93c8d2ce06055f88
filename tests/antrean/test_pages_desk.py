"""The information desk: numbers for who has no phone, tickets found, people brought back; in one's own mall only."""

import pytest
from django.test import Client
from django.urls import reverse

from antrean.models import Tiket
from mpp_portal.models import Peristiwa
from tests import factories
from tests.antrean.hall import staff


def text(response) -> str:
    return " ".join(response.content.decode().split())


@pytest.fixture
def greeter(hall):
    return staff("petugas_informasi", mpp=hall.mpp)


def desk_url(hall) -> str:
    return reverse("antrean:desk", args=[hall.mpp.slug])


def test_a_guest_without_a_phone_gets_a_number_on_paper(hall, greeter):
    page = text(greeter.get(desk_url(hall), {"q": hall.layanan.jenis.nama}))
    assert hall.url("give") in page
    response = greeter.post(hall.url("give"), {"kunci": "satu", "prioritas": "balita"}, follow=True)
    tiket = Tiket.objects.get()
    assert (tiket.label, tiket.asal, tiket.prioritas, tiket.kunjungan.tamu) == ("A-001", "meja", "balita", "")
    assert Peristiwa.objects.about(tiket).get().oleh_id == int(greeter.session["_auth_user_id"])
    paper = text(response)
    assert "Serahkan karcis ini" in paper
    assert "membawa balita" in paper
    assert tiket.kunjungan.get_absolute_url() in paper
    assert "<svg" in paper
    assert "css/karcis." in paper


def test_two_guests_are_two_visits_and_a_second_tap_is_one(hall, greeter):
    for key in ("satu", "satu", "dua"):
        greeter.post(hall.url("give"), {"kunci": key})
    assert list(Tiket.objects.order_by("nomor").values_list("label", flat=True)) == ["A-001", "A-002"]
    assert len(set(Tiket.objects.values_list("kunjungan", flat=True))) == 2


def test_a_refusal_stays_on_the_form(hall, greeter):
    hall.antrean.kuota_harian = 0
    hall.antrean.save()
    assert "Kuota hari ini sudah habis" in text(greeter.get(hall.url("give")))
    response = greeter.post(hall.url("give"), {"kunci": "satu", "prioritas": "lansia"})
    assert response.status_code == 409
    assert "Kuota hari ini sudah habis" in text(response)
    assert not Tiket.objects.exists()


def test_a_form_with_errors_gives_nothing(hall, greeter):
    assert "Formulir ini tidak lengkap terkirim" in text(greeter.post(hall.url("give"), {}))
    assert not Tiket.objects.exists()


def test_a_service_without_a_line_sends_the_guest_to_the_gerai(hall, greeter):
    other = factories.Layanan(gerai=hall.gerai)
    assert "antar tamu ke gerainya" in text(greeter.get(hall.url("give", other)))
    greeter.post(hall.url("give", other), {"kunci": "satu"})
    assert not Tiket.objects.exists()


def test_a_ticket_is_found_by_number_or_code(hall, greeter):
    tiket = hall.ticket()
    url = reverse("antrean:desk_tiket", args=[hall.mpp.slug, tiket.pk])
    for code in ("a-001", "A1", tiket.kunjungan.kode.lower()):
        assert url in text(greeter.get(desk_url(hall), {"kode": code}))
    assert "Tidak ada karcis hari ini" in text(greeter.get(desk_url(hall), {"kode": "Z-999"}))


def test_who_was_passed_over_is_brought_back(hall, greeter):
    hall.open()
    tiket = hall.ticket()
    for _call in range(2):
        hall.do("call_next")
        hall.do("absent")
    assert "Tamu sudah kembali" in text(greeter.get(reverse("antrean:desk_tiket", args=[hall.mpp.slug, tiket.pk])))
    url = reverse("antrean:desk_come_back", args=[hall.mpp.slug, tiket.pk])
    assert "Nomor A-001 kembali dalam antrean." in text(greeter.post(url, follow=True))
    tiket.refresh_from_db()
    assert tiket.status == "menunggu"
    assert "Muat ulang halaman" in text(greeter.post(url, follow=True))


def test_the_desk_postpones_and_marks_who_needs_assistance(hall, greeter):
    tiket = hall.ticket()
    page = reverse("antrean:desk_tiket", args=[hall.mpp.slug, tiket.pk])
    mark = reverse("antrean:desk_assist", args=[hall.mpp.slug, tiket.pk])
    assert "Tandai perlu pendampingan" in text(greeter.get(page))
    assert "A-001 perlu didampingi." in text(greeter.post(mark, {"perlu": "ya"}, follow=True))
    assert "Tidak perlu lagi" in text(greeter.get(page))
    assert "tidak lagi perlu didampingi" in text(greeter.post(mark, {"perlu": "tidak"}, follow=True))
    step = reverse("antrean:desk_postpone", args=[hall.mpp.slug, tiket.pk])
    assert "Tamu sudah kembali" in text(greeter.post(step, follow=True))
    tiket.refresh_from_db()
    assert (tiket.status, tiket.pendampingan) == ("ditunda", False)


def test_the_desk_of_another_mall_does_not_exist(hall):
    other = factories.Mpp()
    tiket = hall.ticket()
    urls = [
        desk_url(hall),
        hall.url("give"),
        reverse("antrean:desk_tiket", args=[hall.mpp.slug, tiket.pk]),
    ]
    strangers = [
        staff("petugas_informasi", mpp=other),
        staff("petugas_loket", gerai=hall.gerai),
        staff("pengelola", mpp=hall.mpp),
    ]
    for client in strangers:
        assert [client.get(url).status_code for url in urls] == [404, 404, 404]
        assert client.post(hall.url("give"), {"kunci": "satu"}).status_code == 404
    greeter = staff("penyelia", mpp=other)
    assert greeter.get(reverse("antrean:desk_tiket", args=[other.slug, tiket.pk])).status_code == 404
    assert Tiket.objects.count() == 1
    assert Client().get(urls[0]).url.startswith(reverse("account_login"))


def test_tickets_found_cost_the_same_for_one_and_for_three(hall, greeter, django_assert_num_queries):
    visit = hall.ticket().kunjungan
    greeter.get(desk_url(hall))
    with django_assert_num_queries(5):
        greeter.get(desk_url(hall), {"kode": visit.kode})
    for huruf in "FH":
        line = factories.Antrean(gerai=factories.Gerai(mpp=hall.mpp), huruf=huruf)
        factories.Tiket(antrean=line, kunjungan=visit)
    with django_assert_num_queries(5):
        page = text(greeter.get(desk_url(hall), {"kode": visit.kode}))
    assert page.count("regang tabular") == 3
