"""People find what they mean, however they spell it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from layanan import search
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_index(monkeypatch):
    monkeypatch.setattr(search, "_catalogue", None)


@pytest.fixture
def types():
    polres = factories.Instansi(slug="polres", singkatan="Polres", nama="Kepolisian Resor")
    dukcapil = factories.Instansi(slug="disdukcapil", singkatan="Disdukcapil", nama="Dinas Kependudukan")
    rows = [
        (dukcapil, "ktp-hilang", "Penggantian KTP-el hilang", "Lost identity card", ["KTP ilang", "e-KTP hilang"]),
        (dukcapil, "ktp-baru", "Penerbitan KTP-el baru", "First identity card", ["bikin KTP"]),
        (dukcapil, "kk-baru", "Penerbitan Kartu Keluarga baru", "New family card", ["bikin KK"]),
        (polres, "sim-a", "Perpanjangan SIM A", "Renewal of driving licence A", ["perpanjang SIM mobil"]),
        (polres, "skck", "SKCK baru", "Police certificate", ["surat kelakuan baik"]),
        (polres, "keramaian", "Izin keramaian", "Permit for a public event", []),
    ]
    return {
        slug: factories.JenisLayanan(instansi=office, slug=slug, nama=nama, nama_en=english, sinonim=sinonim)
        for office, slug, nama, english, sinonim in rows
    }


def first(text):
    found = search.find(text)
    return found.jenis[0].jenis.slug if found.jenis else None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ktp hilang", "ktp-hilang"),
        ("KTP ILANG", "ktp-hilang"),
        ("saya mau bikin e-ktp", "ktp-baru"),
        ("kartu kluarga", "kk-baru"),
        ("perpanjng sim", "sim-a"),
        ("surat kelakuan baik", "skck"),
        ("skkc", "skck"),
        ("ijin keramaian", "keramaian"),
        ("nomor antrian skck", "skck"),
        ("driving licence", "sim-a"),
        ("keram", "keramaian"),
    ],
)
def test_a_type_is_found_by_name_synonym_misspelling_or_english(types, typed, meant):
    assert first(typed) == meant


@pytest.mark.parametrize("typed", ["", "   ", "!!", "xyzzyqwv", "antar planet"])
def test_what_is_not_there_is_not_found(types, typed):
    assert not search.find(typed)


def test_an_office_is_found_beside_its_types(types):
    found = search.find("polres")
    assert [office.slug for office in found.instansi] == ["polres"]
    assert {row.jenis.slug for row in found.jenis} == {"sim-a", "skck", "keramaian"}


def test_a_mall_is_found_by_its_region():
    mall = factories.Mpp(nama="MPP Baiman", wilayah=factories.Kota(nama="Kota Banjarmasin"))
    assert [row.pk for row in search.find("banjarmasin").mpp] == [mall.pk]


def test_asking_only_for_a_number_leads_to_the_malls_that_give_them(types):
    running, _listed = factories.Mpp(), factories.Mpp(aktif=False)
    found = search.find("ambil nomor antrian")
    assert found.queue
    assert [row.pk for row in found.mpp] == [running.pk]


def test_a_type_comes_with_how_many_places_offer_it_and_the_only_one(types):
    shown = factories.Layanan(jenis=types["skck"])
    factories.Layanan(jenis=types["skck"], tampil=False)
    factories.Layanan(jenis=types["skck"], gerai=factories.Gerai(aktif=False))
    found, *_rest = search.find("skck").jenis
    assert (found.places, found.only, found.get_absolute_url()) == (1, shown, shown.get_absolute_url())
    factories.Layanan(jenis=types["skck"])
    found, *_rest = search.find("skck").jenis
    assert (found.places, found.only, found.get_absolute_url()) == (2, None, types["skck"].get_absolute_url())
    assert search.types("saya mau skck", 5) == [types["skck"].pk]


def test_a_changed_catalogue_is_found_at_once(types):
    assert first("paspor") is None
    row = factories.JenisLayanan(slug="paspor", nama="Paspor baru")
    assert first("paspor") == "paspor"
    row.nama = "Surat perjalanan"
    row.save()
    assert first("paspor") is None
    row.delete()
    assert first("perjalanan") is None


def test_ten_or_a_thousand_types_cost_the_same_queries():
    counts = []
    for wanted in (10, 1000):
        office = factories.Instansi()
        factories.JenisLayanan.create_batch(wanted, instansi=office)
        search.find("surat nomor")
        with CaptureQueriesContext(connection) as queries:
            assert len(search.find("surat nomor").jenis) >= 10
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 6
