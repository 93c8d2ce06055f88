"""Answers of a server that nobody knows, read as data or not at all."""

import pytest

from pengaduan.open311.titipan import speech

BOMB = b'<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><services><service>&b;</service></services>'


@pytest.mark.parametrize("body", [
    BOMB,
    BOMB.decode().encode("utf-16"),
    b'<?xml version="1.0"?><!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
    b"<a>" * 50 + b"</a>" * 50,
    b"<a><b></a>",
    b"",
    b"<html><p>Sedang dirawat</html>",
])  # fmt: skip
def test_xml_that_is_not_read(body):
    with pytest.raises(speech.Unreadable):
        speech.read("xml", body)


@pytest.mark.parametrize("body", [b"", b"<html>", b"[" * 200_000, b"\xff\x00[{", b'{"a": '])
def test_json_that_is_not_read(body):
    with pytest.raises(speech.Unreadable):
        speech.read("json", body)


@pytest.mark.parametrize("content", [
    [{"token": "1"}], {"token": "1"}, {"service_requests": [{"token": "1"}]}, {"service_requests": {"token": "1"}},
    [{"token": "1"}, "x", None],
])  # fmt: skip
def test_one_entry_however_it_is_wrapped(content):
    assert speech.rows(content, "service_requests") == [{"token": "1"}]


@pytest.mark.parametrize(("value", "said"), [
    ("K-1", "K-1"), (17, "17"), (None, ""), (True, ""), (["x"], ""), ({"a": 1}, ""), (" a\x00b\u202e ", "ab"),
])  # fmt: skip
def test_a_value_as_text(value, said):
    assert speech.text({"a": value}, "a", 10) == said
