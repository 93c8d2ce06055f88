"""Booking a time: held while typing, sure once confirmed, given back, moved, claimed on arrival."""

from datetime import timedelta
from itertools import count

import pytest

from antrean import actions
from antrean.models import Kunjungan, Pemesanan, Slot, Tiket
from mpp_portal.models import Peristiwa
from mpp_portal.notifikasi.models import Langganan, Pesan
from tests import factories
from tests.antrean.conftest import NINE, minutes

pytestmark = pytest.mark.django_db
TEN = NINE + timedelta(hours=1)
DAY = timedelta(days=1)
keys = count()


@pytest.fixture
def slot(aula) -> Slot:
    """Monday at ten, for two people, seen on Monday at nine."""
    return factories.Slot(antrean=aula.antrean, mulai=TEN, kapasitas=2)


def hold(slot, *, sender="ponsel", key="", at=NINE):
    return actions.hold(slot, slot.antrean.layanan.get(), sender=sender, key=key or f"k-{next(keys)}", now=at)


def confirm(row, *, nama="Sari Contoh", kontak="sari@contoh.id", at=NINE, **given):
    return actions.confirm(row, nama=nama, kanal="surel", kontak=kontak, now=at, **given)


def book(slot, nama="Sari Contoh", at=NINE, **given):
    return confirm(hold(slot, at=at), nama=nama, at=at, **given)


def filled(slot):
    slot.refresh_from_db()
    assert slot.terisi == Pemesanan.objects.filter(slot=slot).holding().count()
    return slot.terisi


def test_a_hold_becomes_a_booking_and_its_holder_is_told(slot):
    row = hold(slot)
    assert (row.status, row.held_until, filled(slot)) == ("ditahan", NINE + minutes(10), 1)

    row = confirm(row, prioritas="lansia")

    assert (row.status, row.nama, row.prioritas, row.urut_kontak, filled(slot)) == (
        "dipesan", "Sari Contoh", "lansia", 1, 1,
    )  # fmt: skip
    trace = Peristiwa.objects.about(row).values_list("jenis", "dari", "ke")
    assert list(trace) == [("pemesanan.ditahan", "", "ditahan"), ("pemesanan.dipesan", "ditahan", "dipesan")]
    assert Langganan.objects.get().subjek_id == row.kunjungan_id
    assert Pesan.objects.get().peristiwa.jenis == "pemesanan.dipesan"


def test_a_slot_never_takes_more_than_its_capacity(slot):
    hold(slot)
    hold(slot)
    with pytest.raises(actions.Refused, match=r"Jadwal pukul 10\.00 baru saja penuh"):
        hold(slot)
    assert filled(slot) == 2
    assert Kunjungan.objects.count() == 2


def test_a_hold_that_ran_out_is_free_for_the_next(slot):
    hold(slot)
    late = hold(slot)
    third = hold(slot, at=NINE + minutes(10))
    late.refresh_from_db()
    assert (late.status, third.status, filled(slot)) == ("hangus", "ditahan", 1)


def test_a_hold_that_ran_out_while_typing_is_kept_if_there_is_room(slot):
    row = hold(slot)
    assert confirm(row, at=NINE + minutes(11)).status == "dipesan"

    other = hold(slot, at=NINE + minutes(12))
    actions.lapse_bookings(now=NINE + minutes(23))
    assert confirm(other, nama="Budi Contoh", at=NINE + minutes(24)).status == "dipesan"
    assert filled(slot) == 2


def test_a_hold_that_ran_out_and_was_taken_meanwhile_says_so(slot):
    row = hold(slot)
    for name in ("Budi Contoh", "Ani Contoh"):
        book(slot, name, at=NINE + minutes(11))
    with pytest.raises(actions.Refused, match="baru saja penuh"):
        confirm(row, at=NINE + minutes(12))
    assert filled(slot) == 2


def test_the_same_form_twice_is_one_hold_and_one_booking(slot):
    first = hold(slot, key="sama")
    assert hold(slot, key="sama") == first
    assert confirm(first) == confirm(first)
    assert filled(slot) == 1

    other = factories.Slot(antrean=slot.antrean, mulai=TEN + minutes(30))
    with pytest.raises(actions.Refused, match="sudah dipakai untuk jadwal lain"):
        hold(other, key="sama")


