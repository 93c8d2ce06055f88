"""Worklist and published reports: server time and queries with 100,000 reports stored, beside those with 100."""

from typing import Any

from .peralatan import percentile, queries, site

FEW, MANY, LIMIT = 100, 100_000, 100  # reports, reports, ms
WORDS = "loket tutup siang"


def main() -> dict[str, Any]:
    with site(processes=1):
        people, kode = furnish(FEW)
        few = {name: queries(*page) for name, page in pages(people, kode).items()}
        furnish_more(FEW + 1, MANY)
        pages_now = pages(people, kode)
        many = {name: queries(*page) for name, page in pages_now.items()}
        p95 = {name: round(percentile(*page), 1) for name, page in pages_now.items()}
    return {
        "ok": few == many and max(p95.values()) <= LIMIT,
        "reports": MANY,
        "limit_ms": LIMIT,
        "p95_ms": p95,
        "queries": many,
        "queries_with_100": few,
    }


def pages(people: dict[str, Any], kode: str) -> dict[str, tuple[Any, str]]:
    """Who asks for what, each with a client of their own."""
    from django.test import Client

    def at(name: str) -> Client:
        client = Client(SERVER_NAME="localhost", headers={"accept-language": "id"})
        if name:
            client.force_login(people[name])
        return client

    listing = "/pengaduan/publik/"
    return {
        "worklist_koordinator": (at("koordinator"), "/pengaduan/kerja/"),
        "worklist_penghubung": (at("penghubung.dukcapil"), "/pengaduan/kerja/"),
        "worklist_inspektorat": (at("inspektorat"), "/pengaduan/kerja/"),
        "figures": (at("koordinator"), f"/pengaduan/angka/?{period()}"),
        "staff_home": (at("koordinator"), "/petugas/"),
        "public_list": (at(""), listing),
        "public_search": (at(""), f"{listing}?q=siang+kode18x"),
        "public_search_nothing": (at(""), f"{listing}?q=siang+tidakada"),
        "public_late": (at(""), f"{listing}?keadaan=terlambat&mpp=kota-contoh"),
        "public_page_3": (at(""), f"{listing}?hal=3"),
        "public_report": (at(""), f"{listing}{kode}/"),
    }


def period() -> str:
    """The longest that may be asked for, until today."""
    from datetime import timedelta

    from django.utils import timezone

    until = timezone.now().date()
    return f"dari={until - timedelta(days=91)}&sampai={until}"


def furnish(n: int) -> tuple[dict[str, Any], str]:
    """The demo's people, one report of a whole life, and the first copies of it."""
    from mpp_portal.models import Pengguna
    from pengaduan.models import Laporan

    people = {row.username: row for row in Pengguna.objects.all()}
    furnish_more(1, n)
    return people, Laporan.objects.filter(published_at__isnull=False, gerai__isnull=False).latest("pk").kode


def furnish_more(first: int, last: int) -> None:
    """Copies of the demo's published report, 30 % of them open, half of them published, over a year."""
    from django.db import connection

    from pengaduan.models import Disposisi, Kata, Laporan, Tenggat

    whole = Laporan.objects.filter(status="selesai", published_at__isnull=False).earliest("pk")
    ended = "CASE WHEN g % 10 < 3 THEN NULL ELSE t.created_at - g * interval '5 minutes' + interval '4 days' END"
    with connection.cursor() as cursor:
        copy(cursor, Laporan, f"generate_series({first}, {last}) g", f"t.id = {whole.pk}", {
            "kode": "'MPP-2501-' || lpad(g::text, 6, '0')",
            "sidik_rahasia": "md5('s' || g) || md5('t' || g)", "kunci": "md5('k' || g) || md5('l' || g)",
            "created_at": "t.created_at - g * interval '5 minutes'", "ended_at": ended,
            "status": "CASE WHEN g % 10 < 3 THEN 'diproses' ELSE 'selesai' END",
            "published_at": "CASE WHEN g % 2 = 0 THEN t.published_at - g * interval '5 minutes' END",
            "kata_publik": f"'{WORDS} kode' || g % 50 || 'x ' || md5('w' || g)",
        })  # fmt: skip
        new = f"l.kode BETWEEN 'MPP-2501-{first:06d}' AND 'MPP-2501-{last:06d}'"
        office = Disposisi.objects.filter(gerai__instansi__slug="disdukcapil", penjawab__isnull=False).earliest("pk")
        copy(cursor, Disposisi, "pengaduan_laporan l", f"t.id = {office.pk} AND {new}", {
            "laporan_id": "l.id",
            "status": "CASE WHEN l.status = 'selesai' THEN 'ditanggapi' ELSE 'diproses' END",
        })  # fmt: skip
        split = "unnest(string_to_array(l.kata_publik, ' ')) AS kata"
        cursor.execute(
            f"INSERT INTO {Kata._meta.db_table} (laporan_id, kata) SELECT DISTINCT l.id, {split}"  # noqa: S608
            f" FROM pengaduan_laporan l WHERE l.published_at IS NOT NULL AND {new}"
        )
        for clock in Tenggat.objects.filter(laporan=whole, jenis__in=["verifikasi", "penyelesaian"]):
            copy(cursor, Tenggat, "pengaduan_laporan l", f"t.id = {clock.pk} AND {new}", {
                "laporan_id": "l.id", "mulai": "l.created_at", "dropped_at": "NULL",
                "due_at": "l.created_at + interval '20 days'", "jatuh": "(l.created_at + interval '19 days')::date",
                "met_at": "t.met_at" if clock.jenis == "verifikasi" else "l.ended_at",
            })  # fmt: skip
        Laporan.objects.filter(kode__startswith="MPP-2501-", next_due=None).open().note_next()
        cursor.execute("ANALYZE")


def copy(cursor: Any, model: Any, source: str, where: str, changed: dict[str, str]) -> None:
    """Insert one row of `model` for each of `source`, like the row `t` but for what is `changed`."""
    columns = [field.column for field in model._meta.concrete_fields if not field.primary_key]
    values = ", ".join(changed.get(column, f"t.{column}") for column in columns)
    table = model._meta.db_table
    into = f"INSERT INTO {table} ({', '.join(columns)})"
    cursor.execute(f"{into} SELECT {values} FROM {table} t, {source} WHERE {where}")  # noqa: S608
