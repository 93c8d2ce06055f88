"""A letter is one report, or what its reporter adds to one, however often it is read."""

from datetime import timedelta

import pytest
from django.core.checks import run_checks
from django.urls import reverse
from django.utils import timezone

from mpp_portal.notifikasi.models import Langganan, Pesan
from pengaduan import actions as reports
from pengaduan.models import Lampiran, Laporan, Tanggapan
from pengaduan.surel import actions, letters
from pengaduan.surel.models import SurelMasuk
from tests import factories
from tests.client import PageClient

from ..conftest import MONDAY, clocks, days, fresh
from ..test_attachments import photo
from .conftest import mail


def pin_of(reply) -> str:
    return reply.isi.split("PIN: ")[1].split("\n")[0]


def test_a_letter_is_a_report_and_its_reply_opens_it(meja, write, settings):
    settings.KABAR_KANAL = settings.KABAR_KANAL | {"surel": "hidup"}
    reply = actions.take(meja.mpp, write(), now=MONDAY)
    laporan = Laporan.objects.get()
    assert (laporan.judul, laporan.isi) == ("Loket tutup lebih awal", "Pukul dua sudah kosong.")
    assert (laporan.nama, laporan.kanal, laporan.kontak) == ("Warga Contoh", "surel", "warga@contoh.id")
    assert clocks(laporan)["verifikasi"].mulai == MONDAY
    assert reply.judul == f"[{laporan.kode}] Loket tutup lebih awal"
    assert "Kamis, 26 November 2026" in reply.isi
    assert "We have received your report." in reply.isi
    assert reports.enter(laporan.kode, pin_of(reply)) == laporan
    path = "/pengaduan/k/" + reply.isi.split("/pengaduan/k/")[1].split()[0]
    assert PageClient().get(path).status_code == 200
    assert Langganan.objects.get().tujuan == "warga@contoh.id"
    assert not Pesan.objects.exists()  # the reply is the receipt
    reports.ask(laporan, "Loket berapa?", by=meja.koordinator)
    assert Pesan.objects.count() == 1


def test_a_letter_that_is_read_again_is_the_same_report_with_the_same_reply(meja, write):
    first, second = actions.take(meja.mpp, write()), actions.take(meja.mpp, write())
    assert first == second
    assert Laporan.objects.count() == SurelMasuk.objects.count() == 1
    actions.take(meja.mpp, write(message_id="<2@contoh.id>"))
    assert Laporan.objects.count() == 2


def test_files_pass_the_same_checks_as_in_the_form_and_a_refused_one_is_named(meja):
    made = mail()
    for name, content in (("loket.jpg", photo()), ("film.mkv", b"\x1aE\xdf\xa3" + b"0" * 99)):
        made.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    for _ in range(2):
        reply = actions.take(meja.mpp, letters.read(made.as_bytes()))
    assert [row.nama for row in Lampiran.objects.all()] == ["loket.jpg"]
    assert Lampiran.objects.get().laporan == Laporan.objects.get()
    assert "film.mkv: Video tidak dapat kami terima" in reply.isi


@pytest.mark.parametrize(("text", "sentence"), [("", "Surel Anda kosong."), ("a" * 5001, "lebih panjang dari 5.000")])
def test_what_cannot_be_taken_gets_a_sentence_in_both_languages(meja, write, text, sentence):
    reply = actions.take(meja.mpp, write(text))
    assert sentence in reply.isi
    assert "Your e-mail is" in reply.isi
    assert Laporan.objects.count() == 0


def test_a_program_and_a_letter_that_is_too_big(meja, write):
    assert actions.take(meja.mpp, write(auto_submitted="auto-replied")) is None
    assert actions.too_big(write(precedence="bulk")) is None
    assert "lebih besar dari 40 MB" in actions.too_big(write()).isi
    assert Laporan.objects.count() == 0


def test_who_is_banned_reads_why(meja, write):
    actions.take(meja.mpp, write())
    reports.ban(Laporan.objects.get(), alasan="Laporan palsu.", hari=7, by=meja.koordinator)
    assert "Alasannya: Laporan palsu." in actions.take(meja.mpp, write(message_id="<2@contoh.id>")).isi
    assert Laporan.objects.count() == 1


def test_a_refused_letter_leaves_no_file_behind(meja, kept_files):
    made = mail()
    made.add_attachment(photo(), maintype="image", subtype="jpeg", filename="loket.jpg")
    actions.take(meja.mpp, letters.read(made.as_bytes()))
    assert len(kept_files()) == 1
    reports.ban(Laporan.objects.get(), alasan="Laporan palsu.", hari=7, by=meja.koordinator)
    made.replace_header("Message-ID", "<2@contoh.id>")
    assert "Laporan palsu." in actions.take(meja.mpp, letters.read(made.as_bytes())).isi
    assert len(kept_files()) == 1


