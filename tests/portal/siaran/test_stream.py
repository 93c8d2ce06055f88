"""The event stream under a real server: who hears what, who is refused, who is cut off."""

import json
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import httpx
import pytest
from django.core import signing
from django.db import transaction

from mpp_portal.siaran import tokens
from mpp_portal.siaran.bus import wake

from .servers import eventually


def sign_at(seconds, *channels):
    """The address a page made at that time would carry, as far as what it has seen goes."""
    return f"{tokens.PATH}?t={signing.dumps([seconds, *channels], salt=tokens.SALT)}"


@pytest.mark.django_db(transaction=True)
def test_a_page_hears_its_own_channels_after_the_commit(start_stream):
    stream = start_stream()
    with stream.open(tokens.url("sesi-17", "loket-5")) as page:
        page.next("resync")  # the stream is younger than what it can vouch for
        with transaction.atomic():
            wake("sesi-17", "sesi-99")
        assert page.next("wake") == "sesi-17"
        wake("loket-6")
        wake("loket-5")
        assert page.next("wake") == "loket-5"


def test_the_answer_is_an_event_stream_that_nobody_stores(start_stream):
    with start_stream().open(tokens.url("sesi-1")) as page:
        assert page.response.headers["content-type"] == "text/event-stream; charset=utf-8"
        assert page.response.headers["cache-control"] == "no-store, no-transform"
        retry = next(page.lines)
        assert retry.startswith("retry: ")
        assert 1000 <= int(retry.removeprefix("retry: ")) <= 5000


def test_a_page_hears_what_changed_between_its_making_and_its_stream(start_stream, valkey):
    stream = start_stream()
    time.sleep(2.1)  # the stream vouches for what is younger than itself by more than the slack of clocks
    made = tokens.url("sesi-1", "sesi-2")
    valkey.publish("sesi-2", "sesi-3")
    time.sleep(0.2)

    with stream.open(made) as page:
        assert next(page.events()) == ("wake", "sesi-2")


def test_a_page_older_than_the_subscription_is_told_to_look_again(start_stream):
    stream = start_stream()
    with stream.open(sign_at(time.time() - 3600, "sesi-1")) as page:
        assert next(page.events()) == ("resync", "bus")


def test_a_page_that_missed_nothing_hears_only_the_beat(start_stream):
    stream = start_stream(beat=0.2)
    with stream.open(sign_at(time.time() + 60, "sesi-1")) as page:
        assert next(page.events()) == ("beat", "bus")


def test_forged_damaged_missing_and_expired_tokens_are_refused_with_a_sentence(start_stream, monkeypatch):
    stream = start_stream()
    good = tokens.url("sesi-1")
    forged = f"{tokens.PATH}?t={signing.dumps([time.time(), 'sesi-1'], salt='another')}"
    with monkeypatch.context() as earlier:
        then = time.time() - 12 * 3600 - 60
        earlier.setattr(signing.time, "time", lambda: then)
        expired = tokens.url("sesi-1")

    for address in (
        forged,
        good[:-2],
        good[:-10],
        "/aliran/?t=x",
        "/aliran/?t=",
        "/aliran/",
        "/aliran/?t=%ff",
        expired,
    ):
        answer = stream.get(address)
        assert (address, answer.status_code) == (address, 403)
        assert answer.text == "Izin aliran ini tidak berlaku lagi. Muat ulang halamannya."


def test_other_methods_are_refused(start_stream):
    refused = start_stream().get(tokens.url("sesi-1"), method="POST")

    assert (refused.status_code, refused.headers["allow"]) == (405, "GET")


def test_a_full_server_sends_the_page_away_and_takes_it_when_there_is_room(start_stream):
    stream = start_stream(max_streams=1)
    with stream.open(tokens.url("sesi-1")):
        refused = stream.get(tokens.url("sesi-1"))
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "30")

    def room():
        with httpx.stream("GET", stream.address + tokens.url("sesi-1"), trust_env=False) as response:
            return response.status_code == 200

    eventually(room)


def test_one_address_cannot_take_every_stream(start_stream):
    stream = start_stream(max_per_address=2)
    with stream.open(tokens.url("sesi-1")), stream.open(tokens.url("sesi-1")):
        assert stream.get(tokens.url("sesi-1")).status_code == 503


