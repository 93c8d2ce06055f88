"""People whose day is long over: who they were is forgotten, that somebody booked and came stays countable."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import CharField, F, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from mpp_portal.actions import action

from ..models import DaftarTunggu, Pemesanan, Tiket


def forget(*, dry: bool = False, now: datetime | None = None) -> dict[str, int]:
    """Blank names, contacts, NIK and codes of bookings older than `PEMESANAN_SIMPAN_HARI`; returns how many rows."""
    now = now or timezone.now()
    before = now - timedelta(days=settings.PEMESANAN_SIMPAN_HARI)
    kinds: dict[str, Any] = {"pemesanan": Pemesanan.objects, "daftar tunggu": DaftarTunggu.objects}
    found = {name: rows.forgettable(before) for name, rows in kinds.items()}
    done = {name: rows.count() if dry else _forget(rows, now) for name, rows in found.items()}
    codes = Tiket.objects.filter(sesi__tanggal__lt=before.date()).exclude(kode_luar="")
    return done | {"kode jadwal": codes.count() if dry else codes.update(kode_luar="")}


@action
def _forget(rows: Any, now: datetime) -> int:
    """One statement. The hash by which a person was found becomes one that finds nobody."""
    blank: dict[str, Any] = dict.fromkeys(("nama", "kontak", "nik", "sidik_kontak", "prioritas"), "")
    nobody = Concat(Value("terlupakan-"), Cast(F("pk"), CharField()))
    if rows.model is Pemesanan:
        blank["urut_kontak"] = None
    count: int = rows.update(orang=nobody, forgotten_at=now, **blank)
    return count
