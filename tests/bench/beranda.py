"""First visit of the home page at 360 px: bytes transferred, layout shift, and whether it works without JavaScript."""

from typing import Any

from playwright.sync_api import Browser, sync_playwright

from tests import servers

from .peralatan import site

LIMIT = 200_000  # bytes
STILL = 0.001  # of the screen: what rounding moves when the real font arrives; 0.1 is what people notice
SIZE = {"width": 360, "height": 740}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
# 400 ms and 400 kb/s, a poor connection: what shifts late shifts here.
SLOW = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
WATCH = """
window.shift = 0;
new PerformanceObserver(list => list.getEntries().forEach(entry => { window.shift += entry.value; }))
  .observe({type: "layout-shift", buffered: true});
"""


def main() -> dict[str, Any]:
    with site(processes=1) as portal, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=servers.find_chromium(), args=FLAGS)
        transferred, requests, shift = visit(browser, portal.url)
        found = search_without_javascript(browser, portal.url)
        browser.close()
    return {
        "ok": transferred <= LIMIT and shift < STILL and found,
        "bytes": transferred,
        "limit": LIMIT,
        "ratio": round(transferred / LIMIT, 3),
        "requests": requests,
        "layout_shift": round(shift, 6),
        "works_without_javascript": found,
    }


def visit(browser: Browser, url: str) -> tuple[int, int, float]:
    """Bytes over the wire (headers too), requests, and the sum of layout shifts: poor connection, empty cache."""
    page = browser.new_context(viewport=SIZE, is_mobile=True, device_scale_factor=2).new_page()
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.send("Network.emulateNetworkConditions", SLOW)
    sizes: list[int] = []
    network.on("Network.loadingFinished", lambda event: sizes.append(int(event["encodedDataLength"])))
    page.add_init_script(WATCH)
    page.goto(url + "/", wait_until="networkidle")
    page.wait_for_timeout(3000)
    shift = page.evaluate("window.shift")
    page.context.close()
    return sum(sizes), len(sizes), shift


def search_without_javascript(browser: Browser, url: str) -> bool:
    """A person types, presses the button, and reads the service."""
    page = browser.new_context(viewport=SIZE, java_script_enabled=False).new_page()
    page.goto(url + "/")
    page.get_by_role("searchbox").first.fill("ktp ilang")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    found = page.get_by_role("link", name="Penggantian KTP-el hilang").count()
    page.context.close()
    return found > 0
