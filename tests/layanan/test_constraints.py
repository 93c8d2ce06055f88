"""Every promise of the catalogue and of the portal that the database keeps, broken by name."""

from datetime import date, time, timedelta
from typing import Any

import pytest

from tests import factories
from tests.constraints import assert_breaks, named

ALL = named("layanan", "mpp_portal")
DAY = date(2026, 11, 23)


def same(factory: Any, *fields: str, **given: Any):
    """One more row that equals the first in these fields."""
    first = factory(**given)
    return lambda: factory(**given, **{field: getattr(first, field) for field in fields})


def change(row: Any, **values: Any):
    """Write these values past every form and save()."""
    return lambda: type(row).objects.filter(pk=row.pk).update(**values)


def hours(**values: Any):
    return change(factories.JamBuka(), **values)


def standard(**values: Any):
    return change(factories.Layanan(), **values)


def penutupan_backwards():
    row = factories.Penutupan()
    return change(row, selesai=row.mulai)


def approved_by_its_maker():
    row = factories.Penutupan(dibuat_oleh=factories.Pengguna())
    return change(row, disetujui_oleh=row.dibuat_oleh)


def penugasan_backwards():
    row = factories.Penugasan()
    return change(row, selesai=row.mulai - timedelta(days=1))


def gerai_hours_twice():
    gerai = factories.Gerai()
    return same(factories.JamBuka, "hari", "buka", mpp=None, gerai=gerai)


BREAK = {
    "wilayah_zona_indonesia": lambda: change(factories.Wilayah(), zona="Asia/Singapore"),
    "wilayah_induk_menurut_kode": lambda: change(factories.Kota(), induk=None),
    "mpp_jenis_dikenal": lambda: change(factories.Mpp(), jenis="terapung"),
    "mpp_contoh_tanpa_sumber": lambda: change(factories.Mpp(), contoh=True, sumber_url="https://contoh.go.id/"),
    "mpp_warna_tertulis": lambda: change(factories.Mpp(), warna_utama="biru"),
    "gerai_satu_per_instansi": lambda: same(factories.Gerai, "mpp", "instansi"),
    "loket_nomor_unik_per_mpp": lambda: same(factories.Loket, "gerai", "nomor"),
    "loket_nomor_mulai_satu": lambda: change(factories.Loket(), nomor=0),
    "penugasan_tempat_menurut_peran": lambda: change(factories.Penugasan(), peran="penyelia"),
    "penugasan_mulai_sebelum_selesai": penugasan_backwards,
    "jenis_peristiwa_hidup_dikenal": lambda: change(factories.JenisLayanan(), peristiwa_hidup="entah"),
    "layanan_satu_standar_per_gerai": lambda: same(factories.Layanan, "gerai", "jenis"),
    "layanan_biaya_urut": lambda: standard(biaya_min=50_000, biaya_maks=30_000),
    "layanan_gratis_tanpa_biaya": lambda: standard(gratis=True, biaya_min=0, biaya_maks=30_000),
    "layanan_contoh_menyebut_asal": lambda: standard(contoh=True, sumber_tempat=""),
    "layanan_kanal_dikenal": lambda: standard(kanal="faksimile"),
    "persyaratan_urutan_unik": lambda: same(factories.Persyaratan, "layanan", "urutan"),
    "langkah_urutan_unik": lambda: same(factories.Langkah, "layanan", "urutan"),
    "jam_milik_mpp_atau_gerai": lambda: hours(gerai=factories.Gerai()),
    "jam_hari_dikenal": lambda: hours(hari=7),
    "jam_buka_sebelum_tutup": lambda: hours(tutup=time(8), istirahat_mulai=None, istirahat_selesai=None),
    "jam_istirahat_di_dalam": lambda: hours(istirahat_selesai=time(16)),
    "jam_rentang_menurut_musim": lambda: hours(musim="ramadan", dari=DAY, sampai=DAY - timedelta(days=1)),
    "jam_mpp_unik": lambda: same(factories.JamBuka, "mpp", "hari", "buka"),
    "jam_gerai_unik": gerai_hours_twice,
    "libur_satu_per_tanggal": lambda: same(factories.HariLibur, "tanggal"),
    "libur_satu_per_tanggal_mpp": lambda: same(factories.HariLibur, "tanggal", mpp=factories.Mpp()),
    "libur_tetap_buka_hanya_mpp": lambda: change(factories.HariLibur(), tetap_buka=True),
    "libur_jenis_dikenal": lambda: change(factories.HariLibur(), jenis="libur_panjang"),
    "penutupan_mulai_sebelum_selesai": penutupan_backwards,
    "penutupan_disetujui_orang_lain": approved_by_its_maker,
    "penutupan_satu_sasaran": lambda: change(factories.Penutupan(), gerai=factories.Gerai()),
    "peristiwa_jenis_terisi": lambda: change(factories.Peristiwa(), jenis=""),
}


def test_every_constraint_is_broken_here():
    assert set(BREAK) == set(ALL)
    assert len(ALL) == 33


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(BREAK))
def test_the_database_refuses(name):
    assert_breaks(name, BREAK[name](), ALL[name])


@pytest.mark.django_db
@pytest.mark.parametrize(
    "allowed",
    [
        {"musim": "khusus", "dari": DAY, "sampai": DAY},
        {"istirahat_mulai": None, "istirahat_selesai": None},
    ],
)
def test_hours_that_keep_the_rules_are_taken(allowed):
    assert hours(**allowed)() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "allowed",
    [
        {"biaya_min": 50_000, "biaya_maks": None},
        {"gratis": True, "biaya_min": 0, "biaya_maks": 0},
        {"contoh": True, "sumber_tempat": "Kab. Bengkalis"},
    ],
)
def test_standards_that_keep_the_rules_are_taken(allowed):
    assert standard(**allowed)() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("change_to", [{"istirahat_mulai": time(12)}, {"istirahat_selesai": time(13)}])
def test_half_a_break_is_refused(change_to):
    bare = factories.JamBuka(istirahat_mulai=None, istirahat_selesai=None)
    assert_breaks("jam_istirahat_di_dalam", change(bare, **change_to), ALL["jam_istirahat_di_dalam"])


@pytest.mark.django_db
@pytest.mark.parametrize("dates", [{"dari": DAY}, {"sampai": DAY}, {}])
def test_seasonal_hours_need_both_dates(dates):
    assert_breaks("jam_rentang_menurut_musim", hours(musim="ramadan", **dates), ALL["jam_rentang_menurut_musim"])


@pytest.mark.django_db
def test_one_sided_gratis_is_refused():
    assert_breaks("layanan_gratis_tanpa_biaya", standard(gratis=True), ALL["layanan_gratis_tanpa_biaya"])
