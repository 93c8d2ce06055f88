"""The portal's key pair for web push (RFC 8292): the private half is a setting, browsers get the public one."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import cache

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings


def new_key() -> str:
    """A fresh private key as KABAR_VAPID_KEY takes it."""
    number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    return _text(number.to_bytes(32))


def public_key() -> str:
    """What browsers are given; empty where no key is set."""
    return _public(settings.KABAR_VAPID_KEY) if settings.KABAR_VAPID_KEY else ""


@cache
def _public(private: str) -> str:
    number = int.from_bytes(urlsafe_b64decode(private + "=" * (-len(private) % 4)))
    key = ec.derive_private_key(number, ec.SECP256R1()).public_key()
    return _text(key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
