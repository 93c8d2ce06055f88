"""Ground rules of every test: the real database kind, a clean cache, Indonesian, no network (see pyproject.toml)."""

import os
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.cache import cache
from django.utils import timezone, translation
from playwright.sync_api import Browser, sync_playwright

from tests.servers import find_chromium, find_faketime
from tests.undefined import Undefined

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--no-first-run",
]


def pytest_configure() -> None:
    # A busy machine is no lost server: only the tests of lost ones are as impatient as a page.
    settings.IMPATIENT, settings.REDIS_TIMEOUT = settings.REDIS_TIMEOUT, 10
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = Undefined()
    database = settings.DATABASES["default"]
    if _is_sqlite():
        # A file, as in production: threads of one test must see the same rows. A name in memory would not.
        database["TEST"]["NAME"] = str(settings.DATA_DIR / "uji.sqlite3")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests of row locks have nothing to show on SQLite; a mail server is there once, in the run on PostgreSQL."""
    known = {
        "postgres": not _is_sqlite(),
        "dovecot": "MPP_UJI_DOVECOT" in os.environ,
        "faketime": find_faketime() is not None,
    }
    absent = [name for name, there in known.items() if not there]
    deselected = [item for item in items if any(item.get_closest_marker(name) for name in absent)]
    if deselected:
        items[:] = [item for item in items if item not in deselected]
        config.hook.pytest_deselected(items=deselected)


@pytest.fixture(autouse=True)
def fresh_process() -> Iterator[None]:
    """Nothing that a request leaves in the process or the cache reaches the next test."""
    cache.clear()
    translation.activate(settings.LANGUAGE_CODE)
    timezone.deactivate()
    yield
    translation.activate(settings.LANGUAGE_CODE)
    timezone.deactivate()


def _is_sqlite() -> bool:
    return settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The one Chromium of a run: playwright does not start a second time in a process."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=QUIET)
        yield browser
        browser.close()
