"""Open or closed: the four answers, for the hours of an ordinary mall and what may lie over them.

The week of the tests: Monday 23 to Sunday 29 November 2026. The mall is in WITA unless a test says otherwise.
"""

from datetime import date, datetime, time, timedelta

import pytest
from django.utils.translation import override

from layanan.models import JamBuka
from layanan.opening import calendar, calendars
from tests import factories

pytestmark = pytest.mark.django_db

SINCE = datetime.fromisoformat("2026-01-01T00:00+08:00")
LEAD = timedelta(hours=1)
JUMAT = JamBuka.Hari.JUMAT


@pytest.fixture
def mall():
    """Monday to Thursday 08.00–15.30 with a break at noon, Friday until 15.00 with the prayer; no weekend."""
    factories.HariLibur(tanggal=date(2026, 1, 1), nama="Tahun Baru Masehi")
    mpp = factories.Mpp()
    for hari in range(4):
        factories.JamBuka(mpp=mpp, hari=hari)
    factories.JamBuka(mpp=mpp, hari=JUMAT, tutup=time(15), istirahat_mulai=time(11, 30))
    return mpp


def at(day: int, clock: str = "09.00", month: int = 11, year: int = 2026, zone: str = "+08:00") -> datetime:
    return datetime.fromisoformat(f"{year}-{month:02}-{day:02}T{clock.replace('.', ':')}{zone}")


def of(mpp):
    return calendars(mpp, since=SINCE)[None]


def told(answer):
    return answer.yes, answer.reason, answer.changes_at


def test_the_hall_is_open_through_the_break_and_the_loket_are_not(mall):
    hours = of(mall)
    assert told(hours.hall(at(23, "12.30"))) == (True, "Buka", at(23, "15.30"))
    assert told(hours.serving(at(23, "12.30"))) == (False, "Istirahat sampai pukul 13.00", at(23, "13.00"))
    assert told(hours.serving(at(23, "11.59"))) == (True, "Buka", at(23, "12.00"))
    assert told(hours.serving(at(23, "13.00"))) == (True, "Buka", at(23, "15.30"))
    assert hours.numbers(at(23, "12.30"), lead=LEAD).yes is True
    assert hours.bookable(at(23, "12.30"), now=at(22)).yes is False
    assert hours.bookable(at(23, "13.30"), now=at(22)).yes is True


def test_friday_rests_for_the_prayer(mall):
    answer = of(mall).serving(at(27, "12.00"))
    assert told(answer) == (False, "Istirahat dan salat Jumat sampai pukul 13.00", at(27, "13.00"))


def test_before_opening_after_closing_and_on_a_day_without_hours(mall):
    hours = of(mall)
    assert told(hours.hall(at(23, "07.59"))) == (False, "Belum buka", at(23, "08.00"))
    assert told(hours.hall(at(23, "15.30"))) == (False, "Sudah tutup hari ini", at(24, "08.00"))
    assert told(hours.hall(at(28, "10.00"))) == (False, "Tutup pada hari Sabtu", at(30, "08.00"))


def test_a_mall_without_any_hours_says_so_and_promises_no_opening():
    answer = of(factories.Mpp()).hall(at(23))
    assert told(answer) == (False, "Jam buka belum diisi, tanyakan kepada petugas informasi", None)


def test_a_holiday_and_a_cuti_bersama_close_the_mall(mall):
    factories.HariLibur(tanggal=date(2026, 11, 24), nama="Hari Uji")
    factories.HariLibur(tanggal=date(2026, 11, 25), nama="Cuti Bersama Hari Uji", jenis="cuti_bersama")
    hours = of(mall)
    assert told(hours.hall(at(24))) == (False, "Tutup: Hari Uji", at(26, "08.00"))
    assert told(hours.hall(at(25))) == (False, "Tutup: Cuti Bersama Hari Uji", at(26, "08.00"))


