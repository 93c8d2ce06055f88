"""Reports on longer ways: asked about, with two offices, opened again; anonymous; about the koordinator; at a desk."""

from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from .test_journey import accessible, log_in
from .test_pengaduan import handle, press

pytestmark = pytest.mark.e2e
Open = Callable[..., Page]


def tell(page: Page, judul: str, *, photo: bool = False, **who: str | bool) -> tuple[str, str]:
    """Fill in the five steps of somebody's report; returns code and PIN as the receipt shows them."""
    page.goto("/pengaduan/kota-contoh/lapor/")
    page.check("input[value=pengaduan]")
    page.fill("[name=judul]", judul)
    page.fill("[name=isi]", "Sejak pagi kami menunggu di sana, dan tidak ada yang menjelaskan sebabnya.")
    press(page, "Lanjut")
    page.select_option("[name=gerai]", label=str(who.pop("about", "Disdukcapil")))
    press(page, "Lanjut")
    if photo:
        drawn = BytesIO()
        Image.new("RGB", (60, 40), "#335577").save(drawn, "JPEG")
        page.set_input_files(
            "[name=berkas]", {"name": "papan.jpg", "mimeType": "image/jpeg", "buffer": drawn.getvalue()}
        )
    press(page, "Lanjut")
    for name, given in who.items():
        if given is True:
            page.check(f"[name={name}]")
        else:
            page.fill(f"[name={name}]", str(given))
    press(page, "Lanjut")
    press(page, "Kirim laporan")
    return page.locator(".kode-laporan").inner_text().strip(), page.locator(".pin-laporan").inner_text().strip()


def at_work(open_page: Open, username: str) -> Page:
    page = open_page("/", width=1280)
    log_in(page, username)
    return page


def verify(page: Page, kode: str, *offices: str) -> None:
    page.goto(f"/pengaduan/kerja/{kode}/")
    form = page.locator("form[id=langkah-verifikasi]")
    form.locator("input[value=tidak_berkadar]").check()
    for box in form.get_by_role("checkbox").all():
        box.set_checked((box.evaluate("box => box.labels[0].innerText")).strip() in offices)
    form.get_by_role("button").click()
    expect(page.get_by_role("status")).to_contain_text("Tersimpan")


def by_hand(page: Page, kode: str, pin: str) -> None:
    """As somebody types it who wrote it on a piece of paper: small letters, spaces."""
    page.goto("/lacak/")
    page.fill("main input[type=text], main input[type=search], main [name=kode]", kode.lower().replace("-", " "))
    page.locator("main form button[type=submit]").first.click()
    page.fill("[name=pin]", pin)
    press(page, "Buka laporan")
    expect(page.locator("main")).to_contain_text(kode)


def test_asked_about_answered_by_two_offices_opened_again_and_closed(open_page: Open):
    phone = open_page("/", javascript=False)
    kode, _pin = tell(phone, "Papan petunjuk ke loket hilang", photo=True, nama="Warga Contoh")
    phone.get_by_role("link", name="Buka laporan saya").click()
    own = phone.url

    desk = at_work(open_page, "koordinator")
    desk.goto(f"/pengaduan/kerja/{kode}/")
    desk.get_by_text("Minta pelapor melengkapi").click()
    desk.fill("[name=tanya-teks]", "Papan yang mana, di lantai berapa?")
    press(desk, "Kirim pertanyaan")
    phone.goto(own)
    phone.get_by_role("link", name="Apa yang perlu ditambahkan?").click()
    phone.fill("[name=teks]", "Papan biru di lantai dua.")
    press(phone, "Kirim kelengkapan")
    expect(phone.locator("main")).to_contain_text("laporan Anda sudah dilengkapi")

    verify(desk, kode, "Disdukcapil", "Samsat")
    expect(desk.locator("main")).to_contain_text("Papan biru di lantai dua.")
    expect(desk.get_by_alt_text("Foto papan.jpg")).to_be_visible()
    dukcapil, samsat = at_work(open_page, "penghubung.dukcapil"), at_work(open_page, "penghubung.samsat")
    handle(dukcapil, kode, "jawab", teks="Papan kami sudah dipasang lagi.")
    phone.goto(own)
    expect(phone.get_by_role("link", name="Bagaimana jawabannya?")).to_have_count(0)  # one of two
    handle(samsat, kode, "jawab", teks="Papan kami dipasang besok.")

    phone.goto(own)
    phone.get_by_role("link", name="Bagaimana jawabannya?").click()
    phone.check("input[value='2']")
    press(phone, "Kirim penilaian")
    expect(phone.locator("main")).to_contain_text("Tulis apa yang kurang")
    phone.fill("[name=teks]", "Yang di Samsat belum ada.")
    press(phone, "Kirim penilaian")
    expect(phone.locator("main")).to_contain_text("Dibuka kembali")
    for office in (dukcapil, samsat):
        handle(office, kode, "jawab", teks="Sudah terpasang, hari ini diperiksa bersama.")
    handle(at_work(open_page, "koordinator2"), kode, "tutup")
    phone.goto(own)
    expect(phone.locator("main")).to_contain_text("Ditutup sebagai selesai")


