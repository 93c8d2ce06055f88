"""Two koordinator import the same table in the same instant; the first transaction is held open meanwhile."""

from datetime import date

import pytest

from pengaduan.models import Laporan
from pengaduan.sp4n import actions, sending
from pengaduan.sp4n.models import Rujukan
from pengaduan.sp4n.sheets import Row
from tests.antrean.test_races import together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.postgres
def test_the_same_table_twice_at_once_is_taken_once(meja):
    row = Row(2, "2026-11-20", "8812345", "Warga Contoh", "Antrean dipanggil dua kali", "", "", "Dari aplikasi")
    first, second = together(
        *(
            lambda by=by: actions.take(meja.mpp, [row], date(2026, 11, 20), by=by)
            for by in (meja.koordinator, meja.rekan)
        )
    )
    assert [one.nasib for one in (*first, *second)] == ["baru", "sama"]
    assert Laporan.objects.count() == 1


@pytest.mark.postgres
def test_a_tracking_id_comes_back_while_a_table_names_the_same_report(meja):
    laporan = meja.routed()
    row = Row(2, "2026-11-23", "8812345", "", laporan.judul, "Disdukcapil", "", laporan.kode)
    _taken, noted = together(
        lambda: actions.take(meja.mpp, [row], meja.mpp.today(), by=meja.koordinator),
        lambda: sending._note(laporan, "8812345"),
    )
    assert noted is None  # and not an error of the database
    assert Rujukan.objects.get().stakeholder == "Disdukcapil"
