"""The table that offices exchange with SP4N-LAPOR!: its columns, and how it is read with all that people do to it."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils import range_boundaries

from mpp_portal.tabel import FORMULA, UNWRITABLE

COLUMNS = ("No", "Tanggal", "Tracking ID", "User", "Judul", "Stakeholder", "Tanggapan", "Keterangan")
FIELDS = ("no", "tanggal", "tracking_id", "user", "judul", "stakeholder", "tanggapan", "keterangan")
LENGTHS = {"tracking_id": 40, "user": 100, "judul": 120, "stakeholder": 300, "tanggapan": 4000, "keterangan": 1000}
NEEDED = ("tanggal", "tracking_id", "judul")
ROWS, BYTES, UNPACKED = 500, 2_000_000, 30_000_000
WIDTH = 40
HEAD_ROWS = 10  # a title and a logo may stand above the heads
DATES = ("%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y")
MONTHS = ("januari", "februari", "maret", "april", "mei", "juni", "juli", "agustus", "september", "oktober",
          "november", "desember")  # fmt: skip
MERGE = re.compile(rb'<(?:\w+:)?mergeCell\s+ref="([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})"')


class Unreadable(Exception):  # noqa: N818 — a sentence for who chose the file
    pass


@dataclass(frozen=True)
class Row:
    """One report as the table tells it; `tanggal` is a day in ISO form."""

    baris: int
    tanggal: str
    tracking_id: str
    user: str
    judul: str
    stakeholder: str
    tanggapan: str
    keterangan: str

    def stored(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Fault:
    """What is wrong in one place of the table, by the row and column that people see."""

    baris: int
    kolom: str
    sebab: str


# --- Reading ----------------------------------------------------------------------------------------------------------
def read(name: str, content: bytes) -> tuple[list[Row], list[Fault]]:
    """The rows that can be taken, and every place that cannot. Raises Unreadable where there is no table at all."""
    if len(content) > BYTES:
        raise Unreadable(_("Berkas ini lebih besar dari 2 MB. Bagi menjadi beberapa berkas."))
    if content.startswith(b"PK"):
        table = _cells_of_xlsx(content)
    elif name.lower().endswith(".csv"):
        table = _cells_of_csv(content)
    else:
        raise Unreadable(_("Pilih berkas XLSX atau CSV. Berkas XLS lama disimpan ulang dahulu sebagai XLSX."))
    return checked(table)


def checked(table: Iterable[tuple[int, dict[str, Any]]]) -> tuple[list[Row], list[Fault]]:
    """Of numbered rows, each with a value for every one of FIELDS."""
    rows: list[Row] = []
    faults: list[Fault] = []
    seen: dict[str, int] = {}
    for number, cells in table:
        wrong = [*_checked(number, cells)]
        tracking = _text(cells["tracking_id"])
        if tracking and tracking in seen:
            wrong.append(Fault(number, "Tracking ID", _("Sudah ada di baris %s.") % seen[tracking]))
        seen.setdefault(tracking, number)
        faults += wrong
        if not wrong:
            day = _day(cells["tanggal"])
            words = {name: _text(cells[name]) for name in FIELDS[2:]}
            rows.append(Row(baris=number, tanggal=day.isoformat() if day else "", **words))
    return rows, faults


Table = Iterator[tuple[int, dict[str, Any]]]
MERGED, COMPUTED = object(), object()


def _cells_of_xlsx(content: bytes) -> Table:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(part.file_size for part in packed.infolist()) > UNPACKED:
                raise Unreadable(_("Isi berkas ini terlalu besar. Salin tabelnya saja ke berkas baru."))
        book = load_workbook(io.BytesIO(content), read_only=True)
    except Unreadable:
        raise
    except Exception:  # a broken package breaks in many ways
        raise Unreadable(_("Berkas ini tidak dapat dibaca sebagai XLSX. Simpan ulang, lalu coba lagi.")) from None
    for sheet in book.worksheets:
        if not hasattr(sheet, "iter_rows"):  # a sheet that is a chart
            continue
        spans = _merged(content, sheet._worksheet_path)
        lines = sheet.iter_rows(max_row=HEAD_ROWS + 2 * ROWS, max_col=WIDTH)
        values = [[_value(cell, at, n, spans) for n, cell in enumerate(line, start=1)]
                  for at, line in enumerate(lines, start=1)]  # fmt: skip
        if (found := _head(values)) is not None:
            return _rows(values, found)
    raise Unreadable(_("Tabelnya tidak ditemukan. Baris judulnya harus memuat: %s.") % ", ".join(COLUMNS))


def _merged(content: bytes, path: str) -> list[tuple[int, ...]]:
    """As columns and rows from and to. Read by ourselves: the library would make a cell for each of a whole sheet."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        refs = MERGE.findall(packed.read(path))
    return [range_boundaries(ref.decode()) for ref in refs[:ROWS]]


