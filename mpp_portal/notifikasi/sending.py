"""Empty the outbox: claim one message, send it, write down what became of it; again until nothing is due."""

import logging
import random
import re
import time
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext as _

from . import channels, hours, registry, wording
from .models import LEASE, Langganan, Pesan, database_now

logger = logging.getLogger(__name__)
MAX_ATTEMPTS = 12  # over about three hours
FIRST_WAIT, LONGEST_WAIT = 5, 3600  # seconds
ROUTE_PAUSE = timedelta(seconds=30)  # nobody else waits for a server that has just not answered
BUDGET = 20  # seconds of claiming; with the last send that stays under the task's time limit


def drain() -> int:
    """Send what is due, for at most `BUDGET` seconds; returns how many messages were handled."""
    limit, handled = time.monotonic() + BUDGET, 0
    while time.monotonic() < limit and (pesan := claim()):
        deliver(pesan)
        handled += 1
    return handled


def claim() -> Pesan | None:
    """Lease the next message for this process; None if there is none. Works alike on both databases."""
    now = database_now()
    rows = Pesan.objects.due(now).filter(kanal__in=channels.switched_on())
    for pesan in rows.select_related("peristiwa", "langganan", "webhook")[:10]:
        died = int(pesan.sending_since is not None)
        unchanged = Pesan.objects.filter(pk=pesan.pk, status=pesan.status, attempts=pesan.attempts)
        taken = unchanged.update(
            status=Pesan.Status.DIKIRIM,
            lease_until=now + LEASE,
            sending_since=None,
            attempts=F("attempts") + 1,
            deaths=F("deaths") + died,
        )
        if taken:
            pesan.attempts += 1
            pesan.deaths += died
            return pesan
    return None


def deliver(pesan: Pesan) -> None:
    """Send one leased message and settle it."""
    try:
        _deliver(pesan)
    except channels.Gone as error:
        Langganan.objects.current().filter(pesan=pesan).update(stopped_at=database_now())
        _end(pesan, Pesan.Status.BATAL, _reason(pesan, error))
    except channels.Permanent as error:
        _end(pesan, Pesan.Status.DIPARKIR, _reason(pesan, error))
    except channels.Temporary as error:
        _try_later(pesan, _reason(pesan, error))
        if error.everyone:
            _pause_route(pesan)
    except Exception as error:
        logger.exception("Message %s failed", pesan.pk)
        _try_later(pesan, f"{type(error).__name__}: {error}")


def _reason(pesan: Pesan, error: Exception) -> str:
    """What the other side said. Mail servers repeat the address that they refuse: it stays masked here too."""
    if pesan.langganan is None:
        return str(error)
    masked = pesan.langganan.masked
    return re.sub(re.escape(pesan.langganan.tujuan), lambda _address: masked, str(error), flags=re.IGNORECASE)


def _deliver(pesan: Pesan) -> None:
    carrier = registry.carrier(pesan.kanal)
    if carrier:
        return _hand_over(pesan, carrier)
    kind = registry.kind(pesan.peristiwa.jenis)
    now = database_now()
    if kind is None:
        return _end(pesan, Pesan.Status.BATAL, _("Peristiwa ini tidak lagi dikabarkan."))
    if pesan.langganan and pesan.langganan.stopped_at:
        return _end(pesan, Pesan.Status.BATAL, _("Orangnya sudah berhenti berlangganan."))
    if pesan.attempts > MAX_ATTEMPTS:
        return _end(pesan, Pesan.Status.DIPARKIR, pesan.last_error or _("Proses berhenti setiap kali mengirim."))
    message = wording.make(pesan, kind)
    if message is None or now - pesan.created_at > kind.useful_for:
        return _end(pesan, Pesan.Status.BATAL, _("Kabar ini sudah tidak berguna."))
    morning = None if pesan.segera or pesan.webhook else hours.quiet_until(now, message.zone)
    if morning:
        return _wait(pesan, morning)
    rendered = wording.render(pesan, kind, message)
    if channels.is_dry(pesan.kanal):
        return _end(pesan, Pesan.Status.TERKIRIM, salinan=_copy(pesan, rendered))
    if not _held(pesan).update(sending_since=now):
        return None  # the lease went to another process meanwhile
    channels.send(pesan, rendered)
    return _end(pesan, Pesan.Status.TERKIRIM)


def _hand_over(pesan: Pesan, carrier: registry.Carrier) -> None:
    """The thing itself, to the system that takes it."""
    if pesan.attempts > MAX_ATTEMPTS:
        return _end(pesan, Pesan.Status.DIPARKIR, pesan.last_error or _("Proses berhenti setiap kali mengirim."))
    if channels.is_dry(pesan.kanal):
        return _end(pesan, Pesan.Status.TERKIRIM, salinan=carrier.tell(pesan) | {"kunci": pesan.key})
    if not _held(pesan).update(sending_since=database_now()):
        return None  # the lease went to another process meanwhile
    needless = carrier.hand_over(pesan)
    return _end(pesan, Pesan.Status.BATAL if needless else Pesan.Status.TERKIRIM, needless or "")


def _copy(pesan: Pesan, rendered: wording.Rendered) -> dict[str, str]:
    """Exactly what would have been sent; the address stays masked."""
    to = pesan.langganan.masked if pesan.langganan else pesan.webhook.url if pesan.webhook else ""
    return {"ke": to, "judul": rendered.judul, "isi": rendered.isi, "tautan": rendered.tautan, "kunci": pesan.key}


def _held(pesan: Pesan) -> Any:
    """The row while it is still ours: whoever claims it next counts one attempt more."""
    return Pesan.objects.filter(pk=pesan.pk, status=Pesan.Status.DIKIRIM, attempts=pesan.attempts)


def _end(pesan: Pesan, status: str, error: str = "", **fields: Any) -> None:
    _held(pesan).update(
        status=status,
        ended_at=database_now(),
        lease_until=None,
        sending_since=None,
        next_try_at=None,
        last_error=error[:300],
        **fields,
    )


def _wait(pesan: Pesan, until: datetime) -> None:
    """Nothing was tried: the claim does not count as an attempt."""
    free = {"status": Pesan.Status.MENUNGGU, "lease_until": None, "sending_since": None}
    _held(pesan).update(**free, next_try_at=until, attempts=F("attempts") - 1)


def _try_later(pesan: Pesan, error: str) -> None:
    if pesan.attempts >= MAX_ATTEMPTS:
        _end(pesan, Pesan.Status.DIPARKIR, error or "?")
        return
    wait = min(FIRST_WAIT * 2 ** (pesan.attempts - 1), LONGEST_WAIT) * random.uniform(0.5, 1.5)  # noqa: S311
    _held(pesan).update(
        status=Pesan.Status.MENUNGGU,
        next_try_at=database_now() + timedelta(seconds=wait),
        lease_until=None,
        sending_since=None,
        last_error=error[:300],
    )


def _pause_route(pesan: Pesan) -> None:
    """A server that hangs costs one message its wait, not each message behind it."""
    until = database_now() + ROUTE_PAUSE
    soon = Q(next_try_at__isnull=True) | Q(next_try_at__lt=until)
    same = Pesan.objects.waiting().filter(soon, kanal=pesan.kanal, webhook=pesan.webhook)
    if registry.carrier(pesan.kanal):
        same = same.filter(tujuan=pesan.tujuan)
    same.exclude(pk=pesan.pk).update(next_try_at=until)
