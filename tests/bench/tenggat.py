"""Due dates: random starts × rules × three zones against PyPI `holidays` and plain dates; 0 differences."""

import os
import random
import tempfile
from datetime import UTC, date, datetime, timedelta
from typing import Any

import django
import holidays

from .peralatan import manage

STARTS = 1000
HOURS_AHEAD = {"Asia/Jakarta": 7, "Asia/Makassar": 8, "Asia/Jayapura": 9}
DAY = timedelta(days=1)


def main() -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="mpp-ukur-") as folder:
        os.environ |= {"SECRET_KEY": "kunci-ukur", "MPP_DATA_DIR": folder, "MPP_DEMO": "1",
                       "DATABASE_URL": f"sqlite:///{folder}/mpp.sqlite3",
                       "DJANGO_SETTINGS_MODULE": "mpp_portal.settings"}  # fmt: skip
        django.setup()
        manage("migrate", "--verbosity=0")
        manage("muat_data", "--verbosity=0")
        return compare()


def compare() -> dict[str, Any]:
    """Also with pauses: what is asked of the reporter stops the clock."""
    from pengaduan.models import KebijakanTenggat
    from pengaduan.workdays import Workdays
    from tests import factories

    malls = {zona: Workdays.of(factories.Mpp(zona=zona)) for zona in HOURS_AHEAD}
    rules = list(KebijakanTenggat.objects.all())
    chance, differences, compared = random.Random(20260814), [], 0
    for _ in range(STARTS):
        start = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(seconds=chance.randrange(3 * 365 * 86_400))
        asked = start + timedelta(hours=chance.randrange(1, 400))
        pauses = [(asked, asked + timedelta(hours=chance.randrange(1, 400)))] if chance.random() < 0.4 else []
        for zona, workdays in malls.items():
            for rule in rules:
                compared += 1
                ours = workdays.due(start, rule.hari_kerja, pauses)
                theirs = independent(start, rule.hari_kerja, HOURS_AHEAD[zona], pauses)
                if (ours.tanggal, [day.tanggal for day in ours.skipped]) != theirs:
                    differences.append((start, zona, rule.hari_kerja))
    example = malls["Asia/Jakarta"].due(datetime(2026, 8, 14, 9, 55, tzinfo=UTC), 1).tanggal  # 16.55 WIB
    return {
        "ok": not differences and example == date(2026, 8, 18),
        "starts": STARTS,
        "rules": len(rules),
        "zones": len(malls),
        "compared": compared,
        "differences": len(differences),
        "fri_14_aug_2026_1655_plus_1": example.isoformat(),
    }


def independent(
    start: datetime, days: int, ahead: int, pauses: list[tuple[datetime, datetime]]
) -> tuple[date, list[date]]:
    """List the days of three years, strike out those that do not count, take the n-th."""

    def local(at: datetime) -> date:
        return (at + timedelta(hours=ahead)).date()

    first = local(start)
    off = holidays.country_holidays("ID", years=range(2025, 2030), categories=("public", "government"))
    paused = {local(a) + DAY * n for a, b in pauses for n in range((local(b) - local(a)).days + 1)}
    ahead_of = [first + DAY * n for n in range(1, 200)]
    counted = [day for day in ahead_of if day.isoweekday() < 6 and day not in off and day not in paused]
    last = counted[days - 1]
    return last, [day for day in ahead_of if day < last and day not in counted]
