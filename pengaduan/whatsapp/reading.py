"""From what the webhook put aside to reports: by the task that it asks for, and by beat where that was lost."""

import logging
import time
from collections import Counter

from django.utils import timezone

from . import actions
from .models import WhatsappMasuk

logger = logging.getLogger(__name__)
SECONDS = 2  # of beginning with another message; with the slowest file this stays under the task's time limit


def read_all() -> Counter[str]:
    """Returns how many were dealt with, and how many wait."""
    found: Counter[str] = Counter()
    end = time.monotonic() + SECONDS
    for pk in WhatsappMasuk.objects.due(timezone.now()).values_list("pk", flat=True)[:200]:
        if time.monotonic() > end:
            break
        row = WhatsappMasuk.objects.select_related("mpp__wilayah").filter(pk=pk, handled_at=None).first()
        if row and actions.claim(row):
            found["selesai" if _deal_with(row) else "menunggu"] += 1
    return found


def _deal_with(row: WhatsappMasuk) -> bool:
    try:
        return actions.take(row)
    except Exception as error:
        # One message that nobody can read must not keep the others: it waits as claimed, and the log names its row.
        logger.error("WhatsApp message %s failed: %s", row.pk, type(error).__name__)
        return False
