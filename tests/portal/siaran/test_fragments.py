"""What many pages show alike is made once per change, and a lost mark costs seconds."""

import os
import subprocess
import sys
import threading
import time

import pytest

from mpp_portal import valkey as portal_valkey
from mpp_portal.siaran import fragments
from mpp_portal.siaran.bus import wake

from .servers import ROOT

ELSEWHERE = """
import sys, django
django.setup()
from mpp_portal.siaran import fragments
fragments.CLAIM = int(sys.argv[1])
def make():
    print("started", flush=True)
    input()
    return "made elsewhere"
fragments.once("sesi-1", "a", make)
"""

pytestmark = pytest.mark.django_db(transaction=True)


class Maker:
    """Makes texts and counts them."""

    def __init__(self):
        self.made = 0

    def __call__(self):
        self.made += 1
        return f"buatan {self.made}"


@pytest.fixture
def make(valkey):
    return Maker()


def test_it_is_made_again_only_when_its_channel_is_woken(make):
    assert [fragments.once("sesi-1", "a", make) for _ in range(3)] == ["buatan 1"] * 3
    wake("sesi-2")
    assert fragments.once("sesi-1", "a", make) == "buatan 1"
    wake("sesi-1")
    assert [fragments.once("sesi-1", "a", make) for _ in range(2)] == ["buatan 2"] * 2
    assert fragments.once("sesi-1", "b", make) == "buatan 3"


def test_what_was_being_made_while_the_channel_was_woken_is_not_used_again(make):
    def make_slowly():
        text = make()
        wake("sesi-1")
        return text

    assert fragments.once("sesi-1", "a", make_slowly) == "buatan 1"
    assert fragments.once("sesi-1", "a", make) == "buatan 2"


def test_many_who_ask_at_once_wait_for_the_first(make):
    def make_slowly():
        time.sleep(0.3)
        return make()

    found = []
    threads = [
        threading.Thread(target=lambda: found.append(fragments.once("sesi-1", "a", make_slowly))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == ["buatan 1"] * 8


@pytest.fixture
def elsewhere(valkey, request):
    """Another process that is making the same; it goes on when a line is written to it. Its claim lasts a second."""
    environment, claim = os.environ | {"REDIS_URL": valkey.url}, getattr(request, "param", "1")
    with subprocess.Popen([sys.executable, "-c", ELSEWHERE, claim], cwd=ROOT, env=environment, text=True,
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:  # fmt: skip
        assert process.stdout.readline() == "started\n"
        yield process
        process.kill()


PATIENT = pytest.mark.parametrize("elsewhere", ["30"], indirect=True)


@PATIENT
def test_what_another_process_is_making_is_waited_for(make, elsewhere):
    threading.Timer(0.2, lambda: print(file=elsewhere.stdin, flush=True)).start()
    assert fragments.once("sesi-1", "a", make) == "made elsewhere"
    assert make.made == 0


@PATIENT
def test_of_several_only_what_nobody_is_making_is_made(make, elsewhere):
    asked = []

    def make_all(channels):
        asked.append(channels)
        print(file=elsewhere.stdin, flush=True)
        return {channel: make() for channel in channels}

    found = fragments.each(["sesi-1", "sesi-2", "sesi-3"], "a", make_all)
    assert asked == [["sesi-2", "sesi-3"]]
    assert found == {"sesi-1": "made elsewhere", "sesi-2": "buatan 1", "sesi-3": "buatan 2"}


def test_a_process_that_died_while_making_is_not_waited_for_long(make, elsewhere):
    elsewhere.kill()
    assert fragments.once("sesi-1", "a", make) == "buatan 1"
    assert fragments.once("sesi-1", "a", make) == "buatan 1"


def test_a_wake_is_not_kept_waiting_by_what_is_made_of_the_state_before(make, elsewhere):
    wake("sesi-1")
    assert fragments.once("sesi-1", "a", make) == "buatan 1"
    print(file=elsewhere.stdin, flush=True)
    elsewhere.wait()
    assert fragments.once("sesi-1", "a", make) == "buatan 1"


def test_a_lost_mark_costs_seconds(make, monkeypatch):
    monkeypatch.setattr(fragments, "MAX_AGE", 1)
    assert fragments.once("sesi-1", "a", make) == "buatan 1"
    time.sleep(1.1)
    assert fragments.once("sesi-1", "a", make) == "buatan 2"


def test_without_valkey_everything_is_made_anew(make, valkey):
    valkey.kill()
    assert [fragments.once("sesi-1", "a", make) for _ in range(3)] == ["buatan 1", "buatan 2", "buatan 3"]
    assert portal_valkey.is_away()
