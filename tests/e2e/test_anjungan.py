"""The kiosk by touch, keyboard and without JavaScript; the display's voice, its long day, and a restarted server."""

import json
import re
import subprocess
import sys
from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import HEIGHT
from tests.e2e.test_journey import MALLS, accessible, call, close_loket, log_in, mall, open_loket
from tests.servers import ROOT, free_port, portal_environment, start_portal

pytestmark = pytest.mark.e2e
__all__ = ["mall"]  # a fixture
SIZES = {"portrait": (1080, 1920), "landscape": (1280, 800)}
SMALL = """() => [...document.querySelectorAll("main a, main button, nav a, main .form-check, main .form-control")]
  .filter((part) => part.offsetParent && !part.closest("dialog"))
  .map((part) => [part.textContent.trim(), part.getBoundingClientRect()])
  .filter(([, box]) => box.height < 72 || box.width < 72)
  .map(([name]) => name)"""
HIGH = """() => [...document.querySelectorAll("main a, main button, nav a, main .form-check")]
  .filter((part) => part.offsetParent && part.getBoundingClientRect().top < innerHeight / 5)
  .map((part) => part.textContent.trim())"""


def kiosk(open_page, mall: str, size: str = "landscape", **options) -> Page:
    page = open_page("/", width=1280, **options)
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    page.add_init_script("window.printed = 0; window.print = () => (window.printed += 1)")  # the paper is not ours
    page.goto(f"/antrean/perangkat/contoh/{mall}/")
    return page


def fit_for_a_kiosk(page: Page) -> None:
    accessible(page)
    assert page.evaluate(SMALL) == [], page.url
    assert page.evaluate(HIGH) == [], page.url


@pytest.mark.parametrize("size", SIZES)
def test_from_a_touch_to_a_ticket_in_hand(open_page, mall, size):
    page = kiosk(open_page, mall, size)
    fit_for_a_kiosk(page)
    page.get_by_role("link", name=re.compile("^Disdukcapil")).click()
    fit_for_a_kiosk(page)
    page.get_by_role("link", name="Penggantian KTP-el hilang").click()
    fit_for_a_kiosk(page)
    expect(page.get_by_role("heading", name="Wajib dibawa")).to_be_in_viewport()
    expect(page.get_by_text("Perlu didahulukan?")).to_be_in_viewport()
    page.get_by_text("Lansia").click()
    page.get_by_role("button", name="Ambil nomor").click()
    page.wait_for_url("**/anjungan/karcis/*/")
    fit_for_a_kiosk(page)
    assert page.evaluate("printed") == 1
    page.reload()
    assert page.evaluate("printed") == 0  # the same paper is not printed twice
    page.get_by_role("button", name="Tidak, cetak ulang").click()
    expect(page.locator(".karcis")).to_contain_text("SALINAN 1")
    assert page.evaluate("printed") == 1
    page.get_by_role("button", name="Ya, keluar").click()
    expect(page.locator("#karcis")).to_contain_text("Ambil karcis Anda")
    fit_for_a_kiosk(page)
    page.get_by_role("link", name="Selesai").click()
    expect(page.locator("h1")).to_have_text("Mau mengurus apa?")