def test_one_mall_stays_open_on_a_holiday_and_another_has_one_of_its_own(mall):
    other = factories.Mpp()
    for mpp in (mall, other):
        factories.HariLibur(tanggal=date(2026, 11, 24 if mpp == mall else 26), mpp=mpp, nama="Hari Jadi Kota",
                            jenis="libur_daerah", tetap_buka=mpp == mall)  # fmt: skip
    factories.JamBuka(mpp=other, hari=JamBuka.Hari.KAMIS)
    factories.HariLibur(tanggal=date(2026, 11, 24), nama="Hari Uji")
    assert of(mall).hall(at(24)).yes is True
    assert of(mall).hall(at(26)).yes is True
    assert told(of(other).hall(at(26))) == (False, "Tutup: Hari Jadi Kota", at(3, "08.00", month=12))


def test_ramadan_hours_hold_for_their_dates_but_not_on_a_holiday(mall):
    dates = {"musim": "ramadan", "dari": date(2026, 11, 23), "sampai": date(2026, 11, 25), "keterangan": "Jam Ramadan"}
    for hari in range(3):
        factories.JamBuka(mpp=mall, hari=hari, buka=time(8, 30), tutup=time(14), **dates)
    factories.HariLibur(tanggal=date(2026, 11, 25), nama="Hari Uji")
    hours = of(mall)
    assert told(hours.hall(at(23, "09.00"))) == (True, "Jam Ramadan", at(23, "14.00"))
    assert hours.hall(at(24, "08.15")).yes is False
    assert hours.hall(at(25)).reason == "Tutup: Hari Uji"
    assert told(hours.hall(at(26, "08.15"))) == (True, "Buka", at(26, "15.30"))


def test_a_special_date_beats_a_holiday_ramadan_and_a_closed_saturday(mall):
    saturday = date(2026, 11, 28)
    factories.HariLibur(tanggal=saturday, nama="Hari Uji")
    factories.JamBuka(mpp=mall, hari=5, musim="ramadan", dari=saturday, sampai=saturday)
    factories.JamBuka(mpp=mall, hari=5, musim="khusus", dari=saturday, sampai=saturday, buka=time(9), tutup=time(14),
                      keterangan="Pelayanan akhir pekan")  # fmt: skip
    assert told(of(mall).hall(at(28, "13.30"))) == (True, "Pelayanan akhir pekan", at(28, "14.00"))


def test_a_gerai_may_differ_from_its_mall_and_another_follows_it(mall):
    court, police = factories.Gerai(mpp=mall), factories.Gerai(mpp=mall)
    factories.JamBuka(mpp=None, gerai=court, buka=time(9), tutup=time(14))
    known = calendars(mall, [court, police], since=SINCE)
    assert known[court.pk].hall(at(23, "08.30")).yes is False
    assert known[court.pk].hall(at(24)).reason == "Tutup pada hari Selasa"  # its own week replaces the mall's
    assert known[police.pk].hall(at(23, "08.30")).yes is True
    assert known[None].hall(at(23, "08.30")).yes is True


def test_ramadan_hours_of_the_mall_hold_for_a_gerai_with_its_own_week(mall):
    court = factories.Gerai(mpp=mall)
    factories.JamBuka(mpp=None, gerai=court, buka=time(9), tutup=time(14))
    monday = date(2026, 11, 23)
    factories.JamBuka(mpp=mall, musim="ramadan", dari=monday, sampai=monday, buka=time(8), tutup=time(15))
    assert calendar(court, since=SINCE).hall(at(23, "08.30")).yes is True


def test_a_special_date_of_a_gerai_beats_that_of_its_mall(mall):
    court = factories.Gerai(mpp=mall)
    day = {"musim": "khusus", "dari": date(2026, 11, 23), "sampai": date(2026, 11, 23)}
    factories.JamBuka(mpp=mall, **day, buka=time(7), tutup=time(17))
    factories.JamBuka(mpp=None, gerai=court, **day, buka=time(9), tutup=time(14))
    known = calendars(mall, [court], since=SINCE)
    assert (known[None].hall(at(23, "07.30")).yes, known[court.pk].hall(at(23, "07.30")).yes) == (True, False)


