"""A mall alone on its portal, asked as a program asks."""

import json
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client

from pengaduan import actions
from pengaduan.models import Laporan
from pengaduan.open311.answers import ITEMS
from tests import factories
from tests.pengaduan.conftest import MONDAY, Meja

from ..conftest import figures, meja

__all__ = ["figures", "meja"]
ROOT = "/open311/v2/"


def get(name: str, **asked: Any) -> Any:
    return Client().get(f"{ROOT}{name}", asked)


def said(answer: Any) -> Any:
    return json.loads(answer.content)


def from_xml(answer: Any) -> Any:
    """An XML answer by the Spark convention: all texts, blank for what is null."""
    return _value(ElementTree.fromstring(answer.content))  # noqa: S314  our own answer


def _value(element: ElementTree.Element) -> Any:
    if element.tag in ITEMS:
        assert all(child.tag == ITEMS[element.tag] for child in element)
        return [_value(child) for child in element]
    return {child.tag: _value(child) for child in element} if len(element) else element.text or ""


def as_text(content: Any) -> Any:
    """A JSON answer as XML can say it."""
    if isinstance(content, dict):
        return {name: as_text(value) for name, value in content.items()}
    if isinstance(content, list):
        return [as_text(value) for value in content]
    if content is None:
        return ""
    return str(content).lower() if isinstance(content, bool) else str(content)


def published(meja: Meja, **given: Any) -> Laporan:
    laporan = meja.routed(**given)
    words = {"judul": laporan.judul, "isi": laporan.isi}
    return actions.publish(laporan, **words, by=meja.koordinator, now=given.get("at", MONDAY))


@pytest.fixture
def kunci(meja) -> Any:
    return factories.KunciApi(mpp=meja.mpp, kunci="kunci-aplikasi")


def send(**given: Any) -> Any:
    headers = given.pop("headers", {})
    sent = {"api_key": "kunci-aplikasi", "service_code": "pengaduan", "description": "Pukul dua sudah kosong.\nSemua.",
            "address_string": "lantai 2"}  # fmt: skip
    return Client().post(f"{ROOT}requests.json", sent | given, headers=headers)
