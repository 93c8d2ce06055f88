"""The logs name what failed, never the key to it."""

import logging

import pytest
from django.conf import settings
from django.urls import reverse

from antrean.models import new_secret
from mpp_portal.logs import WithoutSecrets


@pytest.mark.parametrize(
    "path",
    [reverse("antrean:kunjungan", args=[new_secret()]), reverse("antrean:arrive", args=["12:abcdefghij:klmnopqrstuv"])],
)
def test_a_secret_link_is_not_logged(path):
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, "Forbidden (%s): %s", ("token", path), None)
    assert WithoutSecrets().filter(record)
    assert path.rstrip("/").rpartition("/")[2] not in record.getMessage()
    assert record.getMessage().startswith("Forbidden (token): /antrean/")


def test_every_handler_hides_secrets():
    handlers = settings.LOGGING["handlers"].values()
    assert len(handlers) == 1
    assert all("secrets" in handler["filters"] for handler in handlers)
