"""A table goes out without what must stay, and comes in once: nothing doubled, newer wins, conflicts are listed."""

import csv
import io

import pytest
from openpyxl import load_workbook

from pengaduan import actions as reports
from pengaduan.models import Laporan
from pengaduan.sp4n.models import Rujukan
from pengaduan.sp4n.sheets import COLUMNS
from tests import factories
from tests.client import PageClient
from tests.constraints import assert_breaks, named

from ..conftest import MONDAY, days
from .conftest import book, row

pytestmark = pytest.mark.django_db
PERIOD = {"dari": "2026-11-01", "sampai": "2026-11-30"}


def downloaded(desk, form="xlsx", **asked):
    answer = desk.client.get(f"{desk.path}{form}/", PERIOD | asked)
    assert answer.status_code == 200
    if form == "csv":
        return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    return [list(line) for line in load_workbook(io.BytesIO(answer.content)).active.values]


def test_the_table_that_goes_out_blanks_who_is_anonymous_and_leaves_out_what_is_confidential(meja, desk):
    said = meja.answer(meja.routed(judul="=1+1 bukan rumus"))
    hidden = meja.send(anonim=True, nama="", gerai=None).laporan
    meja.send(rahasia=True)
    meja.send(tentang_pengelola=True, gerai=None)
    heads, first, second = downloaded(desk)
    assert heads == list(COLUMNS)
    assert first == [1, "23-11-2026", None, "Warga Contoh", "'=1+1 bukan rumus", meja.gerai[0].instansi.singkatan,
                     "Sudah kami perbaiki.", f"{said.kode} · Sedang Diproses"]  # fmt: skip
    assert second[2:4] == [None, None]
    assert second[7] == f"{hidden.kode} · Belum Terverifikasi"
    as_text = [["" if cell is None else str(cell) for cell in line] for line in (heads, first, second)]
    assert downloaded(desk, "csv") == as_text
    assert len(downloaded(desk, dari="2026-10-01", sampai="2026-10-02")) == 1


def test_what_comes_in_is_a_report_once_and_counts_from_its_day(meja, desk):
    preview = desk.take(row(), row(id="77", user="", keterangan=""))
    assert [str(one.nasib) for one in preview.context["judged"]] == ["baru", "baru"]
    first, second = Laporan.objects.order_by("pk")
    assert (first.judul, first.isi, first.nama, first.anonim) == (
        "Antrean dipanggil dua kali", "Dari aplikasi", "Warga Contoh", False)  # fmt: skip
    assert (second.anonim, second.isi) == (True, "Antrean dipanggil dua kali")
    assert str(meja.mpp.local(first.created_at)) == "2026-11-20 00:00:00+08:00"
    assert first.tenggat.get().jenis == "verifikasi"
    again = desk.take(row(), row(id="77", user="", keterangan=""))
    assert again.context["counted"] == [("sudah ada, tidak berubah", 2)]
    assert (Laporan.objects.count(), Rujukan.objects.count()) == (2, 2)


def test_the_newer_table_wins(desk):
    desk.take(row(), per="2026-11-20")
    assert desk.fates(row(tanggapan="Dijawab di sana."), per="2026-11-19") == ["lama"]
    desk.take(row(tanggapan="Dijawab di sana."), per="2026-11-21")
    assert Rujukan.objects.get().tanggapan == "Dijawab di sana."
    desk.take(row(), per="2026-11-20")
    assert Rujukan.objects.get().tanggapan == "Dijawab di sana."


def test_our_own_report_gets_its_tracking_id_by_the_code_in_the_last_column(meja, desk):
    laporan = meja.answer(meja.routed())
    out = downloaded(desk)[1]
    out[2] = "8812346"
    assert desk.fates(out) == ["dikaitkan"]
    desk.take(out)
    assert Rujukan.objects.get().laporan == laporan
    assert downloaded(desk)[1][2] == "8812346"
    assert desk.take(out).context["counted"] == [("sudah ada, tidak berubah", 1)]
    assert Laporan.objects.count() == 1


def test_what_a_person_must_look_at_is_listed_and_not_touched(meja, desk):
    laporan = meja.answer(meja.routed())
    elsewhere = factories.Rujukan(tracking_id="55", laporan__kode="MPP-2610-0777")
    mine = row(judul=laporan.judul, keterangan=f"{laporan.kode} · x")
    desk.take(mine)
    conflicts = [
        (row(id="55"), "milik laporan yang tidak Anda tangani"),
        (row(id="56", keterangan=elsewhere.laporan.kode), "Tidak ada laporan"),
        (row(id="57", judul=laporan.judul, keterangan=laporan.kode), "sudah memakai tracking ID 8812345"),
        (row(judul="Hal lain sama sekali"), "Judulnya berbeda"),
        (row(judul=laporan.judul, tanggapan="Jawaban lain"), "Tanggapannya berbeda"),
    ]
    for changed, sentence in conflicts:
        preview = desk.take(changed, per="2026-11-22")
        (one,) = preview.context["judged"]
        assert (str(one.nasib), preview.context["writes"]) == ("bentrok", 0)
        assert sentence in one.sebab
    assert (Laporan.objects.count(), Rujukan.objects.count()) == (2, 2)
    assert Rujukan.objects.get(laporan=laporan).tanggapan == ""


def test_a_preview_writes_nothing_and_cannot_be_changed_or_used_by_another(meja, desk):
    preview = desk.upload(book(row()))
    assert Laporan.objects.count() == 0
    carried = preview.context["isi"]
    other = PageClient()
    other.force_login(meja.rekan)
    for client, isi in ((desk.client, carried[:-2]), (other, carried), (desk.client, "")):
        page = client.post(desk.path, {"isi": isi}, follow=True)
        assert "Pratinjau itu sudah lama" in page.content.decode()
    assert Laporan.objects.count() == 0


def test_only_the_koordinator_of_the_mall_exchanges(meja, desk):
    stranger = factories.Penugasan(peran="koordinator", mpp=factories.Mpp()).pengguna
    for person in (stranger, meja.inspektur, meja.penghubung[0]):
        client = PageClient()
        client.force_login(person)
        assert client.get(desk.path).status_code == client.get(f"{desk.path}xlsx/", PERIOD).status_code == 404
    assert desk.client.get(f"{desk.path}pdf/", PERIOD).status_code == 404
    assert desk.client.get(f"{desk.path}csv/", PERIOD | {"dari": "2020-01-01"}).status_code == 422
    assert desk.client.get(f"{desk.path}csv/").status_code == 422


def test_a_reference_has_an_id():
    checks = named("sp4n")
    assert set(checks) == {"rujukan_terisi"}
    assert_breaks("rujukan_terisi", lambda: factories.Rujukan(tracking_id=""), checks["rujukan_terisi"])


def test_what_a_table_said_of_a_report_is_forgotten_with_it(meja):
    laporan = meja.routed()
    meja.answer(laporan, at=MONDAY)
    reports.close(laporan, by=meja.rekan, now=MONDAY)
    said = Rujukan.objects.create(laporan=laporan, tracking_id="88", tanggapan="Pelapor: Orang", keterangan="Telepon",
                                  per=MONDAY.date())  # fmt: skip
    assert reports.forget(now=MONDAY + days(800)) == 1
    said.refresh_from_db()
    assert (said.tracking_id, said.tanggapan, said.keterangan) == ("88", "", "")
