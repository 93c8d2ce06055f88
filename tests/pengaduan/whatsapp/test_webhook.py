"""The webhook is closed unless all of it is set, believes nobody without a signature, and keeps what came at once."""

import pytest
from django.core.checks import run_checks
from django.db import connection

from mpp_portal.notifikasi import publish
from pengaduan.whatsapp.models import WhatsappMasuk
from tests.client import PageClient
from tests.constraints import assert_breaks, named

from .conftest import PATH, PHONE, envelope, post

pytestmark = pytest.mark.django_db
TEXT = {"id": "wamid.1", "type": "text", "text": {"body": "Loket tutup lebih awal"}}


def asked(**changed):
    given = {"mode": "subscribe", "verify_token": "kata-verifikasi", "challenge": "1158201444"} | changed
    return PageClient().get(PATH, {f"hub.{name}": value for name, value in given.items()})


def test_meta_is_answered_what_it_asks_and_nobody_else(graph):
    answer = asked()
    assert (answer.status_code, answer.content, answer["Content-Type"]) == (200, b"1158201444", "text/plain")
    for changed in ({"verify_token": "lain"}, {"verify_token": ""}, {"mode": "unsubscribe"}):
        assert asked(**changed).status_code == 403


@pytest.mark.parametrize("name", ["WHATSAPP_SANDI", "WHATSAPP_TOKEN", "WHATSAPP_URL", "WHATSAPP_NOMOR"])
def test_it_does_not_exist_while_anything_is_missing(graph, settings, name):
    setattr(settings, name, type(getattr(settings, name))())
    assert asked().status_code == post(envelope(TEXT)).status_code == 404
    assert WhatsappMasuk.objects.count() == 0
    assert "whatsapp.E001" in {error.id for error in run_checks()}


def test_without_a_word_for_it_nobody_registers(graph, settings):
    settings.WHATSAPP_VERIFIKASI = ""
    assert asked(verify_token="").status_code == 403


def test_a_message_is_kept_encrypted_once_and_answered_at_once(graph):
    for _ in range(2):
        assert post(envelope(TEXT, TEXT | {"id": "wamid.2"})).status_code == 200
    assert WhatsappMasuk.objects.count() == 2
    assert graph.asked == []
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {WhatsappMasuk._meta.db_table}")  # noqa: S608
        stored = str(cursor.fetchall())
    assert [word for word in (PHONE, "Loket", "Warga", "wamid") if word in stored] == []


def test_what_must_wait_for_files_holds_up_no_call(graph, settings, monkeypatch):
    asked = []
    monkeypatch.setattr(publish, "_publish", lambda *given: asked.append(given))
    post(envelope(TEXT))
    assert ("pengaduan.whatsapp.tasks.read", "lambat") in asked
    assert settings.CELERY_BEAT_SCHEDULE["whatsapp.read"]["options"]["queue"] == "lambat"


def test_a_message_for_a_number_without_a_mall_is_named_in_the_log(graph, caplog):
    post(envelope(TEXT, number="999"))
    assert "number 999" in caplog.text
    assert PHONE not in caplog.text


@pytest.mark.parametrize(("content", "head", "status"), [
    (envelope(TEXT), {"x-hub-signature-256": "sha256=00"}, 403),
    (envelope(TEXT), {"x-hub-signature-256": ""}, 403),
    (envelope(TEXT), {"x-hub-signature-256": "sha256=é"}, 403),
    (b"{rusak", {}, 400),
    (b"[" * 1_000_001, {}, 413),
], ids=["wrong", "missing", "odd", "broken", "big"])  # fmt: skip
def test_what_is_not_signed_or_no_envelope_is_refused(graph, content, head, status):
    assert post(content, **head).status_code == status
    assert WhatsappMasuk.objects.count() == 0


def test_another_secret_is_another_sender(graph):
    assert post(envelope(TEXT), secret="lain").status_code == 403


@pytest.mark.parametrize("content", [
    envelope(TEXT, number="999"), envelope(TEXT, phone="bukan nomor"), envelope(TEXT | {"id": ""}),
    envelope(TEXT | {"type": "reaction"}), {"object": "x"}, [], None, {"entry": [{"changes": [{"value": None}, 3]}]},
    {"entry": [{"changes": [{"value": {"metadata": {"phone_number_id": "1065"}, "statuses": [{"id": "wamid.9"}]}}]}]},
])  # fmt: skip
def test_what_is_no_message_for_us_is_left_out(graph, content):
    assert post(content).status_code == 200
    assert WhatsappMasuk.objects.count() == 0


@pytest.mark.parametrize(("changed", "found"), [
    ({}, set()),
    ({"WHATSAPP_NOMOR": ["1065"]}, {"whatsapp.E002"}),
    ({"WHATSAPP_URL": "http://graph.contoh.id"}, {"whatsapp.E003"}),
])  # fmt: skip
def test_a_channel_that_cannot_work_is_said_at_start(graph, settings, changed, found):
    for name, value in changed.items():
        setattr(settings, name, value)
    assert {error.id for error in run_checks() if str(error.id).startswith("whatsapp.")} == found


BREAKS = {
    "whatsapp_selesai_tanpa_isi": {"isi": "{}", "handled_at": "2026-11-23 09:00Z"},
    "whatsapp_balasan_sesudah_selesai": {"balasan": "{}"},
}


@pytest.mark.parametrize("name", BREAKS)
def test_the_database_keeps_the_promise(meja, name):
    checks = named("whatsapp")
    assert set(checks) == set(BREAKS)
    assert_breaks(name, lambda: WhatsappMasuk.objects.create(mpp=meja.mpp, **BREAKS[name]), checks[name])
