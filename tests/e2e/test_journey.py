"""The whole way at 360 px: search → service → number → call → the ticket page and the hall's display say the loket."""

import os
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.e2e

PASSWORD = "contoh-mpp-2026"
MALLS = {
    "kota-contoh": ("Asia/Makassar", "loket.dukcapil", "informasi"),
    "kabupaten-teladan": ("Asia/Jakarta", "loket.teladan", "informasi.teladan"),
}
SOON = {"timeout": 15_000}
RUNG = """() => {
  window.rung = 0;
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (at) {
    rung += 1;
    start.call(this, at);
  };
}"""
axe = Axe()


@pytest.fixture(scope="module")
def mall() -> str:
    """A demo mall whose day does not end while the journey is on its way."""
    hours = {slug: datetime.now(UTC).astimezone(ZoneInfo(zone)).hour for slug, (zone, *_people) in MALLS.items()}
    return next(slug for slug, hour in hours.items() if hour != 23)


def accessible(page: Page) -> None:
    violations = axe.run(page).response["violations"]
    assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in violations] == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"], page.url


def picture(page: Page, name: str) -> None:
    """With MPP_GAMBAR, keep what the README shows: `MPP_GAMBAR=docs/gambar bin/test --only e2e tests/e2e`."""
    folder = os.environ.get("MPP_GAMBAR")
    if folder:
        page.evaluate("window.scrollTo(0, 0)")
        page.screenshot(path=Path(folder) / f"{name}.png")


def log_in(page: Page, username: str) -> None:
    page.goto("/akun/login/")
    page.fill("input[name=login]", username)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/petugas/")


def open_loket(page: Page, mall: str) -> str:
    """Open the first loket of the petugas' gerai (or go on in it), with nobody at it; returns its words."""
    log_in(page, MALLS[mall][1])
    page.goto("/antrean/loket/")
    page.get_by_role("button", name=re.compile("^Buka Loket")).or_(
        page.get_by_role("link", name="Lanjut di")
    ).first.click()
    page.wait_for_url(re.compile(r"/antrean/loket/\d+/$"))
    for step, then in (("mulai", "selesai"), ("selesai", "panggil")):  # whom a journey that broke off left here
        if page.locator(f"#tombol-{step}").count():
            page.locator(f"#tombol-{step}").click()
            expect(page.locator(f"#tombol-{then}")).to_be_visible()
    return page.locator("h1").inner_text().split(" Disdukcapil")[0].strip()


def close_loket(page: Page) -> None:
    page.get_by_role("button", name="Tutup loket").click()
    expect(page.locator(".kabar-success")).to_contain_text("ditutup")


def scan_hall_qr(page: Page, mall: str) -> None:
    page.goto(f"/antrean/{mall}/poster/")
    page.get_by_role("link", name="buka tautan di dalam kode ini").click()


def call(page: Page, label: str, *, press: Callable[[str], None]) -> None:
    """Serve who is before this label, then call it."""
    for _person in range(20):
        press("panggil")
        expect(page.locator(".konsol-nomor")).to_be_visible()
        if page.locator(".konsol-nomor").inner_text() == label:
            return
        press("mulai")
        expect(page.locator("#tombol-selesai")).to_be_visible()
        press("selesai")
        expect(page.locator("#tombol-panggil")).to_be_visible()
    raise AssertionError(f"{label} was not called")


def test_from_a_need_to_a_loket(open_page, mall):
    phone, console, display = open_page("/"), open_page("/"), open_page(f"/antrean/layar/{mall}/", width=1920)
    accessible(display)

    phone.locator("#q").fill("ktp ilang")
    phone.keyboard.press("Enter")
    phone.wait_for_url("**/cari/**")
    accessible(phone)
    phone.get_by_role("link", name="Penggantian KTP-el hilang").first.click()
    accessible(phone)
    phone.locator(f"main a[href*='/mpp/{mall}/disdukcapil/']").first.click()
    accessible(phone)
    phone.get_by_role("link", name="Ambil nomor di aula").click()
    expect(phone.locator("h1")).to_have_text("Sudah di aula MPP?")
    accessible(phone)

    scan_hall_qr(phone, mall)
    expect(phone).to_have_url(re.compile(f"/antrean/{mall}/ambil/disdukcapil/"))
    accessible(phone)
    phone.get_by_role("button", name="Ambil nomor").click()
    phone.wait_for_url("**/antrean/k/**")
    label = phone.locator(".karcis-nomor").inner_text()
    expect(phone.locator(".karcis-posisi")).to_contain_text("Perkiraan tunggu")
    phone.evaluate(RUNG)
    phone.get_by_role("button", name="Bunyikan saat nomor saya dipanggil").click()
    expect(phone.get_by_role("button", name="Bunyi menyala")).to_be_disabled()
    assert phone.evaluate("rung") == 4  # as it will sound
    accessible(phone)

    loket = open_loket(console, mall)
    accessible(console)
    keys = {"panggil": "n", "mulai": "m", "selesai": "s"}
    call(console, label, press=lambda step: console.keyboard.press(keys[step]))
    accessible(console)

    expect(phone.locator(".karcis-tuju")).to_contain_text(loket, **SOON)
    expect(phone).to_have_title(re.compile(f"^{label} → {loket}"))
    assert phone.evaluate("rung") == 8
    expect(phone.locator("[data-mpp-voice]")).to_have_text(re.compile(f"^{label}: Silakan menuju {loket}, lantai"))
    accessible(phone)
    picture(phone, "tiket")
    expect(display.locator("[data-mpp-stage] .panggung-nomor")).to_have_text(label, **SOON)
    expect(display.locator("[data-mpp-stage] .panggung-loket strong")).to_have_text(loket)
    accessible(display)

    console.keyboard.press("m")
    expect(phone.locator("#tiket")).to_contain_text(f"Anda sedang dilayani di {loket}.", **SOON)
    assert phone.evaluate("rung") == 8
    accessible(console)
    console.keyboard.press("Enter")  # finish and call the next; nobody waits
    expect(phone.locator("#tiket")).to_contain_text("Selesai dilayani.", **SOON)
    expect(console.locator("#tombol-panggil")).to_be_visible()
    close_loket(console)


