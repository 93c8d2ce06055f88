"""A booking in people's own calendar, and what to bring in page, file and message."""

from datetime import UTC, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from antrean import actions
from mpp_portal.notifikasi import sending
from mpp_portal.notifikasi.models import Pesan
from tests import factories
from tests.antrean.conftest import NINE

pytestmark = pytest.mark.django_db
TEN = NINE + timedelta(hours=1)


@pytest.fixture
def row(aula, settings):
    settings.PORTAL_URL = "https://mpp.contoh.id"
    factories.Persyaratan(layanan=aula.layanan, teks="KTP-el asli & salinannya", teks_en="Your original ID card")
    slot = factories.Slot(antrean=aula.antrean, mulai=TEN)
    held = actions.hold(slot, aula.layanan, sender="ponsel", key="k", now=NINE)
    return confirm(held)


def confirm(held, **given):
    given = {"nama": "Sari Contoh", "kanal": "surel", "kontak": "sari@contoh.id"} | given
    return actions.confirm(held, now=NINE, **given)


def entry(row, prefix=""):
    url = reverse("antrean:calendar", args=[row.kunjungan.rahasia, row.pk])
    response = Client().get(prefix + url)
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    calendar = Calendar.from_ical(response.content)
    return calendar["method"], calendar.walk("VEVENT")[0]


def test_the_entry_says_when_where_and_what_to_bring(row):
    method, event = entry(row)
    assert method == "PUBLISH"
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (TEN.astimezone(UTC), row.slot.selesai.astimezone(UTC))
    assert event["uid"] == f"pemesanan-{row.pk}@mpp.contoh.id"
    assert row.layanan.jenis.nama in event["summary"]
    assert row.kunjungan.mpp.nama in event["location"]
    assert row.kunjungan.kode in event["description"]
    assert "- KTP-el asli & salinannya" in event["description"]
    assert "Sari" not in event.to_ical().decode()
    assert [alarm.decoded("trigger") for alarm in event.walk("VALARM")] == [timedelta(hours=-2)]
    assert "- Your original ID card" in entry(row, "/en")[1]["description"]


def test_a_move_replaces_the_entry_and_a_cancellation_removes_it(row):
    new = actions.reschedule(row, factories.Slot(antrean=row.slot.antrean, mulai=TEN + timedelta(days=1)), now=NINE)
    _, moved = entry(new)
    assert (moved["uid"], moved["sequence"]) == (f"pemesanan-{row.pk}@mpp.contoh.id", 1)
    actions.cancel_booking(new, now=NINE)
    method, event = entry(new)
    assert (method, event["status"], event["uid"], event["sequence"]) == ("CANCEL", "CANCELLED", moved["uid"], 2)
    gone = reverse("antrean:calendar", args=[row.kunjungan.rahasia, row.pk])
    assert Client().get(gone).status_code == 404


def test_another_link_does_not_open_it(row):
    other = factories.Kunjungan(mpp=row.kunjungan.mpp)
    assert Client().get(reverse("antrean:calendar", args=[other.rahasia, row.pk])).status_code == 404


@pytest.mark.parametrize(("bahasa", "words"), [("id", "- KTP-el asli & salinannya"), ("en", "- Your original ID card")])
def test_the_message_says_what_to_bring_in_the_language_of_who_reads(aula, row, settings, bahasa, words):
    settings.KABAR_KANAL = settings.KABAR_KANAL | {"surel": "coba"}
    slot = factories.Slot(antrean=aula.antrean, mulai=TEN + timedelta(hours=1))
    held = actions.hold(slot, aula.layanan, sender="ponsel", key="lain", now=NINE)
    confirm(held, nama="Budi Contoh", bahasa=bahasa)
    sending.drain()
    sent = Pesan.objects.get(subjek_id=held.kunjungan_id).salinan["isi"]
    assert words in sent
    assert f"/antrean/k/{held.kunjungan.rahasia}/jadwal/{held.pk}/kalender.ics" in sent
    assert "Sari" not in sent


def test_the_page_offers_the_file(row):
    page = Client().get(row.kunjungan.get_absolute_url()).content.decode()
    assert reverse("antrean:calendar", args=[row.kunjungan.rahasia, row.pk]) in page
    assert "KTP-el asli &amp; salinannya" in page
