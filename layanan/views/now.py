"""What is true at this moment, in the words that stand first on a page."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from layanan.models import HariLibur, JamBuka, Mpp, Penutupan
from layanan.opening import Calendar, Day

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
    since = at - timedelta(days=1)
    hours = _by_mall(JamBuka.objects.filter(mpp__in=malls))
    closures = _by_mall(Penutupan.objects.filter(mpp__in=malls, selesai__gt=since).order_by("mulai"))
    here = Q(mpp__isnull=True) | Q(mpp__in=malls)
    days_off = _by_mall(HariLibur.objects.filter(here, tanggal__gte=date(since.year, 1, 1)))
    national = {row.tanggal: row for row in days_off[None]}
    announced = frozenset(day.year for day in national if (day.month, day.day) == (1, 1))
    return [
        (
            mpp,
            now(
                Calendar(
                    mpp=mpp,
                    hours=hours[mpp.pk],
                    days_off=national | {row.tanggal: row for row in days_off[mpp.pk]},
                    announced=announced,
                    closures=closures[mpp.pk],
                ),
                at,
            ),
        )
        for mpp in malls
    ]


def _by_mall(rows: Iterable[Any]) -> defaultdict[int | None, list[Any]]:
    grouped = defaultdict(list)
    for row in rows:
        grouped[row.mpp_id].append(row)
    return grouped