def test_one_person_has_one_booking_of_a_layanan_a_day_and_is_sent_its_link_again(slot):
    first = book(slot)
    again = hold(slot)
    with pytest.raises(actions.Refused, match="Tautannya kami kirim lagi"):
        confirm(again, nama=" sari  CONTOH ")
    again.refresh_from_db()
    assert again.status == "ditahan"
    assert Peristiwa.objects.about(first).last().jenis == "pemesanan.diingatkan"
    assert Pesan.objects.filter(peristiwa__jenis="pemesanan.diingatkan", subjek_id=first.kunjungan_id).count() == 1


def test_four_people_fit_on_one_phone(aula):
    slot = factories.Slot(antrean=aula.antrean, mulai=TEN, kapasitas=9)
    rows = [book(slot, f"Orang {n} Contoh") for n in range(4)]
    assert [row.urut_kontak for row in rows] == [1, 2, 3, 4]
    with pytest.raises(actions.Refused, match="4 orang sehari"):
        book(slot, "Orang Kelima Contoh")

    actions.cancel_booking(rows[1], now=NINE)
    assert book(slot, "Orang Kelima Contoh").urut_kontak == 2


@pytest.mark.parametrize(
    ("at", "sentence"),
    [
        (TEN - 15 * DAY, "belum dibuka"),
        (TEN, "sudah tidak bisa dipesan"),
    ],
)
def test_a_slot_is_bookable_from_its_opening_to_its_cut_off(slot, at, sentence):
    with pytest.raises(actions.Refused, match=sentence):
        hold(slot, at=at)
    assert filled(slot) == 0


def test_a_time_at_which_loket_do_not_serve_is_not_sold(aula, slot):
    factories.Penutupan(mpp=None, gerai=aula.gerai, mulai=NINE, selesai=NINE + DAY, alasan="Listrik padam")
    with pytest.raises(actions.Refused, match="Listrik padam"):
        hold(slot)
    lunch = factories.Slot(antrean=aula.antrean, mulai=NINE.replace(hour=12))
    with pytest.raises(actions.Refused, match="Loket tidak melayani"):
        hold(lunch)


def test_a_cancelled_booking_gives_its_place_back_once(slot):
    row = book(slot)
    actions.cancel_booking(row, now=NINE)
    actions.cancel_booking(row, now=NINE)
    row.refresh_from_db()
    assert (row.status, row.ended_at, filled(slot)) == ("batal", NINE, 0)
    assert book(slot).status == "dipesan"


def test_a_booking_moves_to_another_day_and_its_holder_keeps_being_told(slot):
    old = book(slot, prioritas="hamil")
    later = factories.Slot(antrean=slot.antrean, mulai=TEN + DAY)

    new = actions.reschedule(old, later, now=NINE)

    old.refresh_from_db()
    assert (old.status, old.pengganti, filled(slot)) == ("dijadwalkan_ulang", new, 0)
    assert (new.status, new.nama, new.prioritas, new.tanggal, filled(later)) == (
        "dipesan", "Sari Contoh", "hamil", later.tanggal, 1,
    )  # fmt: skip
    assert new.kunjungan != old.kunjungan
    told = Langganan.objects.filter(subjek_id=new.kunjungan_id)
    assert [row.tujuan for row in told] == ["sari@contoh.id"]
    assert Pesan.objects.filter(subjek_id=new.kunjungan_id, peristiwa__jenis="pemesanan.dipesan").count() == 1


def test_a_booking_moves_within_its_day_and_keeps_its_page(slot):
    old = book(slot)
    new = actions.reschedule(old, factories.Slot(antrean=slot.antrean, mulai=TEN + minutes(30)), now=NINE)
    assert new.kunjungan == old.kunjungan


def test_a_booking_stays_where_it_is_when_the_new_time_is_full(slot):
    old = book(slot)
    full = factories.Slot(antrean=slot.antrean, mulai=TEN + minutes(30), kapasitas=1)
    book(full, "Budi Contoh")
    with pytest.raises(actions.Refused, match="baru saja penuh"):
        actions.reschedule(old, full, now=NINE)
    old.refresh_from_db()
    assert (old.status, filled(slot), filled(full)) == ("dipesan", 1, 1)


