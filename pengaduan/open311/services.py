"""What can be reported: the kinds of report, and what is asked about each beside the description."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from layanan.models import Gerai, Mpp

from ..forms.warga import MANAGEMENT
from ..models import Laporan

TITLE = 120
YES, NO = "ya", "tidak"


@dataclass(frozen=True)
class Service:
    name: str | Promise
    description: str | Promise
    keywords: str | Promise


SERVICES = {
    Laporan.Jenis.PENGADUAN.value: Service(
        gettext_lazy("Pengaduan"),
        gettext_lazy("Ada yang tidak beres pada pelayanan di Mal Pelayanan Publik."),
        gettext_lazy("keluhan, loket, antrean, petugas, biaya"),
    ),
    Laporan.Jenis.ASPIRASI.value: Service(
        gettext_lazy("Aspirasi"),
        gettext_lazy("Usul atau harapan untuk Mal Pelayanan Publik."),
        gettext_lazy("usul, saran, harapan"),
    ),
    Laporan.Jenis.PERMINTAAN_INFORMASI.value: Service(
        gettext_lazy("Permintaan informasi"),
        gettext_lazy("Pertanyaan tentang layanan, syarat, biaya, atau jam buka."),
        gettext_lazy("tanya, syarat, biaya, jam buka"),
    ),
}


def listed() -> list[dict[str, Any]]:
    return [
        {
            "service_code": code,
            "service_name": str(service.name),
            "description": str(service.description),
            "metadata": True,
            "type": "realtime",
            "keywords": str(service.keywords),
            "group": _("Mal Pelayanan Publik"),
        }
        for code, service in SERVICES.items()
    ]


def definition(code: str, mpp: Mpp) -> dict[str, Any]:
    asked = [
        ("judul", "string", _("Judul"), _("Satu kalimat, paling panjang %s huruf.") % TITLE, []),
        ("instansi", "singlevaluelist", _("Tentang instansi mana?"), "", offices(mpp)),
        ("terjadi_pada", "datetime", _("Kapan terjadinya?"), _("Tanggal, misalnya 2026-08-14."), []),
        ("anonim", "singlevaluelist", _("Sembunyikan nama dan kontak dari petugas?"), "", _answers()),
        ("rahasia", "singlevaluelist", _("Jangan diterbitkan, dan jauhkan dari unit terlapor?"), "", _answers()),
    ]
    attributes = [
        {
            "variable": True,
            "code": name,
            "datatype": datatype,
            "required": False,
            "datatype_description": hint or None,
            "order": order,
            "description": question,
            "values": [{"key": key, "name": label} for key, label in values],
        }
        for order, (name, datatype, question, hint, values) in enumerate(asked, start=1)
    ]
    return {"service_code": code, "attributes": attributes}


ATTRIBUTES = ("judul", "instansi", "terjadi_pada", "anonim", "rahasia")


def offices(mpp: Mpp) -> list[tuple[str, str]]:
    rows = Gerai.objects.filter(mpp=mpp, aktif=True).select_related("instansi")
    named = [(row.instansi.slug, row.instansi.singkatan) for row in rows]
    return [*named, (MANAGEMENT, _("Pengelola MPP atau petugas pengaduan"))]


def _answers() -> list[tuple[str, str]]:
    return [(YES, _("ya")), (NO, _("tidak"))]
