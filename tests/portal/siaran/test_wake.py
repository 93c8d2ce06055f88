"""A wake leaves once per transaction, after the commit, and only if there is one."""

import threading

import pytest
from django.db import transaction

from mpp_portal.siaran.bus import wake

pytestmark = pytest.mark.django_db(transaction=True)


def test_all_wakes_of_a_transaction_leave_as_one_message_after_the_commit(messages):
    with transaction.atomic():
        wake("sesi-17", "kunjungan-99")
        wake("sesi-17")
        with transaction.atomic():
            wake("loket-5")
        assert messages() == []

    assert messages() == [["kunjungan-99", "loket-5", "sesi-17"]]


def test_a_rolled_back_transaction_wakes_nobody_and_leaves_nothing_for_the_next(messages):
    with transaction.atomic():
        wake("sesi-17")
        transaction.set_rollback(True)

    with transaction.atomic():
        wake("sesi-18")

    assert messages() == [["sesi-18"]]


def test_a_rolled_back_savepoint_takes_only_its_own_wakes_along(messages):
    with transaction.atomic():
        wake("sesi-1")
        with transaction.atomic():
            wake("sesi-2")
            transaction.set_rollback(True)
        with transaction.atomic():
            wake("sesi-3")
        with transaction.atomic():
            wake("sesi-4", "sesi-1")
            transaction.set_rollback(True)

    assert messages() == [["sesi-1", "sesi-3"]]


def test_a_transaction_of_which_only_savepoints_woke_and_rolled_back_sends_nothing(messages):
    with transaction.atomic(), transaction.atomic():
        wake("sesi-2")
        transaction.set_rollback(True)

    assert messages() == []


def test_a_commit_hook_with_a_transaction_of_its_own_sends_its_own_message(messages):
    def follow_up():
        with transaction.atomic():
            wake("sesi-2")

    with transaction.atomic():
        transaction.on_commit(follow_up)
        wake("sesi-1")

    assert messages() == [["sesi-2"], ["sesi-1"]]


def test_outside_a_transaction_a_wake_leaves_at_once(messages):
    wake("mpp-3", "mpp-3")

    assert messages() == [["mpp-3"]]


def test_two_connections_do_not_mix_their_wakes(messages):
    with transaction.atomic():
        wake("sesi-1")
        other = threading.Thread(target=lambda: wake("sesi-2"))
        other.start()
        other.join()
        assert messages() == [["sesi-2"]]

    assert messages() == [["sesi-1"]]


@pytest.mark.parametrize("name", ["sesi-None", "Sesi-1", "sesi1", "sesi-1 sesi-2", "", "sesi-1\n"])
def test_a_malformed_name_is_a_mistake_that_shows_at_once(name, messages):
    with pytest.raises(ValueError, match="not a channel name"):
        wake(name)

    assert messages() == []
