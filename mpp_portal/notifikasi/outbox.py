"""Put messages into the outbox together with the change, and ask for one drain once it has committed."""

from collections.abc import Iterable
from typing import Any

from django.db import connection, models
from django.db.models import F, Q, Value
from django.utils import timezone

from mpp_portal.models import Peristiwa

from . import channels, publish, registry
from .models import Kanal, Langganan, Pesan, Webhook


def enqueue(peristiwa: Peristiwa, about: models.Model) -> None:
    """One Pesan for each who wants to hear of `about`, in the caller's transaction.

    No query for events without a message, one where nobody listens, two otherwise. A broker that is away is nobody's
    error here: beat sweeps.
    """
    kind = registry.kind(peristiwa.jenis)
    if kind is None:
        return
    subjek, subjek_id, now = about._meta.label_lower, about.pk, timezone.now()
    rows = [
        Pesan(
            peristiwa=peristiwa,
            kanal=kanal,
            tujuan=sidik,
            subjek=subjek,
            subjek_id=subjek_id,
            langganan_id=langganan,
            webhook_id=webhook,
            segera=kind.urgent,
            created_at=now,
            next_try_at=now + kind.delay if kind.delay else None,
        )
        for kanal, sidik, langganan, webhook in _targets(kind, subjek, subjek_id, peristiwa.mpp_id)
    ]
    if rows:
        Pesan.objects.bulk_create(rows)
        drain_after_commit()


def _targets(kind: registry.Kind, subjek: str, subjek_id: int, mpp_id: int | None) -> Iterable[tuple[Any, ...]]:
    """Channel, fingerprint, langganan and webhook of people and systems alike, in one query."""
    on = channels.switched_on()
    none = Value(None, models.BigIntegerField())
    people = Langganan.objects.current().about(subjek, subjek_id).filter(kanal__in=on)
    systems = Webhook.objects.filter(Q(mpp_id=mpp_id) | Q(mpp_id__isnull=True), aktif=True)
    systems = systems.filter(jenis__icontains=f'"{kind.jenis}"') if Kanal.WEBHOOK in on else systems.none()
    return (
        people.annotate(_webhook=none)
        .values_list("kanal", "sidik", "pk", "_webhook")
        .union(
            systems.annotate(_kanal=Value(Kanal.WEBHOOK.value), _langganan=none, _webhook=F("pk")).values_list(
                "_kanal", "sidik", "_langganan", "_webhook"
            ),
            all=True,
        )
    )


def drain_after_commit() -> None:
    """One hook per transaction, whatever savepoints it has; a drain that finds nothing costs two small queries."""
    if not connection.in_atomic_block:
        publish.ask_drain()
        return
    hooks: list[Any] = connection.run_on_commit
    if not any(hook[1] is publish.ask_drain for hook in hooks):
        # Django drops a hook together with the savepoint it was registered in; another savepoint may need it.
        hooks.append((set(), publish.ask_drain, True))