def test_an_anonymous_reporter_comes_back_with_code_and_pin_by_hand(open_page: Open):
    phone = open_page("/", javascript=False)
    kode, pin = tell(phone, "Petugas meminta uang rokok", anonim=True, nama="Nama Yang Disimpan", kontak="081234567890")
    desk = at_work(open_page, "koordinator")
    desk.goto(f"/pengaduan/kerja/{kode}/")
    expect(desk.locator("main")).to_contain_text("Pelapor: Anonim")
    assert "Nama Yang Disimpan" not in desk.content()
    assert "81234567890" not in desk.content()
    verify(desk, kode, "Disdukcapil")
    handle(at_work(open_page, "penghubung.dukcapil"), kode, "jawab", teks="Petugasnya sudah kami tegur.")

    other = open_page("/", javascript=False)  # another phone, without the link
    by_hand(other, kode, pin)
    expect(other.locator("main")).to_contain_text("Petugasnya sudah kami tegur.")


def test_a_confidential_report_about_the_koordinator_passes_them_by(open_page: Open):
    phone = open_page("/", javascript=False)
    about = "Pengelola MPP atau petugas pengaduan"
    kode, pin = tell(phone, "Laporan saya dihapus petugas pengaduan", about=about, rahasia=True, nama="Warga Contoh")
    desk = at_work(open_page, "koordinator")
    assert desk.goto(f"/pengaduan/kerja/{kode}/").status == 404
    desk.goto("/pengaduan/kerja/")
    expect(desk.locator("main")).not_to_contain_text("Laporan saya dihapus")
    inspector = at_work(open_page, "inspektorat")
    inspector.goto("/pengaduan/kerja/")
    expect(inspector.locator("main")).to_contain_text("Laporan saya dihapus")
    verify(inspector, kode, "Inspektorat")
    expect(inspector.locator("main")).to_contain_text("Rahasia")
    assert open_page("/").goto(f"/pengaduan/publik/{kode}/").status == 404
    by_hand(phone, kode, pin)


@pytest.mark.parametrize("width", [360, 1280])
def test_a_desk_takes_a_report_for_somebody_without_a_phone(open_page: Open, width: int):
    desk = open_page("/", width=width)
    log_in(desk, "informasi")
    desk.goto("/pengaduan/kota-contoh/meja/")
    accessible(desk)
    for name, given in (("saluran", "langsung"), ("jenis", "pengaduan"), ("jawab_lewat", "telepon")):
        desk.check(f"[name={name}][value={given}]")
    desk.fill("[name=judul]", "Kursi tunggu patah")
    desk.fill("[name=isi]", "Kata bapak ini, dua kursi di depan loket 3 patah.")
    press(desk, "Kirim dan buat tanda terima")
    expect(desk.locator("main")).to_contain_text("Tulis nama pelapor, atau pilih anonim.")
    expect(desk.locator("main")).to_contain_text("Tulis nomor telepon atau alamat suratnya.")
    accessible(desk)
    assert desk.input_value("[name=isi]") == "Kata bapak ini, dua kursi di depan loket 3 patah."
    desk.fill("[name=nama]", "Bapak Contoh")
    desk.fill("[name=alamat]", "0411 123456, sore hari")
    press(desk, "Kirim dan buat tanda terima")
    expect(desk.locator("h1")).to_have_text("Serahkan tanda terima ini")
    accessible(desk)
    kode, pin = (desk.locator(f".{name}-laporan").inner_text().strip() for name in ("kode", "pin"))
    by_hand(open_page("/", javascript=False), kode, pin)
