"""What a WSGI page says reaches the server whole and in order: short in one go, long as it is made."""

import asyncio

import pytest

from mpp_portal import asgi

SCOPE = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "http_version": "1.1", "headers": []}


def sent(*chunks: bytes) -> list:
    """What the server hears of a page of these chunks, and when all of them were made."""
    heard = []

    def page(environ, start_response):
        start_response("200 OK", [("Content-Type", "text/plain")])
        yield from chunks
        heard.append("made")

    async def receive():
        return {"type": "http.request"}

    async def send(message):
        heard.append(message.get("status") or message["body"])

    asyncio.run(asgi.Pages(page, workers=1)(SCOPE, receive, send))
    return heard


def test_a_page_is_handed_over_when_it_is_made():
    assert sent(b"satu", b"dua") == ["made", 200, b"satu", b"dua", b""]


def test_a_long_answer_goes_out_as_it_is_made(monkeypatch):
    monkeypatch.setattr(asgi, "WHOLE", 5)
    assert sent(b"satu", b"dua", b"tiga") == [200, b"satu", b"dua", "made", b"tiga", b""]


def test_a_page_that_breaks_says_nothing_of_itself():
    heard = []

    def page(environ, start_response):
        start_response("200 OK", [])
        yield b"setengah"
        raise ZeroDivisionError

    async def send(message):
        heard.append(message)

    async def ask():
        await asgi.Pages(page, workers=1)(SCOPE, None, send)

    with pytest.raises(ZeroDivisionError):
        asyncio.run(ask())
    assert heard == []
