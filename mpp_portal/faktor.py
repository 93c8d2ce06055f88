"""The second factor of staff: a code from their phone, kept encrypted, and required outside the demo."""

from collections.abc import Callable
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from . import crypto, qr
from .actions import Refused, action
from .models import Pengguna, record

# What leads to a second factor, or out.
OPEN = {"mfa_activate_totp", "account_reauthenticate", "account_logout"}


class Adapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("Kodenya tidak cocok. Tulis kode yang sekarang tampil di ponsel Anda."),
        "cannot_delete_authenticator": _("Petugas selalu masuk dengan kode dari ponsel."),
    }

    def encrypt(self, text: str) -> str:
        return crypto.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return crypto.decrypt(encrypted_text)

    def build_totp_svg(self, url: str) -> str:
        return qr.svg(url)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return not settings.FAKTOR_KEDUA


class Required:
    """Middleware: who has no second factor yet is led to it from every page that asks for a login."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if not settings.FAKTOR_KEDUA or not getattr(view, "login_required", True) or not request.user.is_authenticated:
            return None
        if request.user.has_factor or request.resolver_match.view_name in OPEN:  # type: ignore[union-attr]
            return None
        return redirect("mfa_activate_totp")


@action
def reset(user: Pengguna, *, by: Pengguna) -> None:
    """Forget a lost second factor: wherever the person is logged in, a new one is asked for before anything else."""
    if user == by:
        raise Refused(str(_("Faktor kedua Anda sendiri dihapus oleh pengelola lain.")))
    if not Authenticator.objects.filter(user=user).delete()[0]:
        raise Refused(str(_("%s tidak punya faktor kedua.") % user))
    record("pengguna.faktor_kedua_dihapus", user, mpp_id=None, by=by)


def renew(*, dry: bool = False) -> dict[str, int]:
    """Encrypt with the first key what older keys encrypted, as `crypto.rotate` does for columns."""
    with transaction.atomic():
        rows = [row for row in Authenticator.objects.select_for_update() if any(map(crypto.is_old, _secrets(row)))]
        for row in rows if not dry else []:
            row.data |= {name: crypto.encrypt(crypto.decrypt(row.data[name])) for name in _names(row)}
            row.save(update_fields=["data"])
    return {"mfa.authenticator.data": len(rows)}


def _names(row: Authenticator) -> set[str]:
    return {"secret", "seed"} & set(row.data)


def _secrets(row: Authenticator) -> list[str]:
    return [row.data[name] for name in _names(row)]
