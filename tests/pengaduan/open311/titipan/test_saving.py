"""The address of a server is asked before it is stored; what is wrong is said at its field."""

import pytest
from django.urls import reverse

from pengaduan.open311.titipan.models import Sambungan
from tests import factories
from tests.client import PageClient

pytestmark = pytest.mark.django_db
ADD = "admin:titipan_sambungan_add"


def client_of(user):
    client = PageClient()
    client.force_login(user)
    return client


def given(meja, kota, **other):
    usual = {"gerai": meja.gerai[0].pk, "url": f"{kota.url}/", "jurisdiction_id": "kota.go.id", "aktif": "on"}
    return usual | {"kunci_api": "kunci-kota", "service_code": "001"} | other


def refused(meja, kota, **other):
    answer = client_of(meja.koordinator).post(reverse(ADD), given(meja, kota, **other))
    assert (answer.status_code, Sambungan.objects.count()) == (200, 0)
    return answer.context["adminform"].form.errors


@pytest.mark.parametrize("forms", [["json", "xml"], ["xml"]])
def test_a_koordinator_stores_a_server_that_answers(meja, kota, forms):
    kota.forms = forms
    answer = client_of(meja.koordinator).post(reverse(ADD), given(meja, kota))
    assert answer.status_code == 302
    row = Sambungan.objects.get()
    assert (row.gerai, row.url, row.bentuk, row.kunci_api) == (meja.gerai[0], kota.url, forms[0], "kunci-kota")
    page = client_of(meja.koordinator).get(reverse("admin:titipan_sambungan_change", args=[row.pk]))
    assert "kunci-kota" not in page.content.decode()


def test_the_key_stays_unless_another_is_typed(meja, kota):
    row = factories.Sambungan(gerai=meja.gerai[0], url=kota.url, service_code="001")
    form = reverse("admin:titipan_sambungan_change", args=[row.pk])
    assert client_of(meja.koordinator).post(form, given(meja, kota, kunci_api="")).status_code == 302
    assert {sent["api_key"] for _method, _path, sent, _key in kota.asked} == {"kunci-kota"}
    assert client_of(meja.koordinator).post(form, given(meja, kota, kunci_api="baru")).status_code == 302
    assert Sambungan.objects.get().kunci_api == "baru"


@pytest.mark.parametrize("key", ["", "baru"])
def test_the_stored_key_does_not_go_to_another_address(meja, kota, key):
    row = factories.Sambungan(gerai=meja.gerai[0], url="https://kota.contoh.id/v2", service_code="001")
    form = reverse("admin:titipan_sambungan_change", args=[row.pk])
    answer = client_of(meja.koordinator).post(form, given(meja, kota, kunci_api=key))
    if key:
        assert (answer.status_code, Sambungan.objects.get().url) == (302, kota.url)
    else:
        said = "Alamatnya berubah: ketik lagi kuncinya. Yang lama tidak dikirim ke sana."
        assert answer.context["adminform"].form.errors == {"kunci_api": [said]}
    assert {sent["api_key"] for _method, _path, sent, _key in kota.asked} == ({key} if key else set())


def test_an_unknown_service_is_told_which_there_are(meja, kota):
    assert refused(meja, kota, service_code="9") == {
        "service_code": ["Server itu tidak mengenal kode ini. Yang ada: 001, 002."]
    }


def test_a_service_that_demands_more_than_we_send_is_refused(meja, kota):
    said = "Layanan itu mewajibkan isian yang tidak kami kirim: Lebar jalan. Pilih layanan lain."
    assert refused(meja, kota, service_code="002") == {"service_code": [said]}


@pytest.mark.parametrize(("gets", "sentence"), [
    (["404", "404"], "Tidak ada daftar layanan GeoReport v2 di alamat itu. "
     "Server itu menolak (404): Kolom lat wajib diisi <b></b>"),
    (["html", "html"], "Tidak ada daftar layanan GeoReport v2 di alamat itu. Jawaban server itu bukan JSON."),
    (["500"], "Server itu tidak menjawab. Periksa alamatnya, atau coba lagi nanti."),
    (["dead"], "Server itu tidak menjawab. Periksa alamatnya, atau coba lagi nanti."),
])  # fmt: skip
def test_a_wrong_address_is_said(meja, kota, gets, sentence):
    kota.gets = gets
    assert refused(meja, kota) == {"url": [sentence]}


