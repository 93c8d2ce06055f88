"""Beside the plain course: a pause, a number out of its turn, who waits aside, who goes to another line."""

import pytest

from antrean import actions, hall, standing, tracking
from antrean.models import Jaga, Panggilan, Rehat, Sesi, Tiket
from mpp_portal.models import Peristiwa
from tests import factories
from tests.antrean.conftest import NINE, minutes


def test_a_pause_is_shown_as_a_pause_and_kept_with_its_reason(aula):
    aula.open()
    aula.take()
    aula.do("pause", alasan="ibadah", at=NINE)
    assert [(row["nomor"], row["rehat"]) for row in hall.screen(aula.mpp, now=NINE)["loket"]] == [(1, "ibadah")]
    with pytest.raises(actions.Refused, match="sedang rehat"):
        aula.do("call_next")
    aula.do("resume", at=NINE + minutes(15))
    aula.do("resume", at=NINE + minutes(16))  # pressing again changes nothing
    assert list(Rehat.objects.values_list("alasan", "started_at", "ended_at")) == [("ibadah", NINE, NINE + minutes(15))]
    assert aula.do("call_next").label == "A-001"
    assert list(Peristiwa.objects.about(aula.loket[0]).values_list("jenis", flat=True)) == [
        "loket.dibuka",
        "loket.rehat",
        "loket.dilanjutkan",
    ]


def test_who_closes_during_a_pause_ends_it(aula):
    aula.open()
    aula.do("pause", alasan="rapat")
    aula.do("close", at=NINE + minutes(5))
    jaga = Jaga.objects.get()
    assert (jaga.rehat, jaga.paused_at, jaga.closed_at) == ("", None, NINE + minutes(5))
    assert Rehat.objects.get().ended_at == NINE + minutes(5)


def test_nobody_pauses_while_somebody_stands_there(aula):
    aula.open()
    aula.take()
    aula.do("call_next")
    with pytest.raises(actions.Refused, match="A-001 masih di loket ini"):
        aula.do("pause", alasan="rapat")


@pytest.mark.parametrize("typed", ["A-003", "a3", " a 003 ", "3"])
def test_one_number_is_called_out_of_its_turn_with_the_reason(aula, typed):
    aula.open()
    for _ in range(3):
        aula.take()
    assert aula.do("call_number", nomor=typed, sebab="darurat").label == "A-003"
    assert list(Panggilan.objects.values_list("tiket__label", "sebab")) == [("A-003", "darurat")]
    assert list(Sesi.objects.values_list("panggilan", "sejak_prioritas")) == [(1, 3)]


def test_who_was_passed_over_or_parked_is_called_by_number_without_waiting_again(aula):
    aula.open()
    aula.take()
    for _ in range(2):
        aula.do("call_next")
        aula.do("absent")
    assert aula.do("call_number", nomor="A-001", sebab="kembali").status == "dipanggil"
    aula.do("park")
    tiket = aula.do("call_number", nomor="A-001", sebab="kembali")
    assert (tiket.status, tiket.parked_at, tiket.absent_at) == ("dipanggil", None, None)


@pytest.mark.parametrize(
    ("nomor", "sentence"),
    [
        ("A-009", "A-009 tidak menunggu di antrean loket ini"),
        ("nomor saya", "seperti di karcis"),
        ("A-001", "A-001 sedang di loket lain"),
        ("A-002", "Karcis A-002 belum pasti keluar"),
        ("3", "Tulis juga hurufnya"),
    ],
)
def test_a_number_that_cannot_be_called_is_refused_with_a_sentence(aula, nomor, sentence):
    other = aula.line("H")
    aula.open(0)
    aula.open(1)
    for _ in range(3):
        aula.take()
        aula.take(antrean=other)
    Tiket.objects.filter(label="A-002").update(cetak="ditunggu")
    aula.do("call_next", 1)
    with pytest.raises(actions.Refused, match=sentence):
        aula.do("call_number", nomor=nomor, sebab="darurat")


def test_a_person_at_another_loket_is_not_called_by_number(aula):
    other = aula.line("H")
    aula.open(0)
    aula.open(1)
    aula.take("ponsel")
    aula.take("ponsel", antrean=other)
    aula.do("call_next", 1)
    with pytest.raises(actions.Refused, match="Pemegang nomor H-001 sedang di loket lain"):
        aula.do("call_number", nomor="H-001", sebab="darurat")


@pytest.mark.parametrize("served", [False, True])
def test_who_is_parked_returns_with_their_own_turn_or_now(aula, served):
    aula.open()
    tiket, later = aula.take(), aula.take()
    aula.do("call_next")
    if served:
        aula.do("start")
    parked = aula.do("park", at=NINE + minutes(2))
    assert (parked.status, parked.parked_at, parked.loket, parked.started_at) == (
        *("ditunda", NINE + minutes(2)),
        *(None, None),
    )
    assert aula.do("call_next", at=NINE + minutes(2)) == later  # not the one who is away
    back = actions.come_back(tiket, now=NINE + minutes(5))
    assert (back.status, back.giliran_pada, back.parked_at) == ("menunggu", NINE + minutes(5), None)


