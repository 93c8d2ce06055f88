"""While the bus is away a stream process reads from the log what changed, and its pages notice nothing."""

import asyncio
import contextlib
import time
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from antrean import actions
from mpp_portal.models import Peristiwa, record
from mpp_portal.siaran import hub as hubs
from mpp_portal.siaran import watch
from mpp_portal.siaran.tokens import Permit
from tests import factories
from tests.antrean import hall as halls

BEFORE = {
    "recall": ["call_next"],
    "start": ["call_next"],
    "finish_and_next": ["call_next", "start"],
    "absent": ["call_next"],
}

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def hall():
    return halls.make()


async def until(condition, within=10):
    async with asyncio.timeout(within):
        while not condition():
            await asyncio.sleep(0.02)


@contextlib.asynccontextmanager
async def listening(url):
    hub = hubs.Hub()
    task = asyncio.create_task(hub.listen(url))
    yield hub
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


def page_for(hub, *channels):
    return hub.join(Permit(frozenset(channels), time.time() + 60))


def test_a_page_hears_a_call_while_the_bus_is_away_and_polls_not(valkey, hall, monkeypatch):
    monkeypatch.setattr(watch, "PERIOD", 0.1)
    tiket = hall.ticket()
    hall.open()

    async def story():
        async with listening(valkey.url) as hub:
            await until(lambda: hub.online)
            page = page_for(hub, tiket.kunjungan.channel)
            valkey.kill()
            await until(lambda: hub.watcher and page.woken)  # what happened just before the loss, whoever told it
            page.take()
            await asyncio.to_thread(in_thread, lambda: actions.call_next(hall.loket, by=hall.petugas))
            await until(lambda: page.woken)
            assert page.take().decode() == f"event: wake\ndata: {tiket.kunjungan.channel}\n\n"
            await asyncio.sleep(0.5)
            assert page.take() == b""  # a repeat is dropped, and nobody was told to poll
            watcher = hub.watcher
            valkey.start()
            await until(lambda: page.notice == "resync")
            await until(lambda: not watcher.is_alive())

    asyncio.run(story())


def test_a_process_that_starts_without_the_bus_watches_at_once(valkey, hall):
    valkey.kill()

    async def story():
        async with listening(valkey.url) as hub:
            page = page_for(hub, f"mpp-{hall.mpp.pk}")
            assert page.notice == "away"
            await until(lambda: hub.online)
            assert page.notice == "resync"

    asyncio.run(story())


def test_pages_poll_when_bus_and_database_are_away_and_look_again_when_one_is_back(valkey, monkeypatch):
    monkeypatch.setattr(watch, "PERIOD", 0.1)
    table = Peristiwa._meta.db_table

    async def story():
        async with listening(valkey.url) as hub:
            await until(lambda: hub.online)
            page = page_for(hub, "mpp-1")
            await asyncio.to_thread(in_thread, lambda: rename(table, "sementara"))
            valkey.kill()
            await until(lambda: page.notice == "away")
            await asyncio.to_thread(in_thread, lambda: rename("sementara", table))
            await until(lambda: page.notice == "resync")

    asyncio.run(story())


def test_every_row_is_told_once_also_one_that_commits_after_its_successor():
    mpp = factories.Mpp()
    early = record("uji", mpp, mpp_id=1)
    record("uji", mpp, mpp_id=2)
    Peristiwa.objects.filter(pk=early.pk).delete()  # its id is given out, its row is not yet there
    seen, channels = watch.read(set())
    assert channels == {"mpp-2"}

    early.save(force_insert=True)
    seen, channels = watch.read(seen)
    assert channels == {"mpp-1"}
    assert watch.read(seen)[1] == set()


def test_the_first_reading_goes_back_half_a_minute():
    mpp = factories.Mpp()
    record("uji", mpp, mpp_id=1, at=timezone.now() - timedelta(seconds=40))
    record("uji", mpp, mpp_id=2, at=timezone.now() - timedelta(seconds=20))

    assert watch.read(None)[1] == {"mpp-2"}


@pytest.mark.parametrize("step", ["call_next", "recall", "start", "finish_and_next", "absent", "close"])
def test_the_log_leads_to_every_channel_that_a_step_wakes(hall, messages, step):
    hall.ticket()
    hall.ticket()
    hall.open()
    for earlier in BEFORE.get(step, []):
        hall.do(earlier)
    messages()
    seen, _channels = watch.read(None)

    hall.do(step)

    woken = {channel for message in messages() for channel in message}
    assert f"mpp-{hall.mpp.pk}" in woken
    # A ticket that has left its loket no longer leads to it; the console there hears the line too.
    assert woken - watch.read(seen)[1] <= {f"loket-{hall.loket.pk}"}


def in_thread(call):
    try:
        call()
    finally:
        connection.close()


def rename(old, new):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {old} RENAME TO {new}")
