"""What the queue does to a number becomes the right message: the real actions, from the call to the mailbox."""

from datetime import timedelta

import pytest
from django.utils import timezone

from antrean import actions as queue
from mpp_portal.notifikasi import sending
from mpp_portal.notifikasi.models import Pesan
from tests import factories

from .conftest import Orang, later


@pytest.fixture
def counter(db):
    """A loket on duty whose line has one number; and the number's holder."""
    gerai = factories.Gerai(lantai=2)
    factories.open_always(gerai.mpp)
    loket = factories.Loket(gerai=gerai)
    petugas = factories.Jaga(loket=loket).petugas
    antrean = factories.Antrean(gerai=gerai, layanan=[factories.Layanan(gerai=gerai)], loket=[loket])
    person = Orang(factories.Tiket(sesi=factories.Sesi(antrean=antrean)))
    person.asks()
    return person, lambda verb, **at: getattr(queue, verb)(loket, by=petugas, **at)


def kinds():
    return list(Pesan.objects.order_by("pk").values_list("peristiwa__jenis", flat=True))


def test_called_and_served(counter, mailbox):
    person, press = counter
    for verb in ("call_next", "start", "finish"):
        press(verb)

    assert kinds() == ["tiket.dipanggil", "tiket.selesai"]
    assert sending.drain() == 1  # the thanks wait ten seconds
    later()
    subjects = [mail["Subject"].replace("\n", "") for mail in mailbox.received]
    assert subjects == [
        f"Nomor {person.tiket.label}: silakan menuju Loket 1",
        f"Terima kasih, nomor {person.tiket.label} selesai dilayani",
    ]
    assert "/pengaduan/" in mailbox.received[1].get_payload(decode=True).decode()


def test_a_call_names_its_loket_even_when_the_person_was_absent_meanwhile(counter, mailbox):
    person, press = counter
    press("call_next")
    press("absent")  # the ticket has no loket any more

    sending.drain()

    first, second = mailbox.received
    assert first["Subject"] == f"Nomor {person.tiket.label}: silakan menuju Loket 1"
    assert second["Subject"] == f"Kami memanggil nomor {person.tiket.label}"


def test_a_returned_call_is_no_absence(counter, mailbox):
    _person, press = counter
    press("call_next")
    press("put_back")
    assert kinds() == ["tiket.dipanggil"]


def test_passed_over_after_the_second_absence(counter, mailbox):
    _person, press = counter
    press("call_next")
    press("absent")
    press("call_next", now=timezone.now() + timedelta(minutes=11))
    press("absent", now=timezone.now() + timedelta(minutes=12))
    assert kinds() == ["tiket.dipanggil", "tiket.tidak_hadir", "tiket.dipanggil", "tiket.terlewat"]
    assert sending.drain() == 4


def test_who_waited_in_vain_is_offered_another_day(counter, mailbox):
    person, _press = counter
    queue.lapse_before(person.tiket.sesi.antrean, person.tiket.sesi.tanggal + timedelta(days=1))
    sending.drain()
    (mail,) = mailbox.received
    assert mail["Subject"] == f"Nomor {person.tiket.label} tidak sempat dilayani hari ini"


def test_a_number_that_lapses_is_told(counter, mailbox):
    person, _press = counter
    queue.postpone(person.tiket)
    queue.lapse_before(person.tiket.sesi.antrean, person.tiket.sesi.tanggal + timedelta(days=1))
    sending.drain()
    (mail,) = mailbox.received
    assert mail["Subject"] == f"Nomor {person.tiket.label} tidak berlaku lagi"
