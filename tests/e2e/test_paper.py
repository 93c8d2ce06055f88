"""On paper: a ticket with its number and QR and nothing that will be false an hour later; requirements with boxes."""

import pytest
from playwright.sync_api import expect

from tests.e2e.test_journey import mall, scan_hall_qr

pytestmark = pytest.mark.e2e
__all__ = ["mall"]  # a fixture


def test_a_printed_ticket_shows_how_to_look_and_not_where_it_stood(open_page, mall):
    phone = open_page("/")
    scan_hall_qr(phone, mall)
    phone.goto(f"/antrean/{mall}/ambil/disdukcapil/ktp-el-hilang/")
    phone.get_by_role("button", name="Ambil nomor").click()
    phone.wait_for_url("**/antrean/k/**")
    stale = phone.locator(".karcis-posisi")
    printed = (phone.locator(".karcis-nomor"), phone.locator(".karcis-qr svg"), phone.locator(".kode"))
    screen = (phone.locator("header"), phone.locator("footer"), phone.locator(".btn").first, stale)
    for part in (*printed, *screen):
        expect(part).to_be_visible()
    phone.emulate_media(media="print")
    for part in printed:
        expect(part).to_be_visible()
    for part in screen:
        expect(part).to_be_hidden()


def test_printed_requirements_keep_the_boxes_and_drop_the_buttons(open_page):
    page = open_page("/mpp/kota-contoh/disdukcapil/ktp-el-hilang/")
    page.emulate_media(media="print")
    boxes = page.locator(".syarat input")
    assert boxes.count() == 3
    for box in boxes.all():
        expect(box).to_be_visible()
    expect(page.locator("main")).to_contain_text("Disdukcapil, lantai 1, kiri pintu utama, MPP Kota Contoh")
    expect(page.get_by_role("button")).to_have_count(0)
    expect(page.locator("nav, header, footer")).not_to_have_count(0)
    for part in page.locator("nav, header, footer").all():
        expect(part).to_be_hidden()
