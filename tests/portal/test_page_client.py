"""The test client refuses what no page may have; a client that refused nothing would make every page test green."""

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.template import Context, Origin, Template, engines
from django.test import override_settings
from django.urls import path

from tests.client import Page, PageClient, typed

SOUND = '<html lang="id"><body id="a"><p id="b">Halo</p><script src="/x.js"></script></body></html>'
BROKEN = {
    "unrendered {{": "<p>{{ nama }}</p>",
    "unrendered {%": "<p>{% url 'x' %}</p>",
    "id twice: a": '<p id="a"></p><p id="a"></p>',
    "no lang on <html>": "<html><p></p></html>",
    "inline <script>": "<script>alert(1)</script>",
    "inline <style>": "<style>p {}</style>",
    "inline <p style=…>": '<p style="color: red"></p>',
    "inline <p onclick=…>": '<p onclick="x()"></p>',
}
urlpatterns = [
    path("baik/", lambda request: HttpResponse(SOUND)),
    path("buruk/", lambda request: HttpResponse(BROKEN["inline <script>"])),
    path("admin/", lambda request: HttpResponse(BROKEN["inline <script>"])),
]


@pytest.mark.parametrize("fault", BROKEN)
def test_each_fault_is_named(fault):
    assert Page(BROKEN[fault]).faults() == [fault]


@override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=[])
def test_client_fails_on_a_faulty_page_and_counts_the_sound_ones():
    client = PageClient()
    client.get("/baik/")
    client.get("/admin/")
    assert client.pages == 2
    with pytest.raises(AssertionError, match="inline <script>"):
        client.get("/buruk/")


def test_form_is_read_as_a_browser_would_send_it():
    html = (
        '<form id="f"><input name="a" value="1"><input name="g" value="2" disabled><input type="submit" name="h">'
        '<input type="checkbox" name="b"><input type="checkbox" name="c" checked>'
        '<select name="d"><option value="x"></option><option value="y" selected></option></select>'
        '<textarea name="e">dua\nbaris</textarea></form>'
    )
    assert typed(HttpResponse(html), "f", a=None, i="9") == {"c": ["on"], "d": ["y"], "e": ["dua\nbaris"], "i": "9"}


def test_undefined_variable_fails_in_our_own_templates_and_not_in_those_of_libraries():
    engine = engines["django"].engine
    ours = Template("{{ tak_dikenal }}", Origin(str(settings.BASE_DIR / "templates" / "x.html")), engine=engine)
    theirs = Template("{{ tak_dikenal }}", Origin("/usr/lib/x.html"), engine=engine)
    assert theirs.render(Context()) == ""
    with pytest.raises(pytest.fail.Exception, match=r"'tak_dikenal' in templates/x\.html"):
        ours.render(Context())
