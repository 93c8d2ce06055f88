"""Asking to be told and stopping: from the ticket page, with and without JavaScript, with one link."""

import pytest
from django.db import OperationalError, connection
from django.template import Context, Template
from django.test import Client, RequestFactory

from mpp_portal.notifikasi import actions, addresses, sending, tokens, vapid
from mpp_portal.notifikasi.models import Langganan, Pesan
from tests.client import PageClient

from .conftest import states


@pytest.fixture
def page():
    return PageClient()


def path(orang, label="antrean.kunjungan"):
    visit = orang.tiket.kunjungan
    return f"/kabar/ikut/{tokens.sign(tokens.Subject(label, visit.pk, visit.mpp_id, visit.get_absolute_url()))}/"


def part(orang):
    """What the tag shows on the page of the visit."""
    request = RequestFactory().get("/")
    template = Template("{% load kabari %}{% kabari kunjungan %}")
    return template.render(Context({"request": request, "kunjungan": orang.tiket.kunjungan, "csrf_token": "x"}))


def test_a_number_and_an_address_are_stored_in_one_spelling_and_shown_masked(orang, page, live):
    live("whatsapp", "surel")
    answer = page.post(path(orang), {"whatsapp": "0812-3456 7890", "surel": "Budi@Contoh.ID"})

    assert (answer.status_code, answer.url) == (302, orang.tiket.kunjungan.get_absolute_url())
    rows = Langganan.objects.about("antrean.kunjungan", orang.tiket.kunjungan_id).order_by("kanal")
    assert [(row.kanal, row.tujuan, row.bahasa, row.masked) for row in rows] == [
        ("surel", "Budi@contoh.id", "id", "B•••@contoh.id"),
        ("whatsapp", "+6281234567890", "id", "0812•••7890"),
    ]
    assert {row.mpp_id for row in rows} == {orang.tiket.kunjungan.mpp_id}
    text = page.get(path(orang)).content.decode()
    assert "0812•••7890" in text
    assert "1234567890" not in text


@pytest.mark.parametrize("typed", ["0812", "08123456789012", "abc", "0212345678", "+6591234567", "0812 3456 789x"])
def test_what_is_no_mobile_number_is_explained_and_stays_typed(orang, page, live, typed):
    live("whatsapp")
    answer = page.post(path(orang), {"whatsapp": typed})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "Nomor WhatsApp terdiri dari 10–13 angka. Contoh: 0812 3456 7890." in text
    assert f'value="{typed}"' in text
    assert Langganan.objects.count() == 0


@pytest.mark.parametrize("typed", ["081234567890", "62 812-3456-7890", "+62 (812) 3456 7890"])
def test_people_write_numbers_in_many_ways(typed):
    assert addresses.phone(typed) == "+6281234567890"


def test_a_browser_may_send_the_form_and_tells_others_nothing_of_its_address(orang, page, live):
    """Under `no-referrer` browsers send `Origin: null`, which Django refuses."""
    live("surel")
    assert page.get(path(orang))["Referrer-Policy"] == "same-origin"


def test_an_empty_form_says_what_is_missing(orang, page, live):
    live("whatsapp", "surel")
    assert "Isi salah satu, supaya kami tahu ke mana mengabari Anda." in page.post(path(orang), {}).content.decode()


def test_only_channels_that_are_on_are_offered(orang, page, live):
    live("surel")
    text = page.get(path(orang)).content.decode()
    assert 'name="surel"' in text
    assert 'name="whatsapp"' not in text
    live()
    assert "belum tersedia di sini" in page.get(path(orang)).content.decode()


def test_the_part_of_the_page_offers_what_there_is(orang, live, settings):
    live("whatsapp")
    assert "/kabar/ikut/" in part(orang)
    assert "data-mpp-push" not in part(orang)
    live("webpush")
    settings.KABAR_VAPID_KEY = vapid.new_key()
    assert f'data-mpp-push-key="{vapid.public_key()}"' in part(orang)
    assert "/kabar/ikut/" not in part(orang)
    live()
    assert part(orang).strip() == ""


def test_a_database_that_fails_is_an_error_and_no_page_without_the_offer(orang, live):
    """`{% if … or … %}` takes an error for "no"."""
    live("surel")

    def lost(execute, sql, params, many, context):
        raise OperationalError("server closed the connection unexpectedly")

    with connection.execute_wrapper(lost), pytest.raises(OperationalError):
        part(orang)


def test_a_forged_token_opens_nothing(orang, page, live):
    live("surel")
    good = path(orang)
    assert page.get(good).status_code == 200
    assert page.get(good[:-5] + "xxxx/").status_code == 404


def test_nobody_is_flooded(orang, page, live):
    live("surel")
    for n in range(actions.PER_SUBJECT):
        assert page.post(path(orang), {"surel": f"{n}@contoh.id"}).status_code == 302
    answer = page.post(path(orang), {"surel": "lagi@contoh.id"})
    assert "Sudah ada 5 alamat yang dikabari." in answer.content.decode()
    assert Langganan.objects.count() == actions.PER_SUBJECT

    for pk in range(1000, 1000 + actions.PER_TARGET):
        given = {"mpp_id": 1, "kanal": "surel", "tujuan": "korban@contoh.id", "bahasa": "id"}
        actions.subscribe("antrean.kunjungan", pk, **given)
    with pytest.raises(actions.Refused, match="terlalu sering"):
        actions.subscribe("antrean.kunjungan", 999, **given)


def test_looking_at_the_stop_link_stops_nothing_and_its_button_stops(orang, page, live):
    live("surel")
    langganan = orang.asks()
    orang.hears("tiket.dipanggil")
    stop = f"/kabar/berhenti/{langganan.rahasia}/"

    text = page.get(stop).content.decode()
    assert "b•••@contoh.id" in text
    assert Langganan.objects.current().count() == 1

    assert "Anda tidak dikabari lagi" in page.post(stop).content.decode()
    assert Langganan.objects.current().count() == 0
    assert states() == [("batal", 0)]
    orang.hears("tiket.terlewat")
    assert Pesan.objects.count() == 1
    assert sending.drain() == 0


def test_a_mail_program_stops_with_one_click(orang, live):
    """RFC 8058: a POST without cookies, without a page seen before."""
    live("surel")
    langganan = orang.asks()
    stranger = Client(enforce_csrf_checks=True)
    answer = stranger.post(f"/kabar/berhenti/{langganan.rahasia}/", {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert Langganan.objects.current().count() == 0
    assert stranger.post("/kabar/berhenti/abcdefghijklmnopqrstuv/").status_code == 404


def test_the_demos_outbox_shows_what_would_have_been_sent(orang, page, live, settings):
    live("surel")
    settings.KABAR_KANAL |= {"surel": "coba"}
    langganan = orang.asks()
    orang.hears("tiket.dipanggil")
    orang.hears("tiket.terlewat")
    sending.drain()

    text = page.get("/kabar/keluar/").content.decode()
    assert text.index(f"Nomor {orang.tiket.label} terlewat") < text.index(f"Nomor {orang.tiket.label}: silakan")
    assert orang.tiket.kunjungan.get_absolute_url() in text
    assert langganan.rahasia in text
    settings.DEMO = False
    assert page.get("/kabar/keluar/").status_code == 404
