"""`manage.py muat_laporan_demo`: invented reports and those who handle them, for the demo only."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from pengaduan import demo


class Command(BaseCommand):
    help = "Memuat laporan rekaan dan petugas pengaduannya ke MPP peragaan. Boleh diulang kapan saja."
    requires_system_checks = []  # the demo starts in seconds: bin/check does the checking

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--logins", action="store_true", help="hanya cetak daftar akun peragaan")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("muat_laporan_demo hanya untuk peragaan: jalankan dengan MPP_DEMO=1.")
        if options["logins"]:
            self.stdout.write(demo.logins())
            return
        self.stdout.write(f"Peragaan pengaduan: {demo.build()} baru")
