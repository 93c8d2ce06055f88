"""The browser's side: fragments that keep themselves current, in a real Chromium."""

import time
from types import SimpleNamespace

import pytest
from playwright.sync_api import expect

from mpp_portal.siaran import tokens

from .servers import eventually

pytestmark = pytest.mark.e2e

FRAGMENT = """<section data-mpp-fragment="/potongan/" data-mpp-channels="{channels}">
<p id="kata">{words}</p><input type="hidden" name="csrfmiddlewaretoken" value="{hidden}">
<label for="catatan">Catatan</label><input id="catatan"><details id="rincian"><summary>Rincian</summary>isi</details>
</section>"""


@pytest.fixture
def site(start_stream, tmp_path):
    """A running site: `say()` changes the fragment's words, `set()` its conduct; `log()` lists its requests."""

    def say(words, channels="sesi-1", hidden="a"):
        (tmp_path / "fragment").write_text(FRAGMENT.format(words=words, channels=channels, hidden=hidden))

    say("A-001")
    server = start_stream(folder=str(tmp_path))
    log = tmp_path / "log"
    return SimpleNamespace(
        server=server,
        say=say,
        set=lambda name, value: (tmp_path / name).write_text(str(value)),
        clear=lambda name: (tmp_path / name).unlink(),
        log=lambda: log.read_text().split() if log.exists() else [],
    )


@pytest.fixture
def tab(browser, site):
    """Opens the site's page and waits until it hears the stream and has settled."""
    page = browser.new_page()
    errors = []
    page.on("console", lambda message: errors.append(message.text) if "Content Security" in message.text else None)
    page.on("pageerror", lambda error: errors.append(str(error)))

    def open_page():
        page.goto(site.server.address)
        expect(page.locator("html")).to_have_attribute("data-mpp-online", "ya")
        eventually(lambda: site.log()[-1:] == ["end"])  # the resync after the stream's own start
        return page

    yield open_page
    page.close()
    assert errors == []


def words(page):
    return expect(page.locator("#kata"))


def test_a_wake_brings_the_new_words_and_leaves_the_person_undisturbed(site, tab, valkey):
    page = tab()
    page.evaluate("changes = []; addEventListener('mpp:changed', (event) => changes.push(event.target.tagName))")
    page.fill("#catatan", "berkas lengkap")
    page.evaluate("document.getElementById('rincian').open = true")

    site.say("A-002")
    valkey.publish("sesi-1")

    words(page).to_have_text("A-002", timeout=2000)
    expect(page.locator("#catatan")).to_be_focused()
    assert page.input_value("#catatan") == "berkas lengkap"
    assert page.evaluate("document.getElementById('rincian').open") is True
    assert page.evaluate("changes") == ["SECTION"]


def test_what_reads_the_same_is_not_replaced(site, tab, valkey):
    page = tab()
    page.evaluate("document.querySelector('section').mark = 1")
    asked = len(site.log())

    site.say("A-001", hidden="b")
    valkey.publish("sesi-1")
    eventually(lambda: len(site.log()) == asked + 2)
    page.wait_for_timeout(200)

    assert page.evaluate("document.querySelector('section').mark") == 1


def test_a_wake_of_another_channel_asks_nothing(site, tab, valkey):
    page = tab()
    asked = site.log()

    valkey.publish("sesi-2")
    page.wait_for_timeout(1000)

    assert site.log() == asked


def test_wakes_during_a_fetch_are_followed_by_one_more_never_two_at_once(site, tab, valkey):
    page = tab()
    asked = len(site.log())
    site.set("delay", 0.7)

    valkey.publish("sesi-1")
    eventually(lambda: len(site.log()) == asked + 1)
    site.say("A-009")
    for _ in range(5):
        valkey.publish("sesi-1")

    words(page).to_have_text("A-009", timeout=5000)
    page.wait_for_timeout(1000)
    assert site.log()[asked:] == ["begin", "end", "begin", "end"]


def test_without_the_bus_the_page_polls_and_says_it_is_connected(site, tab, valkey):
    page = tab()
    valkey.kill()
    page.wait_for_timeout(1000)
    site.say("A-003")

    words(page).to_have_text("A-003", timeout=8000)
    expect(page.locator("html")).to_have_attribute("data-mpp-online", "ya")
    valkey.start()


def test_a_lost_server_shows_and_its_return_brings_the_truth(site, tab):
    page = tab()
    site.server.kill()
    begun = time.monotonic()
    expect(page.locator("html")).to_have_attribute("data-mpp-online", "tidak", timeout=15_000)
    assert time.monotonic() - begun > 9
    site.say("A-004")

    site.server.start()

    words(page).to_have_text("A-004", timeout=15_000)
    expect(page.locator("html")).to_have_attribute("data-mpp-online", "ya")


def test_a_fragment_that_failed_is_asked_again_soon(site, tab, valkey):
    """The stream lives, and does not repeat its wake: waiting for the regular check would cost most of a minute."""
    page = tab()
    site.set("status", 500)
    site.say("A-008")
    asked = len(site.log())
    valkey.publish("sesi-1")
    eventually(lambda: len(site.log()) == asked + 2)
    words(page).to_have_text("A-001")

    site.clear("status")

    words(page).to_have_text("A-008", timeout=8000)


@pytest.mark.parametrize("status", [403, 404, 410])
def test_a_fragment_that_is_gone_is_asked_no_more_and_its_words_stay(status, site, tab, valkey):
    page = tab()
    asked = len(site.log())
    site.set("status", status)
    site.say("A-005")

    for _ in range(3):
        valkey.publish("sesi-1")
        page.wait_for_timeout(400)

    words(page).to_have_text("A-001")
    assert len(site.log()) == asked + 2


def test_a_login_page_in_place_of_the_fragment_is_not_shown(site, tab, valkey):
    page = tab()
    asked = len(site.log())
    site.set("fragment", "<h1>Masuk</h1>")
    valkey.publish("sesi-1")
    eventually(lambda: len(site.log()) == asked + 2)
    page.wait_for_timeout(200)

    words(page).to_have_text("A-001")


def test_a_fragment_moved_to_another_channel_is_heard_there(site, tab, valkey):
    page = tab()
    site.say("A-006", channels="sesi-7")
    site.set("token", tokens.url("sesi-7"))
    valkey.publish("sesi-1")
    words(page).to_have_text("A-006", timeout=2000)
    page.wait_for_timeout(1000)

    site.say("A-007", channels="sesi-7")
    valkey.publish("sesi-7")

    words(page).to_have_text("A-007", timeout=4000)


def test_an_expired_token_is_replaced_by_the_page_itself(site, browser, valkey):
    site.set("token", "/aliran/?t=usang")
    page = browser.new_page()
    with page.expect_response(lambda response: "/aliran/" in response.url) as refused:
        page.goto(site.server.address)
    assert refused.value.status == 403
    site.clear("token")

    with page.expect_response(lambda response: "/aliran/" in response.url, timeout=20_000) as renewed:
        pass
    assert renewed.value.status == 200
    page.close()
