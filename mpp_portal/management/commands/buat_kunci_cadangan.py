from typing import Any

import pyrage
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Membuat sepasang kunci cadangan: yang umum untuk server, yang rahasia untuk disimpan di luar server."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        identity = pyrage.x25519.Identity.generate()
        self.stdout.write(f"CADANGAN_KUNCI={identity.to_public()}")
        self.stdout.write(f"Simpan di luar server, tanpanya cadangan tidak dapat dibuka: {identity}")
