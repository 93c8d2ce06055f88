"""Is it true, what people were told? The database, the receivers and the pages, compared when all is quiet again."""

import hashlib
import statistics
from collections import Counter
from typing import Any

from django.db import connection

from .orang import RANKS

PARKED_FOR = ("550 no such person", "HTTP 400")
Part = tuple[dict[str, Any], dict[str, int]]  # figures, and those of them that must be 0


def all_left() -> bool:
    """No message waits any more. For a thread: it keeps no connection."""
    from mpp_portal.notifikasi.models import Pesan

    try:
        return not Pesan.objects.unsent().exists()
    finally:
        connection.close()


def judge(portal: Any) -> dict[str, Any]:
    """What happened, in figures; `faults` are those that must be 0."""
    numbers, faults = _numbers(portal.told)
    told = portal.told
    parts = [_bookings(told), _reports(told), _events(told), _messages(told)]
    parts += [_arrivals(portal), _pages(told), _breaks(portal)]
    for figures, found in parts:
        numbers |= figures
        faults |= found
    return numbers | {"faults": faults}


def _numbers(told: Any) -> Part:
    """Every number that a phone was shown is its own, nobody has two, none is missing in between."""
    from antrean.models import Sesi, Tiket
    from mpp_portal.notifikasi.models import Langganan, fingerprint

    rows = list(Tiket.objects.values_list("kunjungan__rahasia", "label"))
    lines = {sesi.pk: sesi.nomor_terakhir for sesi in Sesi.objects.all()}
    taken = {pk: sorted(Tiket.objects.filter(sesi=pk).values_list("nomor", flat=True)) for pk in lines}
    visits = dict(Tiket.objects.values_list("kunjungan__rahasia", "kunjungan"))
    follows = set(Langganan.objects.current().values_list("subjek_id", "sidik"))
    wished = {(visits.get(secret), fingerprint(address)) for secret, (address, _at) in told.wishes.items()}
    faults = {
        "numbers_lost": len(set(told.numbers.items()) - set(rows)),
        "numbers_nobody_was_told": len(set(rows) - set(told.numbers.items())),
        "second_numbers": len(rows) - len({secret for secret, _label in rows}),
        "gaps": sum(taken[pk] != list(range(1, last + 1)) for pk, last in lines.items()),
        "wishes_lost": len(wished - follows),
        "refusals": sum(told.refused.values()),
    }
    return {"numbers": len(rows), "wishes": len(told.wishes), "refused": dict(told.refused)}, faults


def _bookings(told: Any) -> Part:
    """Every booking is as its holder was told, none is there twice, and each slot counts those it has."""
    from antrean.models import Pemesanan, Slot

    rows = list(Pemesanan.objects.exclude(nama="").values_list("kunjungan__rahasia", "status"))
    sold = Counter(Pemesanan.objects.holding().values_list("slot", flat=True))
    miscounted = [pk for pk, terisi in Slot.objects.values_list("pk", "terisi") if terisi != sold[pk]]
    faults = {
        "bookings_lost": len(set(told.bookings.items()) - set(rows)),
        "bookings_nobody_was_told": len(set(rows) - set(told.bookings.items())),
        "second_bookings": len(rows) - len({secret for secret, _status in rows}),
        "slots_miscounted": len(miscounted),
    }
    return {"bookings": dict(Counter(status for _secret, status in rows))}, faults


def _reports(told: Any) -> Part:
    """Every report that gave a receipt is there once, and every one that was sent on is verified."""
    from pengaduan.models import Laporan, UrutanLaporan

    secrets = {hashlib.sha256(secret.encode()).hexdigest(): title for secret, title in told.reports.items()}
    rows = list(Laporan.objects.values_list("sidik_rahasia", "judul"))
    verified = set(Laporan.objects.filter(verified_at__isnull=False).values_list("kode", flat=True))
    last = sum(UrutanLaporan.objects.values_list("terakhir", flat=True))
    faults = {
        "reports_lost": len(set(secrets.items()) - set(rows)),
        "reports_nobody_was_told": len(set(rows) - set(secrets.items())),
        "report_codes_missing": abs(last - len(rows)),
        "verifications_lost": len(told.verified - verified),
    }
    return {"reports": len(rows), "verified": len(verified)}, faults


