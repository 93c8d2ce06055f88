"""What people, and those who keep the outbox, do about messages. Called through this module: `actions.subscribe(…)`."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from mpp_portal.actions import Refused, action
from mpp_portal.models import record

from . import outbox, registry
from .models import Kanal, Langganan, Pesan, Sistem, database_now, fingerprint

SPENT = [Kanal.WEBHOOK, Sistem.OPEN311, Sistem.BALASAN]
PER_SUBJECT = 5  # addresses told about one subject
PER_TARGET = 20  # subscriptions that one address gets in a day: nobody is flooded by others
DAY = timedelta(days=1)


@action
def subscribe(subjek: str, subjek_id: int, *, mpp_id: int | None, kanal: str, tujuan: str, bahasa: str) -> Langganan:
    """Have an address told about a subject. Asking twice is asking once; asking again after stopping starts anew."""
    sidik = fingerprint(tujuan)
    rows = Langganan.objects.about(subjek, subjek_id)
    now = database_now()
    own = rows.filter(kanal=kanal, sidik=sidik).first()
    if own is None and rows.current().count() >= PER_SUBJECT:
        raise Refused(_("Sudah ada %s alamat yang dikabari. Hentikan salah satunya dahulu.") % PER_SUBJECT)
    if Langganan.objects.filter(sidik=sidik, started_at__gt=now - DAY).count() >= PER_TARGET:
        raise Refused(_("Alamat ini sudah terlalu sering didaftarkan hari ini. Coba lagi besok."))
    given: dict[str, Any] = {"tujuan": tujuan, "bahasa": bahasa, "mpp_id": mpp_id, "stopped_at": None}
    if own is None:
        given["started_at"] = now
    langganan, _new = Langganan.objects.update_or_create(
        subjek=subjek, subjek_id=subjek_id, kanal=kanal, sidik=sidik, defaults=given
    )
    return langganan


@action
def follow_along(subjek: str, before: int, after: int, *, mpp_id: int | None) -> None:
    """Whoever is told about one subject is told about another of its kind from now on."""
    if before == after:
        return
    for row in Langganan.objects.current().about(subjek, before):
        subscribe(subjek, after, mpp_id=mpp_id, kanal=row.kanal, tujuan=row.tujuan, bahasa=row.bahasa)


@action
def stop(langganan: Langganan) -> None:
    """Tell this address nothing more about this subject; what waits for it is cancelled."""
    now = database_now()
    Langganan.objects.current().filter(pk=langganan.pk).update(stopped_at=max(now, langganan.started_at))
    _cancel(Pesan.objects.waiting().filter(langganan=langganan), _("Orangnya sudah berhenti berlangganan."))


@action
def retry(pesan: Pesan, *, by: Any) -> None:
    """Send a parked message now, with all its attempts again; or one that waits, at once."""
    rows = Pesan.objects.filter(pk=pesan.pk, status__in=[Pesan.Status.DIPARKIR, Pesan.Status.MENUNGGU])
    if not rows.update(status=Pesan.Status.MENUNGGU, attempts=0, next_try_at=None, ended_at=None):
        raise Refused(_("Hanya pesan yang menunggu atau diparkir yang dapat dicoba lagi."))
    record("pesan.dicoba_lagi", pesan, mpp_id=pesan.mpp_id, by=by)
    outbox.drain_after_commit()


@action
def cancel(pesan: Pesan, *, by: Any) -> None:
    """Do not send a message that waits or is parked."""
    rows = Pesan.objects.filter(pk=pesan.pk, status__in=[Pesan.Status.DIPARKIR, Pesan.Status.MENUNGGU])
    if not _cancel(rows, _("Dibatalkan oleh petugas.")):
        raise Refused(_("Hanya pesan yang menunggu atau diparkir yang dapat dibatalkan."))
    record("pesan.dibatalkan", pesan, mpp_id=pesan.mpp_id, by=by)


def tidy(*, dry: bool = False) -> dict[str, int]:
    """Forget, `KABAR_SIMPAN_HARI` days after the matter ended: returns how many rows of each kind (would) go.

    What goes to systems, and replies whose words are gone by then, name no person: they go by their own age. What is
    unsent stays: it is somebody's to look at. So do reports for SP4N, which leave once for all time.
    """
    before = database_now() - timedelta(days=settings.KABAR_SIMPAN_HARI)
    found = {"langganan": 0, "pesan": 0}
    unsent = Pesan.objects.unsent().filter(langganan=OuterRef("pk"))
    old = Langganan.objects.filter(started_at__lt=before).exclude(Exists(unsent))
    for label in old.order_by("subjek").values_list("subjek", flat=True).distinct():
        ids = old.filter(subjek=label).values_list("subjek_id", flat=True).distinct()
        over = registry.is_over(label, ids, before)
        _forget(Langganan.objects.filter(pk__in=old.values("pk"), subjek=label, subjek_id__in=over), found, dry)
    ended = Pesan.objects.filter(kanal__in=SPENT, ended_at__lt=before)
    found["pesan"] += ended.count() if dry else ended.delete()[0]
    return found


def _forget(rows: Any, found: dict[str, int], dry: bool) -> None:
    found["langganan"] += rows.count()
    found["pesan"] += Pesan.objects.filter(langganan__in=rows.values("pk")).count()
    if not dry:
        rows.delete()


def _cancel(rows: Any, reason: str) -> int:
    count: int = rows.update(
        status=Pesan.Status.BATAL, ended_at=database_now(), next_try_at=None, last_error=reason[:300]
    )
    return count