def test_a_closure_reaches_as_far_as_its_target(mall):
    police, court = factories.Gerai(mpp=mall), factories.Gerai(mpp=mall)
    licence, clearance = factories.Layanan(gerai=police), factories.Layanan(gerai=police)
    day = {"mulai": at(23, "00.00"), "mpp": None}
    factories.Penutupan(**day, layanan=licence, alasan="Alat rusak")
    assert calendar(police, licence, SINCE).hall(at(23)).reason == "Alat rusak"
    assert calendar(police, clearance, SINCE).hall(at(23)).yes is True
    factories.Penutupan(**day, gerai=police, alasan="Rapat")
    known = calendars(mall, [police, court], since=SINCE)
    assert known[police.pk].hall(at(23)).reason == "Rapat"
    assert (known[court.pk].hall(at(23)).yes, known[None].hall(at(23)).yes) == (True, True)
    factories.Penutupan(mulai=at(23, "00.00"), mpp=mall, alasan="Banjir")
    assert calendars(mall, [court], since=SINCE)[court.pk].hall(at(23)).reason == "Banjir"


def test_a_closure_for_part_of_the_day_beats_even_a_special_date(mall):
    monday = date(2026, 11, 23)
    factories.JamBuka(
        mpp=mall, musim="khusus", dari=monday, sampai=monday, istirahat_mulai=None, istirahat_selesai=None
    )
    factories.Penutupan(mpp=mall, mulai=at(23, "10.00"), selesai=at(23, "11.00"))
    hours = of(mall)
    assert told(hours.hall(at(23, "09.00"))) == (True, "Buka", at(23, "10.00"))
    assert told(hours.hall(at(23, "10.30"))) == (False, "Listrik padam", at(23, "11.00"))
    assert told(hours.numbers(at(23, "10.30"), lead=LEAD)) == (False, "Listrik padam", at(23, "11.00"))
    assert told(hours.numbers(at(23, "09.30"), lead=LEAD)) == (True, "Nomor dibagikan", at(23, "10.00"))
    assert hours.after(at(23, "09.50"), 20) == at(23, "11.10")


def test_a_closure_that_ends_in_the_break_is_followed_by_the_break(mall):
    factories.Penutupan(mpp=mall, mulai=at(23, "07.00"), selesai=at(23, "12.30"))
    hours = of(mall)
    assert told(hours.hall(at(23, "10.00"))) == (False, "Listrik padam", at(23, "12.30"))
    assert told(hours.serving(at(23, "10.00"))) == (False, "Listrik padam", at(23, "13.00"))
    assert hours.serving(at(23, "12.45")).reason == "Istirahat sampai pukul 13.00"


def test_a_late_opening_and_an_early_end_are_told_on_the_malls_clock(mall):
    factories.Penutupan(mpp=mall, mulai=at(22, "20.00"), selesai=at(23, "09.30"))
    factories.Penutupan(mpp=mall, mulai=at(23, "14.00"), selesai=at(23, "20.00"))
    day = of(mall).day(date(2026, 11, 23))
    assert [f"{span.start:%H.%M}–{span.end:%H.%M}" for span in day.open] == ["09.30–14.00"]
    assert day.giving(LEAD)[0].start == at(23, "09.30")


def test_two_zones_answer_differently_at_the_same_instant(mall):
    west = factories.Mpp(zona="Asia/Jakarta")
    factories.JamBuka(mpp=west)
    instant = at(23, "15.00", zone="+08:00")  # 14.00 WIB
    assert of(mall).hall(instant).changes_at == at(23, "15.30", zone="+08:00")
    assert of(west).hall(instant).changes_at == at(23, "15.30", zone="+07:00")
    later = at(23, "16.00", zone="+08:00")
    assert (of(mall).hall(later).yes, of(west).hall(later).yes) == (False, True)
    midnight = at(24, "00.30", zone="+08:00")  # still Monday in WIB
    assert (of(mall).today(midnight).tanggal, of(west).today(midnight).tanggal) == (
        date(2026, 11, 24),
        date(2026, 11, 23),
    )


def test_numbers_are_given_from_an_hour_before_opening_until_closing(mall):
    hours = of(mall)
    early = hours.numbers(at(23, "06.30"), lead=LEAD)
    assert told(early) == (False, "Nomor dibagikan mulai pukul 07.00.", at(23, "07.00"))
    assert told(hours.numbers(at(23, "07.00"), lead=LEAD)) == (True, "Nomor dibagikan", at(23, "15.30"))
    late = hours.numbers(at(23, "15.30"), lead=LEAD)
    assert told(late) == (False, "Loket sudah tutup hari ini.", at(24, "07.00"))
    assert told(hours.numbers(at(28), lead=LEAD)) == (False, "Tutup pada hari Sabtu", at(30, "07.00"))


