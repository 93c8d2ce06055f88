"""Accounts are for staff and are made by a pengelola; nobody signs up by themselves."""

import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.authentication import get_authentication_records
from allauth.account.forms import LoginForm, ResetPasswordForm
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from django.conf import settings
from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from .models import Pengguna


class StaffOnly(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whoever logged in a moment ago has just shown who they are."""
        recent = time.time() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
        records = get_authentication_records(self.request, self.request.user)
        return super().is_reauthentication_required(app=app) and not any(one["at"] > recent for one in records)


class Backend(AuthenticationBackend):
    """The demo's people, whose password is public, exist in the demo only: neither a login nor an old session."""

    def get_user(self, user_id: int) -> Pengguna | None:
        """Who asks, and with the same query whether they have a second factor (`faktor.Required`)."""
        people = Pengguna.objects.filter(pk=user_id)
        if settings.FAKTOR_KEDUA:
            codes = Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP)
            people = people.annotate(has_factor=Exists(codes))
        user = people.first()
        return user if user and self.user_can_authenticate(user) else None

    def user_can_authenticate(self, user: Any) -> bool:
        return super().user_can_authenticate(user) and (settings.DEMO or not user.peragaan)


class Login(LoginForm):
    """The fields named as staff name them; the way to a new password stands below the form."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in {"login": _("Nama pengguna"), "password": _("Kata sandi")}.items():
            self.fields[name].label = label
            self.fields[name].help_text = ""
            self.fields[name].widget.attrs.pop("placeholder", None)


class ResetPassword(ResetPasswordForm):
    """The label says it once."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].widget.attrs.pop("placeholder")


class _Code:
    """Digits that a phone shows: its keyboard offers digits, and what was wrong can be seen."""

    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Kode enam angka")
        self.fields["code"].widget.attrs |= {"inputmode": "numeric"}
        self.fields["code"].widget.attrs.pop("placeholder", None)


class ActivateCode(_Code, ActivateTOTPForm): ...


class Code(_Code, AuthenticateForm): ...


class CodeAgain(_Code, ReauthenticateForm): ...
