"""Tables as people make them: what is wrong is named by row and column, and what is no table by a sentence."""

import io
import zipfile
from datetime import date

import pytest

from pengaduan.sp4n import sheets

from .conftest import ROW, book, row

DAY = "2026-08-14"


@pytest.mark.parametrize("written", [
    date(2026, 8, 14), "2026-08-14", "14-08-2026", "14/08/2026 09:30", "14.08.2026", "14 Agustus 2026",
    "14 agustus 2026, 09.30", "2026-08-14T09:30",
])  # fmt: skip
def test_a_day_is_read_however_it_is_written(written):
    rows, faults = sheets.read("a.xlsx", book(row(tanggal=written)))
    assert (faults, rows[0].tanggal) == ([], DAY)


def test_a_table_below_a_title_on_the_second_sheet_with_columns_in_another_order():
    def move(made):
        first = made.active
        second = made.create_sheet("Laporan")
        second.append(["Rekapitulasi"])
        second.merge_cells("A1:H1")
        second.append([])
        for line in list(first.values):
            second.append(list(reversed(line)))
        first.delete_rows(1, 5)

    rows, faults = sheets.read("a.xlsx", book(row(id=8812345.0), change=move))
    assert faults == []
    assert rows[0].stored() == {
        "baris": 4, "tanggal": "2026-11-20", "tracking_id": "8812345", "user": "Warga Contoh",
        "judul": "Antrean dipanggil dua kali", "stakeholder": "Disdukcapil", "tanggapan": "",
        "keterangan": "Dari aplikasi",
    }  # fmt: skip


@pytest.mark.parametrize(
    "text", ["No;Tanggal;Tracking ID;Judul", "no,tanggal,tracking id,judul", "No\tTanggal\tTracking ID\tJudul"]
)
def test_csv_with_any_separator(text):
    separator = text[2]
    line = separator.join(["1", "14-08-2026", "12", '"Loket; tutup, siang\thari"'])
    for content in (f"{text}\r\n{line}\r\n".encode("utf-8-sig"), f"\n{text}\n{line}\n\n".encode("cp1252")):
        rows, faults = sheets.read("a.CSV", content)
        assert (faults, rows[0].judul, rows[0].tracking_id) == ([], "Loket; tutup, siang\thari", "12")


def test_every_broken_place_is_named():
    def spoil(made):
        sheet = made.active
        sheet["E2"] = "=A2&B2"
        sheet.merge_cells("C3:C4")

    lines = [row(), row(id="2"), row(id="3"), row(tanggal="kemarin", id="4"), row(id="5", judul=""),
             row(id="6", judul="a" * 121), row(id="7"), row(id="7", tanggal="31-02-2026"), row(id="8")]  # fmt: skip
    rows, faults = sheets.read("a.xlsx", book(*lines, change=spoil))
    assert [(fault.baris, fault.kolom, fault.sebab.partition(".")[0]) for fault in faults] == [
        (2, "Judul", "Sel ini berisi rumus"),
        (3, "Tracking ID", "Sel ini digabung"),
        (4, "Tracking ID", "Sel ini digabung"),
        (5, "Tanggal", "Tanggal tidak dikenal"),
        (6, "Judul", "Kosong"),
        (7, "Judul", "Paling panjang 120 huruf"),
        (9, "Tanggal", "Tanggal tidak dikenal"),
        (9, "Tracking ID", "Sudah ada di baris 8"),
    ]
    assert [one.tracking_id for one in rows] == ["7", "8"]


def bomb():
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book(ROW))) as small, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as big:
        for name in small.namelist():
            big.writestr(name, small.read(name))
        big.writestr("xl/media/a.bin", bytes(sheets.UNPACKED))
    return out.getvalue()


@pytest.mark.parametrize(("name", "content", "sentence"), [
    ("a.xlsx", b"PK\x03\x04 rusak", "tidak dapat dibaca sebagai XLSX"),
    ("a.xls", b"\xd0\xcf\x11\xe0", "Pilih berkas XLSX atau CSV"),
    ("a.csv", b"a;b\n1;2\n", "Tabelnya tidak ditemukan"),
    ("a.csv", b"", "Tabelnya tidak ditemukan"),
    ("a.csv", b"x" * (sheets.BYTES + 1), "lebih besar dari 2 MB"),
    ("a.csv", b"Tanggal;Tracking ID;Judul\n" + b"x;1;y\n" * (sheets.ROWS + 1), "Paling banyak 500 baris"),
    ("a.xlsx", lambda: book(["Nama"], heads=["Lain"]), "Tabelnya tidak ditemukan"),
    ("a.xlsx", bomb, "terlalu besar"),
], ids=["broken", "old", "other", "empty", "big", "long", "wrong-sheet", "bomb"])  # fmt: skip
def test_what_is_no_table_is_said_in_a_sentence(name, content, sentence):
    with pytest.raises(sheets.Unreadable, match=sentence):
        sheets.read(name, content() if callable(content) else content)


def test_a_whole_sheet_that_is_one_merged_cell_is_read_in_a_moment():
    content = book(row())
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as small, zipfile.ZipFile(out, "w") as made:
        for name in small.namelist():
            part = small.read(name)
            if name.startswith("xl/worksheets/"):
                whole = b'</sheetData><mergeCells count="1"><mergeCell ref="A2:XFD1048576"/></mergeCells>'
                part = part.replace(b"</sheetData>", whole)
            made.writestr(name, part)
    rows, faults = sheets.read("a.xlsx", out.getvalue())
    assert (rows, {fault.baris for fault in faults} >= {2}) == ([], True)
