"""Published reports that sound like one that is about to be sent."""

from datetime import timedelta

from django.utils import timezone
from rapidfuzz import fuzz, process

from layanan.models import Mpp

from .models import Laporan

RECENT = timedelta(days=90)
LOOKED_AT, SHOWN, ALIKE = 500, 3, 55


def to(judul: str, isi: str, mpp: Mpp) -> list[Laporan]:
    """At most three of this mall, the most alike first; in one query."""
    rows = Laporan.objects.public().filter(mpp=mpp, published_at__gte=timezone.now() - RECENT)
    recent = {row.pk: row for row in rows.order_by("-published_at")[:LOOKED_AT]}
    words = {pk: row.kata_publik for pk, row in recent.items()}
    found = process.extract(
        f"{judul} {isi}".lower(), words, scorer=fuzz.token_set_ratio, score_cutoff=ALIKE, limit=SHOWN
    )
    return [recent[pk] for _words, _score, pk in found]
