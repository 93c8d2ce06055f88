"""The ribbon of the demo: nothing here is real, and the poster in the hall of the mall one looks at is a click away."""

import pytest

from tests import factories
from tests.client import PageClient

pytestmark = pytest.mark.django_db
FIRST = "/antrean/kota-contoh/poster/"


@pytest.fixture(autouse=True)
def demo(settings):
    settings.DEMO = True


def poster(url):
    page = PageClient().get(url).content.decode()
    ribbon = page[page.index('class="pita"') : page.index("</aside>")]
    return ribbon.split('href="')[1].split('"')[0]


def test_on_pages_of_a_demo_mall_it_is_that_malls_poster():
    layanan = factories.Layanan(gerai__mpp__contoh=True, gerai__mpp__slug="teladan")
    ticket = factories.Tiket(antrean=factories.Antrean(gerai=layanan.gerai))
    pages = [
        layanan.gerai.mpp.get_absolute_url(),
        layanan.gerai.get_absolute_url(),
        layanan.get_absolute_url(),
        "/antrean/teladan/ambil/",
        ticket.kunjungan.get_absolute_url(),
    ]
    assert [poster(url) for url in pages] == ["/antrean/teladan/poster/"] * len(pages)
    assert poster("/en/mpp/teladan/") == "/en/antrean/teladan/poster/"


def test_elsewhere_it_is_the_first_demo_malls():
    real, listed = factories.Mpp(), factories.Mpp(aktif=False)
    for url in ("/", "/mpp/", real.get_absolute_url(), listed.get_absolute_url()):
        assert poster(url) == FIRST


def test_the_kiosk_of_a_demo_mall_is_a_click_away_in_the_demo_only(settings):
    mpp = factories.Mpp(contoh=True, slug="kota-contoh")
    client = PageClient()
    assert 'href="/antrean/perangkat/contoh/kota-contoh/"' in client.get("/").content.decode()
    for visitor in (client, PageClient()):  # both are the same device
        answer = visitor.get("/antrean/perangkat/contoh/kota-contoh/", follow=True)
        assert answer.redirect_chain == [("/antrean/anjungan/", 302)]
        assert str(mpp) in answer.content.decode()
    assert client.get("/antrean/anjungan/").status_code == 200
    settings.DEMO = False
    assert client.get("/antrean/perangkat/contoh/kota-contoh/").status_code == 404


def test_outside_the_demo_there_is_none(settings):
    settings.DEMO = False
    assert "poster" not in PageClient().get("/").content.decode()
