"""Read the mailboxes once, now."""

from typing import Any

from django.core.management.base import BaseCommand

from pengaduan.surel import reading


class Command(BaseCommand):
    help = "Membaca kotak surat pengaduan sekali, sekarang. / Reads the mailboxes of reports once, now."

    def handle(self, *args: Any, **options: Any) -> None:
        found = reading.read_all()
        self.stdout.write(
            f"{found['selesai']} surel selesai, {found['menunggu']} menunggu, {found['kotak']} kotak tidak terbaca."
        )
