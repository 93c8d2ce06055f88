"""Search and a service's page: server time and queries with 10,000 layanan, beside those with 100."""

import itertools
import time
from datetime import date
from typing import Any

from .peralatan import percentile, queries, site

FEW, MANY, LIMIT, REACH = 100, 10_000, 60, 10  # layanan, layanan, ms, queries
MALLS, OFFICES, EACH = 50, 20, 10  # new malls, gerai in each, layanan for each type
ADDED = ("baru", "hilang", "rusak", "perpanjangan", "perubahan data", "salinan")


def main() -> dict[str, Any]:
    from django.test import Client

    with site(processes=1):
        furnish(FEW)
        client = Client(SERVER_NAME="localhost", headers={"accept-language": "id"})
        few = {name: queries(client, path) for name, path in pages().items()}
        furnish(MANY)
        many = {name: queries(client, path) for name, path in pages().items()}
        p95 = {name: round(percentile(client, path), 1) for name, path in pages().items()}
        reading = read_again()
    no_more = all(many[name] <= few[name] for name in few)
    return {
        "ok": no_more and max(many.values()) <= REACH and max(p95.values()) <= LIMIT,
        "layanan": MANY,
        "limit_ms": LIMIT,
        "p95_ms": p95,
        "queries": many,
        "queries_with_100": few,
        "index_ms": round(reading),
    }


def pages() -> dict[str, str]:
    """A standard whose type is offered everywhere; words typed right, wrong, half, of a place, and in vain."""
    from layanan.models import Layanan

    return {
        "service": Layanan.objects.offered().earliest("pk").get_absolute_url(),
        "search": "/cari/?q=ktp+hilang",
        "search_misspelt": "/cari/?q=perpanjng+kartu+kluarga",
        "search_common": "/cari/?q=izin+usaha+baru",
        "search_place": "/cari/?q=surabaya",
        "search_nothing": "/cari/?q=zzyzx+qqwwe",
        "suggest": "/cari/saran/?q=per",
    }


def furnish(wanted: int) -> None:
    """As many layanan: in new malls, of types of every kind, a tenth as many, which are named like the known ones."""
    from layanan.models import Gerai, Instansi, JenisLayanan, Layanan, Mpp, Wilayah

    types = list(JenisLayanan.objects.order_by("pk"))
    named = itertools.product(types, ADDED)
    for row, added in itertools.islice(named, max(0, wanted // EACH - len(types))):
        types.append(JenisLayanan(slug=f"{row.slug}-{added.replace(' ', '-')}-{wanted}", nama=f"{row.nama} {added}",
                                  instansi=row.instansi, peristiwa_hidup=row.peristiwa_hidup))  # fmt: skip
    JenisLayanan.objects.bulk_create(row for row in types if row.pk is None)
    missing = wanted - Layanan.objects.offered().count()
    offices = list(Instansi.objects.order_by("pk")[:OFFICES])
    places = list(Wilayah.objects.filter(induk__isnull=False).order_by("pk")[:MALLS])
    malls = Mpp.objects.bulk_create(
        Mpp(slug=f"ukur-{wanted}-{n}", nama=f"MPP Ukur {n} {place.nama}", wilayah=place, aktif=True)
        for n, place in enumerate(places)
    )
    gerai = Gerai.objects.bulk_create(Gerai(mpp=mall, instansi=office) for mall in malls for office in offices)
    rounds = (divmod(n, len(gerai)) for n in range(max(0, missing)))
    Layanan.objects.bulk_create(
        Layanan(gerai=gerai[at], jenis=types[(at + 97 * n) % len(types)], ditinjau_pada=date(2026, 7, 1))
        for n, at in rounds
    )


def read_again() -> float:
    """How long a process reads the catalogue anew after a change, in ms; the first search after it waits so long."""
    from layanan import search

    begun = time.perf_counter()
    search._read(None)
    return (time.perf_counter() - begun) * 1000
