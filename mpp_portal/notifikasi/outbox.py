"""Put messages into the outbox together with the change, and ask for one drain once it has committed."""

from collections.abc import Iterable
from typing import Any

from django.db import connection, models
from django.utils import timezone

from mpp_portal.models import Peristiwa

from . import channels, publish, registry
from .models import Kanal, Langganan, Pesan, Webhook, fingerprint


def enqueue(peristiwa: Peristiwa, about: models.Model) -> None:
    """One Pesan for each who wants to hear of `about`, in the caller's transaction.

    No query for events without a message, one where nobody listens, two otherwise. A broker that is away is nobody's
    error here: beat sweeps. Other systems that take the thing itself get their own row beside.
    """
    kind = registry.kind(peristiwa.jenis)
    subjek, subjek_id, now = about._meta.label_lower, about.pk, timezone.now()
    targets = [*_targets(kind, subjek, subjek_id, peristiwa.mpp_id)] if kind else []
    targets += _systems(peristiwa.jenis, about)
    rows = [
        Pesan(
            peristiwa=peristiwa,
            kanal=kanal,
            tujuan=sidik,
            subjek=subjek,
            subjek_id=subjek_id,
            langganan_id=langganan,
            webhook_id=webhook,
            segera=bool(kind and kind.urgent),
            created_at=now,
            next_try_at=now + kind.delay if kind and kind.delay else None,
        )
        for kanal, sidik, langganan, webhook in targets
    ]
    if rows:
        Pesan.objects.bulk_create(rows)
        drain_after_commit()


def carry(peristiwa: Peristiwa, *, kanal: str, tujuan: str, urgent: bool) -> None:
    """One Pesan to one of the systems of a carrier, in the caller's transaction."""
    Pesan.objects.create(
        peristiwa=peristiwa,
        kanal=kanal,
        tujuan=tujuan,
        subjek=peristiwa.subjek,
        subjek_id=peristiwa.subjek_id,
        segera=urgent,
    )
    drain_after_commit()


def _targets(kind: registry.Kind, subjek: str, subjek_id: int, mpp_id: int | None) -> Iterable[tuple[Any, ...]]:
    """Channel, fingerprint, langganan and webhook of people and systems alike, in one query.

    In SQL: every step of every ticket asks it before its pages are woken, and composing it takes longer than asking.
    """
    on = channels.switched_on()
    marks = ", ".join(["%s"] * len(on)) or "NULL"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT kanal, sidik, id, NULL FROM {Langganan._meta.db_table}"  # noqa: S608
            f" WHERE subjek = %s AND subjek_id = %s AND stopped_at IS NULL AND kanal IN ({marks})"
            f" UNION ALL SELECT %s, sidik, NULL, id FROM {Webhook._meta.db_table}"
            " WHERE aktif AND (mpp_id = %s OR mpp_id IS NULL) AND CAST(jenis AS text) LIKE %s AND %s",
            [subjek, subjek_id, *on, Kanal.WEBHOOK, mpp_id, f'%"{kind.jenis}"%', Kanal.WEBHOOK in on],
        )
        return cursor.fetchall()


def _systems(jenis: str, about: models.Model) -> list[tuple[Any, ...]]:
    on = channels.switched_on()
    wanted = [one.kanal for one in registry.carriers(jenis) if one.kanal in on and one.wants(about)]
    return [(kanal, fingerprint(kanal), None, None) for kanal in wanted]


def drain_after_commit() -> None:
    """One hook per transaction, whatever savepoints it has; a drain that finds nothing costs two small queries."""
    if not connection.in_atomic_block:
        publish.ask_drain()
        return
    hooks: list[Any] = connection.run_on_commit
    if not any(hook[1] is publish.ask_drain for hook in hooks):
        # Django drops a hook together with the savepoint it was registered in; another savepoint may need it.
        hooks.append((set(), publish.ask_drain, True))
