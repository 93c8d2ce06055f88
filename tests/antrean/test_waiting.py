"""A full day: who waits is offered the place that comes free, in their order and with a deadline."""

from datetime import timedelta

import pytest

from antrean import actions, slots
from antrean.models import DaftarTunggu, Pemesanan, Slot
from mpp_portal.models import Peristiwa
from mpp_portal.notifikasi.models import Pesan
from tests import factories
from tests.antrean.conftest import NINE, minutes
from tests.antrean.test_booking import book, hold

pytestmark = pytest.mark.django_db
TWO = NINE.replace(hour=14)


@pytest.fixture
def slot(aula) -> Slot:
    """Monday at two, for one person, and the only time of that day: it is taken."""
    slot = factories.Slot(antrean=aula.antrean, mulai=TWO, kapasitas=1)
    book(slot, "Sari Contoh")
    return slot


def wait(slot, nama="Budi Contoh", *, at=NINE, key="", kontak="", **given):
    kontak = kontak or f"{nama.split()[0].lower()}@contoh.id"
    given = {"sender": "ponsel", "key": key or nama, "nama": nama, "kanal": "surel", "kontak": kontak} | given
    return actions.wait(slot.antrean, slot.antrean.layanan.get(), slot.tanggal, now=at, **given)


def seller(slot):
    return Pemesanan.objects.get(slot=slot, nama="Sari Contoh")


def state(person):
    person = DaftarTunggu.objects.select_related("pemesanan__slot__antrean").get(pk=person.pk)
    return person.status, person.pemesanan and person.pemesanan.status


def taken(slot):
    slot.refresh_from_db()
    assert slot.terisi == Pemesanan.objects.filter(slot=slot).holding().count()
    return slot.terisi


def told(person):
    return list(
        Pesan.objects.filter(subjek_id=person.kunjungan_id).order_by("pk").values_list("peristiwa__jenis", flat=True)
    )


def test_a_cancelled_place_is_held_for_the_first_who_waits_and_becomes_theirs(slot):
    first, second = wait(slot), wait(slot, "Ani Contoh")
    actions.cancel_booking(seller(slot), now=NINE + minutes(5))

    assert (state(first), state(second), taken(slot)) == (("ditawari", "ditahan"), ("menunggu", None), 1)
    assert told(first) == ["tunggu.menunggu", "tunggu.ditawari"]
    first.refresh_from_db()
    assert first.pemesanan.held_until == NINE + minutes(35)
    with pytest.raises(actions.Refused, match="baru saja penuh"):
        hold(slot, at=NINE + minutes(6))

    row = actions.accept(first, now=NINE + minutes(20))

    assert (row.status, row.nama, row.kunjungan, taken(slot)) == ("dipesan", "Budi Contoh", first.kunjungan, 1)
    assert state(first) == ("terpenuhi", "dipesan")
    assert actions.accept(first, now=NINE + minutes(21)) == row
    trace = Peristiwa.objects.about(first).values_list("jenis", "dari")
    assert list(trace) == [
        ("tunggu.menunggu", ""), ("tunggu.ditawari", "menunggu"), ("tunggu.terpenuhi", "ditawari"),
    ]  # fmt: skip


def test_a_place_that_is_not_taken_in_time_goes_to_the_next(slot):
    first, second = wait(slot), wait(slot, "Ani Contoh")
    actions.cancel_booking(seller(slot), now=NINE)
    assert actions.lapse_bookings(now=NINE + minutes(29)) == 0
    assert actions.lapse_bookings(now=NINE + minutes(30)) == 1
    assert (state(first), state(second), taken(slot)) == (("terlewat", "hangus"), ("ditawari", "ditahan"), 1)
    assert told(first)[-1] == "tunggu.terlewat"
    first.refresh_from_db()
    with pytest.raises(actions.Refused, match="sudah diberikan kepada yang lain"):
        actions.accept(first, now=NINE + minutes(31))
    assert taken(slot) == 1


def test_a_place_that_is_let_go_goes_to_the_next_at_once(slot):
    first, second = wait(slot), wait(slot, "Ani Contoh")
    actions.cancel_booking(seller(slot), now=NINE)
    first.refresh_from_db()
    actions.leave(first, now=NINE + minutes(1))
    assert (state(first), state(second), taken(slot)) == (("batal", "batal"), ("ditawari", "ditahan"), 1)
    actions.leave(second, now=NINE + minutes(2))
    assert (state(second), taken(slot)) == (("batal", "batal"), 0)


def test_who_stops_waiting_is_passed_over(slot):
    first, second = wait(slot), wait(slot, "Ani Contoh")
    actions.leave(first, now=NINE)
    actions.leave(first, now=NINE)
    actions.cancel_booking(seller(slot), now=NINE)
    assert (state(first), state(second)) == (("batal", None), ("ditawari", "ditahan"))


def test_a_booking_that_moves_away_frees_its_place_for_who_waits(aula, slot):
    first = wait(slot)
    later = factories.Slot(antrean=aula.antrean, mulai=TWO + timedelta(days=1))
    actions.reschedule(seller(slot), later, now=NINE)
    assert (state(first), taken(slot), taken(later)) == (("ditawari", "ditahan"), 1, 1)