def test_by_keyboard_alone_and_in_english(open_page, mall):
    page = kiosk(open_page, mall)
    page.get_by_role("link", name="English").focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("What do you need?")
    for link in (page.get_by_role("link", name="Disdukcapil floor 1"), page.locator(".anjungan-daftar a").first):
        link.focus()
        page.keyboard.press("Enter")
    page.get_by_role("radio").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/antrean/anjungan/karcis/*/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Your number is")
    accessible(page)


def test_without_javascript(open_page, mall):
    page = kiosk(open_page, mall, javascript=False)
    page.get_by_role("link", name="Saya sudah pesan jadwal").click()
    for letter in "AC3":
        page.get_by_role("button", name=letter, exact=True).click()
    page.get_by_role("button", name="Hapus").click()
    expect(page.locator("#kode")).to_have_value("AC")
    page.get_by_role("link", name="Ke awal").click()
    page.get_by_role("link", name=re.compile("^Disdukcapil")).click()
    page.get_by_role("link", name="Penggantian KTP-el hilang").click()
    page.get_by_role("button", name="Ambil nomor").click()
    page.get_by_role("button", name="Lanjut tanpa karcis").click()
    expect(page.locator("#karcis")).to_contain_text("berlaku tanpa karcis")


def test_the_keypad_types_and_nobody_waits_for_who_has_left(open_page, mall):
    page = kiosk(open_page, mall)
    page.clock.install()
    page.get_by_role("link", name="Saya sudah pesan jadwal").click()
    fit_for_a_kiosk(page)
    for letter in "AC3":
        page.get_by_role("button", name=letter, exact=True).click()
    expect(page.locator("#kode")).to_have_value("AC3")
    page.get_by_role("button", name="Cari jadwal").click()
    expect(page.locator("#kode-kata")).to_contain_text("Ketik yang masih kurang.")
    expect(page.locator("#kode")).to_have_value("AC3")

    warning = page.get_by_role("dialog")
    page.clock.run_for(46_000)
    expect(warning).to_contain_text("Layar kembali ke awal dalam")
    accessible(page)
    page.get_by_role("button", name="Ya, lanjutkan").click()
    expect(warning).to_be_hidden()
    page.clock.run_for(61_000)
    page.wait_for_url("**/antrean/anjungan/")


# --- The display ------------------------------------------------------------------------------------------------------

TWICE = 2 * 9  # clips of a call: nomor, letter, three digits, menuju, loket, lantai, floor
LISTEN = """
  window.spoken = [];
  const start = AudioBufferSourceNode.prototype.start;
  AudioBufferSourceNode.prototype.start = function (at) {
    spoken.push([at, at + this.buffer.duration]);
    start.call(this, at);
  };
  window.announced = [];
  document.addEventListener("mpp:call", ({ detail }) => announced.push(detail.spoken));
"""


def give(desk: Page, mall: str) -> str:
    desk.goto(f"/antrean/meja/{mall}/?q=ktp")
    desk.locator(f"a[href*='/meja/{mall}/disdukcapil/']").first.click()
    desk.get_by_role("button", name="Beri nomor").click()
    desk.wait_for_url("**/tiket/**")
    return desk.locator(".karcis-nomor").inner_text()


def press(console: Page):
    return lambda step: console.locator(f"#tombol-{step}").click()


def test_calls_are_spoken_one_after_the_other(open_page, mall):
    desk, console = open_page("/", width=1280), open_page("/")
    display = open_page("/", width=1920)
    display.add_init_script(LISTEN)
    display.goto(f"/antrean/layar/{mall}/")
    log_in(desk, MALLS[mall][2])
    label = give(desk, mall)
    display.get_by_role("button", name="Nyalakan suara").click()
    expect(display.get_by_role("button", name="Suara menyala")).to_be_disabled()

    open_loket(console, mall)
    call(console, label, press=press(console))
    console.locator("#tombol-ulang").click()
    expect(display.locator("[data-mpp-stage] .panggung-nomor")).to_have_text(label, timeout=60_000)
    for _second in range(60):  # a call takes a quarter of a minute to be said
        spoken = display.evaluate("spoken")
        if len(spoken) >= 2 * TWICE:
            break
        display.wait_for_timeout(1_000)
    assert len(spoken) >= 2 * TWICE
    assert all(end <= after + 0.001 for (_at, end), (after, _end) in pairwise(spoken))
    console.locator("#tombol-kembalikan").click()
    close_loket(console)


def footprint(page: Page) -> dict[str, float]:
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    session.send("Performance.enable")
    metrics = {row["name"]: row["value"] for row in session.send("Performance.getMetrics")["metrics"]}
    session.detach()
    return {name: metrics[name] for name in ("Nodes", "JSEventListeners", "JSHeapUsedSize")}


