"""Every URL, asked by everybody, of the right and of the wrong gerai and mall, by GET and by POST."""

import pytest
from django.db import transaction
from django.test import Client

from tests.portal import world
from tests.portal.matrix import ACCOUNT, ADMIN, MODELS, OURS, expected
from tests.urls import walk

pytestmark = pytest.mark.django_db
# Five pages and an old address of each model, the password of an account, and the rest by name.
PROGRAMS = {"antrean:print_pair", "antrean:print_claim", "antrean:print_report"}  # no cookie, so nothing to forge
URLS = len(OURS) + len(ACCOUNT) + len(ADMIN) + 6 * len(MODELS) + 1


@pytest.fixture
def places(settings):
    settings.DEMO = False  # the demo opens the hall's code to everybody
    return world.make()


def ask(client, method, path):
    """One answer, without what it did: the next question finds the world as it was."""
    cookies = client.cookies.copy()
    point = transaction.savepoint()
    try:
        answer = getattr(client, method)(path)
        b"".join(answer.streaming_content if answer.streaming else [])  # a file is closed once it was read
        return answer
    finally:
        transaction.savepoint_rollback(point)
        client.cookies = cookies


@pytest.mark.parametrize("name", world.PEOPLE)
def test_every_url_answers_this_person_as_the_table_says(name, places):
    client = Client(raise_request_exception=False)
    if places.people[name]:
        client.force_login(places.people[name])
    wrong, asked = [], 0
    for url in walk():
        for method in ("get", "post"):
            asked += 1
            status = ask(client, method, places.path_of(url)).status_code
            if status != expected(url.name, method, name):
                wrong.append(f"{method} {url.name}: {status} instead of {expected(url.name, method, name)}")
    assert wrong == []
    assert asked == 2 * URLS


def test_in_english_the_same_doors_are_open_and_shut(places):
    client, asked = Client(raise_request_exception=False), 0
    for url in walk():
        if url.translated:
            asked += 1
            answer = ask(client, "get", "/en" + places.path_of(url))
            assert answer.status_code == expected(url.name, "get", "anonim"), url.name
            assert answer.get("Content-Language") == "en"
    assert asked == URLS


def test_post_without_csrf_token_is_refused_with_a_page_that_helps(places):
    client, asked = Client(enforce_csrf_checks=True), 0
    for url in walk():
        asked += 1
        answer = ask(client, "post", places.path_of(url))
        if url.name.startswith("open311:"):  # no cookie is read there either
            assert answer.status_code == expected(url.name, "post", "anonim"), url.name
            assert answer.json()[0]["description"], url.name
            continue
        if url.name in PROGRAMS:
            assert answer.status_code == expected(url.name, "post", "anonim"), url.name
            assert answer.json()["kalimat"], url.name
            continue
        # Mail programs stop messages for people (RFC 8058); the link itself is the permission.
        known = {"kabar:stop": 200, "whatsapp:webhook": 404}  # the other is known by its signature, and closed
        assert answer.status_code == known.get(url.name, 403), url.name
        assert "<h1" in answer.content.decode(), url.name
    assert asked == URLS
