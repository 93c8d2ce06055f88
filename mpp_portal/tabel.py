"""Tables to download, as CSV or XLSX: they run no formula and hold nothing that a file of this kind cannot."""

import csv
import io
import re
from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from openpyxl import Workbook

FORMULA = ("=", "+", "-", "@", "\t", "\r")
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # what XML 1.0 has no way to write

Table = Iterable[Iterable[Any]]


def plain(cell: Any) -> Any:
    """Text that no spreadsheet takes for a formula; anything else as it is."""
    if not isinstance(cell, str):
        return cell
    text = UNWRITABLE.sub("", cell)
    return f"'{text}" if text.startswith(FORMULA) else text


def _csv(table: Table) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows([plain(cell) for cell in row] for row in table)
    return out.getvalue().encode("utf-8-sig")  # the mark tells spreadsheets the encoding


def _xlsx(table: Table) -> bytes:
    book, out = Workbook(write_only=True), io.BytesIO()
    sheet = book.create_sheet(_("Tabel"))
    for row in table:
        sheet.append([plain(cell) for cell in row])
    book.save(out)
    return out.getvalue()


FORMATS = {
    "csv": ("text/csv; charset=utf-8", _csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _xlsx),
}


def file(table: Table, name: str, bentuk: str) -> HttpResponse:
    """The table as a file to download, in one of FORMATS."""
    mime, write = FORMATS[bentuk]
    about = {"Content-Type": mime, "Content-Disposition": f'attachment; filename="{name}.{bentuk}"'}
    return HttpResponse(write(table), headers=about)
