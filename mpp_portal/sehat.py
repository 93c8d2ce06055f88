"""Whether the portal is well, for whoever watches it. Answered before anything else, whatever name it is called by.

/sehat/hidup/   this process answers
/sehat/siap/    it can serve pages: the database answers and has this version's tables
/sehat/         all parts; 503 names those that are ill, although pages may go on without them
"""

import time
from collections.abc import Callable
from functools import cache

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Min
from django.http import HttpRequest, HttpResponse, JsonResponse

from mpp_portal import valkey

PULSE = "mpp:denyut"  # when a worker last did what beat asked it to do, in seconds since 1970
PULSE_LIMIT = 90  # seconds; beat asks twice a minute
OUTBOX_LIMIT = 300  # seconds that a message which may be sent may wait
WELL = "baik"


def database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        _tables_are_current()
    except LookupError:
        return "migrasi belum dijalankan"
    except (DatabaseError, ImproperlyConfigured):
        return "tidak terjangkau"
    return WELL


@cache  # once they are, they stay
def _tables_are_current() -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise LookupError


def broker() -> str:
    return WELL if valkey.attempt(lambda: valkey.client().ping(), False) else "tidak terjangkau"


def outbox() -> str:
    from .notifikasi.models import Pesan, database_now

    try:
        now = database_now()
        oldest = Pesan.objects.due(now).order_by().aggregate(at=Min("created_at"))["at"]
    except DatabaseError:
        return "tidak diketahui"
    age = (now - oldest).total_seconds() if oldest else 0
    return WELL if age <= OUTBOX_LIMIT else f"pesan tertua menunggu {age:.0f} detik"


def beat() -> str:
    """Beat, the broker and a worker together: one that is dead is heard of within a minute and a half."""
    last = valkey.attempt(lambda: valkey.client().get(PULSE), None)
    if last is None:
        return "belum berdenyut"
    age = time.time() - float(last)
    return WELL if age <= PULSE_LIMIT else f"denyut terakhir {age:.0f} detik yang lalu"


def pulse() -> None:
    valkey.attempt(lambda: valkey.client().set(PULSE, time.time(), ex=86_400), None)


PARTS: dict[str, dict[str, Callable[[], str]]] = {
    "/sehat/hidup/": {},
    "/sehat/siap/": {"basis_data": database},
    "/sehat/": {"basis_data": database, "valkey": broker, "kabar": outbox, "jadwal": beat},
}


def middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def answer(request: HttpRequest) -> HttpResponse:
        if request.path_info not in PARTS:
            return get_response(request)
        found = {name: look() for name, look in PARTS[request.path_info].items()}
        well = all(state == WELL for state in found.values())
        response = JsonResponse({"sehat": well, "bagian": found}, status=200 if well else 503)
        response["Cache-Control"] = "no-store"
        return response

    return answer