def test_who_steps_out_themselves_keeps_a_turn_that_is_still_to_come(aula):
    aula.open()
    for _ in range(4):
        tiket = aula.take()
    assert actions.postpone(tiket, now=NINE).status == "ditunda"
    view = standing.of(tiket.kunjungan, now=NINE)[0]
    assert (view.kind, view.active) == ("ditunda", True)
    assert actions.come_back(tiket, now=NINE + minutes(1)).giliran_pada == tiket.giliran_pada
    actions.postpone(tiket, now=NINE)
    assert actions.cancel(tiket, now=NINE).status == "batal"


@pytest.mark.parametrize("verb", ["come_back", "postpone"])
def test_from_their_page_nobody_leaves_the_loket_they_are_called_to(aula, verb):
    aula.open()
    tiket = aula.take()
    aula.do("call_next")
    with pytest.raises(actions.Refused, match="A-001 sudah dipanggil"):
        getattr(actions, verb)(tiket, now=NINE)


def test_parked_and_not_back_lapses_at_the_end_of_the_day(aula):
    tiket = aula.take()
    actions.postpone(tiket, now=NINE)
    assert actions.lapse_before(aula.antrean, aula.mpp.today(NINE + minutes(24 * 60)), now=NINE) == 1
    tiket.refresh_from_db()
    assert (tiket.status, tiket.parked_at) == ("hangus", None)


def test_who_is_moved_waits_in_the_other_line_with_the_label_they_hold(aula):
    other = aula.line("H")
    aula.open()
    aula.take(antrean=other)
    tiket = aula.take(prioritas="hamil", pendampingan=True)
    aula.do("call_number", nomor=tiket.label, sebab="darurat")
    aula.do("start")
    aula.do("note", catatan="Salah ambil nomor")
    moved = aula.do("transfer", layanan=other.layanan.get(), at=NINE + minutes(4))

    tiket.refresh_from_db()
    assert (tiket.status, tiket.pengganti, tiket.ended_at) == ("dialihkan", moved, NINE + minutes(4))
    assert (moved.label, moved.nomor, moved.sesi.antrean, moved.giliran_pada) == (
        *("A-001", 2),
        *(other, NINE + minutes(4)),
    )
    assert (moved.prioritas, moved.pendampingan, moved.catatan) == ("hamil", True, "Salah ambil nomor")
    assert [row.tiket for row in standing.of(tiket.kunjungan, now=NINE)] == [moved]
    assert tracking.find("A-001", mpp=aula.mpp, now=NINE) == [moved]
    assert aula.take(antrean=other).label == "H-003"


def test_nobody_is_moved_where_they_are_already_or_where_nobody_serves(aula):
    other = aula.line("H")
    closed = factories.Antrean(gerai=aula.gerai, huruf="X", mode="luar", layanan=[factories.Layanan(gerai=aula.gerai)])
    aula.antrean.loket.set(aula.loket[1:])
    aula.open(1)
    aula.take("ponsel")
    aula.take("ponsel", antrean=other)
    aula.do("call_next", 1)
    with pytest.raises(actions.Refused, match="sudah berada di antrean itu"):
        aula.do("transfer", 1, layanan=other.layanan.get())
    with pytest.raises(actions.Refused, match="tidak memakai nomor dari aula"):
        aula.do("transfer", 1, layanan=closed.layanan.get())
    factories.Penutupan(gerai=aula.gerai, mpp=None, mulai=NINE, selesai=NINE + minutes(60), alasan="Listrik padam")
    with pytest.raises(actions.Refused, match="Gerai tujuan sedang tutup: Listrik padam"):
        aula.do("transfer", 1, layanan=other.layanan.get(), at=NINE + minutes(1))
    assert Tiket.objects.count() == 2


@pytest.mark.parametrize("hasil", ["tuntas", "berkas_kurang", "diarahkan", "tidak_dapat"])
def test_what_came_of_it_is_kept(aula, hasil):
    aula.open()
    aula.take()
    aula.do("call_next")
    aula.do("start")
    assert aula.do("finish", hasil=hasil).hasil == hasil


def test_finish_and_next_means_done(aula):
    aula.open()
    tiket = aula.take()
    aula.do("call_next")
    aula.do("start")
    aula.do("finish_and_next")
    tiket.refresh_from_db()
    assert tiket.hasil == "tuntas"


def test_a_note_is_for_staff_and_leaves_no_words_in_the_history(aula):
    aula.open()
    tiket = aula.take()
    aula.do("call_next")
    aula.do("note", catatan="KK lama, sudah dijelaskan")
    tiket.refresh_from_db()
    assert tiket.catatan == "KK lama, sudah dijelaskan"
    event = Peristiwa.objects.about(tiket).last()
    assert (event.jenis, event.dari, event.ke) == ("tiket.dicatat", "", "")


def test_assistance_is_marked_and_taken_back(aula):
    tiket = aula.take()
    by = aula.petugas[0]
    assert actions.assist(tiket, needed=True, by=by, now=NINE).pendampingan
    assert not actions.assist(tiket, needed=False, by=by, now=NINE).pendampingan
