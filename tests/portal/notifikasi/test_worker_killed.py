"""A real worker, killed with SIGKILL while a letter is in flight: the next one sends it again under the same id."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.conf import settings as current
from django.db import connection
from django.utils import timezone

from mpp_portal.notifikasi import publish
from mpp_portal.notifikasi.models import Pesan
from tests.portal.siaran.servers import eventually
from tests.servers import ROOT

from .conftest import states

pytestmark = pytest.mark.django_db(transaction=True)


def database_url() -> str:
    """This test's own database, as another process finds it."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


@pytest.fixture
def start_worker(mailbox):
    workers = []

    def start() -> "subprocess.Popen[bytes]":
        own = {
            "DATABASE_URL": database_url(),
            "EMAIL_URL": f"smtp://127.0.0.1:{current.EMAIL_PORT}",
            "KABAR_SUREL": "hidup",
            "KABAR_TENANG": "",
            "MPP_URL": current.PORTAL_URL,
        }
        command = [sys.executable, "-m", "celery", "-A", "mpp_portal", "worker", "--concurrency=1", "--loglevel=error"]
        quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        worker = subprocess.Popen([*command, *quiet], cwd=ROOT, env=os.environ | own, start_new_session=True)
        workers.append(worker)
        return worker

    yield start
    for worker in workers:
        if worker.poll() is None:
            os.killpg(worker.pid, signal.SIGKILL)
            worker.wait()


def test_killed_between_the_servers_yes_and_our_note_of_it(orang, mailbox, start_worker):
    orang.asks()
    orang.hears("tiket.dipanggil")
    mailbox.conduct = "slow"
    publish.ask_drain()
    worker = start_worker()
    eventually(lambda: len(mailbox.received) == 1, within=60)

    os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()
    assert states() == [("dikirim", 1)]
    assert Pesan.objects.get().sending_since is not None

    mailbox.conduct = "ok"
    Pesan.objects.update(lease_until=timezone.now() - timedelta(seconds=1))  # a minute and a half later
    publish.ask_drain()
    start_worker()
    eventually(lambda: states() == [("terkirim", 2)], within=60)

    assert Pesan.objects.get().deaths == 1
    assert len(mailbox.received) == 2
    assert len({mail["Message-ID"] for mail in mailbox.received}) == 1
