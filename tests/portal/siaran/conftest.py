import pytest
import redis

from mpp_portal import valkey as portal_valkey
from mpp_portal.siaran import bus

from .servers import Stream, eventually, portal_server


@pytest.fixture
def valkey(tmp_path_factory, settings):
    """A Valkey of this test's own, which the portal uses; it is back in the portal's eyes when the test ends."""
    with portal_server(tmp_path_factory.mktemp("v"), settings) as server:
        bus._unsent.clear()
        yield server


@pytest.fixture
def impatient(valkey, settings):
    """As little patience with that server as a page has."""
    settings.REDIS_TIMEOUT = settings.IMPATIENT
    portal_valkey._made.cache_clear()


@pytest.fixture
def start_stream(valkey, settings):
    """Start the stream under uvicorn: `start_stream(slow=1)`; ready when it follows the bus."""
    started = []

    def start(**options):
        listeners = valkey.listeners()
        stream = Stream(valkey.url, settings.SECRET_KEY, **options)
        started.append(stream)
        eventually(lambda: valkey.listeners() > listeners, within=60)
        return stream

    yield start
    for stream in started:
        stream.stop()


@pytest.fixture
def messages(valkey):
    """Function returning what has passed over the bus since the last call: one list of channels per message."""
    with redis.Redis.from_url(valkey.url) as client, client.pubsub() as pubsub:
        pubsub.subscribe(bus.BUS)
        assert pubsub.get_message(timeout=5)["type"] == "subscribe"

        def heard():
            found = []
            while message := pubsub.get_message(timeout=0.1):
                found.append(bus.decode(message["data"])[1])
            return found

        yield heard