def test_an_address_that_writes_very_often_waits_in_the_mailbox(meja, write):
    now = timezone.now()
    for n in range(10):
        actions.take(meja.mpp, write(message_id=f"<{n}@contoh.id>"), now=now)
    with pytest.raises(actions.Later):
        actions.take(meja.mpp, write(message_id="<10@contoh.id>"), now=now)
    assert actions.take(meja.mpp, write(message_id="<3@contoh.id>"), now=now)  # its reply was lost
    actions.take(meja.mpp, write(message_id="<10@contoh.id>"), now=now + timedelta(minutes=61))
    assert Laporan.objects.count() == 11


def test_the_reporter_s_reply_completes_what_was_asked_once(meja, write):
    sent = meja.send()
    reports.ask(sent.laporan, "Loket berapa?", by=meja.koordinator, now=MONDAY + days(1))
    answer = {"subject": f"Re: [{sent.laporan.kode.lower()}] perlu dilengkapi", "message_id": "<2@contoh.id>"}
    for _ in range(2):
        reply = actions.take(meja.mpp, write("Loket 3.\n\n> Loket berapa?", **answer), now=MONDAY + days(2))
    assert "kami tambahkan pada laporan" in reply.isi
    assert fresh(sent.laporan).status == "diterima"
    assert Tanggapan.objects.get(jenis="kelengkapan").teks == "Loket 3."
    assert Laporan.objects.count() == 1


def test_what_the_reporter_adds_is_read_by_the_office_and_is_no_silence(meja, write):
    actions.take(meja.mpp, write(), now=MONDAY)
    laporan = reports.verify(
        Laporan.objects.get(), klasifikasi="tidak_berkadar", urgensi="rutin", gerai=meja.gerai[:1],
        by=meja.koordinator, now=MONDAY,
    )  # fmt: skip
    meja.answer(laporan, at=MONDAY + days(1))
    before = clocks(laporan)["hening"]
    more = write("Terima kasih, tetapi toiletnya?", subject="Lagi", message_id="<2@c.id>", references="<1@contoh.id>")
    actions.take(meja.mpp, more, now=MONDAY + days(3))
    assert clocks(laporan)["hening"].jatuh > before.jatuh
    assert fresh(laporan).status == "ditanggapi"
    page = PageClient()
    page.force_login(meja.penghubung[0])
    assert "tetapi toiletnya?" in page.get(reverse("pengaduan:work", args=[laporan.kode])).content.decode()
    reports.close(laporan, by=meja.rekan, now=MONDAY + days(4))
    late = actions.take(meja.mpp, write("Halo?", message_id="<3@c.id>", references="<1@contoh.id>"))
    assert "sudah berakhir" in late.isi


@pytest.mark.parametrize("heads", [
    {"from": "orang.lain@contoh.id"}, {"authentication_results": "mx.mpp.id; spf=pass; dmarc=fail"},
], ids=str)  # fmt: skip
def test_nobody_else_adds_to_a_report_whose_code_they_know(meja, write, heads):
    sent = meja.send()
    reply = actions.take(meja.mpp, write("Saya tarik.", subject=f"Re: {sent.laporan.kode}", **heads))
    assert "tidak kami tambahkan" in reply.isi
    assert "We have not added" in reply.isi
    assert sent.laporan.judul not in reply.isi
    assert Tanggapan.objects.count() == SurelMasuk.objects.count() == 0


def test_a_code_of_another_mall_is_a_new_report_here(meja, write):
    other = factories.Laporan(kanal="surel", kontak="warga@contoh.id")
    actions.take(meja.mpp, write(subject=f"Re: {other.kode}"))
    assert Laporan.objects.filter(mpp=meja.mpp).count() == 1
    assert Tanggapan.objects.count() == 0


def test_a_forgotten_report_leaves_no_mark_of_its_letter(meja, write):
    actions.take(meja.mpp, write(), now=MONDAY)
    reports.withdraw(Laporan.objects.get(), now=MONDAY)
    assert reports.forget(now=MONDAY + days(731)) == 1
    assert SurelMasuk.objects.count() == 0


@pytest.mark.parametrize(("url", "kanal", "found"), [
    ("imaps://a:b@surat.contoh.id/INBOX?mpp=kota", "hidup", set()),
    ("imaps://a:b@surat.contoh.id/INBOX", "hidup", {"surel.E001"}),
    ("https://surat.contoh.id/?mpp=kota", "mati", {"surel.E001", "surel.E002"}),
])  # fmt: skip
def test_a_mailbox_that_cannot_be_read_or_answered_is_said_at_start(settings, url, kanal, found):
    settings.KOTAK_SURAT = [url]
    settings.KABAR_KANAL = settings.KABAR_KANAL | {"surel": kanal}
    said = [error for error in run_checks() if str(error.id).startswith("surel.")]
    assert {error.id for error in said} == found
    assert not any("a:b" in error.msg for error in said)
