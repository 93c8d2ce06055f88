"""Staff log in with a password and a code from their phone; a lost phone locks nobody out for good."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.management import call_command

from mpp_portal import crypto
from mpp_portal.models import Peristiwa
from tests import factories
from tests.client import PageClient

pytestmark = pytest.mark.django_db
PASSWORD = "kata-sandi-yang-panjang"
ACTIVATE = "/akun/2fa/totp/activate/"


@pytest.fixture(autouse=True)
def required(settings):
    settings.FAKTOR_KEDUA = True


@pytest.fixture
def ani():
    person = factories.Pengguna(username="ani")
    person.set_password(PASSWORD)
    person.save()
    return person


def log_in(client, name: str = "ani"):
    return client.post("/akun/login/", {"login": name, "password": PASSWORD})


def code(secret: str, *, later: int = 0) -> str:
    """What the phone shows now, or so many half minutes later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later))


def secured(person) -> str:
    """Give this person a second factor as the page does; returns its secret."""
    client = PageClient()
    log_in(client, person.username)
    secret = re.search(r"<code[^>]*>(\w+)</code>", client.get(ACTIVATE).content.decode())[1]
    assert client.post(ACTIVATE, {"code": code(secret)}).url == "/akun/2fa/recovery-codes/"
    return secret


def codes_of(client) -> list[str]:
    return re.findall(r"<code[^>]*>(\d{8})</code>", client.get("/akun/2fa/recovery-codes/").content.decode())


def test_nothing_is_open_to_staff_before_they_have_one(ani):
    client = PageClient()
    log_in(client)
    for path in ("/petugas/", "/admin/", "/akun/password/change/"):
        assert client.get(path).url == ACTIVATE, path
    assert client.get("/").status_code == 200

    page = client.get(ACTIVATE).content.decode()
    assert 'class="qr"' in page
    secret = re.search(r"<code[^>]*>(\w+)</code>", page)[1]
    wrong = client.post(ACTIVATE, {"code": "12"})
    assert "Kodenya tidak cocok" in wrong.content.decode()
    assert secret in wrong.content.decode()  # what was scanned stays
    assert client.post(ACTIVATE, {"code": code(secret)}).status_code == 302
    assert len(codes_of(client)) == 10
    assert client.get("/petugas/").status_code == 200
    assert secret not in str(Authenticator.objects.get(user=ani, type="totp").data)


def test_the_next_login_asks_for_the_code_and_takes_each_once(ani):
    secret = secured(ani)
    client = PageClient()
    assert log_in(client).url == "/akun/2fa/authenticate/"
    assert client.get("/petugas/").status_code == 302
    assert "Kodenya tidak cocok" in client.post("/akun/2fa/authenticate/", {"code": "000000x"}).content.decode()
    shown = code(secret, later=1)
    assert client.post("/akun/2fa/authenticate/", {"code": shown}).url == "/akun/2fa/trust/"
    assert client.post("/akun/2fa/trust/", {"action": "skip"}).url == "/petugas/"
    assert client.get("/petugas/").status_code == 200

    other = PageClient()
    log_in(other)
    assert other.post("/akun/2fa/authenticate/", {"code": shown}).status_code == 200  # used


def test_a_computer_that_is_remembered_asks_for_the_password_only(ani):
    secret = secured(ani)
    client = PageClient()
    log_in(client)
    client.post("/akun/2fa/authenticate/", {"code": code(secret)})
    client.post("/akun/2fa/trust/", {"action": "trust"})
    assert client.cookies["mfa_trusted"]["max-age"] == 86_400
    client.post("/akun/logout/")
    assert log_in(client).url == "/petugas/"
    assert log_in(PageClient()).url == "/akun/2fa/authenticate/"


def test_a_recovery_code_opens_once_and_nobody_turns_the_factor_off(ani):
    secured(ani)
    client = PageClient()
    log_in(client)
    rescue = Authenticator.objects.get(user=ani, type="recovery_codes").wrap().get_unused_codes()[0]
    assert client.post("/akun/2fa/authenticate/", {"code": rescue}).url == "/akun/2fa/trust/"
    client.post("/akun/2fa/trust/", {"action": "skip"})
    client.post("/akun/reauthenticate/", {"password": PASSWORD})
    left = codes_of(client)
    assert len(left) == 9
    assert rescue not in left
    assert client.get("/akun/2fa/recovery-codes/download/").content.decode().split() == left

    assert "Petugas selalu masuk dengan kode dari ponsel" in client.get("/akun/2fa/totp/deactivate/").content.decode()
    client.post("/akun/2fa/totp/deactivate/")
    assert Authenticator.objects.filter(user=ani, type="totp").exists()

    client.post("/akun/2fa/recovery-codes/generate/")
    assert not set(codes_of(client)) & set(left)
    assert client.get("/akun/2fa/").status_code == 200


def test_five_wrong_codes_and_the_account_waits(ani):
    secret = secured(ani)
    client = PageClient()
    log_in(client)
    for _ in range(5):
        client.post("/akun/2fa/authenticate/", {"code": "000000x"})
    assert client.post("/akun/2fa/authenticate/", {"code": code(secret)}).status_code == 200
    assert client.get("/petugas/").status_code == 302


def test_a_pengelola_resets_a_lost_factor_and_it_is_written_down(ani):
    secured(ani)
    gerai = factories.Gerai()
    factories.Penugasan(pengguna=ani, gerai=gerai)
    boss = factories.Penugasan(peran="pengelola", mpp=gerai.mpp).pengguna
    equal = factories.Penugasan(peran="pengelola", mpp=gerai.mpp).pengguna
    for person in (boss, equal):
        person.set_password(PASSWORD)
        person.save()
        secured(person)
    at_work, client = PageClient(), PageClient()
    at_work.force_login(ani)
    client.force_login(boss)
    assert at_work.get("/petugas/").status_code == 200

    for person in (ani, equal, boss):
        client.post(
            "/admin/mpp_portal/pengguna/",
            {"action": "reset_factor", "_selected_action": [str(person.pk)], "index": "0"},
        )
    assert set(Authenticator.objects.values_list("user__username", flat=True)) == {boss.username, equal.username}
    assert at_work.get("/petugas/").url == ACTIVATE
    event = Peristiwa.objects.get(jenis="pengguna.faktor_kedua_dihapus")
    assert (event.subjek_id, event.oleh) == (ani.pk, boss)


def test_secrets_follow_the_key_that_encrypts_now(ani, settings):
    secret = secured(ani)
    settings.KUNCI_DATA = [crypto.new_key(), *settings.KUNCI_DATA]
    call_command("putar_kunci_data")
    settings.KUNCI_DATA = settings.KUNCI_DATA[:1]
    client = PageClient()
    log_in(client)
    assert client.post("/akun/2fa/authenticate/", {"code": code(secret, later=1)}).url == "/akun/2fa/trust/"


def test_who_is_sent_away_while_logged_in_is_out_at_once():
    role = factories.Penugasan(peran="petugas_informasi")
    secured_client = PageClient()
    role.pengguna.set_password(PASSWORD)
    role.pengguna.save()
    secured(role.pengguna)
    secured_client.force_login(role.pengguna)
    desk = f"/antrean/meja/{role.mpp.slug}/"
    assert secured_client.get(desk).status_code == 200
    role.selesai = role.mulai.replace(year=2021)
    role.save()
    assert secured_client.get(desk).status_code == 404
    role.pengguna.is_active = False
    role.pengguna.save()
    assert secured_client.get("/petugas/").status_code == 302