def test_the_same_way_without_javascript(open_page, mall):
    phone = open_page("/", javascript=False)
    console = open_page("/", javascript=False)
    display = open_page(f"/antrean/layar/{mall}/", width=1920, javascript=False)

    phone.locator("#q").fill("ktp hilang")
    phone.locator("#q").press("Enter")
    phone.get_by_role("link", name="Penggantian KTP-el hilang").first.click()
    phone.locator(f"main a[href*='/mpp/{mall}/disdukcapil/']").first.click()
    phone.get_by_role("link", name="Ambil nomor di aula").click()
    scan_hall_qr(phone, mall)
    phone.get_by_role("button", name="Ambil nomor").click()
    phone.wait_for_url("**/antrean/k/**")
    label = phone.locator(".karcis-nomor").inner_text()

    loket = open_loket(console, mall)
    call(console, label, press=lambda step: console.locator(f"#tombol-{step}").click())
    # Both pages load themselves again: every 30 and every 10 seconds.
    expect(phone.locator(".karcis-tuju")).to_contain_text(loket, timeout=45_000)
    expect(display.locator("[data-mpp-stage] .panggung-nomor")).to_have_text(label, timeout=20_000)

    console.locator("#tombol-mulai").click()
    console.locator("#tombol-selesai").click()
    expect(console.locator("#tombol-panggil")).to_be_visible()
    assert "Selesai dilayani." in phone.request.get(phone.url).text()
    close_loket(console)


def test_a_display_announces_what_it_missed_once_and_in_order(open_page, mall):
    display, desk, console = (
        open_page(f"/antrean/layar/{mall}/", width=1920),
        open_page("/", width=1280),
        open_page("/"),
    )
    # Without its stream the display asks by itself, and a browser that is switched offline is offline altogether.
    display.context.route("**/aliran/**", lambda route: route.abort())
    display.reload()
    display.evaluate(
        "window.announced = []; document.addEventListener('mpp:call', ({ target }) =>"
        " announced.push(target.querySelector('.panggung-nomor').textContent))"
    )
    log_in(desk, MALLS[mall][2])
    desk.goto(f"/antrean/meja/{mall}/?q=ktp")
    accessible(desk)
    desk.locator(f"a[href*='/meja/{mall}/disdukcapil/']").first.click()
    accessible(desk)
    desk.get_by_role("button", name="Beri nomor").click()
    desk.wait_for_url("**/tiket/**")
    accessible(desk)
    label = desk.locator(".karcis-nomor").inner_text()

    display.context.set_offline(True)
    open_loket(console, mall)
    call(console, label, press=lambda step: console.locator(f"#tombol-{step}").click())
    expect(display.locator("html")).to_have_attribute("data-mpp-online", "tidak", timeout=30_000)
    expect(display.locator("[data-mpp-offline]")).to_be_visible()
    display.context.set_offline(False)
    expect(display.locator("[data-mpp-stage] .panggung-nomor")).to_have_text(label, timeout=30_000)
    expect(display.locator("[data-mpp-offline]")).to_be_hidden(**SOON)
    display.wait_for_timeout(1_000)
    assert display.evaluate("announced") == [label]

    console.locator("#tombol-kembalikan").click()
    expect(console.locator("#tombol-panggil")).to_be_visible()
    close_loket(console)


def test_pages_of_the_hall_are_accessible_at_every_width(open_page, mall):
    paths = (f"/antrean/{mall}/ambil/", f"/antrean/{mall}/poster/", "/antrean/hadir/salah/", f"/mpp/{mall}/")
    for width in (360, 1280):
        page = open_page("/", width=width)
        for path in paths:
            page.goto(path)
            accessible(page)
