"""What people fill in to get a number."""

import secrets
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from .models import Tiket


class TakeForm(forms.Form):
    """The priority a person declares, and the key that makes a second tap the same request."""

    prioritas = forms.ChoiceField(
        label=_("Perlu didahulukan?"),
        help_text=_("Cukup diberitahukan, tanpa surat. Jalur ini dipanggil lebih dulu, bergantian dengan yang lain."),
        choices=[("", _("Tidak perlu")), *Tiket.Prioritas.choices],
        required=False,
        widget=forms.RadioSelect,
    )
    kunci = forms.CharField(
        widget=forms.HiddenInput,
        max_length=64,
        error_messages={
            "required": _("Formulir ini tidak lengkap terkirim. Periksa lagi, lalu tekan tombolnya sekali lagi."),
            "max_length": _("Formulir ini tidak lengkap terkirim. Periksa lagi, lalu tekan tombolnya sekali lagi."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True  # the template's own form carries it
        self.initial.setdefault("kunci", secrets.token_urlsafe(16))

    def refuse(self, *sentences: str) -> None:
        """Show why not, keep what was chosen, and mint a new key: this one may belong to another number."""
        for sentence in [*sentences, *self.errors.pop("kunci", [])]:  # a hidden field has no place for its errors
            self.add_error(None, sentence)
        self.data = {**self.data, "kunci": secrets.token_urlsafe(16)}