def test_a_hold_that_runs_out_on_a_full_day_is_for_who_waits(aula):
    slot = factories.Slot(antrean=aula.antrean, mulai=TWO, kapasitas=1)
    hold(slot)
    first = wait(slot)
    assert actions.lapse_bookings(now=NINE + minutes(10)) == 1
    assert (state(first), taken(slot)) == (("ditawari", "ditahan"), 1)


def test_a_place_given_back_is_not_on_sale_at_once(slot):
    """Who sells a place must not be able to say at which second it can be had."""
    actions.cancel_booking(seller(slot), now=NINE)
    slot.refresh_from_db()
    assert NINE + minutes(5) <= slot.quiet_until < NINE + minutes(20)
    day = slots.day(slot.antrean, slot.antrean.layanan.get(), slot.tanggal, now=NINE + minutes(4))
    assert (day.free, day.full) == ([], True)
    with pytest.raises(actions.Refused, match="baru saja penuh"):
        hold(slot, at=NINE + minutes(4))
    assert hold(slot, at=NINE + minutes(20)).status == "ditahan"


def test_a_place_of_a_slot_that_was_not_full_is_on_sale_at_once(aula):
    slot = factories.Slot(antrean=aula.antrean, mulai=TWO, kapasitas=2)
    actions.cancel_booking(book(slot), now=NINE)
    assert hold(slot).status == "ditahan"


def test_at_night_the_time_to_answer_begins_in_the_morning(aula):
    night = NINE.replace(hour=23) - timedelta(days=1)
    slot = factories.Slot(antrean=aula.antrean, mulai=TWO, kapasitas=1)
    row = book(slot, at=night)
    first = wait(slot, at=night)
    actions.cancel_booking(row, now=night)
    first.refresh_from_db()
    assert first.pemesanan.held_until == NINE.replace(hour=6, minute=30)


def test_a_place_that_can_hardly_be_booked_any_more_is_offered_to_nobody(aula, slot):
    first = wait(slot)
    actions.cancel_booking(seller(slot), now=TWO - minutes(9))
    assert (state(first), taken(slot)) == (("menunggu", None), 0)
    slot.refresh_from_db()
    assert slot.quiet_until == TWO - minutes(4.5)


def test_a_closed_hour_is_not_offered(aula, slot):
    first = wait(slot)
    factories.Penutupan(mpp=None, gerai=aula.gerai, mulai=NINE, selesai=NINE + timedelta(days=1))
    actions.cancel_booking(seller(slot), now=NINE)
    assert (state(first), taken(slot)) == (("menunggu", None), 0)


def test_one_waits_only_where_everything_is_taken(aula):
    slot = factories.Slot(antrean=aula.antrean, mulai=TWO, kapasitas=1)
    with pytest.raises(actions.Refused, match="masih ada tempat"):
        wait(slot)
    book(slot)
    with pytest.raises(actions.Refused, match="Tidak ada yang bisa ditunggu"):
        wait(slot, at=TWO)
    assert DaftarTunggu.objects.count() == 0


def test_the_same_form_twice_is_one_wait_and_the_same_person_is_sent_the_link(slot):
    first = wait(slot, key="sama")
    assert wait(slot, key="sama") == first
    with pytest.raises(actions.Refused, match="sudah menunggu hari itu"):
        wait(slot, " budi  CONTOH ", key="lain", kontak="budi@contoh.id")
    assert told(first)[-1] == "tunggu.diingatkan"
    with pytest.raises(actions.Refused, match="sudah punya jadwal"):
        wait(slot, "Sari Contoh")
    assert DaftarTunggu.objects.count() == 1


def test_one_address_waits_for_four_people_a_day(slot):
    rows = [wait(slot, f"Orang{n} Contoh", kontak="budi@contoh.id") for n in range(4)]
    assert [row.urut_kontak for row in rows] == [1, 2, 3, 4]
    with pytest.raises(actions.Refused, match="4 orang sehari"):
        wait(slot, "Kelima Contoh", kontak="budi@contoh.id")


def test_who_books_another_time_of_that_day_waits_no_longer(aula, slot):
    first = wait(slot)
    other = factories.Slot(antrean=aula.antrean, mulai=TWO + minutes(30))
    row = actions.confirm(hold(other), nama="Budi Contoh", kanal="surel", kontak="budi@contoh.id", now=NINE)
    first.refresh_from_db()
    assert (first.status, first.pemesanan) == ("terpenuhi", row)
    actions.cancel_booking(seller(slot), now=NINE)
    assert taken(slot) == 0


def test_the_sweep_offers_a_place_that_a_wider_pattern_made(slot):
    first, second = wait(slot), wait(slot, "Ani Contoh")
    assert actions.offer_places(now=NINE) == 0
    Slot.objects.filter(pk=slot.pk).update(kapasitas=2)
    assert actions.offer_places(now=NINE) == 1
    assert (state(first), state(second), taken(slot)) == (("ditawari", "ditahan"), ("menunggu", None), 2)


def test_the_list_ends_when_nothing_can_be_booked_any_more(slot):
    first = wait(slot)
    assert actions.offer_places(now=TWO - minutes(1)) == 0
    assert state(first)[0] == "menunggu"
    actions.offer_places(now=TWO)
    assert state(first)[0] == "hangus"
    assert told(first)[-1] == "tunggu.hangus"
