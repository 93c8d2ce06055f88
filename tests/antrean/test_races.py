"""Two people at the same instant. The first transaction is held open while the second arrives.

Each of these fails when the lock it names is taken away (on PostgreSQL; SQLite admits one writer at a time anyway).
"""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from antrean import actions
from antrean.models import Antrean, Cetakan, Jaga, Panggilan, Sesi, Tiket
from mpp_portal.models import Peristiwa
from tests import factories
from tests.antrean.conftest import NINE, minutes

pytestmark = pytest.mark.django_db(transaction=True)


class Undo(Exception):  # noqa: N818
    """Raised to roll the first transaction back."""


def together(first: Callable[[], Any], second: Callable[[], Any], *, undo: bool = False) -> tuple[Any, Any]:
    """Results (or Refused) of both; `second` starts while the transaction of `first` is held open."""
    results: dict[str, Any] = {}
    held, release = threading.Event(), threading.Event()

    def run(name: str, call: Callable[[], Any], hold: bool) -> None:
        try:
            with transaction.atomic() if hold else _nothing():
                results[name] = call()
                if hold:
                    held.set()
                    assert release.wait(10)
                    if undo:
                        raise Undo
        except (actions.Refused, Undo) as refusal:
            results.setdefault(name, refusal)
        except Exception as error:  # shown by the assertion of the test
            results[name] = error
        finally:
            held.set()
            connection.close()

    one = threading.Thread(target=run, args=("first", first, True))
    two = threading.Thread(target=run, args=("second", second, False))
    one.start()
    assert held.wait(10)
    two.start()
    two.join(0.4)
    release.set()
    one.join(10)
    two.join(10)
    return results["first"], results["second"]


class _nothing:  # noqa: N801 — a context manager, written where it is used
    def __enter__(self) -> None: ...
    def __exit__(self, *error: object) -> None: ...


def test_two_loket_never_call_the_same_person(aula):
    """The row of the Sesi."""
    for n in (0, 1):
        aula.take()
        aula.open(n)
    first, second = together(lambda: aula.do("call_next", 0), lambda: aula.do("call_next", 1))
    assert [first.label, second.label] == ["A-001", "A-002"]
    assert list(Panggilan.objects.order_by("urut").values_list("tiket__label", "urut")) == [("A-001", 1), ("A-002", 2)]


def test_a_person_with_two_numbers_is_not_called_to_two_loket(aula):
    """The row of the Kunjungan."""
    other = aula.line("H")
    aula.antrean.loket.set(aula.loket[1:])
    aula.take("ponsel")
    aula.take("ponsel", antrean=other)
    aula.open(0)
    aula.open(1)
    first, second = together(lambda: aula.do("call_next", 0), lambda: aula.do("call_next", 1))
    assert first.label == "H-001"
    assert isinstance(second, actions.Refused)
    assert "Belum ada yang menunggu" in str(second)


def test_a_number_called_by_name_is_not_called_as_the_next_one(aula):
    """The row of the Sesi."""
    for n in (0, 1):
        aula.take()
        aula.open(n)
    first, second = together(
        lambda: aula.do("call_number", 0, nomor="A-001", sebab="darurat"), lambda: aula.do("call_next", 1)
    )
    assert [first.label, second.label] == ["A-001", "A-002"]


def test_nobody_is_called_to_a_loket_that_just_began_its_pause(aula):
    """The row of the Loket."""
    aula.take()
    aula.open(0)
    _, call = together(lambda: aula.do("pause", 0, alasan="rapat"), lambda: aula.do("call_next", 0))
    assert "sedang rehat" in str(call)


def test_no_pause_begins_while_somebody_is_called(aula):
    """The row of the Loket."""
    aula.take()
    aula.open(0)
    _, pause = together(lambda: aula.do("call_next", 0), lambda: aula.do("pause", 0, alasan="rapat"))
    assert "masih di loket ini" in str(pause)
    assert Jaga.objects.get().rehat == ""


def test_who_is_moved_into_a_line_takes_no_second_number_there(aula):
    """The row of the other line's Sesi, and the one active number per visit and line."""
    other = aula.line("H")
    aula.take("ponsel")
    aula.open(0)
    aula.do("call_next", 0)
    layanan = other.layanan.get()
    moved, second = together(
        lambda: aula.do("transfer", 0, layanan=layanan), lambda: aula.take("ponsel", antrean=other)
    )
    assert second.subject == moved
    assert Sesi.objects.get(antrean=other).nomor_terakhir == 1