def _events(told: Any) -> Part:
    """Every key that worked left its event, once; states and calls agree with the events."""
    from antrean.models import Panggilan, Tiket
    from mpp_portal.models import Peristiwa

    labels = dict(Tiket.objects.values_list("pk", "label"))
    events = Counter()
    last: dict[int, str] = {}
    for jenis, pk, ke in Peristiwa.objects.filter(subjek="antrean.tiket").order_by("pk").values_list(
        "jenis", "subjek_id", "ke"
    ):  # fmt: skip
        events[labels[pk], jenis.removeprefix("tiket.")] += 1
        last[pk] = ke
    calls = list(Panggilan.objects.order_by("urut").values_list("urut", flat=True))
    called = sum(n for (_label, what), n in events.items() if what == "dipanggil")
    faults = {
        "keys_lost": len(set(told.keys) - set(events)),
        "done_twice": sum(n - 1 for n in events.values()),
        "states_untrue": len(set(last.items()) ^ set(Tiket.objects.values_list("pk", "status"))),
        "calls_missing": abs(called - len(calls)) + (calls != list(range(1, len(calls) + 1))),
    }
    return {"keys": len(told.keys), "events": events.total(), "calls": len(calls)}, faults


def _messages(told: Any) -> Part:
    """Every event has its message for the webhook, and for the person if they had asked before it.

    Who books or reports asks with that itself.
    """
    from antrean.models import Tiket
    from mpp_portal.models import Peristiwa
    from mpp_portal.notifikasi import registry
    from mpp_portal.notifikasi.models import Pesan

    secrets = dict(Tiket.objects.values_list("pk", "kunjungan__rahasia"))
    asked = {secret: at for secret, (_address, at) in told.wishes.items()}
    kinds = [kind.jenis for kind in registry.kinds()]
    expected = set()
    for event in Peristiwa.objects.filter(jenis__in=kinds):
        expected.add((event.pk, "webhook"))
        at_once = event.subjek != "antrean.tiket"
        if at_once or asked.get(secrets[event.subjek_id], float("inf")) < event.at.timestamp():
            expected.add((event.pk, "surel"))
    kept = set(Pesan.objects.values_list("peristiwa", "kanal"))
    return {"messages": len(kept), "messages_due": len(expected)}, {"messages_missing": len(expected - kept)}


def _arrivals(portal: Any) -> Part:
    """What left has arrived. A second copy has a process that died in flight, or a receiver that did not say so."""
    from mpp_portal.notifikasi.models import Pesan

    receivers = {"surel": portal.mailbox, "webhook": portal.receiver}
    states, again, died = Counter(), 0, 0
    faults = Counter(not_arrived=0, again_without_death=0, parked_without_reason=0, unsent=0)
    for pesan in Pesan.objects.all():
        at = receivers[pesan.kanal]
        states[pesan.status] += 1
        died += pesan.deaths
        extra = max(0, at.took[pesan.key] - 1)
        again += extra
        faults["again_without_death"] += max(0, extra - pesan.deaths)
        if pesan.status == "diparkir":
            faults["parked_without_reason"] += pesan.key not in at.refused or pesan.last_error not in PARKED_FOR
        elif pesan.status == "terkirim":
            faults["not_arrived"] += not at.took[pesan.key]
        else:
            faults["unsent"] += 1
    worker_ends = portal.processes.killed["pekerja"] + portal.database.restarts
    faults["deaths_without_kill"] = max(0, died - worker_ends)
    faults["nobody_died_in_flight"] = int(not again)
    faults["forged"] = portal.receiver.forged
    figures = {
        "sent": dict(states),
        "died_in_flight": died,
        "arrived_twice": again,
        "copies_untold": sum(at.untold.total() for at in receivers.values()),
        "receivers": {kanal: dict(at.seen) for kanal, at in receivers.items()},
    }
    return figures, dict(faults)


def _pages(told: Any) -> Part:
    """Seconds from a key that worked until the page of who holds the number shows it."""
    due = [key for key in told.keys if key[0] in told.watched and key[1] in RANKS]
    seen = [max(0, told.shown[key] - max(told.keys[key], told.watched[key[0]])) for key in due if key in told.shown]
    figures = {
        "pages": len(told.watched),
        "shown": len(seen),
        "median_page_s": round(statistics.median(seen), 2),
        "slowest_page_s": round(max(seen), 1),
    }
    return figures, {"never_shown": len(due) - len(seen)}


def _breaks(portal: Any) -> Part:
    """What was broken; a run in which something stayed whole shows nothing."""
    killed, receivers = portal.processes.killed, (portal.mailbox, portal.receiver)
    figures = {
        "killed": dict(killed),
        "database_restarts": portal.database.restarts,
        "failed_requests": dict(portal.web.failed),
        "pressed_again": portal.web.again,
    }
    unharmed = len(set(portal.processes.programs) - set(killed)) + (portal.database.restarts < 2)
    unharmed += sum(len(set(at.faults) - set(at.seen)) for at in receivers)
    return figures, {"stayed_whole": unharmed}
