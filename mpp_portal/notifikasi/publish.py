"""Ask a worker for a drain. Never raises; a broker that is refused or hung costs one short wait, once (valkey.py)."""

from functools import cache

import redis
from django.conf import settings
from kombu import Connection
from kombu.exceptions import KombuError
from kombu.pools import producers

from mpp_portal import valkey
from mpp_portal.celery import app

DRAIN = "mpp_portal.notifikasi.tasks.drain"


@cache
def _broker(url: str) -> Connection:
    """The workers' broker, but with the short waits of a page."""
    waits = {"socket_timeout": settings.REDIS_TIMEOUT, "socket_connect_timeout": settings.REDIS_TIMEOUT}
    return Connection(url, transport_options={**settings.CELERY_BROKER_TRANSPORT_OPTIONS, **waits})


@valkey.on_return
def ask_drain() -> None:
    """Have the outbox emptied by a worker soon. What cannot be asked for now, beat's sweep does."""
    ask(DRAIN)


def ask(task: str, *, queue: str = "segera") -> None:
    """Have a worker do this soon; beat asks for it too. What waits for others belongs in `lambat`: calls come first."""
    valkey.attempt(lambda: _publish(task, queue), None)


def _publish(task: str, queue: str) -> None:
    # The broker's own client tries a dead server several times, each with a pause: find out first, the quick way.
    valkey.client().ping()
    try:
        with producers[_broker(settings.CELERY_BROKER_URL)].acquire(block=True, timeout=1) as producer:
            app.send_task(task, queue=queue, producer=producer, retry=False)
    except (KombuError, OSError) as error:
        raise redis.ConnectionError(str(error)) from error
