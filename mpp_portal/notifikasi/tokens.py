"""A page that may be followed says which subject it is about in a signed token: nobody can follow what they guess."""

from typing import NamedTuple

from django.core import signing
from django.http import Http404

SALT = "mpp.kabar"
MAX_AGE = 7 * 24 * 3600  # seconds


class Subject(NamedTuple):
    label: str
    pk: int
    mpp_id: int | None
    url: str  # the page it came from


def sign(subject: Subject) -> str:
    return signing.dumps(list(subject), salt=SALT)


def read(token: str) -> Subject:
    """Raises Http404 when the token is forged, damaged or a week old."""
    try:
        return Subject(*signing.loads(token, salt=SALT, max_age=MAX_AGE))
    except signing.BadSignature:
        raise Http404 from None
