"""A mall in its own two colours: on its own pages alone, readable, and never an old sheet."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from layanan import warna
from tests import factories
from tests.client import PageClient, typed

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
PLUM, SUN = "#5a2d6b", "#f0b93a"


def test_contrast_is_what_wcag_says():
    assert warna.contrast("#000000", "#ffffff") == 21
    assert warna.contrast("#ffffff", "#ffffff") == 1
    assert round(warna.contrast("#777777", "#ffffff"), 2) == 4.48


@given(COLOURS)
def test_whatever_is_taken_is_readable_in_every_shade(colour):
    try:
        warna.validate_utama(colour)
    except ValidationError:
        assert warna.contrast(colour, warna.KERTAS) < 4.5
        return
    dark, pale = warna.darker(colour), warna.paler(colour)
    assert warna.contrast(colour, warna.KERTAS) >= 4.5
    assert warna.contrast(dark, warna.KERTAS) >= 7
    assert warna.contrast(dark, pale) >= 4.5
    assert warna.contrast(warna.TINTA, pale) >= 7


@pytest.mark.django_db
def test_pages_of_the_mall_alone_wear_its_colours():
    browser, mall, other = PageClient(), factories.Mpp(warna_utama=PLUM, warna_aksen=SUN), factories.Mpp()
    gerai = factories.Gerai(mpp=mall)
    sheet = "/warna/5a2d6b-f0b93a.css"
    assert mall.stylesheet_url == sheet
    hall = [reverse(f"antrean:{name}", args=[mall.slug]) for name in ("pick", "display")]
    for url in (mall.get_absolute_url(), gerai.get_absolute_url(), *hall):
        page = browser.get(url).content.decode()
        assert page.count(f'<link rel="stylesheet" href="{sheet}">') == 1, url
        assert f'<meta name="theme-color" content="{PLUM}">' in page
    for url in ("/", "/mpp/", other.get_absolute_url()):
        page = browser.get(url).content.decode()
        assert "/warna/" not in page, url
        assert '<meta name="theme-color" content="#1d4f7c">' in page


@pytest.mark.django_db
def test_one_colour_alone_keeps_the_portals_other():
    assert factories.Mpp(warna_utama=PLUM).stylesheet_url == "/warna/5a2d6b-e8a317.css"
    assert factories.Mpp(warna_aksen=SUN).stylesheet_url == "/warna/1d4f7c-f0b93a.css"


def test_the_sheet_may_be_kept_and_asks_nothing_of_the_database():
    answer = PageClient().get("/warna/5a2d6b-f0b93a.css")
    assert answer.headers["Content-Type"] == "text/css"
    assert answer.headers["Cache-Control"] == "public, max-age=86400"
    assert answer.cookies == {}
    text = answer.content.decode()
    assert "--utama:#5a2d6b;" in text
    assert "--aksen:#f0b93a;" in text
    assert "--bs-link-color-rgb:90, 45, 107;" in text
    assert "--bs-link-hover-color-rgb:63, 32, 75;" in text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("warna_utama", "#e8a317", "terlalu terang"),
        ("warna_aksen", "#1d4f7c", "terlalu gelap"),
        ("warna_utama", "biru", "Contoh: #1d4f7c."),
        ("warna_aksen", "#F0B93A", "Contoh: #1d4f7c."),
    ],
)
def test_a_colour_nobody_could_read_is_refused_with_what_to_do(field, value, sentence):
    mall = factories.Mpp()
    client = PageClient()
    client.force_login(factories.Penugasan(peran="pengelola", mpp=mall).pengguna)
    url = reverse("admin:layanan_mpp_change", args=[mall.pk])
    answer = client.post(url, typed(client.get(url), "mpp_form", **{field: value}))
    assert answer.status_code == 200
    assert sentence in str(answer.context["adminform"].form.errors[field])
    mall.refresh_from_db()
    assert mall.stylesheet_url == ""


@pytest.mark.django_db
def test_a_readable_colour_is_taken():
    mall = factories.Mpp()
    client = PageClient()
    client.force_login(factories.Penugasan(peran="pengelola", mpp=mall).pengguna)
    url = reverse("admin:layanan_mpp_change", args=[mall.pk])
    assert client.post(url, typed(client.get(url), "mpp_form", warna_utama=PLUM)).status_code == 302
    mall.refresh_from_db()
    assert mall.warna_utama == PLUM
