"""A whole visit at once."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils import timezone

from mpp_portal.actions import Refused

from ..models import Kunjungan, Pemesanan, Tiket
from ..states import TANPA_LOKET, StatusPesan
from .booking import cancel_booking
from .numbers import cancel


def open_in(visit: Kunjungan) -> tuple[list[Pemesanan], list[Tiket]]:
    """What the person can still give back, in order of time."""
    rows = Pemesanan.objects.filter(kunjungan=visit, status__in=[StatusPesan.DITAHAN, StatusPesan.DIPESAN])
    rows = rows.select_related("slot__antrean__gerai__instansi", "layanan__jenis").order_by("slot__mulai")
    tickets = Tiket.objects.filter(kunjungan=visit, status__in=TANPA_LOKET).order_by("giliran_pada")
    return list(rows), list(tickets.select_related("sesi__antrean__gerai__instansi", "layanan__jenis"))


def cancel_all(visit: Kunjungan, *, now: datetime | None = None) -> list[str]:
    """Give back each of them, each by itself: what has gone on meanwhile stays. Returns the sentences why."""
    now, refusals = now or timezone.now(), []
    bookings, tickets = open_in(visit)
    steps: list[tuple[Callable[..., Any], Any]] = [(cancel_booking, row) for row in bookings]
    for give_back, row in [*steps, *((cancel, row) for row in tickets)]:
        try:
            give_back(row, now=now)
        except Refused as refusal:
            refusals.append(str(refusal))
    return refusals
