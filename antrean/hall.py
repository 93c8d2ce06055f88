"""What the screens of a hall show: calls that still hold, the last ones, and the open loket. Nobody's name.

In two plain statements: the whole hall waits while this is made.
"""

from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from layanan.models import Mpp

from .states import DI_LOKET, Status

RECENT = 6
LOOKED_AT = 200  # calls of a mall, to find the last ones of a floor today; not all that there ever were
PLACE = "loket.nomor, gerai.lantai, instansi.singkatan AS instansi"
JOIN_PLACE = (
    " JOIN layanan_gerai AS gerai ON gerai.id = loket.gerai_id"
    " JOIN layanan_instansi AS instansi ON instansi.id = gerai.instansi_id"
)
_LAST_CALLS = (
    f"SELECT call.urut, call.tiket_id, tiket.label, {PLACE}"  # noqa: S608
    f" FROM (SELECT * FROM antrean_panggilan WHERE mpp_id = %s ORDER BY urut DESC LIMIT {LOOKED_AT}) AS call"
    " JOIN antrean_tiket AS tiket ON tiket.id = call.tiket_id"
    f" JOIN layanan_loket AS loket ON loket.id = call.loket_id{JOIN_PLACE}"
    f" WHERE call.at >= %s{{floor}} ORDER BY call.urut DESC LIMIT {3 * RECENT}"
)
_OPEN_LOKET = (
    f"SELECT loket.id AS loket_id, {PLACE}, jaga.rehat, tiket.label, tiket.status, ("  # noqa: S608
    "SELECT MAX(urut) FROM antrean_panggilan WHERE tiket_id = tiket.id AND loket_id = loket.id) AS urut"
    f" FROM antrean_jaga AS jaga JOIN layanan_loket AS loket ON loket.id = jaga.loket_id{JOIN_PLACE}"
    f" LEFT JOIN antrean_tiket AS tiket ON tiket.loket_id = loket.id AND tiket.status IN {tuple(DI_LOKET)}"
    " WHERE jaga.closed_at IS NULL AND loket.mpp_id = %s{floor} ORDER BY loket.nomor"
)


def screen(mpp: Mpp, *, lantai: int | None = None, now: datetime | None = None) -> dict[str, Any]:
    """The context of a display, of one floor or all: `current` (to announce, in order), `newest`, `recent`, `loket`."""
    now = now or timezone.now()
    begun = datetime.combine(mpp.today(now), datetime.min.time(), mpp.zone)
    floor = [] if lantai is None else [lantai]
    last = _rows(_LAST_CALLS, [mpp.pk, connection.ops.adapt_datetimefield_value(begun), *floor], floor)
    loket = _rows(_OPEN_LOKET, [mpp.pk, *floor], floor)
    recent: dict[int, Any] = {}
    for call in last:
        recent.setdefault(call["tiket_id"], call)  # newest first: a call said again replaces the one before
    called = [row for row in loket if row["status"] == Status.DIPANGGIL]
    return {
        "mpp": mpp,
        "lantai": lantai,
        "now": now,
        "current": sorted(called, key=lambda row: row["urut"]),
        "newest": last[0]["urut"] if last else 0,
        "recent": list(recent.values())[:RECENT],
        "loket": loket,
    }


def _rows(sql: str, given: list[Any], floor: list[int]) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(sql.format(floor=" AND gerai.lantai = %s" if floor else ""), given)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
