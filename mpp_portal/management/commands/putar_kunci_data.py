from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from mpp_portal import crypto, faktor


class Command(BaseCommand):
    help = "Menyandikan ulang data pribadi dengan kunci pertama MPP_KUNCI_DATA; sesudahnya kunci lama boleh dihapus."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--coba", action="store_true", help="hanya menghitung, tidak mengubah")

    def handle(self, *args: Any, coba: bool = False, **options: Any) -> None:
        verb = "Akan disandikan ulang" if coba else "Disandikan ulang"
        for column, rows in (crypto.rotate(dry=coba) | faktor.renew(dry=coba)).items():
            self.stdout.write(f"{verb}: {column}, {rows} baris.")
