"""Journeys: the portal as `bin/run` starts it, and Chromium in front of it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from mpp_portal.notifikasi import vapid
from tests.servers import free_port, start_portal

HEIGHT = {360: 740, 768: 1024, 1280: 800, 1920: 1080}


@pytest.fixture(scope="session")
def portal_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the portal keeps its data."""
    return tmp_path_factory.mktemp("portal")


@pytest.fixture(scope="session")
def portal(portal_folder: Path) -> Iterator[str]:
    """The address of a portal with fresh demo data, without a slash at its end; it can offer web push."""
    port = free_port()
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("KABAR_VAPID_KEY", vapid.new_key())
        process = start_portal(port, portal_folder)
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait(timeout=30)


@pytest.fixture
def open_page(browser: Browser, portal: str) -> Iterator[Callable[..., Page]]:
    """A new visitor: `open_page("/layanan/", width=360, javascript=False)`; script errors and CSP reports fail."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def open_page(path: str = "/", *, width: int = 360, javascript: bool = True) -> Page:
        context = browser.new_context(
            base_url=portal,
            viewport={"width": width, "height": HEIGHT[width]},
            java_script_enabled=javascript,
            locale="id-ID",
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: errors.append(f"{page.url}: {error}"))
        page.on("console", lambda line: errors.append(f"{page.url}: {line.text}") if _is_csp(line.text) else None)
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert errors == []


def _is_csp(text: str) -> bool:
    return "Content Security Policy" in text or "Content-Security-Policy" in text
