"""A mall whose koordinator holds tables of SP4N-LAPOR!."""

import io
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from mpp_portal.notifikasi.channels import guard
from pengaduan.sp4n.sheets import COLUMNS
from tests.client import PageClient

from ..conftest import Meja, figures, meja
from .gateway import Gateway

__all__ = ["figures", "meja"]
ROW = [
    1,
    date(2026, 11, 20),
    "8812345",
    "Warga Contoh",
    "Antrean dipanggil dua kali",
    "Disdukcapil",
    "",
    "Dari aplikasi",
]


def book(*rows: list[Any], heads: Any = COLUMNS, change: Any = None) -> bytes:
    made, out = Workbook(), io.BytesIO()
    sheet = made.active
    for row in [heads, *rows]:
        sheet.append(list(row))
    if change:
        change(made)
    made.save(out)
    return out.getvalue()


def row(**changed: Any) -> list[Any]:
    """ROW but for these; `id` is its Tracking ID."""
    named = {"tanggal": 1, "id": 2, "user": 3, "judul": 4, "stakeholder": 5, "tanggapan": 6, "keterangan": 7}
    made = list(ROW)
    for name, value in changed.items():
        made[named[name]] = value
    return made


class Desk:
    def __init__(self, meja: Meja) -> None:
        self.client, self.path = PageClient(), f"/pengaduan/sp4n/{meja.mpp.slug}/"
        self.client.force_login(meja.koordinator)

    def upload(self, content: bytes, *, name: str = "tabel.xlsx", per: str = "2026-11-20") -> Any:
        return self.client.post(self.path, {"berkas": SimpleUploadedFile(name, content), "per": per})

    def take(self, *rows: list[Any], per: str = "2026-11-20") -> Any:
        """Preview, then save what the preview carries."""
        preview = self.upload(book(*rows), per=per)
        assert preview.status_code == 200, preview.content
        self.client.post(self.path, {"isi": preview.context["isi"]})
        return preview

    def fates(self, *rows: list[Any], per: str = "2026-11-20") -> list[str]:
        return [str(one.nasib) for one in self.upload(book(*rows), per=per).context["judged"]]


@pytest.fixture
def desk(meja) -> Desk:
    return Desk(meja)


@pytest.fixture
def gateway(settings, monkeypatch):
    """A real gateway on this machine, to which the portal is connected; it waits a moment, not seconds."""
    found = Gateway()
    settings.KABAR_KANAL = dict.fromkeys(settings.KABAR_KANAL, "mati") | {"sp4n": "hidup"}
    settings.KABAR_PRIVATE_HOSTS, settings.SP4N_URL = ["127.0.0.1"], found.url
    settings.SP4N_TOKEN = "kunci-gerbang"
    monkeypatch.setattr(guard, "READ", 0.5)
    yield found
    found.stop()
