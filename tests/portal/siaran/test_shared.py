"""What every screen fetches alike is made once per change and process, and tells nobody's own pages."""

import asyncio

import pytest

from mpp_portal.siaran import shared
from mpp_portal.siaran.bus import wake
from mpp_portal.siaran.shared import SHARED, Shared

pytestmark = pytest.mark.django_db(transaction=True)


class Pages:
    """An application with a page for everybody at /layar/ and one of the asker's own elsewhere."""

    def __init__(self, status=200):
        self.made, self.status = 0, status

    async def __call__(self, scope, receive, send):
        self.made += 1
        text = f"buatan {self.made}".encode()
        headers = [(b"content-type", b"text/html"), (b"etag", b'"%d"' % self.made)]
        if scope["raw_path"] == b"/layar/":
            headers.append((SHARED.lower().encode(), b"mpp-1"))
        await asyncio.sleep(0.01)
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": text})


async def ask(app, path="/layar/", method="GET", headers=()):
    sent = []

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": method, "raw_path": path.encode(), "query_string": b"", "headers": list(headers)}
    await app(scope, None, send)
    assert SHARED.lower().encode() not in dict(sent[0]["headers"])
    return sent[0]["status"], sent[1]["body"].decode()


def told(*requests, pages):
    """What each request got, one after the other; a list asks at once, a text wakes that channel."""

    async def story():
        app, got = Shared(pages), []
        for request in requests:
            if isinstance(request, str):
                await asyncio.to_thread(wake, request)
            elif isinstance(request, list):
                got.append(await asyncio.gather(*(ask(app, **one) for one in request)))
            else:
                got.append(await ask(app, **request))
        if app.marks:
            await app.marks.aclose()
        return got

    return asyncio.run(story())


def test_twenty_screens_at_a_call_cost_one_page(valkey):
    pages = Pages()
    first, before, after = told("mpp-1", {}, [{}] * 20, "mpp-1", [{}] * 20, pages=pages)
    assert first == (200, "buatan 1")  # from which it is known to be shared
    assert before == [(200, "buatan 2")] * 20
    assert after == [(200, "buatan 3")] * 20


def test_what_is_not_shared_and_what_changes_something_goes_on_to_the_pages(valkey):
    own = {"path": "/k/rahasia/"}
    post = {"method": "POST"}
    got = told("mpp-1", {}, {}, own, own, post, post, {}, pages=Pages())
    assert [body for _status, body in got] == [f"buatan {n}" for n in (1, 2, 3, 4, 5, 6, 2)]


def test_an_unchanged_copy_is_not_sent_again(valkey):
    fresh = {"headers": [(b"if-none-match", b'"2"')]}
    assert told("mpp-1", {}, {}, fresh, "mpp-1", fresh, pages=Pages())[2:] == [(304, ""), (200, "buatan 3")]


def test_a_fault_is_told_once_and_not_kept(valkey):
    got = told("mpp-1", {}, {}, {}, pages=Pages(status=500))
    assert got == [(500, "buatan 1"), (500, "buatan 2"), (500, "buatan 3")]


def test_a_lost_mark_costs_seconds(valkey, monkeypatch):
    monkeypatch.setattr(shared.fragments, "MAX_AGE", 0)
    assert told("mpp-1", {}, {}, {}, pages=Pages()) == [(200, f"buatan {n}") for n in (1, 2, 3)]


def test_addresses_made_up_for_play_do_not_fill_the_memory(valkey, monkeypatch):
    monkeypatch.setattr(shared, "MOST", 3)

    class Everywhere(Pages):
        async def __call__(self, scope, receive, send):
            await super().__call__({**scope, "raw_path": b"/layar/"}, receive, send)

    async def story():
        app = Shared(Everywhere())
        for n in range(10):
            await ask(app, f"/layar/{n}/")
        return len(app.channels)

    wake("mpp-1")
    assert asyncio.run(story()) == 1


@pytest.mark.parametrize("away", ["refused", "hung"])
def test_without_valkey_every_request_goes_on_to_the_pages(valkey, impatient, away):
    async def story():
        app = Shared(Pages())
        await asyncio.to_thread(wake, "mpp-1")
        await ask(app)
        valkey.kill() if away == "refused" else valkey.freeze()
        return await asyncio.gather(*(ask(app) for _ in range(20)))

    began = asyncio.run(timed(story()))
    assert sorted(began[0]) == sorted((200, f"buatan {n}") for n in range(2, 22))
    assert began[1] < 1


async def timed(story):
    loop = asyncio.get_running_loop()
    start = loop.time()
    return await story, loop.time() - start
