"""Two people at the same instant want the same time. Each of these fails when the lock of the Slot is taken away
(on PostgreSQL; SQLite admits one writer at a time anyway)."""

from datetime import timedelta

import pytest

from antrean import actions
from antrean.models import Pemesanan, PolaJadwal, Slot
from antrean.slots import regenerate
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