def test_who_takes_a_number_in_a_line_is_not_moved_into_it(aula):
    """The row of the other line's Sesi."""
    other = aula.line("H")
    aula.take("ponsel")
    aula.open(0)
    aula.do("call_next", 0)
    layanan = other.layanan.get()
    _, moved = together(lambda: aula.take("ponsel", antrean=other), lambda: aula.do("transfer", 0, layanan=layanan))
    assert "sudah berada di antrean itu" in str(moved)
    assert list(Tiket.objects.order_by("pk").values_list("label", "status")) == [
        ("A-001", "dipanggil"),
        ("H-001", "menunggu"),
    ]


def test_a_number_is_not_called_while_its_holder_steps_out(aula):
    """The row of the Sesi."""
    tiket, other = aula.take(), aula.take()
    aula.open(0)
    _, called = together(lambda: actions.postpone(tiket, now=NINE), lambda: aula.do("call_next", 0))
    assert called == other


def test_a_day_is_closed_once(aula):
    """The row of the gerai."""
    aula.take()
    close = {"alasan": "Listrik padam", "by": aula.petugas[0], "now": NINE}
    first, second = together(
        lambda: actions.close_today(aula.gerai, **close), lambda: actions.close_today(aula.gerai, **close)
    )
    assert first == 1
    assert "sudah ditutup" in str(second)


def test_a_loket_is_not_closed_while_somebody_is_called_to_it(aula):
    """The row of the Loket."""
    aula.take()
    aula.open(0)
    _, closing = together(lambda: aula.do("call_next", 0), lambda: aula.do("close", 0))
    assert isinstance(closing, actions.Refused)
    assert Jaga.objects.open().count() == 1


def test_two_petugas_open_one_loket(aula):
    """The row of the Loket."""
    _, second = together(lambda: aula.open(0), lambda: actions.open_loket(aula.loket[0], by=aula.petugas[1], now=NINE))
    assert "sedang dibuka oleh" in str(second)
    assert Jaga.objects.open().get().petugas == aula.petugas[0]


def test_a_number_is_not_given_back_while_it_is_called(aula):
    """The row of the Sesi."""
    tiket = aula.take()
    aula.open(0)
    _, second = together(lambda: aula.do("call_next", 0), lambda: actions.cancel(tiket, now=NINE))
    assert "sudah dipanggil" in str(second)
    tiket.refresh_from_db()
    assert tiket.status == "dipanggil"


def test_a_number_whose_transaction_fails_leaves_no_gap(aula):
    """The counter row: the second waits, and gets the number that the first could not keep."""
    _, second = together(aula.take, aula.take, undo=True)
    assert second.label == "A-001"
    assert Sesi.objects.get().nomor_terakhir == 1


def test_two_numbers_at_once_are_two_numbers(aula):
    """The counter row, and the planned time that is computed under it."""
    aula.open(0)
    first, second = together(aula.take, aula.take)
    assert [first.label, second.label] == ["A-001", "A-002"]
    assert second.giliran_pada == first.giliran_pada + minutes(10)


def test_the_second_of_two_numbers_waits_for_the_first_and_need_not_try_again(aula):
    """The counter row; without it UNIQUE would refuse the second."""
    aula.take()
    tries = []

    def noted(execute, sql, *given):
        tries.append(sql.startswith('INSERT INTO "antrean_tiket"'))
        return execute(sql, *given)

    def take():
        with connection.execute_wrapper(noted):
            return aula.take()

    _, second = together(aula.take, take)
    assert (second.label, sum(tries)) == ("A-003", 1)


def test_a_double_tap_at_the_same_instant_is_one_number(aula):
    """UNIQUE on the form's key."""
    first, second = together(lambda: aula.take("ponsel", key="k"), lambda: aula.take("ponsel", key="k"))
    assert first == second
    assert Tiket.objects.count() == Sesi.objects.get().nomor_terakhir == 1


def test_two_forms_of_one_device_at_the_same_instant_are_one_number(aula):
    """UNIQUE active number per visit and line."""
    first, second = together(lambda: aula.take("ponsel"), lambda: aula.take("ponsel"))
    assert isinstance(second, actions.Refused)
    assert second.subject == first
    assert Tiket.objects.count() == Sesi.objects.get().nomor_terakhir == 1


