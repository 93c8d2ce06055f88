"""By keyboard alone: one always sees where one is, goes in the order of reading, and lands on what went wrong."""

from itertools import pairwise

import pytest
from playwright.sync_api import expect

from tests.e2e.test_journey import mall, scan_hall_qr

pytestmark = pytest.mark.e2e
__all__ = ["mall"]  # a fixture
WHERE = """() => {
  const at = document.activeElement, box = at.getBoundingClientRect(), look = getComputedStyle(at);
  return {
    name: (at.textContent.trim() || at.id).replace(/\\s+/g, " "),
    seen: look.outlineStyle === "solid" && parseFloat(look.outlineWidth) >= 3,
    top: box.top + scrollY,
    small: box.height < 43.5 && getComputedStyle(at).display !== "inline" && at.type !== "checkbox",
  };
}"""


@pytest.mark.parametrize("path", ["/", "/mpp/kota-contoh/", "/mpp/kota-contoh/disdukcapil/ktp-el-hilang/"])
def test_focus_is_seen_on_targets_a_thumb_can_hit_in_the_order_of_reading(open_page, path):
    page = open_page(path)
    steps = []
    while not steps or steps[-1]["name"] != "Masuk petugas" or len(steps) < 8:  # the last link of the footer
        page.keyboard.press("Tab")
        steps.append(page.evaluate(WHERE))
    assert [step["name"] for step in steps if not step["seen"]] == []
    assert [step["name"] for step in steps if step["small"]] == []
    tops = [step["top"] for step in steps]
    assert all(after > before - 60 for before, after in pairwise(tops)), steps
    assert len(steps) > 15


def test_the_first_key_leads_past_the_header(open_page):
    page = open_page("/mpp/")
    page.keyboard.press("Tab")
    expect(page.locator(".lompat")).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("#nama-mpp")).to_be_focused()


def test_a_refused_form_opens_where_it_says_why(open_page, mall):
    phone = open_page("/", javascript=False)
    scan_hall_qr(phone, mall)
    phone.goto(f"/antrean/{mall}/ambil/disdukcapil/ktp-el-hilang/")
    phone.locator("[name=kunci]").evaluate("field => field.remove()")
    phone.get_by_role("button", name="Ambil nomor").click()
    said = phone.locator("main [role=alert]")
    expect(said).to_be_focused()
    expect(said).to_be_in_viewport()
    expect(said).to_contain_text("Formulir ini tidak lengkap terkirim.")
