"""The clock of the hall's display: the mall's own zone, written as the page's language writes it, and it goes on."""

import re
from datetime import datetime

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.e2e
WRITTEN = {
    "": r"(Senin|Selasa|Rabu|Kamis|Jumat|Sabtu|Minggu), \d+ [A-Z][a-z]+ \d{4}, pukul \d\d\.\d\d WITA",
    "/en": r"[A-Z][a-z]+day, \d+ [A-Z][a-z]+ \d{4}, \d\d:\d\d WITA",
}


def clock(page):
    return page.locator("[data-mpp-clock]")


def minutes(text):
    found = datetime.strptime(re.search(r"\d\d[.:]\d\d", text)[0].replace(".", ":"), "%H:%M")  # noqa: DTZ007
    return found.hour * 60 + found.minute


@pytest.mark.parametrize("language", WRITTEN)
def test_the_clock_goes_on_as_the_page_wrote_it(open_page, language):
    path = f"{language}/antrean/layar/kota-contoh/"
    printed = clock(open_page(path, width=1920, javascript=False)).inner_text()
    assert re.fullmatch(WRITTEN[language], printed)

    page = open_page("/")
    page.clock.install()
    page.goto(path)
    page.clock.fast_forward("03:00:00")
    expect(clock(page)).to_have_text(re.compile(f"^{WRITTEN[language]}$"))
    ahead = (minutes(clock(page).inner_text()) - minutes(printed)) % (24 * 60)
    assert 180 <= ahead <= 183
