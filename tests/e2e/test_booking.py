"""A booked time in the browser: chosen, moved, claimed on arrival, called, served; a family of three on one phone."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.test_journey import MALLS, SOON, accessible, call, close_loket, log_in, mall, open_loket, scan_hall_qr
from tests.servers import ROOT, portal_environment

pytestmark = pytest.mark.e2e
__all__ = ["mall"]
KTP = "ktp-el-hilang"
# Times of today, at whatever hour the journey runs: half of them in some minutes, one of them for a single person.
TODAY = """
from datetime import timedelta
from django.utils import timezone
from antrean.models import Antrean, Slot
line = Antrean.objects.bookable().filter(mpp__slug="{mall}", layanan__jenis__slug="{jenis}").first()
now = timezone.now()  # to the microsecond: no time of an earlier journey is met again
Slot.objects.filter(antrean=line, tanggal=line.gerai.mpp.today()).update(closes_at=now)
for minutes, places in ((5, 9), (6, 1), (7, 9)):
    start = now + timedelta(minutes=minutes)
    Slot.objects.create(
        antrean=line, mulai=start, tanggal=line.gerai.mpp.today(), selesai=start + timedelta(minutes=30),
        kapasitas=places, opens_at=now - timedelta(days=1), closes_at=start)
"""


@pytest.fixture
def times(portal: str, portal_folder: Path, mall: str) -> str:
    """The page on which a day is chosen; today has three times."""
    code = TODAY.format(mall=mall, jenis=KTP)
    env = portal_environment(0, portal_folder) | {"SECRET_KEY": "perjalanan"}
    subprocess.run([sys.executable, "manage.py", "shell", "-c", code], cwd=ROOT, env=env, check=True)
    return f"/antrean/{mall}/pesan/disdukcapil/{KTP}/"


def choose(page: Page, nth: int = 0) -> None:
    """The first day that has room, and one of its times."""
    if page.locator(".hari-daftar").count():
        accessible(page)
        page.locator(".hari-daftar a").first.click()
    accessible(page)
    page.locator(".jam-daftar button").nth(nth).click()


def book(page: Page, nama: str, kontak: str = "") -> None:
    """Type who comes; the address only where it is asked."""
    page.get_by_label("Nama orang yang dilayani").fill(nama)
    if kontak:
        page.get_by_label("Nomor WhatsApp atau alamat surel").fill(kontak)
    page.get_by_role("button", name="Pesan jadwal").click()
    page.wait_for_url(re.compile(r"/antrean/k/[^/]+/$"))
    expect(page.locator(".karcis").first).to_contain_text(f"Untuk {nama}")


@pytest.mark.parametrize("width", [360, 1280])
def test_from_a_day_to_a_loket(open_page, mall, times, width):
    phone, console = open_page(f"/mpp/{mall}/disdukcapil/{KTP}/", width=width), open_page("/")
    phone.get_by_role("link", name="Pesan jadwal").click()
    choose(phone)
    phone.wait_for_url("**/pesan/")
    phone.get_by_label("Nama orang yang dilayani").fill("Sari Contoh")
    phone.get_by_label("Nomor WhatsApp atau alamat surel").fill("0812")
    phone.get_by_role("button", name="Pesan jadwal").click()
    expect(phone.locator("main")).to_contain_text("Nomor WhatsApp terdiri dari 10–13 angka")
    accessible(phone)
    book(phone, "Sari Contoh", f"sari.{width}@contoh.id")
    accessible(phone)

    first = phone.locator(".karcis-jadwal b").inner_text()
    phone.get_by_role("link", name="Ubah jadwal").click()
    choose(phone, nth=-1)
    expect(phone.locator(".kabar-success")).to_contain_text("Jadwal Anda sudah diubah")
    expect(phone.locator("#tiket")).to_contain_text("Sudah dipindah")
    assert first not in phone.locator(".karcis-jadwal b").first.inner_text()
    accessible(phone)

    phone.get_by_role("link", name="Saya sudah datang").click()
    expect(phone.locator("h1")).to_have_text("Pindai kode QR di aula")
    accessible(phone)
    scan_hall_qr(phone, mall)
    expect(phone.locator("h1")).to_have_text("Sudah di aula?")
    accessible(phone)
    phone.get_by_role("button", name="Saya sudah datang").click()
    phone.wait_for_url(re.compile(r"/antrean/k/[^/]+/$"))
    label = phone.locator(".karcis-nomor").inner_text()

    loket = open_loket(console, mall)
    call(console, label, press=lambda step: console.locator(f"#tombol-{step}").click())
    expect(phone.locator(".karcis-tuju")).to_contain_text(loket, **SOON)
    console.locator("#tombol-mulai").click()
    console.locator("#tombol-selesai").click()
    expect(phone.locator("#tiket")).to_contain_text("Selesai dilayani.", **SOON)
    close_loket(console)


def test_a_family_of_three_on_one_phone(open_page, mall, times):
    phone, desk = open_page(times), open_page("/", width=1280)
    choose(phone)
    book(phone, "Ibu Contoh", "0812 3456 7890")
    for nama in ("Budi Contoh", "Ani Contoh"):
        phone.get_by_role("link", name="Pesan untuk orang lain juga").click()
        choose(phone)
        expect(phone.locator("main")).to_contain_text("0812•••7890")
        accessible(phone)
        book(phone, nama)
    accessible(phone)
    expect(phone.locator(".rombongan")).to_contain_text("Ibu Contoh")
    phone.locator(".rombongan").get_by_role("link", name="Budi Contoh").click()
    expect(phone.locator(".karcis").first).to_contain_text("Untuk Budi Contoh")
    code = phone.locator(".kode").inner_text()

    log_in(desk, MALLS[mall][2])
    desk.goto(f"/antrean/meja/{mall}/?kode={code}")
    accessible(desk)
    expect(desk.locator("main")).to_contain_text("Budi Contoh")
    desk.get_by_role("button", name="Sudah datang").click()
    desk.wait_for_url("**/tiket/**")
    label = desk.locator(".karcis-nomor").inner_text()
    phone.reload()
    expect(phone.locator("#tiket .karcis-nomor")).to_have_text(label)
    accessible(phone)


def test_a_time_that_was_taken_meanwhile_and_a_day_that_is_full(open_page, times):
    slow, quick = open_page(times), open_page(times)
    for page in (slow, quick):
        page.locator(".hari-daftar a").first.click()
    single = quick.locator(".jam-daftar button", has_text="1 tempat")
    clock = single.locator("b").inner_text()
    single.click()
    quick.wait_for_url("**/antrean/k/**")
    slow.locator(".jam-daftar button", has_text=clock).click()
    expect(slow.locator("main")).to_contain_text(f"Jadwal pukul {clock} baru saja penuh")
    expect(slow.locator(".jam-daftar button", has_text=clock)).to_have_count(0)
    accessible(slow)
