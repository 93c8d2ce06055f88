"""Ask the servers how the reports stand that were filed there. Each question is claimed, so that two workers share."""

import time
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from mpp_portal.notifikasi.models import Sistem

from . import actions
from .models import Titipan
from .server import Permanent, Server, Temporary

BUDGET = 25  # seconds of claiming; with the last answer that stays under the task's time limit
MOST = 200


def listen(*, now: datetime | None = None) -> int:
    """Returns how many were asked about. Of a server that does not answer all wait alike: as the oldest of the next
    run they would leave no room for the others."""
    if settings.KABAR_KANAL[Sistem.OPEN311] != "hidup":
        return 0
    now, limit, asked = now or timezone.now(), time.monotonic() + BUDGET, 0
    rows = Titipan.objects.due(now).select_related("sambungan", "disposisi__laporan")
    for titipan in rows[:MOST]:
        if time.monotonic() > limit:
            break
        unclaimed = Titipan.objects.filter(pk=titipan.pk, next_at=titipan.next_at)
        if not unclaimed.update(next_at=now + actions.OFTEN):
            continue
        asked += 1
        try:
            _ask(titipan, now)
        except (Temporary, Permanent) as error:
            actions.silent(titipan, str(error), now=now)
            if isinstance(error, Temporary):
                behind = Titipan.objects.due(now).filter(sambungan=titipan.sambungan_id)
                behind.update(next_at=now + actions.OFTEN)
    return asked


def _ask(titipan: Titipan, now: datetime) -> None:
    server = Server.of(titipan.sambungan)
    if not titipan.nomor:
        actions.numbered(titipan, server.number_of(titipan.token), now=now)
        titipan.refresh_from_db(fields=["nomor", "next_at"])
    if titipan.nomor:
        actions.hear(titipan, server.stands(titipan.nomor), now=now)
