"""The logs name what failed, never the key to it."""

import logging

import pytest
from django.conf import settings
from django.urls import reverse

from mpp_portal.logs import WithoutSecrets


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("antrean:kunjungan", "Zk3v9QpLr7TtWx2YbN5cHg"),
        ("antrean:arrive", "12:abcdefghij:klmnopqrstuv"),
        ("pengaduan:laporan", "12:abcdefghij:klmnopqrstuv"),
    ],
)
def test_a_secret_link_is_not_logged(name, key):
    path = reverse(name, args=[key])
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, "Forbidden (%s): %s", ("token", path), None)
    assert WithoutSecrets().filter(record)
    assert key in path
    assert key not in record.getMessage()
    assert record.getMessage().startswith("Forbidden (token): /antrean/")


def test_every_handler_hides_secrets():
    handlers = settings.LOGGING["handlers"].values()
    assert len(handlers) == 1
    assert all("secrets" in handler["filters"] for handler in handlers)
