"""An e-mail leaves once, whatever the mail server does."""

import pytest

from mpp_portal.notifikasi import sending
from mpp_portal.notifikasi.models import Pesan

from .conftest import later, states


def test_a_call_reaches_the_mailbox_with_place_time_link_and_a_way_to_stop(orang, mailbox):
    langganan = orang.asks()
    orang.hears("tiket.dipanggil")

    assert sending.drain() == 1

    (mail,) = mailbox.received
    pesan = Pesan.objects.get()
    text = mail.get_payload(decode=True).decode()
    assert mail["To"] == "budi@contoh.id"
    assert mail["Subject"] == f"Nomor {orang.tiket.label}: silakan menuju {orang.loket}"
    assert mail["Message-ID"] == f"<{pesan.key}@mpp.contoh.id>"
    assert mail["List-Unsubscribe"].strip() == f"<https://mpp.contoh.id/kabar/berhenti/{langganan.rahasia}/>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert f"Silakan menuju {orang.loket}, lantai 1, {orang.tiket.kunjungan.mpp.nama}." in text
    assert f"https://mpp.contoh.id/antrean/k/{orang.tiket.kunjungan.rahasia}/" in text
    assert f"Berhenti dikabari: https://mpp.contoh.id/kabar/berhenti/{langganan.rahasia}/" in text
    assert states() == [("terkirim", 1)]
    assert sending.drain() == 0


def test_who_reads_english_gets_english(orang, mailbox):
    orang.asks(bahasa="en")
    orang.hears("tiket.dipanggil")
    sending.drain()

    (mail,) = mailbox.received
    assert mail["Subject"] == f"Number {orang.tiket.label}: please go to Counter 1"
    assert "https://mpp.contoh.id/en/antrean/k/" in mail.get_payload(decode=True).decode()


@pytest.mark.parametrize("at", ["RCPT", "DATA"])
@pytest.mark.parametrize("conduct", ["drop", "hang", "451 later, please"])
def test_what_fails_for_now_is_sent_later_under_the_same_message_id(orang, mailbox, conduct, at):
    orang.asks()
    orang.hears("tiket.dipanggil")
    key = Pesan.objects.get().key
    mailbox.conduct, mailbox.at = conduct, at

    sending.drain()
    sending.drain()  # not due yet: the server is not asked again at once
    assert mailbox.tried == 1
    assert states() == [("menunggu", 1)]
    assert Pesan.objects.get().last_error != ""

    mailbox.conduct = "ok"
    later()
    assert [mail["Message-ID"] for mail in mailbox.received] == [f"<{key}@mpp.contoh.id>"]
    assert states() == [("terkirim", 2)]
    assert Pesan.objects.get().deaths == 0


@pytest.mark.parametrize("at", ["RCPT", "DATA"])
def test_what_is_refused_for_good_is_parked_with_the_reason(orang, mailbox, at):
    orang.asks()
    orang.hears("tiket.dipanggil")
    mailbox.conduct, mailbox.at = "550 no such person: <Budi@contoh.id>", at

    sending.drain()

    assert states() == [("diparkir", 1)]
    assert Pesan.objects.get().last_error == "550 no such person: <b•••@contoh.id>"  # servers repeat the address
    assert later() == 0


def test_a_server_that_never_answers_parks_the_message_in_the_end(orang, mailbox):
    orang.asks()
    orang.hears("tiket.dipanggil")
    mailbox.conduct = "451 later, please"

    for _attempt in range(sending.MAX_ATTEMPTS):
        later()

    assert states() == [("diparkir", sending.MAX_ATTEMPTS)]
    assert later() == 0


def test_a_hanging_server_costs_one_wait_and_not_one_for_each_message(orang, mailbox):
    for name in ("a", "b", "c"):
        orang.asks(tujuan=f"{name}@contoh.id")
    orang.hears("tiket.dipanggil")
    mailbox.conduct = "hang"

    assert sending.drain() == 1
    assert mailbox.tried == 1
    assert states() == [("menunggu", 1), ("menunggu", 0), ("menunggu", 0)]

    mailbox.conduct = "ok"
    later()
    assert sorted(mail["To"] for mail in mailbox.received) == ["a@contoh.id", "b@contoh.id", "c@contoh.id"]
