"""`manage.py muat_demo`: two invented malls and the people who work there, for the demo only."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from antrean.demo import build
from antrean.demo.people import PASSWORD, PEOPLE
from layanan.models import JenisLayanan


class Command(BaseCommand):
    help = "Memuat dua MPP rekaan beserta petugasnya untuk peragaan. Boleh diulang kapan saja."
    requires_system_checks = []  # the demo starts in seconds: bin/check does the checking

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--logins", action="store_true", help="hanya cetak daftar akun peragaan")
        parser.add_argument("--buka", action="store_true", help="buka kedua MPP sepanjang hari ini dan besok")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(
                "muat_demo hanya untuk peragaan: jalankan dengan MPP_DEMO=1, jangan di tempat sungguhan."
            )
        if options["logins"]:
            self.stdout.write(logins())
            return
        if not JenisLayanan.objects.exists():
            raise CommandError("Daftar nasional belum dimuat: jalankan manage.py muat_data lebih dahulu.")
        added = build.build()
        opened = build.open_now() if options["buka"] else 0
        if options["verbosity"]:
            self.stdout.write(f"Peragaan: {added} baru, {opened} hari dibuka")


def logins() -> str:
    """The table that bin/run prints: address, name to log in with, and what to try there."""
    rows = [("Alamat", "Nama pengguna", "Coba")]
    rows += [(person.path, person.username, person.try_this) for person in PEOPLE]
    wide = [max(len(row[column]) for row in rows) for column in range(2)]
    lines = [f"  {path:<{wide[0]}}  {username:<{wide[1]}}  {what}" for path, username, what in rows]
    return "\n".join([f"Warga tidak perlu masuk. Kata sandi semua akun peragaan: {PASSWORD}", "", *lines])
