"""Figures for monitoring, in the text format that Prometheus reads. Closed unless a setting opens it."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db.models import Count, Min
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from mpp_portal import metrik, permintaan, valkey
from mpp_portal.siaran.bus import BUS

from .models import Pesan, database_now


class Outbox(Collector):
    """Messages by channel and state that still need something, and the age of the oldest that is due."""

    def collect(self) -> Iterator[Metric]:
        rows = Pesan.objects.exclude(status__in=[Pesan.Status.TERKIRIM, Pesan.Status.BATAL])
        count = GaugeMetricFamily("mpp_pesan", "Pesan menurut kanal dan status", labels=["kanal", "status"])
        for kanal, status, n in rows.order_by().values_list("kanal", "status").annotate(Count("pk")):
            count.add_metric([kanal, status], n)
        yield count
        now = database_now()
        oldest = Pesan.objects.due(now).order_by().aggregate(at=Min("created_at"))["at"]
        age = (now - oldest).total_seconds() if oldest else 0
        yield GaugeMetricFamily("mpp_pesan_tertua_detik", "Umur pesan tertua yang sudah waktunya dikirim", value=age)


class Broker(Collector):
    """Tasks that wait, and processes that serve event streams; nothing while the broker is away."""

    def collect(self) -> Iterator[Metric]:
        answers = 1 if _ask("ping") else 0
        yield GaugeMetricFamily("mpp_valkey_terjangkau", "1 bila Redis/Valkey menjawab", value=answers)
        tasks = GaugeMetricFamily("mpp_tugas", "Tugas yang menunggu pekerja", labels=["antrean"])
        for queue in settings.CELERY_TASK_QUEUES:
            length = _ask("llen", queue.name)
            if length is not None:
                tasks.add_metric([queue.name], length)
        yield tasks
        listeners = _ask("pubsub_numsub", BUS) or []
        yield GaugeMetricFamily(
            "mpp_aliran_proses", "Proses yang melayani halaman terbuka", value=sum(n for _name, n in listeners)
        )


def _ask(command: str, *arguments: str) -> Any:
    return valkey.attempt(lambda: getattr(valkey.client(), command)(*arguments), None)


REGISTRY = CollectorRegistry()
REGISTRY.register(Outbox())
REGISTRY.register(Broker())
permintaan.register(REGISTRY)


@login_not_required
@require_GET
def figures(request: HttpRequest) -> HttpResponse:
    if not metrik.is_open_to(request.META.get("REMOTE_ADDR", ""), request.headers.get("Authorization", "")):
        raise Http404
    return HttpResponse(generate_latest(REGISTRY), content_type=CONTENT_TYPE_LATEST)
