"""Replies leave through the outbox: tried again while WhatsApp is away, parked where people see it when it says no."""

import json

from django.utils.translation import gettext as _

from mpp_portal.notifikasi.models import Pesan

from . import graph
from .models import WhatsappMasuk, fingerprint


def hand_over(pesan: Pesan) -> str | None:
    """WhatsApp knows no key for a resend: who died between its yes and our note sends the same words twice."""
    row = WhatsappMasuk.objects.filter(pk=pesan.subjek_id).exclude(balasan="").first()
    if row is None:
        return _("Balasan ini sudah terkirim atau dihapus.")
    told = json.loads(row.balasan)
    sent = graph.send(row.nomor_id, to=told["to"], text=told["text"])
    WhatsappMasuk.objects.filter(pk=row.pk).update(balasan="", sidik_balasan=fingerprint(sent) if sent else "")
    return None


def tell(pesan: Pesan) -> dict[str, str]:
    return {"judul": pesan.target, "isi": "", "ke": "•••", "tautan": ""}
