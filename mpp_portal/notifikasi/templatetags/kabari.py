"""`{% load kabari %}{% kabari kunjungan %}`: the "Kabari saya" part of a page about one subject."""

from typing import Any

from django import template
from django.conf import settings
from django.db import models
from django.template.context import RequestContext

from .. import channels, tokens, vapid
from ..models import Kanal, Langganan

register = template.Library()
TYPED = {Kanal.WHATSAPP, Kanal.SMS, Kanal.SUREL}


@register.inclusion_tag("notifikasi/_kabari.html", takes_context=True)
def kabari(context: RequestContext, subject: models.Model, more: str = "", choices: Any = None) -> dict[str, Any]:
    """`subject` has an `mpp_id` and a page of its own; its messages are those that record(…, about=subject) makes.

    `more` is a template that lets one choose when to be told; it sees `subject` and `choices`.
    """
    on = set(channels.switched_on())
    mpp_id = getattr(subject, "mpp_id", None)
    token = tokens.Subject(subject._meta.label_lower, subject.pk, mpp_id, subject.get_absolute_url())  # type: ignore[attr-defined]
    return {
        "request": context["request"],
        "csrf_token": context.get("csrf_token"),
        "subject": subject,
        "more": more,
        "choices": choices,
        "token": tokens.sign(token),
        # Asked here: `{% if own or … %}` would take a failing database for "no", and show a page without the offer.
        "own": list(Langganan.objects.current().about(subject._meta.label_lower, subject.pk).order_by("pk")),
        "by_address": bool(on & TYPED),
        "demo": settings.DEMO,
        "push_key": vapid.public_key() if Kanal.WEBPUSH in on else "",
    }
