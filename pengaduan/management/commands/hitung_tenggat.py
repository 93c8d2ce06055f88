"""`manage.py hitung_tenggat MPP MULAI HARI`: the date some working days later, with every skipped day."""

from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.formats import date_format

from layanan.models import Mpp
from pengaduan.workdays import Workdays


class Command(BaseCommand):
    help = "Menghitung tanggal jatuh tempo beserta setiap hari yang dilewati."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("mpp", help="slug MPP, misalnya kota-contoh")
        parser.add_argument("mulai", help="waktu setempat, misalnya 2026-08-14T16:55")
        parser.add_argument("hari", type=int, help="jumlah hari kerja")

    def handle(self, *args: Any, **options: Any) -> None:
        mpp = Mpp.objects.select_related("wilayah").filter(slug=options["mpp"]).first()
        if mpp is None:
            raise CommandError(f"Tidak ada MPP dengan slug {options['mpp']}.")
        if not 1 <= options["hari"] <= 1000:
            raise CommandError("Jumlah hari kerja antara 1 dan 1000.")
        try:
            start = datetime.fromisoformat(options["mulai"])
        except ValueError:
            raise CommandError("Waktu mulai ditulis seperti 2026-08-14T16:55.") from None
        due = Workdays.of(mpp).due(start if start.tzinfo else start.replace(tzinfo=mpp.zone), options["hari"])
        self.stdout.write(f"{date_format(due.tanggal, 'l, j F Y')} ({mpp.zone_label})")
        for day in due.skipped:
            self.stdout.write(f"  {date_format(day.tanggal, 'l, j F Y')}: {day.reason}")
