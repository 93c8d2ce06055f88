"""Figures of the reports: each counted as its definition says, for whom they are, and never mixed."""

import csv
import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from pengaduan import actions, statistik
from tests import factories

from .conftest import MONDAY, days, fresh
from .test_pages_work import at, text

pytestmark = pytest.mark.django_db
PAGE = "/pengaduan/angka/"
LATER = MONDAY + days(30)


def counted(meja, title="Seluruhnya", *, user=None, now=LATER):
    """Name of the group → measure → value, of what came in on that Monday."""
    found = statistik.figures_for(user or meja.koordinator, MONDAY.date(), MONDAY.date(), now=now)
    return {
        group.name: {measure.key: value for measure, value in group.values if value is not None}
        for group in found.parts.get(title, [])
    }


def test_answered_and_resolved_late_and_paused_are_counted_apart(meja):
    meja.send()
    asked = meja.send().laporan
    actions.ask(asked, "Loket mana?", by=meja.koordinator, now=MONDAY)
    meja.answer(meja.routed(), at=MONDAY + days(2))
    closed = meja.answer(meja.routed(), at=MONDAY + days(6))
    actions.close(closed, by=meja.rekan, now=MONDAY + days(7))
    actions.rate(fresh(closed), 5, now=MONDAY + days(8))
    meja.send(at=MONDAY - days(1))
    assert counted(meja, now=MONDAY + days(1))["Semua"] == {
        "diterima": 4, "diverifikasi": 2, "ditanggapi": 2, "selesai": 1, "terlambat": 0, "dijeda": 1,
        "jawab": 2, "jawab_p85": 6, "dinilai": 1, "nilai": 5.0,
    }  # fmt: skip
    assert counted(meja)["Semua"]["terlambat"] == 1  # the first, which nobody verified


def test_what_was_late_stays_late_and_an_answer_counts_though_it_was_disputed(meja):
    late = meja.routed(at=MONDAY)
    late = meja.answer(late, at=MONDAY + days(9))  # after the fifth working day
    assert fresh(late).late_at is not None
    actions.dispute(late, "Belum.", now=MONDAY + days(10))
    row = counted(meja, now=MONDAY + days(11))["Semua"]
    assert (row["terlambat"], row["ditanggapi"], row["selesai"], row["jawab"]) == (1, 1, 0, 9)


def test_a_report_stands_under_its_kind_class_theme_office_mall_and_month(meja):
    laporan = meja.send(jenis="aspirasi").laporan
    actions.verify(laporan, klasifikasi="berkadar", urgensi="rutin", tema="sikap", gerai=meja.gerai[:1],
                   by=meja.koordinator, now=MONDAY)  # fmt: skip
    meja.send(gerai=None)
    names = {title: list(counted(meja, title)) for title in (
        "Menurut jenis", "Menurut klasifikasi", "Menurut tema", "Menurut instansi yang dilaporkan", "Menurut MPP",
        "Menurut bulan dikirim")}  # fmt: skip
    assert names == {
        "Menurut jenis": ["aspirasi", "pengaduan"],
        "Menurut klasifikasi": ["belum diklasifikasikan", "berkadar pengawasan"],
        "Menurut tema": ["belum ditentukan", "sikap petugas"],
        "Menurut instansi yang dilaporkan": [meja.gerai[0].instansi.singkatan, "tidak disebut"],
        "Menurut MPP": [meja.mpp.nama],
        "Menurut bulan dikirim": ["November 2026"],
    }


def test_everybody_counts_what_is_theirs_and_no_more(meja):
    meja.send()
    meja.send(gerai=meja.gerai[1])
    meja.send(rahasia=True)
    meja.send(gerai=None, tentang_pengelola=True)
    elsewhere = factories.Penugasan(peran="pimpinan").pengguna
    found = {name: counted(meja, user=user)["Semua"]["diterima"] for name, user in {
        "pimpinan": factories.Penugasan(peran="pimpinan", mpp=meja.mpp).pengguna,
        "koordinator": meja.koordinator,
        "admin instansi": factories.Penugasan(peran="admin_instansi", gerai=meja.gerai[0]).pengguna,
        "other mall": elsewhere, "pejabat penghubung": meja.penghubung[0],
    }.items()}  # fmt: skip
    assert found == {"pimpinan": 4, "koordinator": 3, "admin instansi": 1, "other mall": 0, "pejabat penghubung": 0}


def test_the_scope_says_whose_reports_are_counted(meja):
    gerai, mpp = meja.gerai[0], meja.mpp
    boss = factories.Penugasan(peran="pimpinan", mpp=mpp).pengguna
    head = factories.Penugasan(peran="admin_instansi", gerai=gerai).pengguna
    factories.Penugasan(peran="petugas_loket", gerai=gerai, pengguna=meja.rekan)
    own = "tanpa pengaduan rahasia tentang tempat kerja Anda sendiri"
    found = [statistik.figures_for(user, MONDAY.date(), MONDAY.date()).scope for user in (boss, meja.rekan, head)]
    assert found == [
        f"{mpp.nama}: semua laporan",
        f"{mpp.nama}: semua laporan kecuali yang tentang pengelola MPP; {own}",
        f"{mpp.nama}: laporan tentang {gerai.instansi.singkatan}; {own}",
    ]


def test_the_page_says_definition_scope_and_cut_off_and_both_files_the_same(meja):
    meja.send(at=MONDAY)
    type(meja.mpp).objects.update(nama="=HYPERLINK(1)")
    desk, asked = at(meja.koordinator), {"dari": "2026-11-23", "sampai": "2026-11-23"}
    page = text(desk.get(PAGE, asked))
    assert "Dijawab belum tentu selesai." in page
    assert "Lingkup: =HYPERLINK(1): semua laporan kecuali yang tentang pengelola MPP." in page
    assert "Dihitung" in page
    files = {bentuk: desk.get(reverse("pengaduan:figures_file", args=[bentuk]), asked) for bentuk in ("csv", "xlsx")}
    rows = list(csv.reader(io.StringIO(files["csv"].content.decode("utf-8-sig")), delimiter=";"))
    sheet = load_workbook(io.BytesIO(files["xlsx"].content)).active
    assert [[str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)] == rows
    assert rows[1][:5] == ["Seluruhnya", "Semua", "Diterima", "1", "laporan"]
    assert {row[6].split(":")[0] for row in rows[1:]} == {"'=HYPERLINK(1)"}
    assert desk.get(reverse("pengaduan:figures_file", args=["pdf"]), asked).status_code == 404


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"dari": "2026-11-24", "sampai": "2026-11-23"}, "tidak boleh sebelum"),
        ({"dari": "2020-01-01", "sampai": "2026-11-23"}, "Paling lama 92 hari sekaligus."),
    ],
)
def test_a_period_that_cannot_be_counted_is_explained(meja, asked, sentence):
    answer = at(meja.koordinator).get(PAGE, asked)
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert at(meja.koordinator).get(reverse("pengaduan:figures_file", args=["csv"]), asked).status_code == 404
