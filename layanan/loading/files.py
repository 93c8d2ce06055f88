"""Read a file of the catalogue row by row; the first mistake becomes one sentence with file, row and field."""

import json
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, NoReturn

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import translation

DATA = Path(__file__).resolve().parent.parent / "data"

Row = dict[str, Any]
Known = Mapping[type[models.Model], Mapping[str, models.Model]]

JSON_TYPES: list[tuple[type[Any], type, str]] = [
    (models.BooleanField, bool, "true atau false"),
    (models.IntegerField, int, "angka"),
    (models.JSONField, list, "daftar"),
    (models.Field, str, "teks"),
]


class BrokenFileError(Exception):
    """The sentence for the person who edits the file."""


def read(folder: Path, name: str) -> list[Row]:
    """The rows of a file, which is a JSON list of objects."""
    try:
        rows = json.loads((folder / name).read_text(encoding="utf-8"))
    except OSError:
        raise BrokenFileError(f"{name} tidak dapat dibaca.") from None
    except ValueError as error:
        raise BrokenFileError(f"{name} bukan JSON yang benar: {error}.") from None
    if not isinstance(rows, list):
        raise BrokenFileError(f"{name} harus berupa daftar baris.")
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, dict):
            raise BrokenFileError(f"{name}, baris ke-{number}, harus berupa objek.")
    return rows


class Reader:
    """Turns the rows of one file into unsaved instances of one model, references looked up in `known`."""

    def __init__(self, file: str, model: type[models.Model], known: Known, without: Collection[str] = ()) -> None:
        self.file = file
        self.model = model
        self.known = known
        self.without = set(without)
        self.fields = {
            field.name: field
            for field in model._meta.concrete_fields
            if field.editable and not field.primary_key and field.name not in self.without
        }
        self.relations = {name for name, field in self.fields.items() if field.is_relation}

    def instances(self, rows: list[Row], key: str) -> Iterator[tuple[Row, str, Any]]:
        """Each row with the words for where it stands, and its instance; `key` is the field that tells rows apart."""
        seen = set()
        for number, row in enumerate(rows, start=1):
            where = f"baris ke-{number} ({row.get(key, '?')})"
            instance = self.instance(row, where)
            if row[key] in seen:
                self.refuse(where, key, "sudah dipakai oleh baris sebelumnya")
            seen.add(row[key])
            yield row, where, instance

    def instance(self, row: Row, where: str) -> Any:
        for name in row:
            if name not in self.fields:
                self.refuse(where, name, "kolom ini tidak dikenal")
        values = {}
        for name, field in self.fields.items():
            if name in row:
                values[name] = self._value(field, row[name], where)
            elif not (field.blank or field.null or field.has_default()):
                self.refuse(where, name, "belum diisi")
        instance = self.model(**values)
        try:
            with translation.override("id"):
                instance.clean_fields(exclude=self.relations | self.without)
        except ValidationError as error:
            name, messages = next(iter(error.message_dict.items()))
            self.refuse(where, name, messages[0].rstrip("."))
        return instance

    def check_constraints(self, instance: models.Model, where: str) -> None:
        """Name the CHECK that this row breaks. One query each, so for few rows, or once the database has refused."""
        for constraint in self.model._meta.constraints:
            if isinstance(constraint, models.CheckConstraint):
                try:
                    constraint.validate(self.model, instance, exclude=self.without)
                except ValidationError:
                    raise BrokenFileError(f"{self.file}, {where}, melanggar aturan {constraint.name}.") from None

    def refuse(self, where: str, field: str, why: str) -> NoReturn:
        raise BrokenFileError(f"{self.file}, {where}, kolom {field}: {why}.")

    def _value(self, field: Any, value: Any, where: str) -> Any:
        if field.is_relation:
            known = self.known[field.related_model]
            if not isinstance(value, str) or value not in known:
                self.refuse(where, field.name, f"“{value}” tidak dikenal")
            return known[value]
        kind, name = next((kind, name) for cls, kind, name in JSON_TYPES if isinstance(field, cls))
        if type(value) is not kind:
            self.refuse(where, field.name, f"harus berupa {name}")
        return value
