"""Two people at the same report in the same instant; the first transaction is held open while the second arrives."""

import pytest

from pengaduan import actions
from pengaduan.actions import sending
from pengaduan.models import Laporan, Tanggapan
from tests.antrean.test_races import together

from .conftest import MONDAY, fresh

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.postgres
def test_two_people_close_at_once(meja):
    laporan = meja.answer(meja.routed())
    first, second = together(
        lambda: actions.close(laporan, by=meja.koordinator), lambda: actions.close(laporan, by=meja.rekan)
    )
    assert first.status == "selesai"
    assert "sudah selesai" in str(second)
    assert laporan.disposisi.get().penutup == meja.koordinator


@pytest.mark.postgres
def test_an_answer_and_a_withdrawal_at_once(meja):
    laporan = meja.routed()
    part = meja.part(laporan)
    first, second = together(
        lambda: actions.withdraw(laporan), lambda: actions.answer(part, "Beres.", by=meja.penghubung[0])
    )
    assert first.status == "dibatalkan"
    assert isinstance(second, actions.Refused)
    assert fresh(laporan).status == "dibatalkan"
    assert not Tanggapan.objects.exists()


@pytest.mark.postgres
def test_both_offices_answer_at_once_and_the_report_is_answered(meja):
    laporan = meja.routed(0, 1)
    parts = [meja.part(laporan, n) for n in (0, 1)]
    together(*(lambda n=n: actions.answer(parts[n], "Beres.", by=meja.penghubung[n]) for n in (0, 1)))
    assert fresh(laporan).status == "ditanggapi"


@pytest.mark.postgres
def test_two_reports_are_merged_into_each_other_at_once(meja):
    one, other = meja.routed(), meja.routed()
    first, second = together(
        lambda: actions.merge(one, other, by=meja.koordinator), lambda: actions.merge(other, one, by=meja.rekan)
    )
    assert (first.status, first.induk) == ("digabung", other)
    assert "sudah berakhir" in str(second)
    assert fresh(other).induk is None


@pytest.mark.postgres
def test_two_people_split_the_same_part_at_once(meja):
    laporan = meja.routed()
    words = {"pokok": "Loket.", "judul": "Toilet", "isi": "Kotor."}
    first, second = together(
        lambda: actions.split(laporan, by=meja.koordinator, **words),
        lambda: actions.split(laporan, by=meja.rekan, **words),
    )
    assert f"sudah menjadi laporan {first.kode}" in str(second)


@pytest.mark.postgres
def test_a_report_is_withdrawn_while_it_is_published(meja):
    laporan = meja.routed()
    _first, second = together(
        lambda: actions.withdraw(laporan),
        lambda: actions.publish(laporan, judul="Judul", isi="Isi", by=meja.koordinator),
    )
    assert "tidak ditarik" in str(second)
    assert fresh(laporan).published_at is None


@pytest.mark.postgres
def test_two_wrong_pins_at_once_are_two(meja):
    sent = meja.send()
    wrong = "00000000" if sent.pin != "00000000" else "11111111"
    together(*(lambda: sending._try_pin(sent.laporan.kode, wrong, MONDAY) for _guess in range(2)))
    assert fresh(sent.laporan).pin_gagal == 2


def test_two_reports_at_once_get_two_codes(meja):
    """The counter row; without it UNIQUE would refuse the second."""
    codes = [sent.laporan.kode for sent in together(meja.send, meja.send)]
    assert codes == ["MPP-2611-0001", "MPP-2611-0002"]


def test_a_report_that_is_rolled_back_leaves_no_gap(meja):
    meja.send()
    together(meja.send, meja.send, undo=True)
    meja.send()
    assert sorted(Laporan.objects.values_list("kode", flat=True)) == [f"MPP-2611-000{n}" for n in (1, 2, 3)]


def test_the_same_form_twice_at_once_is_one_report(meja):
    def send():
        return actions.submit(meja.mpp, given, sender="ponsel", key="satu")

    given = {
        "jenis": "aspirasi", "judul": "Kursi", "isi": "Tambah kursi.", "gerai": None, "tentang_pengelola": False,
        "lokasi": "", "terjadi_pada": None, "anonim": True, "rahasia": False, "nama": "", "kanal": "", "kontak": "",
    }  # fmt: skip
    first, second = together(send, send)
    assert first == second
    assert Laporan.objects.count() == 1
