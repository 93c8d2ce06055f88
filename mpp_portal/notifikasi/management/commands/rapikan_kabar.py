from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from mpp_portal.notifikasi import actions


class Command(BaseCommand):
    help = "Menghapus alamat dan pesan dari urusan yang sudah lama selesai (KABAR_SIMPAN_HARI)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--coba", action="store_true", help="hanya menghitung, tidak menghapus")

    def handle(self, *args: Any, coba: bool = False, **options: Any) -> None:
        found = actions.tidy(dry=coba)
        verb = "Akan dihapus" if coba else "Dihapus"
        self.stdout.write(f"{verb}: {found['langganan']} langganan, {found['pesan']} pesan.")
