"""The console without a mouse: every key of a day at the loket, and what others see of it."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.test_journey import MALLS, SOON, accessible, log_in, mall, open_loket

pytestmark = pytest.mark.e2e
__all__ = ["mall"]


def give(desk: Page, mall: str) -> str:
    """A number from the information desk."""
    desk.goto(f"/antrean/meja/{mall}/?q=ktp")
    desk.locator(f"a[href*='/meja/{mall}/disdukcapil/']").first.click()
    desk.get_by_role("button", name="Beri nomor").click()
    desk.wait_for_url("**/tiket/**")
    return desk.locator(".karcis-nomor").inner_text()


def press(console: Page, *keys: str) -> None:
    for key in keys:
        console.keyboard.press(key)


def call(console: Page, label: str, *send: str) -> None:
    press(console, "p")
    expect(console.locator("#panggil-nomor")).to_be_focused()
    console.keyboard.type(label)
    press(console, *send)
    expect(console.locator(".konsol-nomor")).to_have_text(label)


def test_a_day_at_the_loket_by_keyboard_alone(open_page, mall):
    console, desk = open_page("/"), open_page("/", width=1280)
    log_in(desk, MALLS[mall][2])
    first, second = give(desk, mall), give(desk, mall)
    open_loket(console, mall)

    press(console, "r")
    expect(console.locator("#rehat-alasan")).to_be_focused()
    accessible(console)
    press(console, "ArrowDown", "Tab", "Enter")
    expect(console.locator("#tombol-lanjutkan")).to_be_visible()
    press(console, "l")
    expect(console.locator("#tombol-panggil")).to_be_visible()

    call(console, first, "Tab", "ArrowDown", "Tab", "Enter")
    press(console, "m")
    expect(console.locator("#tombol-selesai")).to_be_visible()
    press(console, "d")
    expect(console.locator(".konsol-antre")).to_contain_text(first)

    call(console, second, "Enter")
    press(console, "c")
    expect(console.locator("#catat-catatan")).to_be_focused()
    console.keyboard.type("Sudah diberi formulir")
    press(console, "Tab", "Enter")
    expect(console.locator(".konsol-catatan")).to_contain_text("Sudah diberi formulir")
    press(console, "a")
    expect(console.locator("#alihkan-layanan")).to_be_focused()
    accessible(console)
    press(console, "ArrowDown", "Tab", "Enter")
    expect(console.locator("#tombol-panggil")).to_be_visible()

    call(console, first, "Enter")
    press(console, "m")
    expect(console.locator("#tombol-selesai")).to_be_visible()
    press(console, "1")
    expect(console.locator("#tombol-panggil")).to_be_visible()
    for label, status in ((first, "selesai"), (second, "menunggu")):
        desk.goto(f"/antrean/meja/{mall}/?kode={label}")
        expect(desk.locator("main h3")).to_have_text(f"{label} · {status}")

    console.get_by_role("button", name="Tutup loket").press("Enter")
    expect(console.locator(".kabar-success")).to_contain_text("ditutup")


def test_a_second_call_nobody_comes_given_back_and_the_next_with_one_key(open_page, mall):
    console, desk, display = (
        open_page("/"),
        open_page("/", width=1280),
        open_page(f"/antrean/layar/{mall}/", width=1920),
    )
    log_in(desk, MALLS[mall][2])
    first, second = give(desk, mall), give(desk, mall)
    open_loket(console, mall)

    def current(label: str) -> Locator:
        return display.locator(f"[data-mpp-spoken^='{label} ']").first

    call(console, first, "Tab", "ArrowDown", "Tab", "Enter")
    spoken = current(first)
    expect(spoken).to_be_attached(**SOON)
    before = int(spoken.get_attribute("data-mpp-call") or 0)
    press(console, "u")
    expect(current(first)).not_to_have_attribute("data-mpp-call", str(before), **SOON)
    assert int(current(first).get_attribute("data-mpp-call") or 0) > before

    press(console, "k")
    expect(console.locator("#tombol-panggil")).to_be_visible()
    call(console, first, "Tab", "ArrowDown", "Tab", "Enter")
    press(console, "t")
    expect(console.locator("#tombol-panggil")).to_be_visible()
    call(console, first, "Enter")
    expect(console.locator(".konsol-kini")).to_contain_text("Panggilan kedua")

    press(console, "m")
    expect(console.locator("#tombol-lanjut")).to_be_visible()
    press(console, "b")
    expect(console.locator(".konsol-nomor")).not_to_have_text(first)
    for _person in range(20):
        if console.locator(".konsol-nomor").inner_text() == second:
            break
        press(console, "m")
        expect(console.locator("#tombol-lanjut")).to_be_visible()
        shown = console.locator(".konsol-nomor").inner_text()
        press(console, "b")
        expect(console.locator(".konsol-nomor")).not_to_have_text(shown)
    expect(console.locator(".konsol-nomor")).to_have_text(second)
    accessible(console)
    press(console, "m")
    expect(console.locator("#tombol-selesai")).to_be_visible()
    press(console, "s")
    expect(console.locator("#tombol-panggil")).to_be_visible()
    desk.goto(f"/antrean/meja/{mall}/?kode={first}")
    expect(desk.locator("main h3")).to_have_text(f"{first} · selesai")
    console.get_by_role("button", name="Tutup loket").press("Enter")
    expect(console.locator(".kabar-success")).to_contain_text("ditutup")
