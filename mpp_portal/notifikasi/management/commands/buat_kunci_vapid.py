from typing import Any

from django.core.management.base import BaseCommand

from mpp_portal.notifikasi import vapid


class Command(BaseCommand):
    help = "Membuat kunci untuk pemberitahuan di peramban; simpan sekali, kunci baru memutus semua peramban."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"KABAR_VAPID_KEY={vapid.new_key()}")
