"""The admin's overview, histories and the forms of reports: axe finds nothing on the whole page.

The lists between them are unfold's own markup, with its own finding (a table heading without words).
"""

import pytest
from playwright.sync_api import expect

from tests.e2e.test_journey import accessible, log_in

pytestmark = pytest.mark.e2e
PEOPLE = {"admin": "/admin/mpp_portal/pengguna/1/history/", "pengelola": "/admin/layanan/mpp/1/history/"}


@pytest.mark.parametrize("language", ["", "/en"])
@pytest.mark.parametrize("name", PEOPLE)
def test_overview_and_history_are_accessible(open_page, name, language):
    page = open_page("/", width=1280)
    log_in(page, name)
    for path in ("/admin/", PEOPLE[name]):
        answer = page.goto(language + path)
        assert (answer.status, page.locator("main").count(), page.locator("header").count()) == (200, 1, 1), path
        accessible(page)


@pytest.mark.parametrize("width", [360, 1280])
def test_the_forms_of_reports_are_accessible_also_with_mistakes(open_page, width):
    page = open_page("/", width=width)
    log_in(page, "admin")
    for name in ("pengaduan/aturan", "pengaduan/kebijakansimpan", "titipan/sambungan"):
        page.goto(f"/admin/{name}/add/")
        assert (page.locator("main").count(), page.locator("main form").count()) == (1, 1), name
        accessible(page)
        page.locator("[name=_save]").last.click()
        expect(page.locator("main")).to_contain_text("Belum disimpan. Perbaiki yang ditandai di bawah ini.")
        accessible(page)
