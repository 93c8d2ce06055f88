"""Who may read figures for monitoring. Closed unless a token or an address opens it (METRIK_TOKEN, METRIK_ALAMAT)."""

from django.conf import settings
from django.utils.crypto import constant_time_compare


def is_open_to(address: str, authorization: str) -> bool:
    """`authorization` is the request's header of that name, `address` where the request comes from."""
    token = settings.METRIK_TOKEN
    if token and constant_time_compare(authorization, f"Bearer {token}"):
        return True
    return address in settings.METRIK_ALAMAT
