"""Working days: what counts, what does not, and that every skipped day says why."""

from datetime import date, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from pengaduan.models import KebijakanTenggat
from pengaduan.workdays import Workdays
from tests import factories
from tests.client import PageClient

pytestmark = pytest.mark.django_db
FRIDAY = "2026-08-14T16:55"


@pytest.fixture
def mpp():
    factories.HariLibur(nama_en="Independence Day")  # Monday 17 August 2026
    return factories.Mpp(slug="kota-uji")


def due(mpp, when, days, pauses=()):
    def at(text):
        return datetime.fromisoformat(text).replace(tzinfo=mpp.zone)

    return Workdays.of(mpp).due(at(when), days, [(at(a), at(b)) for a, b in pauses])


def test_friday_afternoon_before_a_long_weekend(mpp):
    found = due(mpp, FRIDAY, 1)
    assert found.tanggal == date(2026, 8, 18)
    assert found.at == datetime(2026, 8, 19, tzinfo=mpp.zone)
    assert [(day.tanggal.day, day.reason) for day in found.skipped] == [
        (15, "akhir pekan"), (16, "akhir pekan"), (17, "Hari Kemerdekaan")]  # fmt: skip
    with translation.override("en"):
        assert [day.reason for day in found.skipped] == ["weekend", "weekend", "Independence Day"]


@pytest.mark.parametrize("when", ["2026-08-14T00:00", "2026-08-14T23:59", "2026-08-15T12:00", "2026-08-17T09:00"])
def test_the_hour_of_the_start_changes_nothing_and_a_free_day_starts_like_the_day_before(mpp, when):
    assert due(mpp, when, 1).tanggal == date(2026, 8, 18)


def test_a_day_begins_in_the_zone_of_the_mall():
    """22.30 WIB on Friday is 00.30 WIT on Saturday: Monday is day one in both, but Thursday 22.30 differs."""
    at = datetime.fromisoformat("2026-08-06T22:30+07:00")  # a Thursday
    found = {zona: Workdays.of(factories.Mpp(zona=zona)).due(at, 1).tanggal.day
             for zona in ("Asia/Jakarta", "Asia/Jayapura")}  # fmt: skip
    assert found == {"Asia/Jakarta": 7, "Asia/Jayapura": 10}


def test_a_pause_takes_out_every_day_it_touches(mpp):
    plain, paused = (
        due(mpp, "2026-08-03T09:00", 3),
        due(mpp, "2026-08-03T09:00", 3, [("2026-08-06T15:00", "2026-08-10T08:00")]),
    )
    assert plain.tanggal == date(2026, 8, 6)
    assert paused.tanggal == date(2026, 8, 11)  # asked on the last day: there is a day to act after the answer
    pause, weekend = "jeda: menunggu pelapor", "akhir pekan"
    assert [day.reason for day in paused.skipped] == [pause, pause, weekend, weekend, pause]


def test_a_local_holiday_counts_for_its_mall_only_and_an_open_hall_makes_no_working_day(mpp):
    factories.HariLibur(tanggal=date(2026, 8, 18), nama="Hari jadi kota", mpp=mpp)
    factories.HariLibur(tanggal=date(2026, 8, 17), nama="Tetap buka", mpp=mpp, tetap_buka=True)
    assert due(mpp, FRIDAY, 1).tanggal == date(2026, 8, 19)
    assert due(factories.Mpp(), FRIDAY, 1).tanggal == date(2026, 8, 18)


def test_a_year_that_is_not_announced_is_estimated_and_an_announced_one_is_not(mpp):
    assert [day.nama for day in due(mpp, "2027-12-23T09:00", 1).skipped][:1] != []
    factories.HariLibur(tanggal=date(2027, 1, 1), nama="Tahun Baru")
    assert due(mpp, "2027-12-23T09:00", 1).tanggal == date(2027, 12, 24)


