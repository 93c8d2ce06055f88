"""Taking a number: in order, once per person, only while it can still be served."""

from datetime import datetime, timedelta

import pytest

from antrean import actions
from antrean.models import Kunjungan, Sesi, Tiket
from mpp_portal.models import Peristiwa
from tests import factories
from tests.antrean.conftest import NINE, WITA, minutes


def test_numbers_follow_each_other_and_start_again_the_next_day(aula):
    assert [aula.take().label for _ in range(3)] == ["A-001", "A-002", "A-003"]
    assert aula.take(at=NINE + timedelta(days=1)).label == "A-001"
    assert list(Sesi.objects.order_by("tanggal").values_list("nomor_terakhir", flat=True)) == [3, 1]


def test_a_number_leaves_its_trace_in_the_history(aula):
    tiket = aula.take()
    rows = Peristiwa.objects.about(tiket)
    assert [(row.jenis, row.dari, row.ke, row.mpp_id, row.at) for row in rows] == [
        ("tiket.diambil", "", "menunggu", aula.mpp.pk, NINE)
    ]


def test_the_day_of_a_number_is_the_day_of_the_mall(aula):
    late_on_sunday_in_utc = datetime(2026, 11, 23, 7, 30, tzinfo=WITA)
    assert aula.take(at=late_on_sunday_in_utc).sesi.tanggal.isoformat() == "2026-11-23"


def test_the_second_tap_gets_the_first_number(aula):
    first = aula.take("ponsel", key="sama")
    again = aula.take("ponsel", key="sama")
    assert again == first
    assert Sesi.objects.get().nomor_terakhir == 1
    assert Kunjungan.objects.count() == 1


def test_the_same_key_of_another_device_is_another_form(aula):
    assert aula.take("satu", key="sama") != aula.take("dua", key="sama")


def test_the_same_key_with_other_content_is_refused_and_costs_no_number(aula):
    aula.take("ponsel", key="sama")
    with pytest.raises(actions.Refused, match="sudah dipakai untuk nomor lain"):
        aula.take("ponsel", key="sama", prioritas="lansia")
    assert Sesi.objects.get().nomor_terakhir == 1


def test_one_active_number_per_person_and_line(aula):
    own = aula.take("ponsel")
    with pytest.raises(actions.Refused) as refusal:
        aula.take("ponsel")
    assert refusal.value.subject == own
    assert Sesi.objects.get().nomor_terakhir == 1

    actions.cancel(own, now=NINE)
    assert aula.take("ponsel").label == "A-002"


def test_numbers_of_several_lines_belong_to_one_visit(aula):
    other = aula.line("H")
    first, second = aula.take("ponsel"), aula.take("ponsel", antrean=other)
    assert first.kunjungan == second.kunjungan
    assert aula.take("ponsel lain").kunjungan != first.kunjungan


def test_everybody_at_the_desk_is_a_new_visitor(aula):
    people = [aula.take("sesi petugas", asal="meja").kunjungan_id for _ in range(2)]
    assert len(set(people)) == 2


def test_a_walk_in_is_planned_after_the_work_that_waits(aula):
    turns = [aula.take().giliran_pada for _ in range(4)]
    step = minutes(aula.antrean.menit_layanan / 3)  # three loket, none open yet: all of them are rostered
    assert turns == [NINE, NINE + step, NINE + 2 * step, NINE + 3 * step]


def test_open_loket_count_before_those_that_could_open(aula):
    aula.open(0)
    aula.take()
    assert aula.take().giliran_pada == NINE + minutes(10)


def test_before_opening_the_plan_starts_at_opening_and_after_the_break_it_goes_on(aula):
    early = datetime(2026, 11, 23, 7, 15, tzinfo=WITA)
    assert aula.take(at=early).giliran_pada == datetime(2026, 11, 23, 8, 0, tzinfo=WITA)
    noon = datetime(2026, 11, 23, 12, 20, tzinfo=WITA)
    assert aula.take(at=noon).giliran_pada == datetime(2026, 11, 23, 13, 0, tzinfo=WITA) + minutes(10 / 3)


def test_a_walk_in_never_gets_an_earlier_turn_than_the_one_before(aula):
    for _ in range(6):
        last = aula.take()
    for n in range(3):
        aula.open(n)
    Tiket.objects.filter(pk=last.pk).update(giliran_pada=NINE + minutes(90))
    assert aula.take().giliran_pada == NINE + minutes(90)


@pytest.mark.parametrize(
    ("at", "sentence"),
    [
        (datetime(2026, 11, 23, 6, 30, tzinfo=WITA), "Nomor dibagikan mulai pukul 07.00."),
        (datetime(2026, 11, 23, 16, 0, tzinfo=WITA), "Loket sudah tutup hari ini."),
        (datetime(2026, 11, 22, 10, 0, tzinfo=WITA), "Tutup pada hari Minggu"),
        (datetime(2026, 12, 25, 10, 0, tzinfo=WITA), "Tutup: Hari Raya Natal"),
    ],
)
def test_no_number_when_none_are_given(aula, at, sentence):
    factories.HariLibur(tanggal="2026-12-25", nama="Hari Raya Natal")
    with pytest.raises(actions.Refused, match=sentence):
        aula.take(at=at)
    assert not Tiket.objects.exists()
    assert not Sesi.objects.exists()
    assert not Kunjungan.objects.exists()


def test_numbers_stop_when_the_turn_would_pass_closing(aula):
    aula.open(0)
    late = datetime(2026, 11, 23, 15, 5, tzinfo=WITA)
    labels = [aula.take(at=late).label for _ in range(3)]  # 15.05, 15.15, 15.25
    with pytest.raises(actions.Refused, match="melewati jam tutup"):
        aula.take(at=late)
    assert Sesi.objects.get().nomor_terakhir == len(labels) == 3


def test_numbers_stop_when_the_quota_is_used(aula):
    aula.antrean.kuota_harian = 1
    aula.antrean.save()
    aula.take()
    with pytest.raises(actions.Refused, match="Kuota hari ini sudah habis"):
        aula.take()


def test_a_closure_acts_at_once(aula):
    factories.Penutupan(mpp=None, gerai=aula.gerai, mulai=NINE, selesai=NINE + minutes(60), alasan="Sistem pusat mati")
    with pytest.raises(actions.Refused, match="Sistem pusat mati"):
        aula.take()
