"""What the pages say counts the people who are expected by booking, as the number that is given then does."""

from datetime import timedelta

import pytest

from antrean import lines, standing
from antrean.models import Antrean
from tests import factories
from tests.antrean.conftest import NINE, minutes
from tests.antrean.test_booking import book

pytestmark = pytest.mark.django_db


@pytest.fixture
def expected(aula):
    """Six people booked for a quarter past nine."""
    slot = factories.Slot(antrean=aula.antrean, mulai=NINE + minutes(15), kapasitas=6)
    for n in range(6):
        book(slot, f"Orang {n} Contoh", at=NINE - timedelta(days=1), kontak=f"orang{n}@contoh.id")


def wait_on_page(aula):
    line = lines.of_layanan(aula.layanan, now=NINE)
    assert line.wait == next(row.wait for row in lines.of_mpp(aula.mpp, now=NINE) if row.antrean == aula.antrean)
    return line.wait


def test_the_wait_before_taking_a_number_counts_who_is_expected_by_then(aula, expected):
    for _ in range(3):
        aula.take(at=NINE)
    assert wait_on_page(aula) == (5, 15)  # three people at three loket: ten minutes, before those who booked

    for _ in range(3):
        aula.take(at=NINE)

    last = aula.take(at=NINE)
    assert last.giliran_pada == NINE + minutes((6 + 6 * 0.85) * 10 / 3)
    assert wait_on_page(aula) == (25, 60)  # 7 + 5.1 people


def test_the_ticket_page_counts_those_with_an_earlier_promise_only(aula, expected):
    tickets = [aula.take(at=NINE) for _ in range(7)]
    first, last = (standing.of(row.kunjungan, [row], now=NINE)[0] for row in (tickets[0], tickets[-1]))
    assert (first.wait, last.wait) == ((0, 5), (25, 55))  # 6 + 5.1 people


def test_a_line_without_bookings_costs_no_more_queries(aula, django_assert_num_queries):
    other = aula.line("H")
    with django_assert_num_queries(COST):
        lines.of_mpp(aula.mpp, now=NINE)
    aula.line("J")
    assert Antrean.objects.count() == 3
    with django_assert_num_queries(COST):
        lines.of_mpp(aula.mpp, now=NINE)
    assert other.pola.count() == 0


COST = 5
