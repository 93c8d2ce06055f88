"""A report from a phone without JavaScript: sent → routed → answered → low rating → answered again → closed."""

from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image
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
    form.locator("button[type=submit]").click()
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


@pytest.mark.parametrize("width", [360, 1280])
def test_a_photo_is_sent_with_progress_and_a_video_is_refused_without_losing_it(
    open_page: Callable[..., Page], width: int
):
    page = open_page("/pengaduan/kota-contoh/lapor/", width=width)
    page.check("input[value=pengaduan]")
    page.fill("[name=judul]", "Kursi roda tidak ada di lobi")
    page.fill("[name=isi]", "Ibu saya harus dipapah dari tempat parkir.")
    press(page, "Lanjut")
    press(page, "Lanjut")
    photo, film = BytesIO(), b"\0\0\0\x18ftypmp42" + b"\0" * 3_000_000
    Image.new("RGB", (600, 400), "#884422").save(photo, "JPEG")
    page.locator("[data-mpp-upload-said]").evaluate(
        """said => new MutationObserver(() => { window.seen = said.innerText })
        .observe(said, { attributes: true, childList: true, subtree: true })"""
    )
    page.set_input_files("[name=berkas]", [
        {"name": "lobi.jpg", "mimeType": "image/jpeg", "buffer": photo.getvalue()},
        {"name": "film.jpg", "mimeType": "image/jpeg", "buffer": film},
    ])  # fmt: skip
    press(page, "Lanjut")
    expect(page.locator("main")).to_contain_text("film.jpg: Video tidak dapat kami terima.")
    expect(page.locator("main")).to_contain_text("lobi.jpg")
    assert "Mengirim berkas" in page.evaluate("window.seen")
    accessible(page)
    press(page, "Lanjut")
    expect(page.locator("h1")).to_have_text("Siapa Anda?")
    page.fill("[name=nama]", "Warga Contoh")
    press(page, "Lanjut")
    expect(page.locator("main")).to_contain_text("Mungkin sudah ada yang melaporkan")
    accessible(page)
    press(page, "Kirim laporan")
    page.get_by_role("link", name="Buka laporan saya").click()
    page.get_by_text("Isi laporan Anda").click()
    photo_shown = page.get_by_alt_text("Foto lobi.jpg")
    expect(photo_shown).to_be_visible()
    assert photo_shown.evaluate("image => image.decode().then(() => image.naturalWidth)") == 600


@pytest.mark.parametrize("width", [360, 1280])
def test_everybody_reads_what_was_published_and_supports_it_without_javascript(
    open_page: Callable[..., Page], width: int
):
    page = open_page("/pengaduan/publik/", width=width, javascript=False)
    page.get_by_role("link", name="Nama anak salah tulis di akta").click()
    expect(page.locator("main")).to_contain_text("Terlambat")
    press(page, "Saya juga mengalami")
    expect(page.locator("main")).to_contain_text("Anda tercatat juga mengalaminya")
    page = open_page("/pengaduan/publik/?q=akta", width=width)
    accessible(page)
    expect(page.locator(".petak > li")).to_have_count(1)
    page.get_by_role("link", name="Nama anak salah tulis di akta").click()
    accessible(page)
