"""The quiet hours of the night, on the clock of the mall: what is not urgent waits for the morning."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings


def quiet_until(at: datetime, zone: ZoneInfo) -> datetime | None:
    """When the quiet hours that `at` lies in end, or None. `KABAR_TENANG` is like `21.00-06.00`; empty: never."""
    if not settings.KABAR_TENANG:
        return None
    start, end = (datetime.strptime(part, "%H.%M").time() for part in settings.KABAR_TENANG.split("-"))  # noqa: DTZ007
    local = at.astimezone(zone)
    over_midnight = start > end
    inside = (local.time() >= start or local.time() < end) if over_midnight else start <= local.time() < end
    if not inside:
        return None
    morning = local.date() + timedelta(days=1 if over_midnight and local.time() >= start else 0)
    return datetime.combine(morning, end, zone)
