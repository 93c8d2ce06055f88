"""Lines of an instansi's own times and numbers: what is entered on arrival, what it is worth, who can correct it."""

from datetime import datetime, timedelta

import pytest

from antrean import actions
from antrean.actions import Appointment
from antrean.models import Sesi, Tiket
from mpp_portal.models import Peristiwa
from tests import factories
from tests.antrean.conftest import NINE, WITA, minutes

TEN = NINE + minutes(60)


@pytest.fixture
def paspor(aula):
    """The hall's line, now with times that the instansi gives."""
    aula.antrean.mode = "jadwal_luar"
    aula.antrean.save()
    return aula


def take(aula, at: datetime, kode: str, *, now: datetime = NINE, **given) -> Tiket:
    return aula.take(at=now, appointment=Appointment(at, kode), **given)


def test_who_is_there_in_time_has_the_instansis_time_as_their_turn(paspor):
    early, graced = take(paspor, TEN, "AB1234"), take(paspor, NINE - minutes(10), "AB1235")
    assert [row.giliran_pada for row in (early, graced)] == [TEN, NINE - minutes(10)]
    assert [row.keeps_time for row in (early, graced)] == [True, True]
    paspor.open()
    assert [paspor.serve() for _ in range(2)] == [graced.label, early.label]


def test_who_is_late_is_a_walk_in_on_arrival_and_not_held_up_by_later_times(paspor):
    take(paspor, TEN + minutes(180), "AB1234")
    late = take(paspor, NINE - minutes(11), "AB1235")
    assert late.giliran_pada == NINE + minutes(10 / 3)  # one person waits, three loket
    assert not late.keeps_time
    paspor.open()
    assert paspor.serve() == late.label


@pytest.mark.parametrize(
    ("at", "sentence"),
    [
        (TEN + timedelta(days=1), "untuk Selasa, 24 November 2026"),
        (TEN - timedelta(days=3), "untuk Jumat, 20 November 2026"),
        (datetime(2026, 11, 23, 12, 30, tzinfo=WITA), r"12\.30 loketnya tidak melayani \(Istirahat"),
        (datetime(2026, 11, 23, 3, 0, tzinfo=WITA), r"03\.00 loketnya tidak melayani"),
    ],
)
def test_a_time_that_cannot_be_is_said_and_costs_no_number(paspor, at, sentence):
    with pytest.raises(actions.Refused, match=sentence):
        take(paspor, at, "AB1234")
    assert not Sesi.objects.exists()


def test_without_a_time_there_is_no_number(paspor):
    with pytest.raises(actions.Refused, match="Tulis jam dan kode"):
        paspor.take()
    assert not Tiket.objects.exists()


def test_a_code_is_worth_one_number_a_day_also_after_it_was_given_back(paspor):
    first = take(paspor, TEN, "AB1234")
    for _ in range(2):
        with pytest.raises(actions.Refused, match="sudah dipakai mengambil nomor hari ini") as refusal:
            take(paspor, NINE, "AB1234")
        assert refusal.value.subject is None  # whose it is, is not said
        if first.status == "menunggu":
            first = actions.cancel(first, now=NINE)
    assert Sesi.objects.get().nomor_terakhir == 1
    tomorrow = NINE + timedelta(days=1)
    assert take(paspor, tomorrow, "AB1234", now=tomorrow).label == "A-001"


def test_a_second_tap_gets_the_first_number_and_another_time_is_refused(paspor):
    first = take(paspor, TEN, "AB1234", who="ponsel", key="sama")
    assert take(paspor, TEN, "AB1234", who="ponsel", key="sama") == first
    with pytest.raises(actions.Refused, match="sudah dipakai untuk nomor lain"):
        take(paspor, NINE, "AB1234", who="ponsel", key="sama")
    assert Tiket.objects.count() == 1


def test_the_quota_and_a_closure_hold_here_too(paspor):
    paspor.antrean.kuota_harian = 1
    paspor.antrean.save()
    take(paspor, TEN, "AB1234")
    with pytest.raises(actions.Refused, match="Kuota hari ini sudah habis"):
        take(paspor, TEN, "AB1235")


def test_a_time_in_a_line_of_our_own_changes_nothing(aula):
    tiket = take(aula, TEN, "AB1234")
    assert (tiket.jadwal, tiket.kode_luar, tiket.giliran_pada) == (None, "", NINE)


def test_who_was_called_too_early_by_a_wrong_time_waits_on_with_the_right_one(paspor):
    take(paspor, NINE, "AB1234")
    paspor.open()
    tiket = paspor.do("call_next")
    tiket = paspor.do("correct_time", jam=TEN.time())
    assert (tiket.status, tiket.jadwal, tiket.giliran_pada, tiket.loket) == ("menunggu", TEN, TEN, None)
    event = Peristiwa.objects.about(tiket).last()
    assert (event.jenis, event.dari, event.ke) == ("tiket.jadwal_diperbaiki", "dipanggil", "menunggu")


def test_who_has_no_time_at_the_instansi_is_a_walk_in(paspor):
    take(paspor, NINE, "AB1234")
    take(paspor, NINE, "AB1235")
    paspor.open()
    paspor.do("call_next")
    tiket = paspor.do("correct_time", jam=None)
    assert (tiket.status, tiket.jadwal, tiket.giliran_pada) == ("menunggu", None, NINE + minutes(10))
    assert paspor.do("call_next").kode_luar == "AB1235"


def test_who_is_right_after_all_or_served_already_stays(paspor):
    take(paspor, NINE, "AB1234")
    paspor.open()
    paspor.do("call_next")
    assert paspor.do("correct_time", jam=(NINE - minutes(5)).time()).status == "dipanggil"
    paspor.do("start")
    tiket = paspor.do("correct_time", jam=TEN.time())
    assert (tiket.status, Tiket.objects.get().jadwal) == ("dilayani", TEN)


def test_a_correction_knows_the_hours_and_the_line(paspor):
    take(paspor, NINE, "AB1234")
    paspor.open()
    paspor.do("call_next")
    with pytest.raises(actions.Refused, match="loketnya tidak melayani"):
        paspor.do("correct_time", jam=datetime(2026, 11, 23, 20, 0, tzinfo=WITA).time())
    paspor.antrean.mode = "milik_mpp"
    paspor.antrean.save()
    with pytest.raises(actions.Refused, match="tidak memakai jadwal dari instansi"):
        paspor.do("correct_time", jam=TEN.time())


def test_codes_are_forgotten_with_the_bookings_of_their_time(paspor, settings):
    tiket = take(paspor, TEN, "AB1234")
    later = NINE + timedelta(days=settings.PEMESANAN_SIMPAN_HARI + 1)
    assert actions.forget(dry=True, now=later)["kode jadwal"] == 1
    assert actions.forget(now=later)["kode jadwal"] == 1
    tiket.refresh_from_db()
    assert (tiket.kode_luar, tiket.jadwal) == ("", TEN)


def test_a_line_of_the_instansis_own_numbers_gives_none_of_ours(aula):
    aula.antrean.mode = "luar"
    aula.antrean.save()
    assert not type(aula.antrean).objects.giving().exists()
    factories.PolaJadwal(antrean=aula.antrean)
    assert not type(aula.antrean).objects.bookable().exists()
