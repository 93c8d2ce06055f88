"""What is true at this moment, in the words that stand first on a page."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from layanan.models import Mpp
from layanan.opening import Calendar, Day, halls

WEEK = 7


@dataclass(frozen=True)
class Now:
    """A chip's kind and words, a sentence that says why, and the instant of the next change."""

    kind: str
    words: str
    reason: str
    changes_at: datetime | None


def now(calendar: Calendar, at: datetime) -> Now:
    hall, serving = calendar.hall(at), calendar.serving(at)
    if serving:
        reason = "" if serving.reason == _("Buka") else serving.reason
        return Now("buka", _("Buka sekarang"), reason, hall.changes_at)
    if hall:
        return Now("istirahat", _("Sedang istirahat"), serving.reason, serving.changes_at)
    return Now("tutup", _("Tutup sekarang"), hall.reason, hall.changes_at)


def week(calendar: Calendar, at: datetime) -> list[Day]:
    """Today and the six days after it."""
    today = calendar.mpp.today(at)
    return [calendar.day(today + timedelta(days=ahead)) for ahead in range(WEEK)]


def of_malls(malls: Collection[Mpp], at: datetime) -> list[tuple[Mpp, Now]]:
    """Each of these malls with what is true of its hall, in three queries however many they are."""
    known = halls(malls, since=at)
    return [(mpp, now(known[mpp.pk], at)) for mpp in malls]
