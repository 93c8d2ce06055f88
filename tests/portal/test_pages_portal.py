"""Home, Lacak, the staff's first page, and what people read when something went wrong."""

import pytest
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import reverse

from layanan.models import Peran
from mpp_portal import errors, portal
from tests import factories
from tests.client import Page, PageClient

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser():
    return PageClient()


def read(response: HttpResponse, status: int) -> str:
    assert response.status_code == status
    return response.content.decode()


def test_home_asks_one_question_and_works_without_a_catalogue(browser):
    page = read(browser.get("/"), 200)
    assert page.count("<h1") == 1
    assert "Mau urus apa?" in page
    assert "Katalog layanan belum diisi." in page


def test_home_leads_to_life_events_and_to_the_malls_that_run_here(browser):
    running, listed = factories.Mpp(nama="MPP Berjalan"), factories.Mpp(nama="MPP Tercatat", aktif=False)
    factories.JenisLayanan()
    page = read(browser.get("/"), 200)
    assert reverse("layanan:life_event", args=["identitas"]) in page
    assert running.get_absolute_url() in page
    assert listed.nama not in page
    assert "2 MPP menurut provinsi" in page


def test_an_unknown_code_is_told_what_codes_look_like(browser):
    page = read(browser.get("/lacak/", {"kode": "bukan <kode>"}), 404)
    assert "bukan &lt;kode&gt;" in page
    shapes = portal.code_shapes()
    assert shapes
    assert all(str(shape) in page for shape in shapes)


def test_a_code_goes_to_whoever_knows_it(browser, monkeypatch):
    monkeypatch.setattr(portal, "_trackers", [])
    portal.tracker(r"UJI-\d{4}", looks_like="Uji: UJI-0042")(
        lambda request, code: f"/cari/?q={code}" if code == "UJI-0042" else None
    )
    assert browser.get("/lacak/", {"kode": " uji-0042 "}).headers["Location"] == "/cari/?q=UJI-0042"
    for unknown in ("UJI-0043", "UJI-42", "XUJI-0042"):
        assert "Uji: UJI-0042" in read(browser.get("/lacak/", {"kode": unknown}), 404)


def test_panels_stand_in_order_and_the_silent_ones_are_left_out(monkeypatch):
    monkeypatch.setattr(portal, "_panels", portal.defaultdict(list))
    portal.panel("gerai", order=20)(lambda request, gerai_id: portal.Panel("b.html", {"gerai": gerai_id}))
    portal.panel("gerai", order=10)(lambda request, gerai_id: portal.Panel("a.html"))
    portal.panel("gerai")(lambda request, gerai_id: None)
    made = portal.panels("gerai", RequestFactory().get("/"), gerai_id=7)
    assert [panel.template for panel in made] == ["a.html", "b.html"]
    assert made[1].context == {"gerai": 7}
    with pytest.raises(ValueError, match="no place for panels"):
        portal.panel("loteng")


def test_staff_begin_with_their_work_or_with_a_sentence(browser):
    assert browser.get("/petugas/").headers["Location"] == "/akun/login/?next=/petugas/"
    browser.force_login(factories.Pengguna())
    assert "belum diberi tugas" in read(browser.get("/petugas/"), 200)
    desk = factories.Penugasan(peran=Peran.PETUGAS_INFORMASI)
    browser.force_login(desk.pengguna)
    page = read(browser.get("/petugas/"), 200)
    assert desk.mpp.nama in page
    assert "belum diberi tugas" not in page


def test_a_wrong_address_suggests_near_names(browser):
    jenis = factories.JenisLayanan(slug="ktp-hilang", nama="Penggantian KTP-el hilang")
    page = read(browser.get("/layanan/ktp-hilan/"), 404)
    assert jenis.get_absolute_url() in page
    assert "Mungkin maksud Anda" in page
    assert "Mungkin maksud Anda" not in read(browser.get("/qqqqq/"), 404)


@pytest.mark.parametrize(("prefix", "lang"), [("", "id"), ("/en", "en")])
def test_a_wrong_address_is_answered_in_its_language(browser, prefix, lang):
    assert Page(read(browser.get(f"{prefix}/tidak/ada/"), 404)).lang == lang


def test_an_expired_form_says_that_nothing_was_saved():
    browser = PageClient(enforce_csrf_checks=True)
    page = read(browser.post("/akun/login/", {"login": "a", "password": "b"}), 403)
    assert "sudah kedaluwarsa" in page


def test_a_failure_answers_without_the_database(django_assert_num_queries):
    with django_assert_num_queries(0):
        page = read(errors.server_error(RequestFactory().get("/")), 500)
        assert "Bukan salah Anda" in page
        page = read(errors.bad_request(RequestFactory().get("/"), ValueError()), 400)
        assert "tidak dapat kami baca" in page


def test_while_the_database_is_away_people_read_that_it_comes_back_and_programs_when():
    def away(*_args):
        raise OperationalError("server closed the connection unexpectedly")

    browser = PageClient(raise_request_exception=False)
    for send, offered in (
        (browser.get, 'href="/cari/?q=ktp"'),
        (browser.post, "satu formulir hanya tercatat satu kali"),
    ):
        with connection.execute_wrapper(away):
            answer = send("/cari/?q=ktp")
        assert answer.headers["Retry-After"] == "5"
        assert offered in read(answer, 503)
    assert browser.get("/cari/?q=ktp").status_code == 200


def test_login_page_keeps_where_people_wanted_to_go(browser):
    page = read(browser.get("/akun/login/?next=/petugas/"), 200)
    assert 'name="next" value="/petugas/"' in page
    page = read(browser.post("/akun/login/", {"login": "tidak.ada", "password": "salah"}), 200)
    assert "Masuk sebagai petugas" in page


def test_reports_page_begins_with_the_emergency_numbers(browser):
    page = read(browser.get("/pengaduan/"), 200)
    numbers = [page.index(f'href="tel:{number}"') for number in (112, 110, 119, 113)]
    assert numbers == sorted(numbers)
    assert page.index("1708") > numbers[-1]