def _value(cell: Any, row: int, column: int, spans: list[tuple[int, ...]]) -> Any:
    if any(left <= column <= right and top <= row <= bottom for left, top, right, bottom in spans):
        return MERGED
    return COMPUTED if cell.data_type == "f" else cell.value


def _cells_of_csv(content: bytes) -> Table:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    first = next((line for line in text.splitlines() if "Tracking ID".lower() in line.lower()), "")
    separator = max(";,\t", key=first.count)
    try:
        values: list[list[Any]] = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error:
        raise Unreadable(_("Berkas ini tidak dapat dibaca sebagai CSV. Simpan ulang, lalu coba lagi.")) from None
    found = _head(values)
    if found is None:
        raise Unreadable(_("Tabelnya tidak ditemukan. Baris judulnya harus memuat: %s.") % ", ".join(COLUMNS))
    return _rows(values, found)


def _head(values: list[list[Any]]) -> tuple[int, dict[str, int]] | None:
    """The row of the heads, and where each column stands."""
    for at, line in enumerate(values[:HEAD_ROWS]):
        named = {_text(cell).lower(): n for n, cell in enumerate(line)}
        places = {field: named[column.lower()] for field, column in zip(FIELDS, COLUMNS, strict=True)
                  if column.lower() in named}  # fmt: skip
        if set(NEEDED) <= set(places):
            return at, places
    return None


def _rows(values: list[list[Any]], found: tuple[int, dict[str, int]]) -> Table:
    at, places = found
    lines = [
        (n, line)
        for n, line in enumerate(values[at + 1 :], start=at + 2)
        if any(_text(cell) or cell in (MERGED, COMPUTED) for cell in line)
    ]
    if len(lines) > ROWS:
        raise Unreadable(_("Paling banyak %s baris sekali impor. Bagi menjadi beberapa berkas.") % ROWS)
    blank = dict.fromkeys(FIELDS)
    return ((n, blank | {field: line[p] for field, p in places.items() if p < len(line)}) for n, line in lines)


def _checked(number: int, cells: dict[str, Any]) -> Iterator[Fault]:
    for field, column in zip(FIELDS, COLUMNS, strict=True):
        cell = cells[field]
        sentence = ""
        if cell is MERGED:
            sentence = _("Sel ini digabung. Pisahkan selnya.")
        elif cell is COMPUTED:
            sentence = _("Sel ini berisi rumus. Salin nilainya saja.")
        elif field in NEEDED and not _text(cell):
            sentence = _("Kosong.")
        elif field == "tanggal" and _day(cell) is None:
            sentence = _("Tanggal tidak dikenal. Tulis seperti 14-08-2026.")
        elif len(_text(cell)) > LENGTHS.get(field, 100):
            sentence = _("Paling panjang %s huruf.") % LENGTHS.get(field, 100)
        if sentence:
            yield Fault(number, column, sentence)


def _text(cell: Any) -> str:
    if cell is None or cell in (MERGED, COMPUTED):
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)  # a tracking id that a spreadsheet took for a number
    text = UNWRITABLE.sub("", str(cell)).strip()
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA) else text


def _day(cell: Any) -> date | None:
    """A day, from a cell that is a date or from what people write instead."""
    if isinstance(cell, datetime):
        found: date | None = cell.date()
    elif isinstance(cell, date):
        found = cell
    else:
        found = _day_in_words(_text(cell))
    return found if found and 2000 <= found.year <= 2100 else None


def _day_in_words(text: str) -> date | None:
    words = re.fullmatch(r"(\d{1,2}) ([a-z]+) (\d{4})\b.*", text.lower())
    if words and words[2] in MONTHS:
        text = f"{words[3]}-{MONTHS.index(words[2]) + 1:02d}-{int(words[1]):02d}"
    day = re.split(r"[ T]", text, maxsplit=1)[0]
    for form in DATES:
        try:
            return datetime.strptime(day, form).date()  # noqa: DTZ007 — a day has no zone
        except ValueError:
            continue
    return None
