"""/sehat/ says what is ill, to whoever asks by whatever name, and pages go on meanwhile."""

import re
import time

import pytest
from django.db import connection
from django.test import Client

from mpp_portal import sehat, valkey
from mpp_portal.notifikasi.models import Pesan
from mpp_portal.tasks import pulse
from tests import factories

pytestmark = pytest.mark.django_db

WELL = {"basis_data": "baik", "valkey": "baik", "kabar": "baik", "jadwal": "baik"}


def asked(path="/sehat/"):
    response = Client(SERVER_NAME="10.0.0.7").get(path)
    return response.status_code, response.json()["bagian"]


@pytest.fixture(autouse=True)
def tables():
    sehat._tables_are_current.cache_clear()
    yield
    sehat._tables_are_current.cache_clear()


def test_all_is_well_while_beat_makes_a_worker_work(settings):
    settings.ALLOWED_HOSTS, settings.SECURE_SSL_REDIRECT = ["mpp.contoh.id"], True
    valkey.client().delete(sehat.PULSE)
    assert asked() == (503, WELL | {"jadwal": "belum berdenyut"})
    pulse()
    assert asked() == (200, WELL)
    valkey.client().set(sehat.PULSE, time.time() - 200)
    status, parts = asked()
    assert (status, parts) == (503, WELL | {"jadwal": parts["jadwal"]})
    assert re.fullmatch(r"denyut terakhir 2\d\d detik yang lalu", parts["jadwal"])
    assert settings.CELERY_BEAT_SCHEDULE["portal.pulse"]["task"] == pulse.name


def test_a_message_that_nobody_sends_is_named():
    pulse()
    pesan = factories.Pesan()
    assert asked() == (200, WELL)
    Pesan.objects.filter(pk=pesan.pk).update(created_at=pesan.created_at.replace(year=2020))
    status, parts = asked()
    assert status == 503
    assert {name for name, state in parts.items() if state != "baik"} == {"kabar"}
    assert parts["kabar"].startswith("pesan tertua menunggu ")


def test_without_valkey_it_is_ill_and_yet_ready(settings, monkeypatch):
    pulse()
    monkeypatch.setattr(settings, "REDIS_URL", "redis://127.0.0.1:1/0")
    valkey._made.cache_clear()
    try:
        status, parts = asked()
        assert asked("/sehat/siap/") == (200, {"basis_data": "baik"})
    finally:
        monkeypatch.undo()
        valkey._made.cache_clear()
        valkey._away.clear()
    assert status == 503
    assert parts == {"basis_data": "baik", "valkey": "tidak terjangkau", "kabar": "baik", "jadwal": "belum berdenyut"}


@pytest.mark.django_db(transaction=True)
def test_without_its_database_a_process_lives_but_is_not_ready():
    working = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict["NAME"] = "/tidak/ada/mpp" if connection.vendor == "sqlite" else "mpp_tidak_ada"
    try:
        assert asked("/sehat/siap/") == (503, {"basis_data": "tidak terjangkau"})
        assert asked("/sehat/hidup/") == (200, {})
        status, parts = asked()
    finally:
        connection.close()
        connection.settings_dict.update(working)
    assert (status, parts["basis_data"], parts["kabar"]) == (503, "tidak terjangkau", "tidak diketahui")
    assert asked("/sehat/siap/") == (200, {"basis_data": "baik"})


def test_a_database_of_an_older_version_is_not_ready():
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'antrean'")
    assert asked("/sehat/siap/") == (503, {"basis_data": "migrasi belum dijalankan"})
