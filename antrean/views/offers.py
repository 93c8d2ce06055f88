"""A mall's services by the line one stands in for them: for a phone in the hall and for the information desk."""

from collections import defaultdict
from dataclasses import dataclass

from layanan import search
from layanan.models import Gerai, Layanan, Mpp

from .. import lines

FOUND = 100  # types looked for in a mall; more than any mall offers of one word


@dataclass(frozen=True)
class Offer:
    """Services of one gerai that share a line; `line` is None for those that have none."""

    gerai: Gerai
    line: lines.Line | None
    layanan: list[Layanan]


def by_gerai(mpp: Mpp, sought: str = "") -> list[Offer]:
    """In the order of the floors. With `sought`, only services that these words may mean."""
    known = {line.antrean.pk: line for line in lines.of_mpp(mpp)}
    rows = Layanan.objects.offered().filter(gerai__mpp=mpp).select_related("jenis", "gerai__instansi")
    if sought:
        rows = rows.filter(jenis__in=search.types(sought, FOUND))
    grouped: dict[tuple[int, int | None], list[Layanan]] = defaultdict(list)
    rows = rows.order_by("gerai__lantai", "gerai__instansi__singkatan", "jenis__nama")
    for layanan in rows.prefetch_related("antrean"):
        layanan.gerai.mpp = mpp
        own = [known[antrean.pk] for antrean in layanan.antrean.all() if antrean.pk in known]
        line = min(own, key=lambda line: (not line.numbered, line.antrean.huruf), default=None)
        grouped[layanan.gerai_id, line.antrean.pk if line else None].append(layanan)
    return [Offer(rows[0].gerai, known.get(line or 0), rows) for (_gerai, line), rows in grouped.items()]
