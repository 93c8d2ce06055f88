"""The demo: two invented malls with real standards, and people who can log in at once."""

from datetime import date, datetime, timedelta
from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command

from antrean.demo import build
from antrean.demo.people import PASSWORD, PEOPLE
from antrean.models import Antrean
from layanan.models import Gerai, JamBuka, Layanan, Loket, Mpp, Penugasan, Peran, Persyaratan
from layanan.opening import calendars
from mpp_portal.models import Pengguna

pytestmark = pytest.mark.django_db

SATURDAY = datetime.fromisoformat("2026-11-28T23:30+08:00")  # still 22.30 in WIB


@pytest.fixture
def demo(settings):
    settings.DEMO = True
    call_command("muat_data", stdout=StringIO())
    assert muat_demo() == "Peragaan: 15 baru, 0 hari dibuka\n"


def muat_demo(**options):
    out = StringIO()
    call_command("muat_demo", stdout=out, **options)
    return out.getvalue()


def test_the_first_mall_is_as_large_as_a_real_one(demo):
    mpp = Mpp.objects.get(slug="kota-contoh")
    assert (mpp.zone_label, mpp.contoh, mpp.aktif, mpp.sumber_url) == ("WITA", True, True, "")
    assert Gerai.objects.running().filter(mpp=mpp).count() == 14
    assert set(mpp.gerai.values_list("lantai", flat=True)) == {1, 2, 3}
    assert sorted(mpp.loket.values_list("nomor", flat=True)) == list(range(1, 24))
    assert Antrean.objects.get(mpp=mpp, huruf="A").gerai.instansi.slug == "disdukcapil"
    assert set(Antrean.objects.filter(mpp=mpp).values_list("mode", flat=True)) == set(Antrean.Mode.values)
    without_line = Layanan.objects.filter(gerai__mpp=mpp, antrean=None).values_list("jenis__slug", flat=True)
    assert set(without_line) == {"izin-keramaian", "pengaduan-langsung"}


def test_the_second_mall_lives_in_another_zone(demo):
    mpp = Mpp.objects.get(slug="kabupaten-teladan")
    assert (mpp.zone_label, mpp.gerai.count(), mpp.loket.count()) == ("WIB", 7, 8)


def test_every_line_is_served_at_a_loket_of_its_gerai_for_services_of_its_gerai(demo):
    lines = Antrean.objects.all()
    assert len(lines) == 21
    for line in lines:
        assert {row.gerai_id for row in line.loket.all()} == {line.gerai_id}, line
        assert {row.gerai_id for row in line.layanan.all()} == {line.gerai_id}, line
    used = {row.pk for line in lines for row in line.loket.all()}
    desks = Loket.objects.filter(gerai__instansi__slug="pengaduan-mpp").values_list("pk", flat=True)
    assert set(Loket.objects.values_list("pk", flat=True)) - used == set(desks)


def test_standards_are_real_and_say_where_they_come_from(demo):
    assert Layanan.objects.count() == 57 + 42
    assert Layanan.objects.filter(contoh=False).count() == 0
    assert Layanan.objects.filter(sumber_tempat="").count() == 0
    lost = Layanan.objects.get(gerai__mpp__slug="kota-contoh", jenis__slug="ktp-el-hilang")
    assert (lost.sumber_tempat, lost.jangka_waktu, lost.biaya, lost.gratis) == (
        "Kab. Bengkalis", "14 hari kerja", "Gratis", True,
    )  # fmt: skip
    first = lost.persyaratan.first()
    assert (first.teks, first.penghasil.slug) == ("Surat keterangan hilang dari kepolisian", "sktlk")
    missing = Layanan.objects.get(gerai__mpp__slug="kota-contoh", jenis__slug="izin-keramaian")
    assert (missing.biaya, missing.biaya_min, missing.gratis, missing.jangka_waktu) == ("", None, False, "")


def test_hours_are_those_of_an_ordinary_week(demo):
    mpp = Mpp.objects.get(slug="kota-contoh")
    court = mpp.gerai.get(instansi__slug="pengadilan-agama")
    known = calendars(mpp, [court], since=SATURDAY)
    monday, friday = date(2026, 11, 30), date(2026, 12, 4)
    told = [
        [f"{span.start:%H.%M}–{span.end:%H.%M}" for span in known[None].day(day).serving] for day in (monday, friday)
    ]
    assert told == [["08.00–12.00", "13.00–15.30"], ["08.00–11.30", "13.00–15.00"]]
    assert known[None].day(date(2026, 11, 28)).reason == "Tutup pada hari Sabtu"
    assert f"{known[court.pk].day(monday).opens_at:%H.%M}" == "09.00"


def test_a_second_run_changes_nothing_and_keeps_what_people_edited(demo):
    Mpp.objects.filter(slug="kota-contoh").update(alamat="Jalan Baru 5")
    Layanan.objects.filter(jenis__slug="sktlk").update(biaya="Tanpa biaya")
    models = (Mpp, Gerai, Loket, Layanan, Persyaratan, JamBuka, Antrean, Pengguna, Penugasan)
    before = [list(model.objects.order_by("pk").values()) for model in models]
    assert muat_demo() == "Peragaan: 0 baru, 0 hari dibuka\n"
    assert [list(model.objects.order_by("pk").values()) for model in models] == before


def test_everybody_logs_in_with_the_printed_password_and_has_one_role(demo):
    printed = muat_demo(logins=True)
    assert PASSWORD in printed
    for person in PEOPLE:
        assert person.username in printed
        user = Pengguna.objects.get(username=person.username)
        assert user.check_password(PASSWORD)
        roles = list(Penugasan.objects.current(user).values_list("peran", flat=True))
        assert roles == ([person.peran] if person.peran else [])
        assert user.is_superuser is (person.username == "admin")
    assert authenticate(username="penyelia", password=PASSWORD).nama == "Fajar Contoh"
    colleagues = Loket.objects.operable_by(Pengguna.objects.get(username="loket.dukcapil2"))
    assert sorted(colleagues.values_list("nomor", "mpp__slug")) == [(n, "kota-contoh") for n in range(1, 5)]
    assert Peran.PETUGAS_INFORMASI in Penugasan.objects.values_list("peran", flat=True)


def test_the_demo_opens_at_any_hour_today_and_tomorrow_on_the_malls_own_day(demo):
    assert build.open_now(SATURDAY) == 4
    assert build.open_now(SATURDAY) == 0
    for mpp in Mpp.objects.running():
        day = calendars(mpp, since=SATURDAY)[None]
        for at in (SATURDAY, SATURDAY + timedelta(hours=20)):
            assert (day.hall(at).yes, day.hall(at).reason) == (True, "Jam khusus demo")
    monday = SATURDAY + timedelta(days=2)
    assert build.open_now(monday) == 4
    assert JamBuka.objects.filter(musim="khusus").count() == 4


def test_it_refuses_outside_the_demo_and_before_the_national_lists(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="hanya untuk peragaan"):
        muat_demo()
    settings.DEMO = True
    with pytest.raises(CommandError, match="muat_data lebih dahulu"):
        muat_demo()
    assert (Mpp.objects.count(), Pengguna.objects.count()) == (0, 0)
