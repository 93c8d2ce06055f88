"""At the loket: who is next and why, what each key does, and what is refused."""

import pytest

from antrean import actions, order
from antrean.models import Jaga, Panggilan, Sesi, Tiket
from antrean.states import BERAKHIR, NEXT, Status
from mpp_portal.models import Peristiwa
from tests.antrean.conftest import NINE, minutes


def test_people_are_called_in_the_order_of_their_planned_time(aula):
    aula.open()
    labels = [aula.take().label for _ in range(3)]
    assert [aula.serve() for _ in range(3)] == labels


def test_a_call_is_announced_with_a_sequence_without_gaps(aula):
    aula.open(0)
    aula.open(1)
    for _ in range(3):
        aula.take()
    aula.do("call_next", 0)
    aula.do("recall", 0)
    aula.do("call_next", 1)
    rows = Panggilan.objects.order_by("urut").values_list("urut", "tiket__label", "loket", "ulang")
    first, second = aula.loket[0].pk, aula.loket[1].pk
    assert list(rows) == [(1, "A-001", first, False), (2, "A-001", first, True), (3, "A-002", second, False)]
    assert [call.urut for call in Panggilan.objects.after(1)] == [2, 3]


def test_each_step_leaves_its_trace(aula):
    aula.open()
    tiket = aula.take()
    aula.serve(at=NINE + minutes(3))
    rows = Peristiwa.objects.about(tiket).values_list("jenis", "dari", "ke", "oleh")
    by = aula.petugas[0].pk
    assert list(rows) == [
        ("tiket.diambil", "", "menunggu", None),
        ("tiket.dipanggil", "menunggu", "dipanggil", by),
        ("tiket.dilayani", "dipanggil", "dilayani", by),
        ("tiket.selesai", "dilayani", "selesai", by),
    ]
    tiket.refresh_from_db()
    assert (tiket.status, tiket.loket, tiket.ended_at) == ("selesai", aula.loket[0], NINE + minutes(3))


def test_finish_and_next_is_one_key(aula):
    aula.open()
    first, second = aula.take(), aula.take()
    aula.do("call_next")
    aula.do("start")
    assert aula.do("finish_and_next") == second
    aula.do("start")
    assert aula.do("finish_and_next") is None
    assert set(Tiket.objects.values_list("pk", "status")) == {(first.pk, "selesai"), (second.pk, "selesai")}


def test_priority_is_next_but_at_most_every_third_call(aula):
    aula.open()
    for _ in range(5):
        aula.take()
    for _ in range(3):
        aula.take(prioritas="lansia")  # A-006 … A-008
    assert [aula.serve() for _ in range(8)] == [
        *["A-006", "A-001", "A-002"],
        *["A-007", "A-003", "A-004"],
        *["A-008", "A-005"],
    ]


def test_the_reason_of_a_choice_is_one_sentence(aula):
    aula.take()
    aula.take(prioritas="hamil")
    sesi = list(Sesi.objects.all())
    assert order.choose(sesi, NINE).why == "Prioritas hamil atau menyusui: paling lama menunggu di jalur prioritas."
    Sesi.objects.update(sejak_prioritas=0)
    assert order.choose(Sesi.objects.all(), NINE).why == "Gilirannya paling awal: pukul 09.00."


def test_with_several_lines_the_earliest_turn_less_the_weight_of_its_line_is_next(aula):
    heavy = aula.line("H", bobot_menit=15)
    aula.open()
    aula.take(at=NINE)
    aula.take(at=NINE + minutes(10), antrean=heavy)
    aula.take(at=NINE + minutes(20), antrean=heavy)
    assert [aula.serve(at=NINE + minutes(30)) for _ in range(3)] == ["H-001", "A-001", "H-002"]


def test_absent_once_is_called_again_after_five_further_calls(aula):
    aula.open()
    for _ in range(8):
        aula.take()
    assert aula.do("call_next").label == "A-001"
    aula.do("absent")
    assert [aula.serve() for _ in range(6)] == ["A-002", "A-003", "A-004", "A-005", "A-006", "A-001"]


def test_absent_once_is_called_again_after_ten_minutes(aula):
    aula.open()
    for _ in range(3):
        aula.take()
    aula.do("call_next")
    aula.do("absent")
    assert aula.serve(at=NINE + minutes(9)) == "A-002"
    assert aula.serve(at=NINE + minutes(10)) == "A-001"


def test_absent_once_is_called_again_when_nobody_else_waits(aula):
    aula.open()
    aula.take()
    aula.do("call_next")
    aula.do("absent")
    assert aula.do("call_next").label == "A-001"


def test_absent_twice_is_passed_over_and_may_come_back_the_same_day(aula):
    aula.open()
    tiket = aula.take()
    for _ in range(2):
        aula.do("call_next")
        gone = aula.do("absent")
    assert gone.status == "terlewat"
    with pytest.raises(actions.Refused, match="Belum ada yang menunggu"):
        aula.do("call_next")

    back = actions.come_back(tiket, now=NINE + minutes(40))
    assert (back.status, back.giliran_pada, back.absent_at) == ("menunggu", NINE + minutes(40), None)
    assert aula.serve(at=NINE + minutes(41)) == "A-001"


