"""Where staff are logged in: they see it and end it, a pengelola ends it for them, and what nobody uses ends itself."""

import time

import pytest
from allauth.usersessions.models import UserSession
from django.urls import reverse

from mpp_portal.models import Peristiwa
from mpp_portal.perangkat_masuk import SEEN
from tests import factories
from tests.antrean.hall import logged_in, staff
from tests.client import PageClient

pytestmark = pytest.mark.django_db
PASSWORD = "kata-sandi-yang-panjang"
LIST = "/akun/sessions/"
PHONE = (
    "Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36"
)
OFFICE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:132.0) Gecko/20100101 Firefox/132.0"


@pytest.fixture
def ani():
    person = factories.Pengguna(username="ani")
    person.set_password(PASSWORD)
    person.save()
    return person


def device(agent: str, name: str = "ani") -> PageClient:
    client = PageClient(headers={"user-agent": agent})
    assert client.post("/akun/login/", {"login": name, "password": PASSWORD}).status_code == 302
    return client


def inside(client) -> bool:
    return client.get("/petugas/").status_code == 200


def text(response) -> str:
    return " ".join(response.content.decode().split())


def test_one_sees_where_one_is_logged_in_and_ends_it_there(ani):
    phone, office = device(PHONE), device(OFFICE)
    page = text(office.get(LIST))
    assert page.index("Firefox di Windows") < page.index("Chrome Mobile di Android")
    assert page.count("perangkat ini") == 1
    there = UserSession.objects.get(user_agent=PHONE)
    answer = office.post(reverse("end_session", args=[there.pk]), follow=True)
    assert "Perangkat itu dikeluarkan." in text(answer)
    assert "Android" not in text(answer)
    assert (inside(phone), inside(office)) == (False, True)


def test_nobody_ends_the_session_of_somebody_else(ani):
    device(PHONE)
    other = logged_in(factories.Pengguna())
    url = reverse("end_session", args=[UserSession.objects.get().pk])
    assert other.post(url).status_code == 404
    assert other.get(url).status_code == 405
    assert UserSession.objects.count() == 1


def test_all_others_end_at_once(ani):
    phone, office, third = device(PHONE), device(OFFICE), device("curl/8.0")
    answer = text(third.post(LIST, follow=True))
    assert "Semua perangkat lain dikeluarkan." in answer
    assert [inside(client) for client in (phone, office, third)] == [False, False, True]
    assert "Keluarkan semua yang lain" not in answer


@pytest.mark.parametrize(
    ("begun", "last", "said"),
    [
        (7200, 3590, ""),
        (7200, 3610, "Anda dikeluarkan karena lama tidak ada yang ditekan."),
        (12 * 3600 - 10, 30, ""),
        (12 * 3600 + 10, 30, "Setiap setengah hari Anda masuk sekali lagi."),
    ],
)
def test_a_session_ends_that_nobody_uses_or_that_is_half_a_day_old(ani, begun, last, said):
    client = device(OFFICE)
    aged(client, begun, last)
    answer = client.get("/petugas/", follow=True)
    assert ("Mau bekerja di mana?" in text(answer)) == (not said)
    assert said in text(answer)
    assert answer.redirect_chain == ([("/akun/login/?next=/petugas/", 302)] if said else [])


def test_a_key_pressed_too_late_reloads_its_page_which_says_why(ani):
    client = device(OFFICE)
    aged(client, 7200, 3610)
    answer = client.post("/petugas/", headers={"hx-request": "true"})
    assert (answer.headers["HX-Refresh"], answer.content) == ("true", b"")
    assert "Anda dikeluarkan karena lama" in text(client.get("/petugas/", follow=True))


@pytest.mark.parametrize("header", ["hx-request", "x-mpp-sendiri"])
def test_what_a_page_asks_by_itself_is_nobody_and_ends_nothing(ani, header):
    """The hall's poster and the floor view are open all day."""
    client = device(OFFICE)
    begun = aged(client, 7200, 3610)
    assert client.get("/petugas/", headers={header: "true"}).status_code == 200
    assert tuple(client.session[SEEN]) == begun
    begun, last = aged(client, 1000, 900)
    for ask in (client.get, client.post):
        ask("/petugas/", headers={"hx-request": "true"})
    assert client.session[SEEN][0] == begun
    assert client.session[SEEN][1] > last


def aged(client, begun: int, last: int) -> tuple[int, int]:
    session, now = client.session, int(time.time())
    session[SEEN] = (now - begun, now - last)
    session.save()
    return session[SEEN]


def test_a_pengelola_logs_people_of_their_mall_out_everywhere(ani):
    mpp = factories.Mpp()
    factories.Penugasan(peran="petugas_informasi", mpp=mpp, pengguna=ani)
    phone, office = device(PHONE), device(OFFICE)
    chosen = {"action": "log_out", "_selected_action": [ani.pk]}
    url = reverse("admin:mpp_portal_pengguna_changelist")
    staff("pengelola", mpp=factories.Mpp()).post(url, chosen)
    assert inside(phone)
    answer = staff("pengelola", mpp=mpp).post(url, chosen, follow=True)
    assert "dikeluarkan dari 2 perangkat." in text(answer)
    assert (inside(phone), inside(office)) == (False, False)
    assert Peristiwa.objects.about(ani).get().jenis == "pengguna.dikeluarkan"
    chief = factories.Pengguna(is_superuser=True)
    own = {"action": "log_out", "_selected_action": [chief.pk]}
    assert "Perangkat Anda sendiri" in text(logged_in(chief).post(url, own, follow=True))
