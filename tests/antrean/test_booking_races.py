"""Two people at the same instant want the same time. Each of these fails when the lock of the Slot is taken away
(on PostgreSQL; SQLite admits one writer at a time anyway)."""

from datetime import timedelta

import pytest

from antrean import actions
from antrean.models import Pemesanan, PolaJadwal, Slot
from antrean.slots import regenerate
from mpp_portal import crypto
from tests import factories
from tests.antrean.conftest import NINE
from tests.antrean.test_races import together

pytestmark = pytest.mark.django_db(transaction=True)
TEN = NINE + timedelta(hours=1)


@pytest.fixture
def seat(aula) -> Slot:
    return factories.Slot(antrean=aula.antrean, mulai=TEN, kapasitas=1)


def hold(slot, key):
    return actions.hold(slot, slot.antrean.layanan.get(), sender="ponsel", key=key, now=NINE)


def confirm(row, nama):
    return actions.confirm(row, nama=nama, kanal="surel", kontak="sari@contoh.id", now=NINE)


def held(seat):
    seat.refresh_from_db()
    return seat.terisi, Pemesanan.objects.filter(slot=seat).holding().count()


def test_the_last_place_is_sold_once(seat):
    first, second = together(lambda: hold(seat, "satu"), lambda: hold(seat, "dua"))
    assert first.status == "ditahan"
    assert isinstance(second, actions.Refused)
    assert "baru saja penuh" in str(second)
    assert held(seat) == (1, 1)


def test_a_place_that_was_not_taken_after_all_goes_to_the_next(seat):
    _, second = together(lambda: hold(seat, "satu"), lambda: hold(seat, "dua"), undo=True)
    assert second.status == "ditahan"
    assert held(seat) == (1, 1)


def test_a_booking_is_cancelled_once_by_two_taps(seat):
    row = confirm(hold(seat, "satu"), "Sari Contoh")
    first, second = together(
        lambda: actions.cancel_booking(row, now=NINE), lambda: actions.cancel_booking(row, now=NINE)
    )
    assert [first.status, second.status] == ["batal", "batal"]
    assert held(seat) == (0, 0)


def test_slots_made_again_meanwhile_leave_the_booking_its_place(aula):
    PolaJadwal.objects.create(
        antrean=aula.antrean, hari=0, mulai="10:00", selesai="11:00", menit=60, batas_menit=30, hari_ke_depan=1
    )
    regenerate(aula.antrean, now=NINE)
    seat = Slot.objects.get()
    PolaJadwal.objects.all().delete()

    first, new = together(lambda: hold(seat, "satu"), lambda: regenerate(aula.antrean, now=NINE))

    assert (first.status, new) == ("ditahan", 0)
    assert held(seat) == (1, 1)
    assert Slot.objects.get().kapasitas == 1


def test_two_people_of_one_phone_confirm_at_once(aula):
    slot = factories.Slot(antrean=aula.antrean, mulai=TEN, kapasitas=2)
    other = factories.Slot(antrean=aula.antrean, mulai=TEN + timedelta(hours=4), kapasitas=2)
    rows = [hold(slot, "satu"), hold(other, "dua")]
    first, second = together(lambda: confirm(rows[0], "Sari Contoh"), lambda: confirm(rows[1], "Budi Contoh"))
    assert [first.urut_kontak, second.urut_kontak] == [1, 2]


def test_two_bookings_that_change_places_do_not_block_each_other(aula):
    slots = [factories.Slot(antrean=aula.antrean, mulai=TEN + timedelta(hours=n), kapasitas=2) for n in (0, 4)]
    rows = [confirm(hold(slot, f"k{n}"), f"Orang {n} Contoh") for n, slot in enumerate(slots)]
    first, second = together(
        lambda: actions.reschedule(rows[0], slots[1], now=NINE),
        lambda: actions.reschedule(rows[1], slots[0], now=NINE),
    )
    assert [first.slot, second.slot] == slots[::-1]
    assert [held(slot) for slot in slots] == [(1, 1), (1, 1)]


@pytest.mark.postgres
def test_two_tabs_do_not_book_one_person_into_two_places_at_once(aula):
    """The row of the Kunjungan: each tab locks the slot of its own gerai only.

    SQLite has one writer: there the second tab finds the first one's time, which has no name yet, and replaces it.
    """
    visit = confirm(hold(factories.Slot(antrean=aula.antrean, mulai=TEN), "satu"), "Sari Contoh").kunjungan
    slots = [factories.Slot(antrean=aula.line(huruf), mulai=TEN + timedelta(hours=4)) for huruf in "HR"]
    first, second = together(
        lambda: actions.hold(slots[0], slots[0].antrean.layanan.get(), sender="p", key="dua", visit=visit, now=NINE),
        lambda: actions.hold(slots[1], slots[1].antrean.layanan.get(), sender="p", key="tiga", visit=visit, now=NINE),
    )
    assert first.status == "ditahan"
    assert "bentrok dengan jadwal Anda" in str(second)
    assert [held(slot) for slot in slots] == [(1, 1), (0, 0)]


