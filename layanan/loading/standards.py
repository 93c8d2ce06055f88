"""The example standards: real ones, with their origin, that furnish the gerai of an invented mall."""

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from django.db import transaction

from ..models import Gerai, JenisLayanan, Langkah, Layanan, Persyaratan
from . import files

FILE = "standar.json"

Standard = tuple[Layanan, list[Persyaratan], list[Langkah]]


@transaction.atomic
def furnish(places: Mapping[Gerai, Collection[str]], folder: Path = files.DATA) -> int:
    """Give each gerai the standards of these types where it has none yet; how many were added.

    A standard is copied once. What the office makes of it afterwards is its own.
    """
    rows = {row["jenis"]: row for row in files.read(folder, FILE)}
    present = set(Layanan.objects.filter(gerai__in=places).values_list("gerai", "jenis__slug"))
    wanted = [(gerai, slug) for gerai, slugs in places.items() for slug in slugs if (gerai.pk, slug) not in present]
    if not wanted:
        return 0
    copies = list(standards([rows[slug] for _, slug in wanted]))
    for (gerai, _), (layanan, _, _) in zip(wanted, copies, strict=True):
        layanan.gerai = gerai
        layanan.contoh = True
    Layanan.objects.bulk_create(layanan for layanan, _, _ in copies)
    Persyaratan.objects.bulk_create(row for _, rows, _ in copies for row in rows)
    Langkah.objects.bulk_create(row for _, _, rows in copies for row in rows)
    return len(copies)


def check(rows: list[files.Row]) -> None:
    """Raises files.BrokenFileError at the first mistake."""
    reader = _reader()
    for number, (layanan, _, _) in enumerate(standards(rows), start=1):
        reader.check_constraints(layanan, _where(number, rows[number - 1]))


def standards(rows: list[files.Row]) -> Iterator[Standard]:
    """The rows of the file as unsaved instances, without a gerai. Raises files.BrokenFileError."""
    reader = _reader()
    parts = {
        "persyaratan": files.Reader(FILE, Persyaratan, reader.known, without=("layanan", "urutan")),
        "langkah": files.Reader(FILE, Langkah, reader.known, without=("layanan", "urutan")),
    }
    for number, row in enumerate(rows, start=1):
        where = _where(number, row)
        layanan = reader.instance({name: value for name, value in row.items() if name not in parts}, where)
        persyaratan, langkah = (_part(parts[name], row.get(name, []), layanan, f"{where}, {name}") for name in parts)
        yield layanan, persyaratan, langkah


def _reader() -> files.Reader:
    known: files.Known = {JenisLayanan: {jenis.slug: jenis for jenis in JenisLayanan.objects.all()}}
    return files.Reader(FILE, Layanan, known, without=("gerai", "contoh"))


def _where(number: int, row: files.Row) -> str:
    return f"baris ke-{number} ({row.get('jenis', '?')})"


def _part(reader: files.Reader, rows: Any, layanan: Layanan, where: str) -> list[Any]:
    if not isinstance(rows, list):
        raise files.BrokenFileError(f"{FILE}, {where}: harus berupa daftar.")
    instances = []
    for urutan, row in enumerate(rows, start=1):
        if not isinstance(row, dict):
            raise files.BrokenFileError(f"{FILE}, {where} ke-{urutan}: harus berupa objek.")
        instance = reader.instance(row, f"{where} ke-{urutan}")
        instance.layanan, instance.urutan = layanan, urutan
        instances.append(instance)
    return instances