@pytest.mark.parametrize("late", [-60, 0, 10])
def test_who_arrives_by_the_time_plus_grace_has_the_promised_turn(aula, slot, late):
    walk_ins = [aula.take(at=NINE) for _ in range(3)]
    row = book(slot)

    tiket = actions.arrive(row, now=TEN + minutes(late))

    assert (tiket.giliran_pada, tiket.asal, tiket.label, tiket.kunjungan) == (TEN, "pesan", "A-004", row.kunjungan)
    row.refresh_from_db()
    assert (row.status, row.tiket) == ("hadir", tiket)
    assert list(Tiket.objects.in_order()) == [*walk_ins, tiket]
    assert actions.arrive(row, now=TEN) == tiket


def test_who_arrives_later_stands_in_line_as_a_walk_in(aula, slot):
    row = book(slot)
    for _ in range(6):
        aula.take(at=TEN)
    tiket = actions.arrive(row, now=TEN + minutes(20))
    assert tiket.giliran_pada == TEN + minutes(40)  # six people, ten minutes each, three loket


def test_who_arrives_much_later_or_on_another_day_is_told_what_to_do(slot):
    row = book(slot)
    with pytest.raises(actions.Refused, match="lebih dari satu jam"):
        actions.arrive(row, now=TEN + minutes(61))
    with pytest.raises(actions.Refused, match="untuk hari lain"):
        actions.arrive(row, now=TEN - DAY)
    assert Tiket.objects.count() == 0


def test_an_unclaimed_booking_lapses_an_hour_after_its_time(slot):
    row = book(slot)
    assert actions.lapse_bookings(now=TEN + minutes(60)) == 0
    assert actions.lapse_bookings(now=TEN + minutes(61)) == 1
    assert actions.lapse_bookings(now=TEN + minutes(61)) == 0
    row.refresh_from_db()
    assert (row.status, filled(slot)) == ("hangus", 0)


def test_a_walk_in_waits_behind_the_bookings_that_are_due_by_then(aula, slot):
    before = [aula.take(at=NINE) for _ in range(18)][-1]
    assert before.giliran_pada == NINE + minutes(17 * 10 / 3)
    for n in range(2):
        book(slot, f"Orang {n} Contoh")

    after = aula.take(at=NINE)

    due = 2 * 0.85  # people with the earlier promise, at the rate that they come
    assert after.giliran_pada == NINE + minutes((18 + due) * 10 / 3)


def test_a_booking_moves_to_a_day_on_which_its_contact_has_another(aula, slot):
    other = aula.line("H")
    later = factories.Slot(antrean=slot.antrean, mulai=TEN + DAY)
    elsewhere = factories.Slot(antrean=other, mulai=TEN + DAY)
    first = book(elsewhere, "Budi Contoh")
    old = book(slot)
    assert [first.urut_kontak, old.urut_kontak] == [1, 1]

    assert actions.reschedule(old, later, now=NINE).urut_kontak == 2


def test_a_booking_does_not_move_to_a_day_on_which_its_person_has_the_same_layanan(slot):
    later = factories.Slot(antrean=slot.antrean, mulai=TEN + DAY)
    old = book(slot)
    book(later)
    with pytest.raises(actions.Refused, match="Anda sudah punya jadwal layanan itu pada hari itu"):
        actions.reschedule(old, factories.Slot(antrean=slot.antrean, mulai=TEN + DAY + minutes(30)), now=NINE)
    old.refresh_from_db()
    assert (old.status, filled(slot), filled(later)) == ("dipesan", 1, 1)


def test_the_second_tap_on_a_new_time_gets_the_booking_of_the_first(slot):
    later = factories.Slot(antrean=slot.antrean, mulai=TEN + DAY)
    old = book(slot)
    new = actions.reschedule(old, later, now=NINE)
    assert actions.reschedule(old, later, now=NINE) == new
    with pytest.raises(actions.Refused, match="sudah dijadwalkan ulang"):
        actions.reschedule(old, factories.Slot(antrean=slot.antrean, mulai=TEN + 2 * DAY), now=NINE)
    assert (filled(slot), filled(later)) == (0, 1)


def test_a_closure_also_refuses_a_time_that_is_held(aula, slot):
    row = hold(slot)
    factories.Penutupan(mpp=None, gerai=aula.gerai, mulai=NINE, selesai=NINE + DAY, alasan="Listrik padam")
    with pytest.raises(actions.Refused, match="Listrik padam"):
        confirm(row)
    row.refresh_from_db()
    assert row.status == "ditahan"