@pytest.fixture
def two_gerai(aula):
    """Somebody waits at each; the keys that call them."""
    gerai = factories.Gerai(mpp=aula.mpp)
    loket = factories.Loket(gerai=gerai)
    petugas = factories.Penugasan(peran="petugas_loket", gerai=gerai).pengguna
    other = factories.Antrean(gerai=gerai, huruf="H", layanan=[factories.Layanan(gerai=gerai)], loket=[loket])
    aula.loket.append(loket)
    aula.petugas.append(petugas)
    aula.take()
    aula.take(antrean=other)
    aula.open(0)
    aula.open(3)
    return lambda: aula.do("call_next", 0), lambda: aula.do("call_next", 3)


def test_calls_of_two_gerai_at_once_are_two_of_their_sequence(two_gerai):
    """The call counter of the MPP."""
    together(*two_gerai)
    assert list(Panggilan.objects.values_list("urut", "tiket__label")) == [(1, "A-001"), (2, "H-001")]


def test_calls_of_two_gerai_at_once_have_no_gap_in_their_sequence(two_gerai):
    together(*two_gerai, undo=True)
    assert list(Panggilan.objects.values_list("urut", "tiket__label")) == [(1, "H-001")]


@pytest.fixture
def papers(aula):
    """Two numbers of a kiosk whose papers wait for the hall's printer."""
    pencetak = factories.Perangkat(mpp=aula.mpp, jenis="cetak")
    anjungan = factories.Perangkat(mpp=aula.mpp, pencetak=pencetak)
    line = Antrean.objects.giving().get(pk=aula.antrean.pk)
    given = {"prioritas": "", "now": NINE}
    return [actions.take_on_paper(anjungan, line, aula.layanan, key=f"k{n}", **given) for n in range(2)]


def test_two_printing_programs_get_two_papers(papers):
    """Update if unchanged."""
    printer = papers[0].pencetak
    first, second = together(
        lambda: actions.claim_paper(printer, now=NINE), lambda: actions.claim_paper(printer, now=NINE)
    )
    assert {first, second} == set(papers)


def test_a_paper_that_is_being_taken_is_not_given_up_unseen(papers):
    """The row of the Cetakan: a copy is asked for, and the paper that was taken meanwhile is known to have failed."""
    printer = papers[0].pencetak
    _, copy = together(lambda: actions.claim_paper(printer, now=NINE), lambda: actions.reprint(papers[0], now=NINE))
    taken = Cetakan.objects.get(pk=papers[0].pk)
    assert (taken.status, taken.leased_until, copy.salinan) == ("gagal", None, 1)
    assert list(Peristiwa.objects.about(taken).values_list("dari", "ke"))[1:] == [
        ("menunggu", ""),
        ("dikerjakan", "gagal"),
    ]


def test_a_paper_that_is_being_taken_is_stopped_as_what_it_is(papers):
    """The row of the Cetakan: who goes on without paper stops one that a printing program has."""
    printer = papers[0].pencetak
    together(lambda: actions.claim_paper(printer, now=NINE), lambda: actions.without_paper(papers[0].tiket, now=NINE))
    history = Peristiwa.objects.about(papers[0]).values_list("dari", "ke")
    assert list(history)[1:] == [("menunggu", ""), ("dikerjakan", "gagal")]


def test_a_number_does_not_lapse_while_its_paper_comes_out(papers):
    """The row of the Sesi."""
    late = NINE + minutes(11)
    together(lambda: actions.confirm_paper(papers[0], now=late), lambda: actions.lapse_unprinted(now=late))
    assert list(Tiket.objects.order_by("nomor").values_list("status", "cetak")) == [
        ("menunggu", "keluar"),
        ("hangus", "ditunggu"),
    ]


def test_a_code_pairs_one_device_of_two(aula):
    """The row of the Perangkat."""
    code = actions.offer_code(factories.Perangkat(mpp=aula.mpp, token=""), by=None)
    first, second = together(
        lambda: actions.pair(code, jenis=("anjungan",)), lambda: actions.pair(code, jenis=("anjungan",))
    )
    assert first[0].token
    assert "tidak dikenal" in str(second)
