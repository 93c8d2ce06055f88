"""A page hears the channels its token names, and nobody can write a token of their own."""

import time

import pytest
from django.core import signing
from django.template import Context, Template

from mpp_portal.siaran import tokens


def test_a_token_names_its_channels_and_when_it_was_made():
    before = time.time()

    permit = tokens.read(tokens.sign("sesi-17", "kunjungan-99", "sesi-17"))

    assert permit.channels == {"sesi-17", "kunjungan-99"}
    assert before <= permit.signed_at <= time.time()


@pytest.mark.parametrize("damage", [lambda t: t[:-1], lambda t: "x" + t, lambda t: "", lambda t: t.replace(":", "")])
def test_a_damaged_token_is_refused(damage):
    with pytest.raises(signing.BadSignature):
        tokens.read(damage(tokens.sign("sesi-17")))


def test_a_signature_made_for_another_purpose_is_refused():
    with pytest.raises(signing.BadSignature):
        tokens.read(signing.dumps([time.time(), "sesi-17"], salt="another"))


def test_a_token_lives_twelve_hours(monkeypatch):
    token = tokens.sign("sesi-17")
    now = time.time()

    monkeypatch.setattr(signing.time, "time", lambda: now + 12 * 3600 - 5)
    assert tokens.read(token).channels == {"sesi-17"}
    monkeypatch.setattr(signing.time, "time", lambda: now + 12 * 3600 + 5)
    with pytest.raises(signing.SignatureExpired):
        tokens.read(token)


def test_a_page_may_not_ask_for_more_channels_than_fit():
    assert len(tokens.read(tokens.sign(*(f"loket-{n}" for n in range(50)))).channels) == 50
    with pytest.raises(ValueError, match="51 channels"):
        tokens.sign(*(f"loket-{n}" for n in range(51)))


def test_a_template_writes_the_address_of_its_stream():
    address = Template("{% load siaran %}{% stream_url 'sesi-17' own %}").render(Context({"own": "loket-5"}))

    path, _, token = address.partition("?t=")
    assert path == "/aliran/"
    assert tokens.read(token).channels == {"sesi-17", "loket-5"}
