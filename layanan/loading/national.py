"""The national lists: regions, offices, types of service, malls, holidays.

A load is a merge of three: what the file said last time (`Muatan`), what it says now, and what stands in the database.
Only what the file itself changed is written, so a row that somebody edited or removed in the admin stays as it is until
the file has something new to say about that very field.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import IntegrityError, models, transaction

from ..models import HariLibur, Instansi, JenisLayanan, Mpp, Muatan, Wilayah
from . import files, standards

KEYS: dict[type[models.Model], str] = {Wilayah: "kode", Instansi: "slug", JenisLayanan: "slug"}


@dataclass(frozen=True)
class Table:
    """One file, the model of its rows, the field that tells them apart, and fields that are not the file's to say."""

    file: str
    model: type[models.Model]
    key: str
    without: tuple[str, ...] = ()


TABLES = [
    Table("provinsi.json", Wilayah, "kode"),
    Table("kabupaten_kota.json", Wilayah, "kode"),
    Table("instansi.json", Instansi, "slug"),
    Table("jenis_layanan.json", JenisLayanan, "slug"),
    Table("mpp.json", Mpp, "slug", without=("aktif", "contoh")),
    Table("hari_libur.json", HariLibur, "tanggal", without=("mpp", "tetap_buka")),
]


@dataclass(frozen=True)
class Result:
    """How many rows of a file were new, and how many changed."""

    file: str
    new: int = 0
    changed: int = 0


@transaction.atomic
def load(folder: Path = files.DATA) -> list[Result]:
    """Bring the database up to the files, all of them or none. Raises files.BrokenFileError."""
    results = [_load(table, folder) for table in TABLES]
    rows, muatan = _changed_since(folder, standards.FILE)
    if muatan:
        standards.check(rows)
        muatan.isi = rows
        muatan.save()
    return results


def _changed_since(folder: Path, file: str) -> tuple[list[files.Row], Muatan | None]:
    """The rows of a file, with its Muatan still holding the last load; None if the file says nothing new."""
    rows = files.read(folder, file)
    muatan = Muatan.objects.filter(berkas=file).first() or Muatan(berkas=file, isi=[])
    return rows, None if muatan.isi == rows else muatan


def _load(table: Table, folder: Path) -> Result:
    rows, muatan = _changed_since(folder, table.file)
    if muatan is None:
        return Result(table.file)
    base = {row[table.key]: row for row in muatan.isi}
    stored = {getattr(row, table.key): row for row in _national(table.model)}
    reader = files.Reader(table.file, table.model, _known(table.model), table.without)
    created: dict[str, models.Model] = {}
    changed: dict[str, models.Model] = {}
    for row, where, fresh in reader.instances(rows, table.key):
        before = base.get(row[table.key])
        current = stored.get(getattr(fresh, table.key))
        if row == before:
            continue
        if current is None:
            created[where] = fresh
        elif _copy(fresh, current, _said_anew(reader.fields, row, before)):
            changed[where] = current
    _write(reader, created, changed)
    muatan.isi = rows
    muatan.save()
    return Result(table.file, len(created), len(changed))


def _write(reader: files.Reader, created: dict[str, models.Model], changed: dict[str, models.Model]) -> None:
    try:
        with transaction.atomic():
            reader.model._default_manager.bulk_create(created.values())
            for row in changed.values():
                row.save()
    except IntegrityError:
        for where, row in (created | changed).items():
            reader.check_constraints(row, where)
        raise


def _national(model: type[models.Model]) -> models.QuerySet[Any]:
    rows = model._default_manager.all()
    return rows.filter(mpp__isnull=True) if model is HariLibur else rows


def _known(model: type[models.Model]) -> files.Known:
    """What a row of this model may refer to, by the name that the files use."""
    targets = {field.related_model for field in model._meta.concrete_fields}
    return {
        target: {getattr(row, key): row for row in target._default_manager.all()}
        for target, key in KEYS.items()
        if target in targets
    }


def _said_anew(fields: Iterable[str], row: files.Row, before: files.Row | None) -> list[str]:
    nothing = object()
    return [name for name in fields if before is None or row.get(name, nothing) != before.get(name, nothing)]


def _copy(fresh: models.Model, current: models.Model, names: list[str]) -> bool:
    changes = {name: getattr(fresh, name) for name in names if getattr(fresh, name) != getattr(current, name)}
    for name, value in changes.items():
        setattr(current, name, value)
    return bool(changes)