def test_the_place_of_a_contact_goes_to_a_time_that_is_not_given_back_meanwhile(aula):
    """The row of the Kunjungan, when the first time of a person is given back."""
    rows = [confirm(hold(factories.Slot(antrean=aula.antrean, mulai=TEN), "satu"), "Sari Contoh")]
    for n, huruf in enumerate("HR", 4):
        slot = factories.Slot(antrean=aula.line(huruf), mulai=TEN + timedelta(hours=n))
        given = {"sender": "p", "key": huruf, "visit": rows[0].kunjungan, "now": NINE}
        rows.append(confirm(actions.hold(slot, slot.antrean.layanan.get(), **given), "Sari Contoh"))
    together(lambda: actions.cancel_booking(rows[1], now=NINE), lambda: actions.cancel_booking(rows[0], now=NINE))
    assert [(row.status, row.urut_kontak) for row in Pemesanan.objects.order_by("pk")] == [
        ("batal", 1),
        ("batal", None),
        ("dipesan", 1),
    ]


def waiting(slot, nama):
    given = {"nama": nama, "kanal": "surel", "kontak": f"{nama.split()[0].lower()}@contoh.id"}
    return actions.wait(slot.antrean, slot.antrean.layanan.get(), TEN.date(), sender="p", key=nama, now=NINE, **given)


def test_two_places_that_come_free_at_once_are_offered_to_two_people(aula):
    """The row of who waits: without its lock both are offered to the first."""
    slots = [factories.Slot(antrean=aula.antrean, mulai=TEN + timedelta(hours=n), kapasitas=1) for n in (0, 4)]
    rows = [confirm(hold(slot, f"k{n}"), f"Orang {n} Contoh") for n, slot in enumerate(slots)]
    people = [waiting(slots[0], "Budi Contoh"), waiting(slots[0], "Ani Contoh")]
    together(
        lambda: actions.cancel_booking(rows[0], now=NINE),
        lambda: actions.cancel_booking(rows[1], now=NINE),
    )
    for person in people:
        person.refresh_from_db()
    assert [person.status for person in people] == ["ditawari", "ditawari"]
    assert [person.pemesanan.slot for person in people] == slots
    assert [held(slot) for slot in slots] == [(1, 1), (1, 1)]


def test_who_stops_waiting_while_a_place_is_offered_gives_it_on(aula):
    """The row of who waits: without its lock the place stays held for somebody who has left."""
    seat = factories.Slot(antrean=aula.antrean, mulai=TEN, kapasitas=1)
    row = confirm(hold(seat, "satu"), "Sari Contoh")
    first, second = waiting(seat, "Budi Contoh"), waiting(seat, "Ani Contoh")
    together(lambda: actions.cancel_booking(row, now=NINE), lambda: actions.leave(first, now=NINE))
    for person in (first, second):
        person.refresh_from_db()
    assert [first.status, second.status] == ["batal", "ditawari"]
    assert held(seat) == (1, 1)


def test_who_books_while_a_place_is_offered_to_them_is_still_offered_it(aula):
    """The row of who waits, when they book: without its lock the offer is forgotten and its place held for nobody."""
    full, free = (factories.Slot(antrean=aula.antrean, mulai=TEN + timedelta(hours=n), kapasitas=1) for n in (0, 4))
    row, late = confirm(hold(full, "satu"), "Sari Contoh"), confirm(hold(free, "dua"), "Ani Contoh")
    person = waiting(full, "Budi Contoh")
    free.refresh_from_db()
    free.kapasitas = 2
    free.save()
    own = hold(free, "tiga")
    together(
        lambda: actions.cancel_booking(row, now=NINE),
        lambda: actions.confirm(own, nama="Budi Contoh", kanal="surel", kontak="budi@contoh.id", now=NINE),
    )
    person.refresh_from_db()
    assert (person.status, person.pemesanan.slot) == ("ditawari", full)
    assert (held(full), held(free), late.status) == ((1, 1), (2, 2), "dipesan")


def test_who_stops_waiting_is_not_told_that_the_day_is_over(aula):
    """The row of who waits, when the list of a day ends."""
    seat = factories.Slot(antrean=aula.antrean, mulai=TEN, kapasitas=1)
    confirm(hold(seat, "satu"), "Sari Contoh")
    person = waiting(seat, "Budi Contoh")
    late = TEN + timedelta(hours=1)
    together(lambda: actions.leave(person, now=NINE), lambda: actions.offer_places(now=late))
    person.refresh_from_db()
    assert person.status == "batal"


def test_a_nik_that_is_being_forgotten_does_not_come_back_under_a_new_key(aula, settings):
    """The row whose NIK is encrypted anew."""
    old, new = crypto.new_key(), crypto.new_key()
    settings.KUNCI_DATA = [old]
    slot = factories.Slot(antrean=aula.antrean)
    row = factories.Pemesanan(slot=slot, nik="6371010101900000", status="batal", ended_at=slot.mulai)
    settings.KUNCI_DATA = [new, old]
    _, renewed = together(lambda: actions.forget(now=slot.mulai + timedelta(days=90)), crypto.rotate)
    row.refresh_from_db()
    assert renewed["antrean.pemesanan.nik"] == 1
    assert (row.nik, row.nama) == ("", "")


def test_an_offer_is_taken_or_passes_but_not_both(aula):
    seat = factories.Slot(antrean=aula.antrean, mulai=TEN + timedelta(hours=4), kapasitas=1)
    row = confirm(hold(seat, "satu"), "Sari Contoh")
    first = waiting(seat, "Budi Contoh")
    actions.cancel_booking(row, now=NINE)
    first.refresh_from_db()
    late = NINE + timedelta(minutes=31)
    lapsed, taken = together(lambda: actions.lapse_bookings(now=late), lambda: actions.accept(first, now=late))
    first.refresh_from_db()
    assert (lapsed, first.status) == (1, "terlewat")
    assert "sudah diberikan" in str(taken)
    assert held(seat) == (0, 0)
