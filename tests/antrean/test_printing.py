"""Tickets on paper: the real printing program, over real HTTP, with a printer on a real port that fails as they do."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from antrean import actions, tasks
from antrean.models import Antrean, Cetakan, Perangkat, Tiket
from tests import factories
from tests.antrean import hall as hall_of_today
from tests.antrean.conftest import minutes
from tests.antrean.printer import Printer

pytestmark = pytest.mark.django_db(transaction=True)
PROGRAM = Path(__file__).resolve().parents[2] / "bin/cetak"
SOON = 20  # seconds


class Desk:
    """A hall, its kiosk, and the printing program beside it."""

    def __init__(self, portal: str, folder: Path) -> None:
        self.hall = hall_of_today.make()
        self.pencetak = factories.Perangkat(mpp=self.hall.mpp, jenis="cetak", token="")
        self.anjungan = factories.Perangkat(mpp=self.hall.mpp, pencetak=self.pencetak)
        self.portal, self.kept = portal, folder / "cetak.json"

    def call(self, *arguments: str) -> list[str]:
        return [sys.executable, str(PROGRAM), *arguments]

    @property
    def environment(self) -> dict[str, str]:
        return {"MPP_CETAK": str(self.kept), "MPP_CETAK_JEDA": "0.1"}

    def pair(self, printer: Printer) -> None:
        code = actions.offer_code(self.pencetak, by=None)
        done = subprocess.run(
            self.call("pasang", self.portal, code, printer.address),
            env=self.environment,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert self.kept.stat().st_mode & 0o777 == 0o600

    @contextmanager
    def printing(self) -> Iterator[subprocess.Popen[str]]:
        """The program while it runs; it ends with nothing under way in the portal."""
        with subprocess.Popen(self.call(), env=self.environment, stdout=subprocess.PIPE, text=True) as process:
            try:
                yield process
            finally:
                process.terminate()
                try:
                    process.wait(SOON)
                except subprocess.TimeoutExpired:
                    process.kill()
                    raise

    def take(self, **given: Any) -> Tiket:
        line = Antrean.objects.giving().get(pk=self.hall.antrean.pk)
        key = f"k{Tiket.objects.count()}"
        return actions.take_on_paper(self.anjungan, line, self.hall.layanan, key=key, **given).tiket

    def papers(self) -> list[tuple[int, str, str]]:
        return list(Cetakan.objects.order_by("pk").values_list("salinan", "status", "sebab"))


@pytest.fixture
def desk(live_server, tmp_path):
    return Desk(live_server.url, tmp_path)


@pytest.fixture
def printer():
    with Printer() as printer:
        yield printer


def eventually(true: Callable[[], bool]) -> None:
    limit = time.monotonic() + SOON
    while not true():
        assert time.monotonic() < limit, "it did not happen"
        time.sleep(0.05)


def cetak_of(tiket: Tiket) -> str:
    return Tiket.objects.values_list("cetak", flat=True).get(pk=tiket.pk)


def test_a_ticket_is_printed_and_then_callable(desk, printer):
    tiket = desk.take(prioritas="lansia")
    assert cetak_of(tiket) == "ditunggu"
    desk.pair(printer)
    with desk.printing():
        eventually(lambda: cetak_of(tiket) == "keluar")
    (paper,) = printer.papers
    for words in (str(desk.hall.mpp), "A-001", "lantai 2", "Didahulukan: lansia", tiket.kunjungan.kode):
        assert words in paper
    assert "SALINAN" not in paper
    desk.hall.open()
    assert desk.hall.do("call_next") == tiket


def test_an_english_ticket_is_english(desk, printer):
    desk.take(bahasa="en")
    desk.pair(printer)
    with desk.printing():
        eventually(lambda: bool(printer.papers))
    assert "floor 2" in printer.papers[0]


def test_without_paper_nothing_is_fetched_until_there_is_some(desk, printer):
    printer.lines = 0
    tiket = desk.take()
    desk.pair(printer)
    with desk.printing():
        eventually(lambda: Perangkat.objects.get(pk=desk.pencetak.pk).kertas == "habis")
        assert desk.papers() == [(0, "menunggu", "")]
        printer.refill()
        eventually(lambda: cetak_of(tiket) == "keluar")
    assert len(printer.papers) == 1
    assert "SALINAN" not in printer.papers[0]


def test_paper_that_ends_in_the_middle_is_followed_by_a_marked_copy(desk, printer):
    printer.lines = 4
    tiket = desk.take()
    desk.pair(printer)
    with desk.printing():
        eventually(lambda: desk.papers()[:1] == [(0, "gagal", "habis")])
        assert cetak_of(tiket) == "ditunggu"
        eventually(lambda: printer.memory == b"")  # it was told to forget the rest
        printer.refill()
        eventually(lambda: cetak_of(tiket) == "keluar")
    assert [("SALINAN 1" in paper) for paper in printer.papers] == [True]
    assert desk.papers() == [(0, "gagal", "habis"), (1, "tercetak", "")]


def test_a_jam_at_the_cut_is_no_ticket(desk, printer):
    printer.jams_at_cut = True
    tiket = desk.take()
    desk.pair(printer)
    with desk.printing():
        eventually(lambda: desk.papers()[:1] == [(0, "gagal", "macet")])
        assert (cetak_of(tiket), printer.papers) == ("ditunggu", [])
        printer.jams_at_cut = False
        printer.refill()
        eventually(lambda: cetak_of(tiket) == "keluar")
    assert "SALINAN 1" in printer.papers[-1]


def test_power_lost_in_the_middle(desk, printer):
    printer.dies_after = 5
    tiket = desk.take()
    desk.pair(printer)
    with desk.printing():
        eventually(lambda: desk.papers()[:1] == [(0, "gagal", "mati")])
        eventually(lambda: Perangkat.objects.get(pk=desk.pencetak.pk).kertas == "mati")
        printer.power_on()
        eventually(lambda: cetak_of(tiket) == "keluar")
    assert [("SALINAN 1" in paper) for paper in printer.papers] == [True]


def test_power_lost_between_issue_and_print(desk, printer):
    """The program dies with the paper in its hands: a minute later another is printed, marked as a copy."""
    tiket = desk.take()
    lost = actions.claim_paper(desk.pencetak, now=timezone.now() - minutes(2))
    assert (lost.status, desk.papers()) == ("dikerjakan", [(0, "dikerjakan", "")])
    desk.pair(printer)
    with desk.printing():
        eventually(lambda: cetak_of(tiket) == "keluar")
    assert [("SALINAN 1" in paper) for paper in printer.papers] == [True]
    assert desk.papers() == [(0, "gagal", "mati"), (1, "tercetak", "")]


def test_a_stopped_program_finishes_the_ticket_in_its_hands(desk, printer):
    printer.cutting = 1
    tiket = desk.take()
    desk.pair(printer)
    with desk.printing() as process:
        eventually(lambda: desk.papers() == [(0, "dikerjakan", "")])
        process.terminate()
        assert process.wait(SOON) == 0
    assert (cetak_of(tiket), desk.papers()) == ("keluar", [(0, "tercetak", "")])


def test_a_revoked_program_prints_nothing_more(desk, printer):
    desk.pair(printer)
    actions.revoke(desk.pencetak, by=None)
    desk.take()
    with desk.printing() as process:
        assert process.wait(SOON) == 1
        assert "pemasangannya dicabut" in process.stdout.read()
    assert printer.papers == []


def test_a_wrong_code_pairs_nothing(desk, printer):
    done = subprocess.run(
        desk.call("pasang", desk.portal, "SALAH", printer.address), env=desk.environment, capture_output=True, text=True
    )
    assert (done.returncode, "Kode ini tidak dikenal" in done.stdout) == (1, True)
    assert not desk.kept.exists()


# --- What the program says, and when -------------------------------------------------------------------------------


def test_two_programs_with_one_token_get_different_papers(desk):
    first, second = desk.take(), desk.take()
    claimed = [actions.claim_paper(desk.pencetak).tiket for _n in range(2)]
    assert claimed == [first, second]
    assert actions.claim_paper(desk.pencetak) is None


def test_late_news_that_it_came_out_stops_the_copy(desk):
    tiket = desk.take()
    lost = actions.claim_paper(desk.pencetak, now=timezone.now() - minutes(2))
    actions.lapse_unprinted()
    assert desk.papers() == [(0, "gagal", "mati"), (1, "menunggu", "")]
    for _twice in range(2):
        actions.report_paper(Cetakan.objects.get(pk=lost.pk))
    assert desk.papers() == [(0, "tercetak", ""), (1, "gagal", "")]
    assert cetak_of(tiket) == "keluar"


def test_unprinted_numbers_lapse_after_ten_minutes_and_are_not_printed_later(desk):
    tiket = desk.take()
    Tiket.objects.update(created_at=timezone.now() - minutes(11))
    Cetakan.objects.update(created_at=timezone.now() - minutes(11))
    tasks.lapse_unprinted()
    tiket.refresh_from_db()
    assert (tiket.status, tiket.cetak) == ("hangus", "ditunggu")
    assert desk.papers() == [(0, "gagal", "mati")]
    assert actions.claim_paper(desk.pencetak) is None
    with pytest.raises(actions.Refused, match="sudah tidak berlaku"):
        actions.confirm_paper(Cetakan.objects.get())


def test_a_printed_number_does_not_lapse(desk):
    tiket = desk.take()
    actions.report_paper(actions.claim_paper(desk.pencetak))
    Tiket.objects.update(created_at=timezone.now() - minutes(30))
    assert actions.lapse_unprinted() == 0
    assert cetak_of(tiket) == "keluar"


def test_a_program_gives_up_after_three_papers(desk):
    desk.take()
    for _n in range(3):
        actions.report_paper(actions.claim_paper(desk.pencetak), sebab="macet")
    assert actions.claim_paper(desk.pencetak) is None
    assert desk.papers() == [(n, "gagal", "macet") for n in range(3)]


@pytest.mark.parametrize(("sebab", "status"), [("entah", 422), ("macet", 200)])
def test_a_report_is_about_ones_own_paper_and_of_a_known_kind(desk, sebab, status):
    desk.take()
    cetakan = actions.claim_paper(desk.pencetak)
    stranger = factories.Perangkat(mpp=desk.hall.mpp, jenis="cetak", token="")
    for perangkat, expected in ((stranger, status if status == 422 else 404), (desk.pencetak, status)):
        _perangkat, token = actions.pair(actions.offer_code(perangkat, by=None), jenis=("cetak",))
        answer = Client().post(
            f"/antrean/cetak/{cetakan.pk}/lapor/", {"sebab": sebab}, headers={"Authorization": f"Bearer {token}"}
        )
        assert answer.status_code == expected
