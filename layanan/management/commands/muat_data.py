"""`manage.py muat_data`: load the national catalogue."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from layanan.loading import files, national


class Command(BaseCommand):
    requires_system_checks = []  # the demo starts in seconds: bin/check does the checking
    help = "Memuat daftar nasional: wilayah, instansi, jenis layanan, MPP, hari libur. Boleh diulang kapan saja."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--folder", type=Path, default=files.DATA, help="folder berkas JSON, bila bukan bawaan")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            results = national.load(options["folder"])
        except files.BrokenFileError as broken:
            raise CommandError(f"{broken} Tidak ada yang dimuat.") from None
        for result in results:
            if result.new or result.changed:
                self.stdout.write(f"{result.file}: {result.new} baru, {result.changed} berubah")
        self.stdout.write(
            f"Data nasional: {sum(result.new for result in results)} baru, "
            f"{sum(result.changed for result in results)} berubah"
        )
