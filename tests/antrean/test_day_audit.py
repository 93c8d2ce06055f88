"""The audit of `bin/bench hari`: in a day with one thing wrong it names that thing, and nothing in a sound one."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.db import connection

from antrean import actions
from antrean.models import Antrean, Kunjungan, Panggilan, Pemesanan, Sesi, Tiket, UrutanPanggilan
from mpp_portal.models import Peristiwa
from tests import factories
from tests.antrean.conftest import NINE, minutes
from tests.bench.beban import jejak, periksa

CLOSING = NINE.replace(hour=15, minute=30)


@dataclass
class Heard:
    held: dict[str, set[str]] = field(default_factory=dict)
    bookings: dict[str, str] = field(default_factory=dict)
    steps: Counter = field(default_factory=Counter)


def heard() -> Heard:
    """What people would have been told on the day that is in the database."""
    found = Heard(bookings=dict(Pemesanan.objects.values_list("kunjungan__rahasia", "status")))
    for tiket in Tiket.objects.select_related("kunjungan").filter(tiket=None):
        found.held.setdefault(tiket.kunjungan.rahasia, set()).add(tiket.label)
    labels = dict(Tiket.objects.values_list("pk", "label"))
    for event in Peristiwa.objects.filter(subjek="antrean.tiket"):
        found.steps[labels[event.subjek_id], event.jenis.removeprefix("tiket.")] += 1
    for name in periksa.BY_ITSELF:
        for key in [key for key in found.steps if key[1] == name]:
            del found.steps[key]
    return found


def faults(told: Heard | None = None) -> dict[str, int]:
    """Those that are not 0."""
    return {name: n for name, n in periksa.judge(told or heard())["faults"].items() if n}


@pytest.fixture
def day(aula):
    """Two lines at three loket: in turn, by priority, absent, back, parked, given, moved; who waits in vain is told."""
    jejak.keep()
    other = aula.line("H", bobot_menit=5)
    booked = factories.Pemesanan(
        slot=factories.Slot(antrean=aula.antrean, mulai=NINE + minutes(5)), layanan=aula.layanan
    )
    for n in range(2):
        aula.open(n)
    tickets = [aula.take(at=NINE + minutes(n), prioritas="lansia" if n in (3, 4, 7) else "") for n in range(12)]
    actions.arrive(booked, now=NINE + minutes(4))
    aula.take(at=NINE + minutes(3), antrean=other)
    actions.postpone(tickets[5], now=NINE + minutes(12))
    for n in range(4):
        aula.serve(n % 2, at=NINE + minutes(15 + n))
    away = aula.do("call_next", at=NINE + minutes(20))
    aula.do("absent", at=NINE + minutes(21))
    aula.do("call_next", 1, at=NINE + minutes(21))
    aula.do("start", 1, at=NINE + minutes(22))
    aula.do("transfer", 1, layanan=other.layanan.get(), at=NINE + minutes(25))
    for n in range(4):
        aula.serve(at=NINE + minutes(30 + n))
    actions.come_back(tickets[5], now=NINE + minutes(40))
    aula.do("call_number", nomor=tickets[11].label, sebab="darurat", at=NINE + minutes(41))
    aula.do("park", at=NINE + minutes(42))
    for n in (0, 1):
        aula.do("close", n, at=CLOSING)
    for line in Antrean.objects.giving():
        actions.end_day(line, now=CLOSING)
    assert away.label in {tiket.label for tiket in tickets}
    return aula


def test_a_sound_day_has_no_fault(day):
    found = periksa.judge(heard())
    assert (found["ok"], found["said"], {name for name, n in found["faults"].items() if n}) == (True, [], set())
    assert found["numbers"] == Tiket.objects.count() == 15
    assert found["calls"] == Panggilan.objects.count() == 11
    assert found["calls_by"]["given"] == 1
    assert found["calls_by"]["by_lane"] > 1
    assert found["unserved"] > 1


def test_a_gap_and_a_double_number_are_named(day):
    sesi = Sesi.objects.order_by("-nomor_terakhir").first()
    Sesi.objects.filter(pk=sesi.pk).update(nomor_terakhir=sesi.nomor_terakhir + 1)
    assert faults() == {"gaps": 1}
    Sesi.objects.filter(pk=sesi.pk).update(nomor_terakhir=sesi.nomor_terakhir)
    with connection.cursor() as cursor:  # a day whose database did not keep its promise
        cursor.execute("DROP INDEX tiket_nomor_unik_per_sesi")
    Tiket.objects.filter(sesi=sesi, nomor=2).update(nomor=1)
    assert faults() == {"gaps": 1, "doubles": 1}


def test_a_missing_and_an_uncounted_call_are_named(day):
    UrutanPanggilan.objects.update(terakhir=13)
    assert faults() == {"call_gaps": 2}
    UrutanPanggilan.objects.update(terakhir=11)
    Panggilan.objects.filter(urut=11).update(urut=12)
    assert faults() == {"call_gaps": 2}


def test_a_call_that_nobody_can_explain_is_named(day):
    Panggilan.objects.filter(urut=3).update(at=NINE - minutes(3))
    assert "unexplained_calls" in faults()


def test_who_was_passed_is_named(day):
    Panggilan.objects.exclude(sebab="").update(sebab="")  # it was called out of its turn, and nobody says why
    assert faults() == {"passed": 1}
    label = Tiket.objects.get(panggilan_set__urut=11).label
    assert periksa.judge(heard())["said"][0].startswith(f"passed: {label} was called at ")


def test_a_turn_that_was_taken_away_is_named(aula):
    jejak.keep()
    first, second = aula.take(), aula.take(at=NINE + minutes(1))
    Tiket.objects.filter(pk=second.pk).update(giliran_pada=NINE - minutes(10))
    aula.open()
    assert aula.do("call_next", at=NINE + minutes(2)).label == second.label
    assert faults()["turns_wrong"] == 1
    assert first.label == "A-001"


def test_priority_more_often_than_every_third_time_is_named(aula):
    jejak.keep()
    for n in range(6):
        aula.take(at=NINE + minutes(n), prioritas="lansia" if n > 2 else "")
    aula.open()
    aula.serve(at=NINE + minutes(10))
    Sesi.objects.update(sejak_prioritas=2)
    aula.serve(at=NINE + minutes(11))
    assert faults()["passed"] == 1


def test_two_at_one_loket_and_one_at_two_are_named(day):
    rows = jejak.copies()
    called = [row for row in rows if row.status == "dipanggil"]
    other = called[1]._replace(urut=called[0].urut, pk=999, kunjungan=998, called_at=called[0].called_at)
    there = Kunjungan.objects.first().pk
    replay = jejak.Replay(jejak.hall(), {}, {})
    replay.run([called[0]._replace(kunjungan=there), other._replace(loket=called[0].loket)])
    assert replay.faults["two_places"] == 1
    replay = jejak.Replay(jejak.hall(), {}, {})
    replay.run([called[0]._replace(kunjungan=there), other._replace(loket=999, kunjungan=there)])
    assert replay.faults["two_places"] == 1


def test_a_call_during_another_is_named_by_its_time(day):
    first, second = Panggilan.objects.filter(loket=day.loket[0]).order_by("urut")[:2]
    event = Peristiwa.objects.filter(subjek_id=first.tiket_id, jenis="tiket.selesai")
    event.update(at=second.at + minutes(1))
    assert faults()["overlaps"] == 1
    assert periksa.judge(heard(), race=minutes(2))["faults"]["overlaps"] == 0


def test_steps_in_the_wrong_order_are_named(day):
    event = Peristiwa.objects.filter(jenis="tiket.dilayani").first()
    Peristiwa.objects.filter(pk=event.pk).update(at=event.at - timedelta(hours=1))
    assert faults() == {"backwards": 1}


def test_who_was_forgotten_at_the_end_of_the_day_is_named(day):
    late = day.take(at=CLOSING - minutes(40), layanan=day.layanan)
    assert faults() == {"unended": 1}
    actions.lapse_before(Antrean.objects.giving().get(pk=day.antrean.pk), NINE.date() + timedelta(days=1), now=CLOSING)
    assert faults() == {}
    Peristiwa.objects.filter(jenis="tiket.tidak_terlayani", subjek_id=late.pk).update(jenis="tiket.hangus")
    assert faults() == {"unserved_not_told": 1}
    factories.Pemesanan(slot=factories.Slot(antrean=day.antrean, mulai=NINE))
    assert faults() == {"unended": 1, "unserved_not_told": 1}


def test_what_was_acknowledged_and_is_not_there_is_named(day):
    told = heard()
    told.held["rahasia"] = {"A-099"}
    told.steps["A-001", "dipanggil"] += 1
    told.bookings["rahasia"] = "dipesan"
    assert faults(told) == {"numbers_lost": 1, "steps_lost": 1, "bookings_lost": 1, "bookings_untrue": 1}


def test_what_is_there_and_nobody_was_told_is_named(day):
    told = heard()
    told.held.popitem()
    told.steps["A-001", "dipanggil"] -= 1
    told.bookings.popitem()
    assert faults(told) == {"numbers_nobody_was_told": 1, "steps_nobody_made": 1, "bookings_lost": 1}


def test_who_was_just_leaving_another_loket_may_be_left_out(aula):
    """The other loket had finished with that person in the same instant."""
    jejak.keep()
    other = aula.line("H")
    first = aula.take("ponsel", at=NINE)
    aula.take(at=NINE + minutes(1))
    aula.take("ponsel", at=NINE, antrean=other)
    aula.open()
    aula.open(1)
    rows = list(jejak.copies())
    called, left_out = rows[1], rows[0]
    assert left_out.pk == first.pk
    at = NINE + minutes(5)
    elsewhere = rows[2]._replace(urut=4, status="dipanggil", loket=aula.loket[0].pk, called_at=at)
    back = elsewhere._replace(urut=5, status="selesai")
    call = called._replace(urut=6, status="dipanggil", loket=aula.loket[1].pk, called_at=at)
    reasons = {(elsewhere.pk, at): "darurat", (call.pk, at): ""}
    replay = jejak.Replay(jejak.hall(), reasons, {}).run([*rows, elsewhere, back, call])
    assert (replay.faults["passed"], replay.seen["excused"]) == (0, 1)
    replay = jejak.Replay(jejak.hall(), reasons, {}).run([*rows, elsewhere, back, call._replace(urut=6 + jejak.RACE)])
    assert (replay.faults["passed"], replay.seen["excused"]) == (1, 0)


def test_the_first_of_a_line_may_come_while_a_loket_looks(aula):
    """Until then the line was not there to be looked at."""
    jejak.keep()
    other = aula.line("H", bobot_menit=30)
    aula.take(at=NINE)
    first = aula.take(at=NINE + minutes(1), antrean=other)
    rows = list(jejak.copies())
    assert rows[1].pk == first.pk
    at = NINE + minutes(5)
    call = rows[0]._replace(urut=3, status="dipanggil", loket=aula.loket[0].pk, called_at=at)
    replay = jejak.Replay(jejak.hall(), {(call.pk, at): ""}, {}).run([*rows, call])
    assert (replay.faults["passed"], replay.seen["excused"]) == (0, 1)
    replay = jejak.Replay(jejak.hall(), {(call.pk, at): ""}, {}).run([*rows, call._replace(urut=2 + jejak.RACE)])
    assert (replay.faults["passed"], replay.seen["excused"]) == (1, 0)
