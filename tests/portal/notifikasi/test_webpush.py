"""Web push, decrypted here as a browser would; the push service itself reads nothing."""

import base64
import json
import os

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core.management import call_command
from py_vapid import Vapid02

from mpp_portal.notifikasi import sending, tokens, vapid
from mpp_portal.notifikasi.models import Langganan, Pesan

from .conftest import states


def text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


ELSEWHERE = '{"endpoint": "https://10.0.0.1/x", "keys": {"p256dh": "a", "auth": "b"}}'


class Browser:
    """A browser's keys, and what it gives to a page that may push."""

    def __init__(self, endpoint: str) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.auth = os.urandom(16)
        public = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self.given = {"endpoint": endpoint, "keys": {"p256dh": text(public), "auth": text(self.auth)}}

    def read(self, body: bytes) -> dict[str, str]:
        return json.loads(http_ece.decrypt(body, private_key=self.key, auth_secret=self.auth))


@pytest.fixture
def browser(sink, live, settings):
    live("webpush")
    settings.KABAR_VAPID_KEY = vapid.new_key()
    settings.KABAR_VAPID_CONTACT = "mailto:portal@contoh.id"
    settings.KABAR_PUSH_HOSTS = ["127.0.0.1"]
    return Browser(sink.url + "push/abc")


def test_only_the_browser_can_read_it_and_the_service_can_tell_who_sends(orang, sink, browser):
    orang.asks(kanal="webpush", tujuan=json.dumps(browser.given))
    orang.hears("tiket.dipanggil")
    sending.drain()

    ((path, headers, body),) = sink.received
    headers = {name.lower(): value for name, value in headers.items()}
    content = browser.read(body)
    assert path == "/push/abc"
    assert content["judul"] == f"{orang.tiket.label} ke {orang.loket}"
    assert content["tautan"].endswith(orang.tiket.kunjungan.get_absolute_url())
    assert content["kunci"] == Pesan.objects.get().key
    assert orang.tiket.label.encode() not in body
    assert headers["urgency"] == "high"
    assert len(headers["topic"]) == 32
    assert Vapid02.verify(headers["authorization"])
    assert headers["authorization"].endswith(f"k={vapid.public_key()}")
    assert states() == [("terkirim", 1)]


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_ends_the_subscription(orang, sink, browser, status):
    langganan = orang.asks(kanal="webpush", tujuan=json.dumps(browser.given))
    sink.status = status
    orang.hears("tiket.dipanggil")
    sending.drain()
    langganan.refresh_from_db()
    assert langganan.stopped_at is not None
    assert states() == [("batal", 1)]
    orang.hears("tiket.terlewat")
    assert Pesan.objects.count() == 1


@pytest.mark.parametrize(("status", "becomes"), [(503, "menunggu"), (429, "menunggu"), (413, "diparkir")])
def test_other_refusals(orang, sink, browser, status, becomes):
    orang.asks(kanal="webpush", tujuan=json.dumps(browser.given))
    sink.status = status
    orang.hears("tiket.dipanggil")
    sending.drain()
    assert states() == [(becomes, 1)]


def test_a_page_hands_over_what_its_browser_gave(orang, sink, browser, client):
    visit = orang.tiket.kunjungan
    token = tokens.sign(tokens.Subject("antrean.kunjungan", visit.pk, visit.mpp_id, visit.get_absolute_url()))
    given = browser.given | {"expirationTime": None}

    answer = client.post(f"/kabar/peramban/{token}/", {"langganan": json.dumps(given)})

    assert answer.status_code == 201
    langganan = Langganan.objects.get()
    assert langganan.subscription == browser.given
    assert (langganan.kanal, langganan.subjek_id, langganan.masked) == ("webpush", visit.pk, "peramban ini")


@pytest.mark.parametrize(
    "given",
    ["", "bukan json", "[]", '{"endpoint": "https://fcm.googleapis.com/x"}', ELSEWHERE],
)
def test_what_is_no_browser_is_refused_with_a_sentence(orang, browser, client, given):
    visit = orang.tiket.kunjungan
    token = tokens.sign(tokens.Subject("antrean.kunjungan", visit.pk, visit.mpp_id, "/"))
    answer = client.post(f"/kabar/peramban/{token}/", {"langganan": given})
    assert answer.status_code == 422
    assert answer.json()["kalimat"] != ""
    assert Langganan.objects.count() == 0


def test_the_command_makes_a_key_that_works(capsys, settings):
    call_command("buat_kunci_vapid")
    name, _equals, settings.KABAR_VAPID_KEY = capsys.readouterr().out.strip().partition("=")
    assert name == "KABAR_VAPID_KEY"
    assert len(base64.urlsafe_b64decode(vapid.public_key() + "=")) == 65
    assert vapid.public_key() == text(
        Vapid02.from_string(settings.KABAR_VAPID_KEY).public_key.public_bytes(
            Encoding.X962, PublicFormat.UncompressedPoint
        )
    )


def test_the_service_worker_is_served_from_the_root(client):
    answer = client.get("/sw.js")
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Cache-Control"] == "no-cache"
    assert "showNotification" in answer.content.decode()
