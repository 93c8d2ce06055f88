"""On the ticket page: be told by this browser or at an address, stop being told, give the number back."""

import json
import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import CDPSession, Page, expect

from .test_journey import MALLS, SOON, accessible, call, close_loket, open_loket, scan_hall_qr

pytestmark = pytest.mark.e2e

REFUSED = "Peramban tidak mengizinkan pemberitahuan. Izinkan di setelan peramban, atau pilih WhatsApp atau surel."
FAILED = "Belum berhasil menghubungi layanan pemberitahuan. Coba sekali lagi, atau pilih WhatsApp atau surel."
# What the browser gets from its maker's push service, which lies in the internet.
PUSH_SERVICE = """
PushManager.prototype.subscribe = async function (options) {
  window.asked = { visible: options.userVisibleOnly, key: Array.from(new Uint8Array(options.applicationServerKey)) };
  const keys = { p256dh: "BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM",
                 auth: "tBHItJI5svbpez7KI4CCXg" };
  return { endpoint: "https://fcm.googleapis.com/fcm/send/uji", expirationTime: null, keys };
};
"""
SHOWN = """navigator.serviceWorker.ready.then((worker) => worker.getNotifications()).then((all) =>
  all.map(({ title, body, tag, data }) => ({ judul: title, isi: body, kunci: tag, tautan: data.tautan })))"""
# No tool can touch a notification: the worker hears an event of ours, and says what it would open or bring forward.
TOUCH = """async () => {
  let notification;
  for (let look = 0; look < 600 && !notification; look++) {
    [notification] = await registration.getNotifications();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const event = new NotificationEvent("notificationclick", { notification });
  let done;
  event.waitUntil = (promise) => { done = promise; };
  self.opened = [];
  clients.openWindow = async (url) => { opened.push(url); };
  WindowClient.prototype.focus = async function () { opened.push(`focus ${this.url}`); };
  dispatchEvent(event);
  await done;
  return [opened, (await registration.getNotifications()).length];
}"""


@pytest.fixture(scope="module")
def mall() -> str:
    hours = {slug: datetime.now(UTC).astimezone(ZoneInfo(zone)).hour for slug, (zone, *_people) in MALLS.items()}
    return next(slug for slug, hour in hours.items() if hour != 23)


def take_number(page: Page, mall: str) -> str:
    page.goto(f"/antrean/{mall}/ambil/disdukcapil/ktp-el-hilang/")
    scan_hall_qr(page, mall)
    page.get_by_role("button", name="Ambil nomor").click()
    page.wait_for_url("**/antrean/k/**")
    return page.locator(".karcis-nomor").inner_text()


def deliver(page: Page, content: dict[str, str]) -> None:
    """Hand a decrypted push message to the browser, as its push service would."""
    devtools: CDPSession = page.context.new_cdp_session(page)
    registrations: list[str] = []
    devtools.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: registrations.extend(row["registrationId"] for row in event["registrations"]),
    )
    devtools.send("ServiceWorker.enable")
    page.wait_for_function("navigator.serviceWorker.controller || navigator.serviceWorker.ready")
    origin = re.match(r"https?://[^/]+", page.url)[0]
    message = {"origin": origin, "registrationId": registrations[-1], "data": json.dumps(content)}
    devtools.send("ServiceWorker.deliverPushMessage", message)


def push_button(page: Page):
    return page.get_by_role("button", name="Kabari di peramban ini")


