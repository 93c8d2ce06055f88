"""The figures: each counted as its definition says, for whom they are, and as files that run no formula."""

import csv
import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from antrean import actions, statistik
from antrean.models import Antrean
from mpp_portal.tabel import plain
from tests import factories
from tests.antrean.conftest import NINE, minutes
from tests.antrean.hall import logged_in, staff


def text(response) -> str:
    return " ".join(response.content.decode().split())


ONE = NINE + minutes(240)


def counted(aula, title: str) -> dict[str, dict[str, float]]:
    """Name of the group → measure → value, of one part of that Monday's figures."""
    lines = Antrean.objects.select_related("gerai__instansi")
    day = aula.mpp.today(NINE)
    found = statistik.figures(lines, aula.mpp, day, day, now=ONE)
    return {
        group.name: {measure.key: value for measure, value in group.values if value is not None}
        for group in found.parts[title]
    }


def serve(aula, *, taken: int, called: int, begun: int, done: int, hasil: str = "tuntas", n: int = 0) -> None:
    aula.take(at=NINE + minutes(taken))
    aula.do("call_next", n, at=NINE + minutes(called))
    aula.do("start", n, at=NINE + minutes(begun))
    aula.do("finish", n, at=NINE + minutes(done), hasil=hasil)


def test_times_are_counted_from_number_to_call_to_start_to_end(aula):
    aula.open()
    serve(aula, taken=0, called=10, begun=12, done=20)
    serve(aula, taken=20, called=40, begun=41, done=61, hasil="berkas_kurang")
    serve(aula, taken=61, called=67, begun=68, done=70)
    assert counted(aula, "Seluruhnya")["Semua"] == {
        "nomor": 3,
        "jadwal": 0,
        "dilayani": 3,
        "tidak_tuntas": 1,
        "tidak_hadir": 0,
        "tunggu": 10,
        "tunggu_p85": 17,  # between 10 and 20, at seven tenths
        "jalan": 1,
        "layanan": 8,
        "layanan_p85": 16.4,
    }
    hours = counted(aula, "Menurut jam nomor diberikan")
    assert {name: row["nomor"] for name, row in hours.items()} == {"09.00–09.59": 2, "10.00–10.59": 1}


def test_who_booked_and_who_walked_in_stand_beside_each_other(aula):
    aula.open()
    promised = [NINE + minutes(30), NINE + minutes(60)]
    early, late = (factories.Pemesanan(slot=factories.Slot(antrean=aula.antrean, mulai=at)) for at in promised)
    actions.arrive(early, now=NINE + minutes(5))
    aula.do("call_next", at=NINE + minutes(34))
    aula.do("start", at=NINE + minutes(35))
    aula.do("finish", at=NINE + minutes(36))
    actions.arrive(late, now=NINE + minutes(75))  # too late for the promise: a walk-in's turn
    aula.do("call_next", at=NINE + minutes(90))
    aula.do("start", at=NINE + minutes(91))
    aula.do("finish", at=NINE + minutes(92))
    serve(aula, taken=100, called=110, begun=112, done=120)
    ways = counted(aula, "Menurut cara datang")
    assert {name: (row["nomor"], row["tunggu"]) for name, row in ways.items()} == {
        "Memesan jadwal": (2, 22),
        "Datang langsung": (1, 10),
    }
    assert ways["Memesan jadwal"]["lewat_jadwal"] == 4
    assert "lewat_jadwal" not in ways["Datang langsung"]


def test_loket_hours_are_without_pauses_and_end_when_it_closes(aula):
    aula.open(0)
    aula.do("pause", 0, alasan="rapat", at=NINE + minutes(30))
    aula.do("resume", 0, at=NINE + minutes(60))
    aula.do("close", 0, at=NINE + minutes(120))
    aula.open(1)
    aula.do("pause", 1, alasan="rapat", at=NINE + minutes(60))
    loket = counted(aula, "Menurut loket")
    assert [row.get("jam_loket") for row in loket.values()] == [1.5, 1.0, None]


