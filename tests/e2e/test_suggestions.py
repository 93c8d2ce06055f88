"""Suggestions while typing: seen below the box, and said once as a number instead of read out row by row."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize(
    ("language", "none", "some"),
    [("", "Belum ada yang cocok.", "saran di bawah kotak pencarian."),
     ("/en", "Nothing matches yet.", "suggestions below the search box.")],
)  # fmt: skip
def test_how_many_there_are_is_said(open_page, language, none, some):
    page = open_page(f"{language}/")
    said, listed = page.get_by_role("status").filter(has_text=some), page.locator(".saran-daftar li")
    page.locator("#q").press_sequentially("ktp")
    expect(listed.first).to_be_visible()
    expect(said).to_have_text(f"{listed.count()} {some}")
    assert page.locator("#saran").get_attribute("aria-live") is None
    page.locator("#q").fill("qqqqqq")
    expect(page.get_by_role("status").filter(has_text=none)).to_have_count(1)
    expect(listed).to_have_count(0)
