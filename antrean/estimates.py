"""How long a person still waits, as a range that people can plan with. It promises nothing and orders nothing."""

import math
from datetime import datetime

from django.utils import timezone

from layanan.opening import Calendar

from . import order
from .models import Tiket

STEP = 5  # minutes: nobody needs a finer promise
EARLY, LATE = 0.7, 1.4  # the range around the mean


def wait(tiket: Tiket, hours: Calendar, *, ahead: int, now: datetime | None = None) -> tuple[int, int]:
    """Minutes from now, least and most, for a waiting ticket with `ahead` people before it."""
    now = now or timezone.now()
    work = ahead * tiket.sesi.antrean.menit_layanan / order.rostered(tiket.sesi.antrean)
    opens_at = hours.today(now).opens_at
    start = max(now, opens_at) if opens_at else now
    low, high = ((hours.after(start, work * share) - now).total_seconds() / 60 for share in (EARLY, LATE))
    return math.floor(low / STEP) * STEP, max(math.ceil(high / STEP) * STEP, STEP)
