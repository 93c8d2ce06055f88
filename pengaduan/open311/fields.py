"""A published report as GeoReport v2 tells it: the words that were published, and nothing about who reported."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import DateTimeField, Max, OuterRef, Prefetch, QuerySet, Subquery
from django.urls import reverse
from django.utils.text import Truncator

from mpp_portal.models import Peristiwa

from .. import timeline
from ..models import Disposisi, Laporan
from ..states import LAPOR, OPEN311, JenisTenggat, Status
from .services import SERVICES

LONGEST = 4000  # characters of a description, by the specification


def prepared(rows: QuerySet[Laporan]) -> QuerySet[Laporan]:
    """With all that `tell` needs, in three queries for any number of reports."""
    kinds = [f"laporan.{kind}" for kind in timeline.STEPS]
    seen = Peristiwa.objects.filter(subjek="pengaduan.laporan", subjek_id=OuterRef("pk"), jenis__in=kinds)
    last = seen.order_by().values("subjek_id").annotate(last=Max("at")).values("last")
    parts = Prefetch("disposisi", Disposisi.objects.current().select_related("gerai__instansi"), to_attr="parts")
    named = rows.select_related("mpp__wilayah__induk", "gerai__instansi").prefetch_related(parts, "tenggat")
    return named.annotate(stepped_at=Subquery(last, output_field=DateTimeField()))


def tell(row: Any, *, extensions: bool) -> dict[str, Any]:
    """One report. What its key's holder may see of an unpublished one is how it stands, without words."""
    words = is_public(row)
    told = {
        "service_request_id": row.kode,
        "status": OPEN311[row.status],
        "status_notes": _notes(row),
        "service_name": str(SERVICES[row.jenis].name),
        "service_code": row.jenis,
        "description": Truncator(row.isi_publik).chars(LONGEST) if words else None,
        "agency_responsible": (words and _agencies(row)) or None,
        "service_notice": None,
        "requested_datetime": _w3c(row, row.created_at),
        "updated_datetime": _w3c(row, row.ended_at or row.stepped_at or row.created_at),
        "expected_datetime": _w3c(row, _expected(row) if words else None),
        "address": address(row),
        "address_id": address_id(row),
        "zipcode": None,
        "lat": None,
        "long": None,
        "media_url": None,
    }
    return told | {"extended_attributes": _extended(row)} if extensions else told


def is_public(row: Laporan) -> bool:
    return row.published_at is not None and row.status != Status.DIBATALKAN


def address_id(row: Laporan) -> str:
    return f"{row.mpp.slug}/{row.gerai.instansi.slug}" if row.gerai else row.mpp.slug


def address(row: Laporan) -> str:
    """From the nearest to the widest."""
    mpp, wilayah = row.mpp, row.mpp.wilayah
    parts = [row.gerai.instansi.nama if row.gerai else "", mpp.nama, mpp.alamat, wilayah.nama]
    return ", ".join(part for part in [*parts, wilayah.induk.nama if wilayah.induk else ""] if part)


def _notes(row: Laporan) -> str:
    state = row.get_status_display()
    return f"{state}: {row.jawaban_publik}" if row.jawaban_publik and is_public(row) else state


def _agencies(row: Any) -> str:
    offices: Iterable[str] = (part.office for part in row.parts)
    return ", ".join(sorted(set(offices)))


def _expected(row: Laporan) -> datetime | None:
    due = [c.due_at for c in row.tenggat.all() if c.jenis == JenisTenggat.PENYELESAIAN and c.dropped_at is None]
    return max(due, default=None)


def _w3c(row: Laporan, at: datetime | None) -> str | None:
    """On the mall's own clock, with its distance from UTC."""
    return row.mpp.local(at).isoformat(timespec="seconds") if at else None


def _extended(row: Laporan) -> dict[str, Any]:
    page = reverse("pengaduan:public", args=[row.kode])
    return {
        "title": (is_public(row) and row.judul_publik) or None,
        "state": row.status,
        "lapor_state": LAPOR[row.status],
        "jurisdiction_id": row.mpp.slug,
        "public_url": f"{settings.PORTAL_URL}{page}" if is_public(row) else None,
    }
