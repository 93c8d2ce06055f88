from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from mpp_portal import cadangan


class Command(BaseCommand):
    help = "Mengembalikan basis data dan unggahan dari berkas manage.py cadangkan."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("berkas", type=Path)
        parser.add_argument("--kunci", type=Path, required=True, help="berkas berisi kunci rahasia AGE-SECRET-KEY-…")
        parser.add_argument(
            "--timpa", action="store_true", help="juga bila basis data sudah berisi atau sedang dipakai"
        )

    def handle(self, *args: Any, berkas: Path, kunci: Path, timpa: bool, **options: Any) -> None:
        try:
            done, other = cadangan.restore(berkas, kunci.read_text(), over=timpa)
        except (OSError, cadangan.Failed) as failed:
            raise CommandError(str(failed)) from failed
        self.stdout.write(
            f"Dipulihkan dari {done.path.name}: {done.files} unggahan, {done.seconds:.1f} detik."
            " Jalankan bin/serve --siapkan, lalu hidupkan situsnya."
        )
        if other:
            self.stdout.write(f"Kunci yang lain dari yang kini disetel: {', '.join(other)}. Lihat kunci-pulih.env.")
