"""Deal with the messages that wait, now."""

from typing import Any

from django.core.management.base import BaseCommand

from pengaduan.whatsapp import reading
from pengaduan.whatsapp.models import WhatsappMasuk


class Command(BaseCommand):
    help = "Mengerjakan pesan WhatsApp yang menunggu, sekarang. / Deals with the WhatsApp messages that wait, now."

    def handle(self, *args: Any, **options: Any) -> None:
        found = reading.read_all()
        left = WhatsappMasuk.objects.filter(handled_at=None).count()
        self.stdout.write(f"{found['selesai']} pesan selesai, {left} menunggu.")
