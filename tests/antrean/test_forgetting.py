"""Long after the day, nobody can say who booked; how many booked, came and did not come stays countable."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from antrean import actions
from antrean.models import DaftarTunggu, Pemesanan
from tests import factories

pytestmark = pytest.mark.django_db
PERSONAL = ("nama", "kontak", "nik", "sidik_kontak", "prioritas")


@pytest.fixture
def old(settings):
    """Two people who came on the same day for the same layanan, one who did not, one who waited in vain."""
    settings.PEMESANAN_SIMPAN_HARI = 30
    slot = factories.Slot(mulai=timezone.now() - timedelta(days=32), kapasitas=9)
    layanan = factories.Layanan(gerai=slot.antrean.gerai)
    rows = [factories.Pemesanan(slot=slot, layanan=layanan, nik="7471010101900000") for _ in range(3)]
    for row in rows[:2]:
        tiket = factories.Tiket(kunjungan=row.kunjungan, antrean=slot.antrean)
        Pemesanan.objects.filter(pk=row.pk).update(status="hadir", tiket=tiket)
    Pemesanan.objects.filter(pk=rows[2].pk).update(status="hangus", ended_at=slot.selesai)
    factories.DaftarTunggu(
        antrean=slot.antrean, layanan=layanan, tanggal=slot.tanggal, status="hangus", ended_at=slot.mulai
    )
    return rows


def known() -> int:
    return sum(
        any(getattr(row, name) for name in PERSONAL) for row in (*Pemesanan.objects.all(), *DaftarTunggu.objects.all())
    )


def test_who_they_were_is_forgotten_and_what_they_did_is_not(old):
    recent = factories.Pemesanan()
    assert actions.forget() == {"pemesanan": 3, "daftar tunggu": 1, "kode jadwal": 0}
    assert actions.forget() == {"pemesanan": 0, "daftar tunggu": 0, "kode jadwal": 0}
    assert known() == 1
    recent.refresh_from_db()
    assert recent.nama == "Sari Contoh"
    left = Pemesanan.objects.exclude(pk=recent.pk).order_by("pk")
    assert list(left.values_list("status", flat=True)) == ["hadir", "hadir", "hangus"]
    assert left.values("orang").distinct().count() == 3
    assert not left.filter(orang__in=[row.orang for row in old]).exists()


def test_a_dry_run_counts_and_changes_nothing(old):
    said = StringIO()
    call_command("rapikan_pemesanan", "--coba", stdout=said)
    assert said.getvalue().strip() == "Akan dikosongkan: 3 pemesanan, 1 daftar tunggu, 0 kode jadwal."
    assert known() == 4
    call_command("rapikan_pemesanan", stdout=said)
    assert "Dikosongkan: 3 pemesanan, 1 daftar tunggu, 0 kode jadwal." in said.getvalue()
    assert known() == 0


def test_the_last_day_that_is_kept_is_kept(old, settings):
    settings.PEMESANAN_SIMPAN_HARI = 33
    assert actions.forget() == {"pemesanan": 0, "daftar tunggu": 0, "kode jadwal": 0}


def test_what_is_still_booked_lapses_first(old):
    Pemesanan.objects.filter(pk=old[2].pk).update(status="dipesan", ended_at=None)
    assert actions.forget()["pemesanan"] == 2
    actions.lapse_bookings()
    assert actions.forget()["pemesanan"] == 1


def test_the_page_of_a_forgotten_visit_still_opens(old):
    actions.forget()
    for row in old:
        page = Client().get(row.kunjungan.get_absolute_url())
        assert (page.status_code, "Sari Contoh" in page.content.decode()) == (200, False)
