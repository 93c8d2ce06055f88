"""Today's tickets by what is printed on them: the code of a visit, or a number as the hall calls it."""

import re
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from layanan.models import Mpp

from .models import ALFABET, Pemesanan, Tiket

CODE = rf"[{ALFABET}]{{6}}"
LABEL = r"([A-Z]{1,2})[- ]?(\d{1,5})"


def find(code: str, *, mpp: Mpp | None = None, now: datetime | None = None) -> list[Tiket]:
    """Tickets of today in the malls of this portal, or in one of them; each mall by its own day."""
    now = now or timezone.now()
    code = code.strip().upper()
    malls = [mpp] if mpp else list(Mpp.objects.running().select_related("wilayah"))
    rows = Tiket.objects.going_on().filter(_on({mall: mall.today(now) for mall in malls}))
    rows = rows.select_related("kunjungan__mpp__wilayah", "sesi__antrean__gerai__instansi", "layanan__jenis", "loket")
    return list(_named(rows, code).order_by("kunjungan__mpp__nama", "pk"))


def find_booked(code: str, *, mpp: Mpp, now: datetime | None = None) -> list[Pemesanan]:
    """Bookings of today in one mall by the code of their visit, of people who have not come yet."""
    rows = Pemesanan.objects.expected().filter(
        kunjungan__mpp=mpp, kunjungan__kode=code.strip().upper(), tanggal=mpp.today(now)
    )
    return list(rows.select_related("slot__antrean__gerai__instansi", "layanan__jenis", "kunjungan__mpp__wilayah"))


def _on(days: dict[Mpp, date]) -> Q:
    """The malls grouped by their day: there are at most two at any instant."""
    condition = Q(pk__in=[])
    for day in set(days.values()):
        malls = [mall.pk for mall, today in days.items() if today == day]
        condition |= Q(sesi__tanggal=day, sesi__antrean__mpp__in=malls)
    return condition


def _named(rows: QuerySet[Tiket], code: str) -> QuerySet[Tiket]:
    label = re.fullmatch(LABEL, code)
    if re.fullmatch(CODE, code):
        return rows.filter(kunjungan__kode=code)
    if label:
        return rows.filter(label=f"{label[1]}-{int(label[2]):03d}")
    return rows.none()