def test_a_killed_bus_is_told_and_its_return_too(start_stream, valkey):
    stream = start_stream()
    with stream.open(sign_at(time.time() + 60, "sesi-1")) as page:
        valkey.kill()
        assert page.next("away") == "bus"
        with stream.open(tokens.url("sesi-1")) as late:
            assert next(late.events()) == ("away", "bus")
        valkey.start()
        assert page.next("resync") == "bus"
        valkey.publish("sesi-1")
        assert page.next("wake") == "sesi-1"


def test_a_frozen_bus_is_noticed_while_the_stream_stays_open(start_stream, valkey):
    stream = start_stream()
    with stream.open(sign_at(time.time() + 60, "sesi-1")) as page:
        valkey.freeze()
        assert page.next("away") == "bus"
        assert stream.get("/aliran/").status_code == 403
        valkey.thaw()
        assert page.next("resync") == "bus"


def test_a_page_that_does_not_read_is_cut_off_and_the_others_hear_on(start_stream, valkey):
    channels = [f"kunjungan-{10**12 + n}" for n in range(50)]
    stream = start_stream(slow=0.5, send_buffer=4096)
    before = stream.connections()
    deaf = socket.socket()
    deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    deaf.connect(("127.0.0.1", stream.port))
    deaf.sendall(f"GET {tokens.url(*channels)} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())

    with deaf, stream.open(sign_at(time.time() + 60, channels[0])) as page:
        for _ in range(200):
            valkey.publish(*channels)
            page.next("wake")
        eventually(lambda: stream.connections() == before + 1)
        valkey.publish(*channels)
        assert page.next("wake") == channels[0]


def test_two_hundred_pages_hear_one_wake(start_stream, valkey):
    stream = start_stream()
    with ExitStack() as stack:
        limits = httpx.Limits(max_connections=None)
        client = stack.enter_context(httpx.Client(limits=limits, timeout=20, trust_env=False))
        lines = []
        for n in range(200):
            url = stream.address + sign_at(time.time() + 60, "sesi-1", f"kunjungan-{n}")
            lines.append(stack.enter_context(client.stream("GET", url)).iter_lines())
        valkey.publish("sesi-1")
        heard = [next(line for line in page if line.startswith("data: ")) for page in lines]
        assert heard == ["data: sesi-1"] * 200
        valkey.publish("kunjungan-42")
        assert next(line for line in lines[42] if line.startswith("data: ")) == "data: kunjungan-42"


def test_a_burst_on_one_channel_never_loses_the_last_wake(start_stream, valkey):
    stream = start_stream()
    with stream.open(sign_at(time.time() + 60, "sesi-1", "sesi-2")) as page:
        for _ in range(500):
            valkey.publish("sesi-1")
        valkey.publish("sesi-2")
        heard = []
        while "sesi-2" not in heard:
            heard += page.next("wake").split()
        assert set(heard) == {"sesi-1", "sesi-2"}


def test_the_server_stops_at_once_and_ends_the_open_streams(start_stream):
    stream = start_stream()
    with (
        stream.open(sign_at(time.time() + 60, "sesi-1")) as one,
        stream.open(tokens.url("sesi-2")) as two,
        ThreadPoolExecutor() as pool,
    ):
        rest = [pool.submit(list, page.lines) for page in (one, two)]
        assert stream.stop() < 1
        assert all(lines.result()[0].startswith("retry: ") for lines in rest)


def test_a_process_that_follows_the_bus_holds_one_subscription(start_stream, valkey):
    stream = start_stream()
    with ExitStack() as stack:
        for n in range(5):
            stack.enter_context(stream.open(tokens.url(f"sesi-{n}")))
        assert valkey.listeners() == 1
        assert json.dumps(valkey.command("CLIENT", "LIST", "TYPE", "pubsub").decode()).count("id=") == 1


def test_the_process_tells_its_figures_to_whom_the_settings_allow(start_stream, valkey, monkeypatch):
    monkeypatch.setenv("METRIK_TOKEN", "rahasia-ukur")
    stream = start_stream()
    with stream.open(sign_at(time.time() + 60, "sesi-1")) as page:
        valkey.publish("sesi-1")
        page.next("wake")
        address = f"{stream.address}/aliran/metrik/"
        assert httpx.get(address, trust_env=False).status_code == 404
        told = httpx.get(address, headers={"Authorization": "Bearer rahasia-ukur"}, trust_env=False).text.splitlines()

    assert {"mpp_aliran_terbuka 1.0", "mpp_aliran_bus 1.0", "mpp_aliran_kabar_total 1.0"} <= set(told)
    assert {"mpp_aliran_lambat_total 0.0", "mpp_aliran_detik_count 1.0"} <= set(told)
