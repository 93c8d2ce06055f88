"""Personal data that a copy of the database must not give away: encrypted to be read, hashed with a key to be found.

The keys stand in MPP_KUNCI_DATA (several while they are being changed: the first encrypts, all decrypt) and in
MPP_KUNCI_SIDIK, which never changes while rows are found by it.
"""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured
from django.db import models, transaction
from django.db.models.functions import Cast


class EncryptedField(models.TextField):
    """Text that is stored encrypted; blank stays blank. Equal texts are stored differently: find them by `keyed`."""

    def get_prep_value(self, value: Any) -> Any:
        return encrypt(value) if value else value

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        return decrypt(value) if value else value

    def get_lookup(self, lookup_name: str) -> Any:
        return super().get_lookup(lookup_name) if lookup_name in {"exact", "isnull"} else None


def keyed(what: str, value: str) -> str:
    """64 hexadecimal digits that find a value again, and tell nothing to who has no key."""
    key = settings.KUNCI_SIDIK or _of_the_demo("sidik")
    return hmac.new(key.encode(), f"{what}:{value}".encode(), hashlib.sha256).hexdigest()


def encrypt(text: str) -> str:
    return _cipher().encrypt(text.encode()).decode()


def decrypt(stored: str) -> str:
    return _cipher().decrypt(stored).decode()


def is_old(stored: str) -> bool:
    """Whether the first key cannot read it."""
    try:
        Fernet(_keys()[0]).decrypt(stored)
    except InvalidToken:
        return True
    return False


def new_key() -> str:
    return Fernet.generate_key().decode()


def rotate(*, dry: bool = False) -> dict[str, int]:
    """Encrypt with the first key what older keys encrypted; returns the rows of each column that were (would be)."""
    return {
        f"{model._meta.label_lower}.{field.name}": sum(_renew(model, field.name, pk, dry) for pk in _old(model, field))
        for model in apps.get_models()
        for field in model._meta.local_fields
        if isinstance(field, EncryptedField)
    }


def _old(model: type[models.Model], field: EncryptedField) -> Iterator[int]:
    rows = model._default_manager.exclude(**{field.name: ""}).annotate(stored=Cast(field.name, models.TextField()))
    for pk, stored in rows.values_list("pk", "stored").iterator():
        if is_old(stored):
            yield pk


def _renew(model: type[models.Model], name: str, pk: int, dry: bool) -> int:
    if not dry:
        with transaction.atomic():
            row = model._default_manager.select_for_update().filter(pk=pk).first()
            if row is not None:
                row.save(update_fields=[name])
    return 1


def _cipher() -> MultiFernet:
    return _made(tuple(_keys()))


@lru_cache(maxsize=4)
def _made(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def _keys() -> list[str]:
    if settings.KUNCI_DATA:
        return list(settings.KUNCI_DATA)
    return [urlsafe_b64encode(hashlib.sha256(_of_the_demo("data").encode()).digest()).decode()]


def _of_the_demo(what: str) -> str:
    if not settings.DEMO:
        raise ImproperlyConfigured(
            "MPP_KUNCI_DATA and MPP_KUNCI_SIDIK are needed: `manage.py buat_kunci_data` makes them."
        )
    return f"{what}:{settings.SECRET_KEY}"


@register(deploy=True)
def keys_of_personal_data(**kwargs: Any) -> list[CheckMessage]:
    """Both are set, can be used, and are not the same."""
    try:
        _made(tuple(_keys()))
        keyed("periksa", "")
    except (ImproperlyConfigured, ValueError) as error:
        return [Error(str(error), id="mpp_portal.E001")]
    if settings.KUNCI_SIDIK and settings.KUNCI_SIDIK in settings.KUNCI_DATA:
        return [Error("MPP_KUNCI_SIDIK must not be one of MPP_KUNCI_DATA.", id="mpp_portal.E002")]
    return []
