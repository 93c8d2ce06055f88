from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from pengaduan import actions


class Command(BaseCommand):
    help = "Mengosongkan laporan yang sudah lama berakhir (kebijakan simpan, LAPORAN_SIMPAN_HARI)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--coba", action="store_true", help="hanya menghitung, tidak menghapus")

    def handle(self, *args: Any, coba: bool = False, **options: Any) -> None:
        found = actions.forget(dry=coba)
        self.stdout.write(f"{'Akan dikosongkan' if coba else 'Dikosongkan'}: {found} laporan.")