def test_who_comes_back_on_another_day_is_told_to_take_a_new_number(aula):
    aula.open()
    tiket = aula.take()
    for _ in range(2):
        aula.do("call_next")
        aula.do("absent")
    with pytest.raises(actions.Refused, match="untuk hari lain"):
        actions.come_back(tiket, now=NINE + minutes(24 * 60))


def test_a_call_that_was_a_mistake_is_returned_with_the_turn_it_had(aula):
    aula.open()
    tiket = aula.take()
    aula.do("call_next")
    aula.do("put_back")
    tiket.refresh_from_db()
    assert (tiket.status, tiket.loket, tiket.called_at, tiket.giliran_pada) == ("menunggu", None, None, NINE)
    assert Panggilan.objects.count() == 1


def test_who_is_at_one_loket_is_not_called_to_another(aula):
    other = aula.line("H")
    aula.antrean.loket.set(aula.loket[1:])
    aula.open(0)
    aula.open(1)
    aula.take("ponsel")
    aula.take("ponsel", antrean=other)
    aula.do("call_next", 1)
    with pytest.raises(actions.Refused, match="Belum ada yang menunggu"):
        aula.do("call_next", 0)
    aula.do("start", 1)
    aula.do("finish", 1)
    assert aula.do("call_next", 0).label == "H-001"


@pytest.mark.parametrize(
    ("keys", "wrong", "sentence"),
    [
        ([], "call_next", "belum Anda buka"),
        ([], "start", "belum Anda buka"),
        (["open"], "start", "Tidak ada nomor di loket ini"),
        (["open"], "recall", "Tidak ada nomor di loket ini"),
        (["open", "call_next"], "call_next", "A-001 masih di loket ini"),
        (["open", "call_next"], "finish", "sedang dipanggil"),
        (["open", "call_next"], "finish_and_next", "sedang dipanggil"),
        (["open", "call_next"], "close", "A-001 masih di loket ini"),
        (["open", "call_next", "start"], "absent", "sedang dilayani"),
        (["open", "call_next", "start"], "put_back", "sedang dilayani"),
        (["open", "call_next", "start"], "recall", "sedang dilayani"),
    ],
)
def test_a_key_at_the_wrong_moment_is_refused_with_a_sentence(aula, keys, wrong, sentence):
    aula.take()
    for key in keys:
        aula.open() if key == "open" else aula.do(key)
    before = list(Tiket.objects.values())
    with pytest.raises(actions.Refused, match=sentence):
        aula.do(wrong)
    assert list(Tiket.objects.values()) == before


def test_one_loket_one_petugas(aula):
    aula.open(0)
    with pytest.raises(actions.Refused, match=r"Loket 1 sedang dibuka oleh Orang Contoh"):
        actions.open_loket(aula.loket[0], by=aula.petugas[1], now=NINE)
    with pytest.raises(actions.Refused, match="Anda sedang membuka Loket 1"):
        actions.open_loket(aula.loket[1], by=aula.petugas[0], now=NINE)
    aula.open(0)  # pressing again changes nothing
    assert Jaga.objects.open().count() == 1

    aula.do("close", 0)
    actions.open_loket(aula.loket[0], by=aula.petugas[1], now=NINE)
    assert Jaga.objects.open().get().petugas == aula.petugas[1]


def test_a_number_given_back_is_not_called(aula):
    aula.open()
    tiket = aula.take()
    actions.cancel(tiket, now=NINE)
    with pytest.raises(actions.Refused, match="Belum ada"):
        aula.do("call_next")
    with pytest.raises(actions.Refused, match=r"A-001 sudah dibatalkan"):
        actions.cancel(tiket, now=NINE)


def test_unserved_numbers_of_earlier_days_lapse_and_todays_stay(aula):
    yesterday = [aula.take(at=NINE), aula.take(at=NINE)]
    aula.open()
    aula.serve()
    today = NINE + minutes(24 * 60)
    fresh = aula.take(at=today)
    assert actions.lapse_before(aula.antrean, aula.mpp.today(today), now=today) == 1
    assert actions.lapse_before(aula.antrean, aula.mpp.today(today), now=today) == 0
    statuses = dict(Tiket.objects.values_list("pk", "status"))
    assert statuses == {yesterday[0].pk: "selesai", yesterday[1].pk: "hangus", fresh.pk: "menunggu"}


def test_every_state_has_its_row_in_the_table_and_every_step_leads_to_a_state():
    assert set(NEXT) == set(Status)
    assert set().union(*NEXT.values()) <= set(Status)
    assert {status for status, steps in NEXT.items() if not steps} == set(BERAKHIR)
