"""A page names the channels it may hear in a signed token, so that the stream needs neither session nor database."""

import time
from typing import NamedTuple

from django.core import signing

from mpp_portal.siaran.bus import check_names

PATH = "/aliran/"
MAX_AGE = 12 * 3600  # seconds
MAX_CHANNELS = 50
SALT = "mpp.siaran"


class Permit(NamedTuple):
    channels: frozenset[str]
    signed_at: float  # seconds since 1970: what changed later than this the page has not seen


def sign(*channels: str) -> str:
    """Token for these channels. Whoever holds it learns that something changed, never what."""
    names = sorted(set(channels))
    check_names(names)
    if len(names) > MAX_CHANNELS:
        raise ValueError(f"{len(names)} channels in one token; at most {MAX_CHANNELS}")
    return signing.dumps([time.time(), *names], salt=SALT)


def read(token: str) -> Permit:
    """The permit in a token. Raises signing.BadSignature when it is forged, damaged or older than 12 hours."""
    signed_at, *channels = signing.loads(token, salt=SALT, max_age=MAX_AGE)
    return Permit(frozenset(channels), signed_at)


def url(*channels: str) -> str:
    """Address for the page's `data-mpp-stream` attribute."""
    return f"{PATH}?t={sign(*channels)}"
