from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from antrean import actions


class Command(BaseCommand):
    help = "Menghapus nama, kontak, NIK, dan kode jadwal dari pemesanan yang sudah lama lewat (PEMESANAN_SIMPAN_HARI)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--coba", action="store_true", help="hanya menghitung, tidak menghapus")

    def handle(self, *args: Any, coba: bool = False, **options: Any) -> None:
        found = actions.forget(dry=coba)
        verb = "Akan dikosongkan" if coba else "Dikosongkan"
        self.stdout.write(f"{verb}: {', '.join(f'{n} {name}' for name, n in found.items())}.")
