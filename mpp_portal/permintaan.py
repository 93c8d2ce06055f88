"""Each request has a name, which its lines in the logs carry, and is measured. Neither says who asked for what."""

import logging
import os
import re
import time
import uuid
from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse
from prometheus_client import CollectorRegistry, Histogram
from prometheus_client.multiprocess import MultiProcessCollector

logger = logging.getLogger("mpp.permintaan")
HEADER = "X-Request-ID"
GIVEN = re.compile(r"[A-Za-z0-9-]{8,64}")  # what a proxy in front may call it
BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)  # seconds

current: ContextVar[str] = ContextVar("permintaan", default="")
DURATION = Histogram(
    "mpp_permintaan_detik", "Lama menjawab menurut halaman", ["halaman", "jawaban"], buckets=BUCKETS, registry=None
)


def register(registry: CollectorRegistry) -> None:
    """Tell the durations there: of all web processes where they share a folder, else of this one."""
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(registry)
    else:
        registry.register(DURATION)


def middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def answer(request: HttpRequest) -> HttpResponse:
        given = request.headers.get(HEADER, "")
        name = given if GIVEN.fullmatch(given) else uuid.uuid4().hex
        token = current.set(name)
        begun = time.perf_counter()
        try:
            response = get_response(request)
            seconds = time.perf_counter() - begun
            page = request.resolver_match.view_name if request.resolver_match else "-"
            DURATION.labels(page, f"{response.status_code // 100}xx").observe(seconds)
            told = {"halaman": page, "metode": request.method, "jawaban": response.status_code}
            logger.info("%s %s", page, response.status_code, extra=told | {"ms": round(seconds * 1000)})
        finally:
            current.reset(token)
        response[HEADER] = name
        return response

    return answer