def test_a_browser_is_told_of_the_call_and_a_touch_opens_the_ticket(open_page, mall):
    phone, console, outbox = open_page("/"), open_page("/"), open_page("/")
    phone.context.grant_permissions(["notifications"])
    phone.add_init_script(PUSH_SERVICE)
    label = take_number(phone, mall)
    ticket = phone.url

    push_button(phone).click()
    expect(phone.locator("[data-mpp-push-said]")).to_have_text(
        "Peramban ini akan dikabari, juga saat halamannya ditutup."
    )
    expect(push_button(phone)).to_be_hidden()
    asked = phone.evaluate("asked")
    assert (asked["visible"], len(asked["key"]), asked["key"][0]) == (True, 65, 4)  # an uncompressed point
    phone.reload()
    expect(phone.locator("[data-mpp-push]")).to_contain_text("Pemberitahuan di peramban peramban ini · Berhenti")

    open_loket(console, mall)
    call(console, label, press=lambda step: console.locator(f"#tombol-{step}").click())
    message = outbox.locator("article").filter(has_text="peramban ini").filter(has_text=label)
    expect(async_reload(outbox, message)).to_have_count(1)
    sent = {
        "judul": message.locator("h2").inner_text(),
        "isi": message.locator("p").nth(1).inner_text(),
        "tautan": ticket,
        "kunci": "7-uji",
    }
    assert sent["judul"].startswith(f"{label} ke Loket")
    assert message.locator("a").get_attribute("href").endswith(ticket.partition("/antrean/")[2])

    deliver(phone, sent)
    deliver(phone, sent)  # a resend, which carries the same key
    phone.wait_for_function(f"{SHOWN}.then((all) => all.length)")
    assert phone.evaluate(SHOWN) == [sent]

    (worker,) = phone.context.service_workers
    assert worker.evaluate(TOUCH) == [[f"focus {ticket}"], 0]
    phone.goto("/")
    deliver(phone, sent | {"kunci": "8-uji"})  # another message: the closing of the first may still be on its way
    phone.wait_for_function(f"{SHOWN}.then((all) => all.length)")
    assert worker.evaluate(TOUCH) == [[ticket], 0]

    console.locator("#tombol-kembalikan").click()
    close_loket(console)


def async_reload(page: Page, found):
    """Load the page of outgoing messages until it shows one; a worker sends them a moment after the call."""
    for _second in range(15):
        page.goto("/kabar/keluar/")
        if found.count():
            break
        page.wait_for_timeout(1000)
    return found


@pytest.mark.parametrize(("allowed", "sentence"), [(False, REFUSED), (True, FAILED)])
def test_a_browser_that_may_not_or_cannot_says_so_and_can_be_asked_again(open_page, mall, allowed, sentence):
    """Chromium has no push service in a window of its own, and none without the internet."""
    phone = open_page("/")
    if allowed:
        phone.context.grant_permissions(["notifications"])
    take_number(phone, mall)

    push_button(phone).click()

    expect(phone.locator("[data-mpp-push-said]")).to_have_text(sentence, **SOON)
    expect(push_button(phone)).to_be_enabled()
    accessible(phone)


@pytest.mark.parametrize("javascript", [True, False])
def test_follow_by_mail_then_stop_then_give_the_number_back(open_page, mall, javascript):
    phone = open_page("/", javascript=javascript)
    label = take_number(phone, mall)
    ticket = phone.url

    phone.get_by_role("link", name="Kabari lewat WhatsApp atau surel").click()
    expect(phone.locator("h1")).to_have_text("Ke mana kami mengabari Anda?")
    phone.get_by_label("Alamat surel").fill("budi@contoh.id")
    phone.get_by_role("button", name="Kabari saya").click()
    expect(phone).to_have_url(ticket)
    expect(phone.locator(".kabar-success")).to_contain_text("Baik, kami mengabari Anda.")
    own = phone.locator("li").filter(has_text="Surel b•••@contoh.id")
    expect(own).to_have_count(1)

    own.get_by_role("link", name="Berhenti").click()
    expect(phone.locator("h1")).to_have_text("Berhenti dikabari?")
    phone.get_by_role("button", name="Berhenti dikabari").click()
    expect(phone.locator("h1")).to_have_text("Anda tidak dikabari lagi")
    phone.goto(ticket)
    expect(own).to_have_count(0)

    phone.get_by_role("link", name="Tidak jadi").click()
    expect(phone.locator("h1")).to_have_text(f"Tidak jadi memakai nomor {label}?")
    phone.get_by_role("button", name="Batalkan nomor").click()
    expect(phone).to_have_url(ticket)
    expect(phone.locator(".kabar-success")).to_contain_text(f"Nomor {label} dibatalkan.")
    expect(phone.locator("#tiket")).to_contain_text("Nomor ini sudah dibatalkan.")


def test_the_pages_of_being_told_are_accessible(open_page, mall):
    phone = open_page("/")
    take_number(phone, mall)
    accessible(phone)
    phone.get_by_role("link", name="Kabari lewat WhatsApp atau surel").click()
    accessible(phone)
    phone.get_by_label("Alamat surel").fill("budi@contoh.id")
    phone.get_by_role("button", name="Kabari saya").click()
    phone.get_by_role("link", name="Berhenti").first.click()
    accessible(phone)
    phone.go_back()
    phone.get_by_role("link", name="Tidak jadi").click()
    accessible(phone)
