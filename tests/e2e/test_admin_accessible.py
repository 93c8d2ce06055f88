"""The admin's pages of our own, the overview and the histories: axe finds nothing on the whole page.

The lists and forms between them are unfold's own markup, with its own findings (no main landmark, a table heading
without words).
"""

import pytest

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