def test_discovery_tells_the_right_address(meja, kota):
    kota.named_elsewhere = "https://kota.go.id/georeport/v2"
    said = "GeoReport v2 di server itu ada di alamat lain: https://kota.go.id/georeport/v2. Isi alamat itu."
    assert refused(meja, kota) == {"url": [said]}


def test_an_address_of_our_own_network_is_not_asked(meja, kota, settings):
    settings.KABAR_PRIVATE_HOSTS = []
    assert refused(meja, kota) == {"url": ["Alamatnya memakai https:// dan berada di internet."]}
    assert kota.asked == []


def test_with_a_question_mark_it_is_no_base(meja, kota):
    assert refused(meja, kota, url=f"{kota.url}?kunci=1") == {
        "url": ["Isi alamat dasarnya saja, tanpa tanda ? atau #."]
    }


def test_while_the_portal_may_not_send_nothing_is_stored(meja, kota, settings):
    settings.KABAR_KANAL |= {"open311": "mati"}
    said = "Pengiriman Open311 belum dinyalakan di server portal (KABAR_OPEN311)."
    assert refused(meja, kota) == {"__all__": [said]}


def test_a_second_server_of_an_office_waits_until_the_first_is_out_of_use(meja, kota):
    row = factories.Sambungan(gerai=meja.gerai[0])
    answer = client_of(meja.koordinator).post(reverse(ADD), given(meja, kota))
    said = "Gerai ini sudah punya server yang dipakai. Hentikan yang itu dahulu."
    assert answer.context["adminform"].form.errors == {"gerai": [said]}
    row.aktif = False
    row.save()
    assert client_of(meja.koordinator).post(reverse(ADD), given(meja, kota)).status_code == 302


def test_an_office_of_another_mall_is_foreign(meja, kota):
    elsewhere = factories.Gerai()
    assert refused(meja, kota, gerai=elsewhere.pk) == {"gerai": ["Tempat ini bukan di bawah pengelolaan Anda."]}


def test_what_has_reports_keeps_its_address(meja, kota, sambungan):
    meja.routed()
    page = client_of(meja.koordinator).get(reverse("admin:titipan_sambungan_change", args=[sambungan.pk]))
    assert list(page.context["adminform"].form.fields) == ["kunci_api", "service_code", "aktif"]
    form = reverse("admin:titipan_sambungan_change", args=[sambungan.pk])
    changed = {"kunci_api": "", "service_code": "9", "aktif": "on"}
    answer = client_of(meja.koordinator).post(form, changed)
    assert list(answer.context["adminform"].form.errors) == ["service_code"]
    assert client_of(meja.koordinator).post(form, {"kunci_api": "", "service_code": "001"}).status_code == 302
    assert Sambungan.objects.get().aktif is False


@pytest.mark.parametrize(("gets", "sentence"), [
    (["dead"], "Server itu tidak menjawab. Periksa alamatnya, atau coba lagi nanti."),
    (["403"] * 2, "Tidak ada daftar layanan GeoReport v2 di alamat itu. "
     "Server itu menolak (403): Kolom lat wajib diisi <b></b>"),
    (["elsewhere"] * 2, "Tidak ada daftar layanan GeoReport v2 di alamat itu. "
     "Server itu mengalihkan ke alamat lain. Isi alamat tujuannya."),
    ([], "Alamatnya memakai https:// dan berada di internet."),
])  # fmt: skip
def test_what_is_wrong_with_an_address_that_is_fixed_is_said_above_the_form(
    meja, kota, sambungan, settings, gets, sentence
):
    meja.routed()
    kota.gets = gets
    settings.KABAR_PRIVATE_HOSTS = settings.KABAR_PRIVATE_HOSTS if gets else []
    form = reverse("admin:titipan_sambungan_change", args=[sambungan.pk])
    answer = client_of(meja.koordinator).post(form, {"kunci_api": "", "service_code": "001", "aktif": "on"})
    assert (answer.status_code, answer.context["adminform"].form.errors) == (200, {"__all__": [sentence]})
