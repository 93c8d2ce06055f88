"""What the portal asks of PostgreSQL itself."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from antrean import hall
from antrean.models import Cetakan, Tiket
from antrean.states import AKTIF, DI_LOKET
from mpp_portal.notifikasi.models import Pesan
from mpp_portal.rows import WordField
from tests import factories


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("rows", "index"),
    [
        (lambda: Tiket.objects.filter(loket=1, status__in=DI_LOKET), "tiket_satu_per_loket"),
        (lambda: Tiket.objects.filter(sesi=1, status="menunggu").order_by("giliran_pada"), "tiket_menunggu"),
        (lambda: Tiket.objects.filter(sesi=1, kunjungan=1, status__in=AKTIF), "tiket_satu_aktif_per_antrean"),
        (lambda: Tiket.objects.filter(cetak="ditunggu").order_by("created_at"), "tiket_karcis_ditunggu"),
        (lambda: Cetakan.objects.filter(pencetak=1, status="menunggu").order_by("id"), "cetakan_menunggu"),
        (lambda: Pesan.objects.filter(subjek="x", status__in=["menunggu", "dikirim"]), "pesan_belum_terkirim"),
    ],
    ids=["loket", "menunggu", "aktif", "karcis", "cetakan", "pesan"],
)  # fmt: skip
@pytest.mark.django_db
def test_a_plan_for_any_values_still_uses_the_index_of_few_rows(rows, index):
    """Otherwise a prepared statement would read every ticket that there ever was, after five runs."""
    assert index in plan_for_any(*rows().query.sql_with_params())


@pytest.mark.postgres
@pytest.mark.django_db
def test_a_display_reads_the_last_calls_of_its_mall_alone():
    """Not all calls that there ever were, to find those of today: in the morning there are none yet."""
    with CaptureQueriesContext(connection) as asked:
        hall.screen(factories.Mpp(), now=timezone.now())
    calls = next(query["sql"] for query in asked if "tiket.label" in query["sql"] and "call.urut" in query["sql"])
    plan = plan_for_any(re.sub(r"mpp_id = \d+", "mpp_id = %s", calls), ("1",))
    assert re.search(r"Limit .*\n *->  Index Scan Backward using panggilan_urut_unik_per_mpp", plan)


def plan_for_any(sql, params):
    """The plan that PostgreSQL makes once for any parameters."""
    for n in range(len(params)):
        sql = sql.replace("%s", f"${n + 1}", 1)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        for way in ("seqscan", "bitmapscan", "sort"):  # the tables are empty: any of them would be cheap
            cursor.execute(f"SET LOCAL enable_{way} = off")
        cursor.execute(f"PREPARE any_values AS {sql}")
        try:
            values = ", ".join(f"'{param}'" for param in params)
            cursor.execute(f"EXPLAIN EXECUTE any_values({values})" if params else "EXPLAIN EXECUTE any_values")
            return "\n".join(line for (line,) in cursor.fetchall())
        finally:
            cursor.execute("DEALLOCATE any_values")


def test_only_known_words_are_written_into_a_statement():
    for word in ("menunggu' OR 1=1 --", "me nunggu", "", "ménunggu"):
        sql, params = Tiket.objects.filter(status=word).query.sql_with_params()
        assert params == (word,)
        assert word not in sql or not word
    sql, params = Tiket.objects.filter(status__in=["menunggu", "batal"]).query.sql_with_params()
    assert sql.endswith("IN ('menunggu', 'batal')")
    assert params == ()
    assert isinstance(Tiket._meta.get_field("status"), WordField)
