"""The public pages tell what is known, say what is missing, and lead one step further."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from layanan.models import PeristiwaHidup
from tests import factories
from tests.client import PageClient

pytestmark = pytest.mark.django_db
PUBLIC = {
    "Biaya",
    "Jangka waktu",
    "Yang Anda terima",
    "Apa yang perlu dibawa?",
    "Bagaimana caranya?",
    "Tidak puas dengan layanan ini?",
}


@pytest.fixture
def browser():
    return PageClient()


@pytest.fixture
def layanan():
    mall = factories.Mpp(slug="kota-uji", nama="MPP Kota Uji")
    office = factories.Instansi(slug="disdukcapil", singkatan="Disdukcapil")
    gerai = factories.Gerai(mpp=mall, instansi=office, lantai=2)
    jenis = factories.JenisLayanan(slug="ktp-hilang", nama="KTP-el hilang", nama_en="Lost card", instansi=office)
    return factories.Layanan(gerai=gerai, jenis=jenis)


def read(browser, url, status=200):
    response = browser.get(url)
    assert response.status_code == status
    return response.content.decode()


def test_a_blank_standard_shows_all_six_public_parts_as_missing(browser, layanan):
    page = read(browser, layanan.get_absolute_url())
    assert {part for part in PUBLIC if part in page} == PUBLIC
    assert page.count("Belum dicantumkan.") == 6
    assert page.count("Tanyakan di gerai Disdukcapil, lantai 2.") == 6
    assert "Gratis" not in page


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({"gratis": True, "biaya_min": 0, "biaya_maks": 0}, "Gratis"),
        ({"biaya_min": 30_000, "biaya_maks": 30_000}, "Rp30.000"),
        ({"biaya_min": 350_000, "biaya_maks": 950_000}, "Rp350.000–Rp950.000"),
        ({"biaya_min": 50_000}, "mulai Rp50.000"),
        ({"biaya_min": 0, "biaya_maks": 290_000}, "sampai Rp290.000"),
        ({"biaya": "Sebesar denda putusan"}, "Sebesar denda putusan"),
    ],
)
def test_the_price_is_told_as_the_source_tells_it(browser, layanan, fields, shown):
    type(layanan).objects.update(**fields)
    page = read(browser, layanan.get_absolute_url())
    assert shown in page
    assert ("Gratis" in page) == (shown == "Gratis")


def test_a_requirement_that_is_missing_leads_to_who_yields_it(browser, layanan):
    here = factories.Layanan(gerai=factories.Gerai(mpp=layanan.gerai.mpp))
    elsewhere = factories.JenisLayanan(nama="Surat nikah")
    factories.Persyaratan(layanan=layanan, teks="Salinan KK", penghasil=here.jenis)
    factories.Persyaratan(layanan=layanan, teks="Buku nikah", penghasil=elsewhere)
    factories.Persyaratan(layanan=layanan, teks="KTP lama", penghasil=layanan.jenis)
    page = read(browser, layanan.get_absolute_url())
    assert page.count("Belum punya? Urus di gedung ini:") == 1
    assert f'href="{here.get_absolute_url()}"' in page
    assert page.count("Belum punya? Lihat di mana mengurus") == 1
    assert f'href="{elsewhere.get_absolute_url()}"' in page
    assert page.count('type="checkbox"') == 3


def test_the_source_is_named_only_when_it_is_official(browser, layanan):
    source = {"contoh": True, "sumber_tempat": "Kab. Bengkalis", "sumber_url": "https://contoh.go.id/standar"}
    type(layanan).objects.update(**source, sumber_resmi=True)
    page = read(browser, layanan.get_absolute_url())
    assert "Contoh, standar dari Kab. Bengkalis." in page
    assert "https://contoh.go.id/standar" in page
    type(layanan).objects.update(sumber_resmi=False)
    page = read(browser, layanan.get_absolute_url())
    assert "belum dari sumber resmi" in page
    assert "Bengkalis" not in page
    assert "contoh.go.id" not in page


def test_internal_components_are_for_who_works_in_that_mall(browser, layanan):
    type(layanan).objects.update(kompetensi="Paham SIAK", catatan_internal="cek ulang")
    here = factories.Penugasan(gerai=layanan.gerai).pengguna
    elsewhere = factories.Penugasan().pengguna
    url = layanan.get_absolute_url()
    seen = {}
    for who in (None, elsewhere, here):
        visitor = PageClient()
        if who:
            visitor.force_login(who)
        page = read(visitor, url)
        seen[who] = "Paham SIAK" in page
        assert "cek ulang" not in page
    assert seen == {None: False, elsewhere: False, here: True}


@pytest.mark.parametrize("hide", ["layanan", "gerai", "mpp"])
def test_what_is_not_offered_is_not_there(browser, layanan, hide):
    row = {"layanan": layanan, "gerai": layanan.gerai, "mpp": layanan.gerai.mpp}[hide]
    setattr(row, "tampil" if hide == "layanan" else "aktif", False)
    row.save()
    read(browser, layanan.get_absolute_url(), status=404)


def test_an_english_page_marks_what_is_indonesian(browser, layanan):
    factories.Persyaratan(layanan=layanan, teks="Salinan KK")
    here = layanan.get_absolute_url()
    page = read(browser, f"/en{here}")
    assert "Lost card" in page
    assert '<span lang="id">Salinan KK</span>' in page
    assert f'href="{here}" hreflang="id"' in page
    assert f'href="/en{here}" hreflang="en"' in read(browser, here)


def test_a_mall_says_whether_it_is_open_and_its_gerai_too(browser, layanan):
    mall = layanan.gerai.mpp
    factories.open_always(mall)
    other = factories.Gerai(mpp=mall)
    factories.Penutupan(mpp=None, gerai=other, mulai=timezone.now() - timedelta(hours=1), alasan="Listrik padam")
    page = read(browser, mall.get_absolute_url())
    assert page.count("Buka sekarang") == 2
    assert page.count("Tutup sekarang") == 1
    assert "KTP-el hilang" in page
    closed = read(browser, other.get_absolute_url())
    assert "Listrik padam." in closed


def test_a_mall_that_is_only_listed_invents_nothing(browser):
    mall = factories.Mpp(aktif=False, dibuka="2019-01")
    page = read(browser, mall.get_absolute_url())
    assert "belum memakai portal ini" in page
    assert "Januari 2019" in page
    assert "Buka sekarang" not in page
    assert page.count("Belum kami ketahui") == 2


def test_malls_are_filtered_by_name_and_province(browser):
    south, java = factories.Mpp(nama="MPP Selatan"), factories.Mpp(nama="MPP Jawa", zona="Asia/Jakarta", aktif=False)
    assert {mall.nama for mall in (south, java) if mall.nama in read(browser, "/mpp/")} == {south.nama, java.nama}
    page = read(browser, "/mpp/?provinsi=33")
    assert java.nama in page
    assert south.nama not in page
    assert "Tidak ada MPP yang cocok" in read(browser, "/mpp/?q=atlantis")


def test_a_life_event_lists_its_types_and_an_unknown_one_is_not_there(browser, layanan):
    assert "KTP-el hilang" in read(browser, reverse("layanan:life_event", args=["identitas"]))
    assert "Belum ada layanan" in read(browser, reverse("layanan:life_event", args=[PeristiwaHidup.KEMATIAN.value]))
    read(browser, "/peristiwa/naik-roket/", status=404)


def test_a_type_and_an_office_lead_to_the_places(browser, layanan):
    for url in (layanan.jenis.get_absolute_url(), layanan.gerai.instansi.get_absolute_url()):
        assert "MPP Kota Uji" in read(browser, url)
    nowhere = factories.JenisLayanan()
    assert "Belum ada MPP" in read(browser, nowhere.get_absolute_url())
    assert "belum membuka gerai" in read(browser, nowhere.instansi.get_absolute_url())
