"""Providers and webhooks over real HTTP: what is sent, what each answer means, and where nothing is sent at all."""

import hashlib
import hmac
import json
import time

import pytest

from mpp_portal.notifikasi import sending
from mpp_portal.notifikasi.channels import CONNECT, READ, guard
from mpp_portal.notifikasi.models import Pesan, Webhook

from .conftest import later, states


def is_genuine(key: str, header: str, body: bytes, now: float, window: int = 300) -> bool:
    """What docs/operasi.md tells a receiver to do."""
    fields = dict(part.split("=", 1) for part in header.split(","))
    signed = hmac.new(key.encode(), f"{fields['t']}.".encode() + body, hashlib.sha256).hexdigest()
    return abs(now - int(fields["t"])) <= window and hmac.compare_digest(signed, fields["v1"])


@pytest.fixture
def webhook(orang, sink, live):
    live("webhook")
    return Webhook.objects.create(nama="Dasbor", url=sink.url + "masuk", jenis=["tiket.dipanggil"])


def test_a_webhook_gets_the_event_signed_and_with_its_key(orang, sink, webhook):
    peristiwa = orang.hears("tiket.dipanggil")
    sending.drain()

    ((path, headers, body),) = sink.received
    content = json.loads(body)
    key = Pesan.objects.get().key
    assert (path, headers["Idempotency-Key"]) == ("/masuk", key)
    assert is_genuine(webhook.rahasia, headers["MPP-Signature"], body, time.time())
    assert content["jenis"] == "tiket.dipanggil"
    assert content["mpp"] == orang.tiket.kunjungan.mpp_id
    assert content["at"] == peristiwa.at.isoformat()
    assert content["data"]["nomor"] == orang.tiket.label
    assert content["kunci"] == key
    assert set(content) == {"kunci", "jenis", "mpp", "at", "data"}
    assert orang.tiket.kunjungan.rahasia not in body.decode()  # the person's link is the person's


def test_a_replayed_or_altered_webhook_is_not_genuine(orang, sink, webhook):
    orang.hears("tiket.dipanggil")
    sending.drain()
    ((_path, headers, body),) = sink.received
    header = headers["MPP-Signature"]
    assert not is_genuine(webhook.rahasia, header, body, time.time() + 301)
    assert not is_genuine(webhook.rahasia, header, body + b" ", time.time())
    assert not is_genuine("kunci lain", header, body, time.time())


@pytest.mark.parametrize(
    ("status", "becomes"),
    [(204, "terkirim"), (500, "menunggu"), (503, "menunggu"), (429, "menunggu"), (400, "diparkir"), (302, "diparkir")],
)
def test_what_an_answer_means(orang, sink, webhook, status, becomes):
    sink.status = status
    orang.hears("tiket.dipanggil")
    sending.drain()
    assert len(sink.received) == 1
    assert states() == [(becomes, 1)]


def test_a_resend_keeps_its_key(orang, sink, webhook):
    sink.status = 500
    orang.hears("tiket.dipanggil")
    sending.drain()
    sink.status = 200
    later()
    keys = {headers["Idempotency-Key"] for _path, headers, _body in sink.received}
    assert (len(sink.received), len(keys)) == (2, 1)
    assert states() == [("terkirim", 2)]


def test_a_slow_webhook_does_not_hold_up_the_mail(orang, sink, webhook, mailbox, live, monkeypatch):
    live("surel", "webhook")
    monkeypatch.setattr(guard, "READ", 0.3)  # not the ten seconds of the real thing
    sink.delay = 2
    orang.asks()
    for _call in range(3):
        orang.hears("tiket.dipanggil")

    begun = time.monotonic()
    sending.drain()

    assert time.monotonic() - begun < 1.5
    assert len(sink.received) == 1  # the others wait for the pause to end
    assert len(mailbox.received) == 3
    assert Pesan.objects.filter(kanal="webhook", status="menunggu").count() == 3


def test_no_wait_reaches_the_tasks_time_limit(settings):
    assert CONNECT + READ <= 10
    assert sending.BUDGET + CONNECT + READ < settings.CELERY_TASK_SOFT_TIME_LIMIT
    assert sending.LEASE.total_seconds() > settings.CELERY_TASK_TIME_LIMIT
    assert sending.LEASE.total_seconds() < settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]


@pytest.mark.parametrize("url", ["https://{host}/", "https://localhost:{port}/", "http://{host}/"])
def test_our_own_network_is_not_called(orang, sink, webhook, settings, url):
    settings.KABAR_PRIVATE_HOSTS = []
    port = sink.host.partition(":")[2]
    Webhook.objects.update(url=url.format(host=sink.host, port=port))
    orang.hears("tiket.dipanggil")
    sending.drain()
    assert sink.received == []
    assert states() == [("diparkir", 1)]


def test_the_generic_provider_gets_json_with_an_idempotency_key(orang, sink, live, settings):
    live("http")
    settings.KABAR_HTTP_URL, settings.KABAR_HTTP_TOKEN = sink.url + "kirim", "rahasia"
    orang.asks(kanal="http", tujuan="+6281234567890")
    orang.hears("tiket.dipanggil")
    sending.drain()

    ((path, headers, body),) = sink.received
    content = json.loads(body)
    key = Pesan.objects.get().key
    assert (path, headers["Authorization"], headers["Idempotency-Key"]) == ("/kirim", "Bearer rahasia", key)
    assert content["ke"] == "+6281234567890"
    assert content["judul"] == f"{orang.tiket.label} ke {orang.loket}"
    assert content["isi"].startswith(f"Nomor {orang.tiket.label}, silakan menuju {orang.loket}, lantai 1.")
    assert content["kunci"] == key
    assert states() == [("terkirim", 1)]


@pytest.mark.parametrize("kanal", ["whatsapp", "sms", "telegram"])
def test_apprise_hands_the_message_to_the_provider_of_the_setting(orang, sink, live, settings, kanal):
    live(kanal)
    setattr(settings, f"KABAR_{kanal.upper()}_URL", f"json://{sink.host}/kirim/{{tujuan}}")
    orang.asks(kanal=kanal, tujuan="+6281234567890")
    orang.hears("tiket.dipanggil")
    sending.drain()

    ((path, _headers, body),) = sink.received
    assert path == "/kirim/6281234567890"
    assert json.loads(body)["title"] == f"{orang.tiket.label} ke {orang.loket}"
    assert f"Nomor {orang.tiket.label}, silakan menuju" in json.loads(body)["message"]
    assert states() == [("terkirim", 1)]


def test_a_provider_that_says_no_is_asked_again_until_the_cap(orang, sink, live, settings):
    live("whatsapp")
    settings.KABAR_WHATSAPP_URL = f"json://{sink.host}/{{tujuan}}"
    sink.status = 403
    orang.asks(kanal="whatsapp", tujuan="+6281234567890")
    orang.hears("tiket.dipanggil")
    sending.drain()
    assert states() == [("menunggu", 1)]
    for _attempt in range(sending.MAX_ATTEMPTS - 1):
        later()
    assert states() == [("diparkir", sending.MAX_ATTEMPTS)]
    assert len(sink.received) == sending.MAX_ATTEMPTS
