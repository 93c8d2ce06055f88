"""How a person says where to reach them, and how an office words a message."""

import json
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import addresses, channels
from .channels import guard


class FollowForm(forms.Form):
    """One field for each channel that is switched on and that a person can type an address for."""

    whatsapp = forms.CharField(
        label=gettext_lazy("Nomor WhatsApp"),
        help_text=gettext_lazy("Contoh: 0812 3456 7890"),
        max_length=25,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel-national"}),
    )
    sms = forms.CharField(
        label=gettext_lazy("Nomor ponsel untuk SMS"),
        help_text=gettext_lazy("Contoh: 0812 3456 7890"),
        max_length=25,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel-national"}),
    )
    surel = forms.CharField(
        label=gettext_lazy("Alamat surel"),
        help_text=gettext_lazy("Contoh: nama@contoh.id"),
        max_length=120,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in set(self.fields) - set(channels.switched_on()):
            del self.fields[name]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True  # the template's own form carries it

    def clean_whatsapp(self) -> str:
        return self.cleaned_data["whatsapp"] and addresses.phone(self.cleaned_data["whatsapp"])

    def clean_sms(self) -> str:
        return self.cleaned_data["sms"] and addresses.phone(self.cleaned_data["sms"])

    def clean_surel(self) -> str:
        return self.cleaned_data["surel"] and addresses.email(self.cleaned_data["surel"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors and not any(data.values()):
            raise forms.ValidationError(_("Isi salah satu, supaya kami tahu ke mana mengabari Anda."))
        return data

    def given(self) -> list[tuple[str, str]]:
        """The channels and addresses that were filled in."""
        return [(kanal, address) for kanal, address in self.cleaned_data.items() if address]


class BrowserForm(forms.Form):
    """What `pushManager.subscribe` gave, kept to the three values that are needed."""

    langganan = forms.JSONField(max_length=4000)

    def clean_langganan(self) -> str:
        given = self.cleaned_data["langganan"]
        try:
            keys = {name: str(given["keys"][name])[:200] for name in ("p256dh", "auth")}
            endpoint = str(given["endpoint"])[:1000]
            guard.require_push_service(endpoint)
        except (KeyError, TypeError, ValueError, channels.Permanent):
            raise forms.ValidationError(_("Peramban ini belum bisa dikabari. Pilih WhatsApp atau surel.")) from None
        return json.dumps({"endpoint": endpoint, "keys": keys}, sort_keys=True)
