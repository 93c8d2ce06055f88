"""Claims, order, death in flight, clocks, the night: what keeps a message single and in its place."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.utils import timezone

from mpp_portal.notifikasi import hours, sending
from mpp_portal.notifikasi.models import LEASE, Langganan, Pesan

from .conftest import later, states

MINUTE = timedelta(minutes=1)


def test_a_claimed_message_is_nobody_elses(orang, live):
    live("surel")
    orang.asks()
    orang.hears("tiket.dipanggil")

    held = sending.claim()

    assert held.pk == Pesan.objects.get().pk
    assert sending.claim() is None


def test_who_was_overtaken_at_the_claim_takes_the_next_one(orang, live):
    """Both looked at the same list; the other one was faster with the first row."""
    live("surel")
    for name in ("a", "b"):
        orang.asks(tujuan=f"{name}@contoh.id")
    orang.hears("tiket.dipanggil")
    first, second = Pesan.objects.order_by("pk")
    seen = []

    def faster(execute, sql, params, many, context):
        if sql.startswith("UPDATE") and not seen:
            seen.append(sql)
            Pesan.objects.filter(pk=first.pk).update(status="dikirim", attempts=1, lease_until=timezone.now() + LEASE)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(faster):
        mine = sending.claim()

    assert mine.pk == second.pk
    assert states() == [("dikirim", 1), ("dikirim", 1)]


def test_a_process_that_died_before_sending_costs_nothing(orang, mailbox):
    orang.asks()
    orang.hears("tiket.dipanggil")
    sending.claim()
    Pesan.objects.update(lease_until=timezone.now() - MINUTE)

    sending.drain()

    assert len(mailbox.received) == 1
    assert states() == [("terkirim", 2)]
    assert Pesan.objects.get().deaths == 0


def test_a_process_that_died_in_flight_is_counted_and_the_second_letter_has_the_same_id(orang, mailbox):
    orang.asks()
    orang.hears("tiket.dipanggil")
    sending.drain()
    # As if the process had died after the server took the letter, before that was written down
    Pesan.objects.update(
        status="dikirim", ended_at=None, lease_until=timezone.now() - MINUTE, sending_since=timezone.now() - 2 * MINUTE
    )

    sending.drain()

    assert len({mail["Message-ID"] for mail in mailbox.received}) == 1
    assert len(mailbox.received) == 2
    assert Pesan.objects.get().deaths == 1


def test_a_living_lease_is_waited_for(orang, mailbox):
    orang.asks()
    orang.hears("tiket.dipanggil")
    sending.claim()
    assert sending.drain() == 0


def test_a_lease_from_a_wrong_clock_does_not_hold_a_message_for_hours(orang, mailbox):
    orang.asks()
    orang.hears("tiket.dipanggil")
    sending.claim()
    Pesan.objects.update(lease_until=timezone.now() + timedelta(hours=3))
    assert sending.drain() == 1
    assert states() == [("terkirim", 2)]


def test_who_lost_the_lease_changes_nothing(orang, mailbox):
    orang.asks()
    orang.hears("tiket.dipanggil")
    slow = sending.claim()
    Pesan.objects.update(lease_until=timezone.now() - MINUTE)
    sending.drain()

    sending.deliver(slow)

    assert len(mailbox.received) == 1
    assert states() == [("terkirim", 2)]


def test_who_lost_the_lease_to_one_that_is_still_sending_sends_nothing(orang, mailbox):
    orang.asks()
    orang.hears("tiket.dipanggil")
    slow = sending.claim()
    Pesan.objects.update(lease_until=timezone.now() - MINUTE)
    quick = sending.claim()

    sending.deliver(slow)
    assert mailbox.received == []
    assert states() == [("dikirim", 2)]

    sending.deliver(quick)
    assert len(mailbox.received) == 1
    assert states() == [("terkirim", 2)]


def test_a_message_that_kills_its_process_every_time_is_parked(orang, mailbox):
    orang.asks()
    orang.hears("tiket.dipanggil")
    for _death in range(sending.MAX_ATTEMPTS):
        sending.claim()
        Pesan.objects.update(lease_until=timezone.now() - MINUTE, sending_since=timezone.now())
    sending.drain()
    assert mailbox.received == []
    assert states() == [("diparkir", sending.MAX_ATTEMPTS + 1)]


def test_of_one_person_the_older_goes_first_and_others_do_not_wait(orang, mailbox):
    orang.asks(tujuan="a@contoh.id")
    orang.hears("tiket.dipanggil")
    Pesan.objects.update(next_try_at=timezone.now() + MINUTE)  # its first attempt failed
    orang.hears("tiket.terlewat")
    orang.asks(tujuan="b@contoh.id")
    orang.hears("tiket.terlewat")

    sending.drain()
    assert [mail["To"] for mail in mailbox.received] == ["b@contoh.id"]

    later()
    to_a = [mail["Subject"] for mail in mailbox.received if mail["To"] == "a@contoh.id"]
    assert [subject.split()[2] for subject in to_a] == ["silakan", "terlewat,", "terlewat,"]


def test_a_call_does_not_wait_for_thanks(orang, mailbox):
    orang.asks()
    orang.hears("tiket.selesai")  # waits ten seconds
    orang.hears("tiket.dipanggil")
    sending.drain()
    assert len(mailbox.received) == 1
    assert "silakan menuju" in mailbox.received[0]["Subject"]


@pytest.mark.parametrize(
    ("clock", "until"),
    [("20.59", None), ("21.00", "24 06.00"), ("23.59", "24 06.00"), ("00.30", "23 06.00"), ("06.00", None)],
)
def test_the_night_is_that_of_the_mall(settings, clock, until):
    settings.KABAR_TENANG = "21.00-06.00"
    wita = ZoneInfo("Asia/Makassar")
    hour, minute = map(int, clock.split("."))
    morning = hours.quiet_until(datetime(2026, 11, 23, hour, minute, tzinfo=wita).astimezone(UTC), wita)
    assert (morning and morning.strftime("%d %H.%M")) == until


def test_at_night_only_what_is_urgent_leaves(orang, mailbox, settings):
    now = orang.tiket.kunjungan.mpp.local()
    until = now + timedelta(hours=2)
    settings.KABAR_TENANG = f"{now - timedelta(hours=2):%H.%M}-{until:%H.%M}"
    orang.asks()
    orang.hears("tiket.hangus")
    orang.hears("tiket.dipanggil")

    sending.drain()

    assert ["silakan menuju" in mail["Subject"] for mail in mailbox.received] == [True]
    waiting = Pesan.objects.get(status="menunggu")
    assert waiting.attempts == 0
    assert waiting.next_try_at == until.replace(second=0, microsecond=0)


def test_a_call_that_nobody_can_use_any_more_is_not_sent(orang, mailbox):
    orang.asks()
    orang.hears("tiket.dipanggil")
    Pesan.objects.update(created_at=timezone.now() - timedelta(hours=1))
    sending.drain()
    assert mailbox.received == []
    assert states() == [("batal", 1)]


def test_who_stopped_while_it_waited_gets_nothing(orang, mailbox):
    orang.asks()
    orang.hears("tiket.dipanggil")
    Langganan.objects.update(stopped_at=timezone.now())
    sending.drain()
    assert mailbox.received == []
    assert states() == [("batal", 1)]


def test_a_channel_that_is_switched_off_holds_its_messages(orang, mailbox, live):
    orang.asks()
    orang.hears("tiket.dipanggil")
    live("sms")
    assert sending.drain() == 0
    live("surel")
    assert sending.drain() == 1


def test_a_dry_run_keeps_what_would_have_been_sent(orang, mailbox, settings):
    settings.KABAR_KANAL |= {"surel": "coba"}
    langganan = orang.asks()
    orang.hears("tiket.dipanggil")
    sending.drain()
    pesan = Pesan.objects.get()
    assert mailbox.received == []
    assert pesan.status == "terkirim"
    assert pesan.salinan["ke"] == "b•••@contoh.id"
    assert pesan.salinan["judul"] == f"Nomor {orang.tiket.label}: silakan menuju {orang.loket}"
    assert pesan.salinan["isi"].endswith(f"Berhenti dikabari: {langganan.stop_url}")
    assert pesan.salinan["tautan"] == f"https://mpp.contoh.id{orang.tiket.kunjungan.get_absolute_url()}"
