"""A telephone that writes to a mall's number: its messages come through the webhook, its replies from a real server."""

import hashlib
import hmac
import json
from itertools import count
from typing import Any

import pytest

from mpp_portal.notifikasi import sending
from mpp_portal.notifikasi.channels import guard
from pengaduan.whatsapp import reading
from tests.client import PageClient

from ..conftest import Meja, figures, meja
from .graph import Graph

__all__ = ["figures", "meja"]
PATH, PHONE, SECRET = "/pengaduan/whatsapp/", "6281234567890", "sandi-aplikasi"


def envelope(*rows: dict[str, Any], number: str = "1065", phone: str = PHONE) -> dict[str, Any]:
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "15550783881", "phone_number_id": number},
        "contacts": [{"profile": {"name": "Warga Contoh"}, "wa_id": phone}],
        "messages": [{"from": phone, "timestamp": "1763871000", **row} for row in rows],
    }
    return {
        "object": "whatsapp_business_account",
        "entry": [{"id": "2", "changes": [{"value": value, "field": "messages"}]}],
    }


def post(content: Any, *, secret: str = SECRET, **head: str) -> Any:
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    signed = hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()
    heads = {"x-hub-signature-256": f"sha256={signed}"} | head
    return PageClient().post(PATH, raw, content_type="application/json", headers=heads)


class Ponsel:
    def __init__(self, graph: Graph) -> None:
        self.graph, self.ids = graph, count(1)

    def writes(self, teks: str = "", *, id: str = "", phone: str = PHONE, answers: str = "", **part: Any) -> str:
        """Writes, and the workers do what is to be done; returns the last reply. `image={…}` is a photo."""
        kind = next(iter(part), "text")
        row = {"id": id or f"wamid.{next(self.ids)}", "type": kind, kind: part.get(kind) or {"body": teks}}
        row |= {"context": {"id": answers}} if answers else {}
        assert post(envelope(row, phone=phone)).status_code == 200
        return self.reads()

    def reads(self) -> str:
        reading.read_all()
        sending.drain()
        return self.graph.sent[-1]["text"]["body"] if self.graph.sent else ""


@pytest.fixture
def graph(meja: Meja, settings, monkeypatch):
    """The channel is open for one mall."""
    found = Graph()
    settings.KABAR_KANAL = dict.fromkeys(settings.KABAR_KANAL, "mati") | {"balasan": "hidup"}
    settings.KABAR_PRIVATE_HOSTS = settings.WHATSAPP_HOST_BERKAS = ["127.0.0.1"]
    settings.WHATSAPP_NOMOR = [f"1065={meja.mpp.slug}"]
    settings.WHATSAPP_SANDI, settings.WHATSAPP_TOKEN, settings.WHATSAPP_URL = SECRET, "kunci-graph", found.url
    settings.WHATSAPP_VERIFIKASI = "kata-verifikasi"
    settings.PORTAL_URL = "https://mpp.contoh.id"
    monkeypatch.setattr(guard, "READ", 0.5)
    yield found
    found.stop()


@pytest.fixture
def ponsel(graph) -> Ponsel:
    return Ponsel(graph)
