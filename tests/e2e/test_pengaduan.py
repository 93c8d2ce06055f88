"""A report from a phone without JavaScript: sent → routed → answered → low rating → answered again → closed."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from .test_journey import accessible, log_in

pytestmark = pytest.mark.e2e


def send(page: Page) -> str:
    """Fill in the five steps; returns the code."""
    page.check("input[value=pengaduan]")
    page.fill("[name=judul]", "Kipas angin di ruang tunggu mati")
    page.fill("[name=isi]", "Sejak kemarin panas sekali, terutama di kursi belakang.")
    press(page, "Lanjut")
    page.select_option("[name=gerai]", label="Disdukcapil")
    press(page, "Lanjut")
    press(page, "Lanjut")
    page.fill("[name=nama]", "Warga Contoh")
    press(page, "Lanjut")
    press(page, "Kirim laporan")
    return page.locator(".kode-laporan").inner_text().strip()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()


def handle(page: Page, kode: str, sheet: str, **fields: str) -> None:
    """Fill in one sheet of a report's page and send it."""
    page.goto(f"/pengaduan/kerja/{kode}/")
    form = page.locator(f"form[id^=langkah-{sheet}]")
    for name, value in fields.items():
        form.locator(f"[name$={name}]").fill(value)
    form.get_by_role("button").click()
    expect(page.get_by_role("status")).to_contain_text("Tersimpan")


def test_a_report_reaches_its_end(open_page: Callable[..., Page]):
    phone = open_page("/pengaduan/kota-contoh/lapor/", javascript=False)
    kode = send(phone)
    expect(phone.locator(".pin-laporan")).to_be_visible()
    phone.get_by_role("link", name="Buka laporan saya").click()
    own = phone.url

    desk, office = open_page("/", width=1280), open_page("/", width=1280)
    log_in(desk, "koordinator")
    desk.goto(f"/pengaduan/kerja/{kode}/")
    accessible(desk)
    form = desk.locator("form[id=langkah-verifikasi]")
    form.locator("input[value=tidak_berkadar]").check()
    form.get_by_role("button").click()
    log_in(office, "penghubung.dukcapil")
    handle(office, kode, "jawab", teks="Kipasnya diganti besok.")
    accessible(office)

    phone.goto(own)
    expect(phone.locator("main")).to_contain_text("Kipasnya diganti besok.")
    phone.get_by_role("link", name="Bagaimana jawabannya?").click()
    phone.check("input[value='1']")
    phone.fill("[name=teks]", "Hari ini masih panas.")
    press(phone, "Kirim penilaian")
    expect(phone.locator("main")).to_contain_text("Dibuka kembali")
    handle(office, kode, "jawab", teks="Sudah diganti hari ini.")
    handle(desk, kode, "tutup")
    phone.reload()
    expect(phone.locator("main")).to_contain_text("Ditutup sebagai selesai")


@pytest.mark.parametrize("width", [360, 1280])
def test_pages_of_the_reporter_are_accessible(open_page: Callable[..., Page], width: int):
    page = open_page("/pengaduan/", width=width)
    accessible(page)
    page.goto("/pengaduan/hitung-tenggat/?mpp=kota-contoh&aturan=1&tanggal=2026-08-14")
    accessible(page)
    page.goto("/pengaduan/kota-contoh/lapor/")
    accessible(page)
    kode = send(page)
    accessible(page)
    page.get_by_role("link", name="Buka laporan saya").click()
    accessible(page)
    page.goto(f"/pengaduan/status/{kode}/")
    accessible(page)