def test_days_left(mpp):
    workdays = Workdays.of(mpp)
    now = datetime(2026, 8, 14, 9, tzinfo=mpp.zone)
    assert [workdays.left(now, date(2026, 8, day)) for day in (12, 13, 14, 17, 18, 19)] == [-2, -1, 0, 0, 1, 2]


def test_shipped_figures_name_their_source_and_a_newer_row_holds_from_its_day_on():
    figures = {
        (row.jenis, row.klasifikasi): row.hari_kerja for row in KebijakanTenggat.objects.in_force(date(2026, 1, 1))
    }
    assert figures == {
        ("verifikasi", ""): 3, ("tindak_lanjut", ""): 5, ("hening", ""): 10, ("kelengkapan", ""): 10,
        ("peninjauan", ""): 3, ("penyelesaian", "permintaan_informasi"): 5,
        ("penyelesaian", "tidak_berkadar"): 14, ("penyelesaian", "berkadar"): 60,
    }  # fmt: skip
    assert all("diperiksa sebelum diluncurkan" in row.sumber for row in KebijakanTenggat.objects.all())
    newer = factories.KebijakanTenggat()
    of = KebijakanTenggat.objects.of
    assert [of("verifikasi", on=date(year, 1, 1)).hari_kerja for year in (2026, 2027)] == [3, newer.hari_kerja]
    with pytest.raises(KebijakanTenggat.DoesNotExist):
        of("verifikasi", on=date(2019, 12, 31))


def test_the_calculator_names_every_skipped_day(mpp):
    rule = KebijakanTenggat.objects.get(jenis="verifikasi")
    asked = {"mpp": mpp.slug, "aturan": rule.pk, "tanggal": "2026-08-14", "jam": "16:55"}
    page = PageClient().get("/pengaduan/hitung-tenggat/", asked).content.decode()
    assert "Paling lambat Kamis, 20 Agustus 2026" in page
    assert "Senin, 17 Agustus 2026: Hari Kemerdekaan" in page
    assert "PermenPANRB 5/2025" in page
    page = PageClient().get("/en/pengaduan/hitung-tenggat/", asked).content.decode()
    assert "Monday, 17 August 2026: Independence Day" in page


@pytest.mark.parametrize(("given", "sentence"), [
    ({"tanggal": ""}, "Pilih tanggal mulainya."),
    ({"tanggal": "besok"}, "Tulis tanggal seperti 2026-08-14."),
    ({"tanggal": "9999-12-31"}, "Pilih tanggal antara tahun 2020 dan 2100."),
    ({"tanggal": "2026-08-14", "jam": "sore"}, "Tulis jam seperti 16:55."),
])  # fmt: skip
def test_what_cannot_be_counted_gets_a_sentence_and_stays(mpp, given, sentence):
    rule = KebijakanTenggat.objects.get(jenis="verifikasi")
    answer = PageClient().get("/pengaduan/hitung-tenggat/", {"mpp": mpp.slug, "aturan": rule.pk} | given)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert sentence in page
    assert "Paling lambat" not in page


def test_without_a_mall_the_calculator_says_so():
    assert "Belum ada MPP" in PageClient().get("/pengaduan/hitung-tenggat/").content.decode()


def test_the_command_prints_the_same(mpp):
    out = StringIO()
    call_command("hitung_tenggat", "kota-uji", FRIDAY, "1", stdout=out)
    assert out.getvalue().splitlines() == [
        "Selasa, 18 Agustus 2026 (WITA)", "  Sabtu, 15 Agustus 2026: akhir pekan",
        "  Minggu, 16 Agustus 2026: akhir pekan", "  Senin, 17 Agustus 2026: Hari Kemerdekaan"]  # fmt: skip
    for wrong in (["lain", FRIDAY, "1"], ["kota-uji", "besok", "1"], ["kota-uji", FRIDAY, "0"]):
        with pytest.raises(CommandError):
            call_command("hitung_tenggat", *wrong)
