from typing import Any

from django.core.management.base import BaseCommand

from mpp_portal import crypto


class Command(BaseCommand):
    help = "Membuat kunci untuk data pribadi. Yang lama ditaruh di belakang yang baru, dipisahkan koma."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"MPP_KUNCI_DATA={crypto.new_key()}")
        self.stdout.write(f"MPP_KUNCI_SIDIK={crypto.new_key()}")
