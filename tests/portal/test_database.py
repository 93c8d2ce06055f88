"""What the portal asks of PostgreSQL itself."""

import pytest
from django.db import connection

from antrean.models import Cetakan, Tiket
from antrean.states import AKTIF, DI_LOKET
from mpp_portal.notifikasi.models import Pesan
from mpp_portal.rows import WordField


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
    sql, params = rows().query.sql_with_params()
    for n in range(len(params)):
        sql = sql.replace("%s", f"${n + 1}", 1)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        cursor.execute("SET LOCAL enable_seqscan = off")  # the tables are empty: reading them whole would be cheap
        cursor.execute(f"PREPARE any_values AS {sql}")
        try:
            values = ", ".join(f"'{param}'" for param in params)
            cursor.execute(f"EXPLAIN EXECUTE any_values({values})" if params else "EXPLAIN EXECUTE any_values")
            plan = "\n".join(line for (line,) in cursor.fetchall())
        finally:
            cursor.execute("DEALLOCATE any_values")
    assert index in plan


def test_only_known_words_are_written_into_a_statement():
    for word in ("menunggu' OR 1=1 --", "me nunggu", "", "ménunggu"):
        sql, params = Tiket.objects.filter(status=word).query.sql_with_params()
        assert params == (word,)
        assert word not in sql or not word
    sql, params = Tiket.objects.filter(status__in=["menunggu", "batal"]).query.sql_with_params()
    assert sql.endswith("IN ('menunggu', 'batal')")
    assert params == ()
    assert isinstance(Tiket._meta.get_field("status"), WordField)
