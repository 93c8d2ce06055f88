"""How long a person still waits, as a range that people can plan with. It promises nothing and orders nothing."""

import math
from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext as _

from layanan.opening import Calendar

from .models import Antrean

STEP = 5  # minutes: nobody needs a finer promise
EARLY, LATE = 0.7, 1.4  # the range around the mean


class Wait(NamedTuple):
    """Minutes from now, least and most."""

    low: int
    high: int

    def __str__(self) -> str:
        if not self.low:
            return _("paling lama %(high)s menit") % {"high": self.high}
        return _("%(low)s–%(high)s menit") % {"low": self.low, "high": self.high}


def wait(antrean: Antrean, hours: Calendar, *, ahead: float, loket: int, now: datetime) -> Wait:
    """The wait of somebody with `ahead` people before them, expected or here, in a line of `loket` counters."""
    work = ahead * antrean.menit_layanan / loket
    opens_at = hours.today(now).opens_at
    start = max(now, opens_at) if opens_at else now
    low, high = ((hours.after(start, work * share) - now).total_seconds() / 60 for share in (EARLY, LATE))
    return Wait(math.floor(low / STEP) * STEP, max(math.ceil(high / STEP) * STEP, STEP))
