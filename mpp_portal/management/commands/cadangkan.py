from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from mpp_portal import cadangan, gudang


class Command(BaseCommand):
    help = "Menulis berkas tersandi berisi basis data, unggahan, dan kunci; yang lama dihapus menurut CADANGAN_SIMPAN."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--folder", type=Path, default=settings.CADANGAN_FOLDER, help="tempat menyimpan")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        if not settings.CADANGAN_KUNCI:
            raise CommandError("Setel CADANGAN_KUNCI: buat dengan manage.py buat_kunci_cadangan.")
        try:
            done = cadangan.make(folder, settings.CADANGAN_KUNCI)
        except cadangan.Failed as failed:
            raise CommandError(str(failed)) from failed
        deleted = cadangan.forget(folder, settings.CADANGAN_SIMPAN)
        self.stdout.write(
            f"{done.path}: {done.size / 1e6:.1f} MB, {done.files} unggahan, {done.seconds:.1f} detik;"
            f" {len(deleted)} cadangan lama dihapus."
        )
        if settings.CADANGAN_S3:
            self._send(folder)

    def _send(self, folder: Path) -> None:
        try:
            sent = gudang.send_missing(cadangan.written(folder))
        except gudang.Failed as failed:
            raise CommandError(f"Cadangan ini ada di {folder}, tetapi tidak sampai di S3: {failed}") from failed
        self.stdout.write(f"Dikirim ke S3: {', '.join(sent)}.")
