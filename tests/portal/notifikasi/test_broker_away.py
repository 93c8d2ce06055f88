"""A broker that refuses or hangs costs a commit one short wait, once; the messages stay and leave when it is back."""

import time

import pytest
from django.db import transaction

from mpp_portal import valkey as portal_valkey
from mpp_portal.notifikasi import publish, sending
from tests.portal.siaran.servers import eventually, portal_server

from .conftest import states

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def broker(tmp_path_factory, settings):
    """A broker of this test's own; it is back in the portal's eyes when the test ends."""
    with portal_server(tmp_path_factory.mktemp("b"), settings) as server:
        settings.REDIS_TIMEOUT = settings.IMPATIENT
        settings.CELERY_BROKER_URL = f"redis+socket://{server.socket}?virtual_host=0"
        yield server


@pytest.fixture(params=["refused", "hung", "hung after a first message"])
def lost(request, broker):
    if request.param == "hung after a first message":
        publish.ask_drain()
        assert broker.command("LLEN", "segera") == 1
    if request.param == "refused":
        broker.kill()
    else:
        broker.freeze()
    return broker


def call(orang):
    """Seconds that a commit with a message takes."""
    begun = time.monotonic()
    with transaction.atomic():
        orang.hears("tiket.dipanggil")
    return time.monotonic() - begun


def test_the_first_commit_waits_shortly_and_the_next_not_at_all(orang, mailbox, lost):
    orang.asks()
    assert call(orang) < 0.5
    assert portal_valkey.is_away()
    assert min(call(orang) for _again in range(3)) < 0.15
    assert set(states()) == {("menunggu", 0)}

    sending.drain()  # beat's sweep

    assert set(states()) == {("terkirim", 1)}
    assert len(mailbox.received) == 4


def test_a_drain_is_asked_for_as_soon_as_the_broker_is_back(orang, mailbox, broker):
    orang.asks()
    broker.freeze()
    call(orang)
    assert portal_valkey.is_away()

    broker.thaw()

    eventually(lambda: broker.command("LLEN", "segera") >= 1)
    assert states() == [("menunggu", 0)]