def test_who_never_came_counts_and_who_was_moved_counts_once(aula):
    other = aula.line("H")
    aula.open()
    aula.take()
    for _ in range(2):
        aula.do("call_next")
        aula.do("absent")
    aula.take()
    aula.do("call_next")
    aula.do("transfer", layanan=other.layanan.get())
    total = counted(aula, "Seluruhnya")["Semua"]
    assert (total["nomor"], total["tidak_hadir"]) == (2, 1)
    actions.lapse_before(aula.antrean, aula.mpp.today(NINE + minutes(24 * 60)), now=NINE)
    assert counted(aula, "Seluruhnya")["Semua"]["tidak_hadir"] == 1
    by_line = counted(aula, "Menurut antrean")
    assert {name: row["nomor"] for name, row in by_line.items()} == {"A · Antrean A": 1, "H · Antrean H": 1}


def test_other_days_and_other_lines_are_not_counted(aula):
    aula.take(at=NINE - minutes(3 * 24 * 60))
    aula.take()
    assert counted(aula, "Seluruhnya")["Semua"]["nomor"] == 1


def test_each_reads_what_their_assignment_covers(hall):
    other = factories.Antrean(gerai=factories.Gerai(mpp=hall.mpp), huruf="K")
    url = reverse("antrean:figures", args=[hall.mpp.slug])
    own = text(staff("admin_instansi", gerai=hall.gerai).get(url))
    assert (str(hall.antrean) in own, str(other) in own) == (True, False)
    for peran in ("pimpinan", "pengelola", "penyelia"):
        page = text(staff(peran, mpp=hall.mpp).get(url))
        assert str(other) in page
    assert staff("pimpinan", mpp=factories.Mpp()).get(url).status_code == 404
    assert logged_in(hall.petugas).get(url).status_code == 404


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"dari": "2026-11-23", "sampai": "2026-11-22"}, "tidak boleh sebelum tanggal dari"),
        ({"dari": "2026-01-01", "sampai": "2026-11-22"}, "Paling lama 92 hari sekaligus."),
        ({"dari": "kemarin"}, "Masukkan tanggal yang valid."),
    ],
)
def test_days_that_cannot_be_counted_are_refused_with_a_sentence(hall, asked, sentence):
    client = staff("pimpinan", mpp=hall.mpp)
    answer = client.get(reverse("antrean:figures", args=[hall.mpp.slug]), asked)
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert client.get(reverse("antrean:figures_file", args=[hall.mpp.slug, "csv"]), asked).status_code == 404


def test_both_files_say_what_the_page_says_with_definition_scope_and_cut_off(hall):
    hall.ticket()
    client = staff("pimpinan", mpp=hall.mpp)
    files = {
        bentuk: client.get(reverse("antrean:figures_file", args=[hall.mpp.slug, bentuk])) for bentuk in ("csv", "xlsx")
    }
    rows = list(csv.reader(io.StringIO(files["csv"].content.decode("utf-8-sig")), delimiter=";"))
    sheet = load_workbook(io.BytesIO(files["xlsx"].content)).active
    assert [[str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)] == rows
    said = "Nomor yang diberikan, tanpa pindahan. Untuk beberapa layanan sekaligus: dihitung sekali."
    assert rows[1][:6] == ["Seluruhnya", "Semua", "Nomor", "1", "orang", said]
    assert rows[1][6] == f"{hall.mpp.nama}: {hall.gerai.instansi.singkatan}"
    assert "attachment" in files["xlsx"]["Content-Disposition"]
    assert client.get(reverse("antrean:figures_file", args=[hall.mpp.slug, "pdf"])).status_code == 404


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r"])
def test_no_name_becomes_a_formula(hall, first):
    assert plain(f"{first}1+1") == f"'{first}1+1"
    assert plain("A · KTP") == "A · KTP"
    type(hall.mpp).objects.update(nama=f"{first}HYPERLINK(1)")
    client = staff("pimpinan", mpp=hall.mpp)
    sheet = client.get(reverse("antrean:figures_file", args=[hall.mpp.slug, "csv"])).content.decode("utf-8-sig")
    scopes = {row[6] for row in list(csv.reader(io.StringIO(sheet, newline=""), delimiter=";"))[1:]}
    assert all(scope.startswith(f"'{first}") for scope in scopes)
    assert scopes