def test_a_display_does_not_grow_with_the_calls_of_a_day(open_page, mall):
    desk, console = open_page("/", width=1280), open_page("/")
    display = open_page(f"/antrean/layar/{mall}/", width=1920)
    log_in(desk, MALLS[mall][2])
    label = give(desk, mall)
    open_loket(console, mall)
    call(console, label, press=press(console))
    url = re.sub(r"/$", "/ulang/", console.url)
    token = console.locator("[name=csrfmiddlewaretoken]").first.input_value()

    def recall(times: int) -> dict[str, float]:
        """Each is a new call: the fragment changes, and the one before is not announced any more."""
        for _n in range(times):
            console.request.post(url, form={"csrfmiddlewaretoken": token}, headers={"Referer": console.url})
        display.wait_for_timeout(7_000)
        return footprint(display)

    before, after = recall(40), recall(200)
    assert after["Nodes"] <= before["Nodes"] + 60, json.dumps([before, after])
    assert after["JSEventListeners"] <= before["JSEventListeners"], json.dumps([before, after])
    assert after["JSHeapUsedSize"] <= 1.3 * before["JSHeapUsedSize"], json.dumps([before, after])
    console.reload()
    console.locator("#tombol-kembalikan").click()
    close_loket(console)


# The petugas of the open loket goes on while the web is away: what a call of those minutes leaves in the database.
GO_ON = """
from antrean import actions
from antrean.models import Jaga
jaga = Jaga.objects.open().get()
print(actions.finish_and_next(jaga.loket, by=jaga.petugas).label)
"""


def test_a_display_lives_through_a_restart_of_the_server(browser, tmp_path_factory, mall):
    port, folder = free_port(), tmp_path_factory.mktemp("mulai-ulang")
    server = start_portal(port, folder)
    options = {"base_url": f"http://127.0.0.1:{port}", "viewport": {"width": 1920, "height": HEIGHT[1920]}}
    staff, hall = browser.new_context(**options), browser.new_context(**options)
    desk, console, display = staff.new_page(), staff.new_page(), hall.new_page()
    stage, broken = display.locator("[data-mpp-stage] .panggung-nomor"), display.locator("[data-mpp-offline]")
    try:
        log_in(desk, MALLS[mall][2])
        before, meanwhile = give(desk, mall), give(desk, mall)
        staff.clear_cookies()
        display.add_init_script(LISTEN)
        display.goto(f"/antrean/layar/{mall}/")
        display.get_by_role("button", name="Nyalakan suara").click()
        open_loket(console, mall)
        call(console, before, press=press(console))
        expect(stage).to_have_text(before, timeout=60_000)
        console.locator("#tombol-mulai").click()
        expect(console.locator("#tombol-lanjut")).to_be_visible()

        server.terminate()
        server.wait(timeout=30)
        env = portal_environment(port, folder) | {"SECRET_KEY": "perjalanan"}
        said = subprocess.run([sys.executable, "manage.py", "shell", "-v0", "-c", GO_ON], cwd=ROOT, env=env, check=True,
                              capture_output=True, text=True)  # fmt: skip
        assert said.stdout.strip() == meanwhile
        expect(broken).to_be_visible(timeout=60_000)
        expect(stage).to_have_text(before)  # what is known stays to be read

        server = start_portal(port, folder)
        expect(stage).to_have_text(meanwhile, timeout=60_000)
        expect(broken).to_be_hidden(timeout=30_000)
        spoken = [words.split()[0] for words in display.evaluate("announced")]
        assert spoken == [before, meanwhile]
        display.wait_for_function(f"spoken.length >= {2 * TWICE}", timeout=60_000)
        display.wait_for_timeout(1_000)
        assert display.evaluate("spoken.length") == 2 * TWICE
        display.reload()
        expect(stage).to_have_text(meanwhile)
        display.wait_for_timeout(1_000)
        assert display.evaluate("announced") == []
    finally:
        staff.close()
        hall.close()
        server.terminate()
        server.wait(timeout=30)