def test_numbers_stop_at_the_quota_and_when_the_turn_would_pass_closing(mall):
    hours = of(mall)
    assert hours.numbers(at(23), lead=LEAD, quota_left=1).yes is True
    assert told(hours.numbers(at(23), lead=LEAD, quota_left=0)) == (
        False, "Kuota hari ini sudah habis.", at(24, "07.00"),
    )  # fmt: skip
    assert hours.numbers(at(23), lead=LEAD, expected_turn=at(23, "15.29")).yes is True
    assert told(hours.numbers(at(23), lead=LEAD, expected_turn=at(23, "15.30"))) == (
        False, "Antrean hari ini sudah penuh: giliran Anda akan melewati jam tutup.", at(24, "07.00"),
    )  # fmt: skip


def test_numbers_of_a_day_are_never_given_the_day_before():
    mpp = factories.Mpp()
    factories.open_always(mpp)
    hours = of(mpp)
    assert hours.day(date(2026, 11, 24)).giving(LEAD)[0].start == at(24, "00.00")
    assert hours.numbers(at(23, "23.30"), lead=LEAD, quota_left=0).changes_at == at(24, "00.00")


def test_service_minutes_skip_breaks_and_run_on_past_closing(mall):
    hours = of(mall)
    assert hours.after(at(23, "07.30"), 0) == at(23, "08.00")
    assert hours.after(at(23, "11.50"), 9) == at(23, "11.59")
    assert hours.after(at(23, "11.50"), 10) == at(23, "13.00")
    assert hours.after(at(23, "12.20"), 0) == at(23, "13.00")
    assert hours.after(at(23, "11.50"), 30) == at(23, "13.20")
    assert hours.after(at(23, "15.20"), 30) == at(23, "15.50")
    assert hours.after(at(23, "16.00"), 30) == at(23, "16.30")


def test_nothing_is_bookable_in_the_past(mall):
    assert told(of(mall).bookable(at(23, "09.00"), now=at(23, "09.00"))) == (False, "Waktu itu sudah lewat.", None)


def test_years_beyond_our_own_list_follow_the_estimate_and_a_row_of_ours_overrides_it(mall):
    hours = of(mall)
    assert hours.hall(at(17, month=8, year=2028)).reason == "Tutup: Hari Kemerdekaan Republik Indonesia"
    assert hours.hall(at(25, month=12)).yes is True  # 2026 is announced, and our list of the test has no Christmas
    factories.HariLibur(tanggal=date(2028, 8, 17), mpp=mall, nama="Pekan rakyat", tetap_buka=True)
    assert of(mall).hall(at(17, month=8, year=2028)).yes is True
    assert of(mall).hall(at(25, month=12, year=2028)).yes is False  # one row does not announce a year


def test_reasons_come_in_english_where_the_row_has_it(mall):
    factories.HariLibur(tanggal=date(2026, 11, 24), nama="Hari Uji", nama_en="Test Day")
    factories.Penutupan(mpp=mall, mulai=at(25, "00.00"), alasan_en="Power cut")
    factories.Penutupan(mpp=mall, mulai=at(26, "00.00"), alasan="Rapat")
    with override("en"):
        hours = of(mall)
        assert hours.hall(at(24)).reason.endswith(": Test Day")
        assert hours.hall(at(25)).reason == "Power cut"
        assert hours.hall(at(26)).reason == "Rapat"
        assert hours.hall(at(25, month=12, year=2028)).reason.endswith(": Christmas Day")
    assert of(mall).hall(at(25, month=12, year=2028)).reason == "Tutup: Hari Raya Natal"


def test_three_queries_for_one_gerai_and_for_twelve(mall, django_assert_num_queries):
    gerai = [factories.Gerai(mpp=mall) for _ in range(12)]
    for some in (gerai[:1], gerai):
        with django_assert_num_queries(3):
            known = calendars(mall, some, since=SINCE)
            assert [known[place.pk].hall(at(23)).yes for place in some] == [True] * len(some)
