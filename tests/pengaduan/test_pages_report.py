"""From the form to the receipt, and following a report: without account and without JavaScript."""

import pytest
from django.urls import reverse

from pengaduan import actions
from pengaduan.models import Laporan, Tanggapan
from tests import factories
from tests.client import Page, PageClient

from .conftest import fresh

WHAT = {"jenis": "pengaduan", "judul": "Loket tutup lebih awal", "isi": "Pukul dua sudah kosong.\nSaya pulang."}
SEND: dict[str, str] = {}
WHO = {"nama": "Warga Contoh", "kontak": "0812-3456-7890"}


@pytest.fixture
def phone(meja):
    return PageClient()


def text(response) -> str:
    return " ".join(response.content.decode().split())


def url(meja) -> str:
    return reverse("pengaduan:report", args=[meja.mpp.slug])


def fields(response) -> dict:
    return {name: values[-1] for name, values in Page(response.content.decode()).forms[-1]["fields"].items() if values}


def walk(phone, meja, **given):
    """Fill in step after step, as a browser without JavaScript sends it; returns the answer to the last button."""
    answer = phone.get(url(meja))
    for step in (WHAT, {"lokasi": "Lantai 2"}, {}, WHO, SEND):
        answer = phone.post(
            url(meja), fields(answer) | step | {k: v for k, v in given.items() if k in step or step is SEND}
        )
    return answer


def test_a_report_in_five_steps_ends_with_a_receipt_to_keep(phone, meja):
    first = text(phone.get(url(meja)))
    assert first.index("tel:112") < first.index("Apa yang ingin Anda sampaikan?")
    answer = walk(phone, meja)
    assert answer.status_code == 302
    laporan = Laporan.objects.get()
    assert (laporan.judul, laporan.isi, laporan.lokasi) == (WHAT["judul"], WHAT["isi"], "Lantai 2")
    assert (laporan.nama, laporan.kanal, laporan.kontak) == ("Warga Contoh", "whatsapp", "+6281234567890")
    page = text(phone.get(answer["Location"]))
    assert laporan.kode in page
    assert "PIN hanya ditampilkan sekarang" in page
    assert "<svg" in page
    assert "Bagaimana tanggal ini dihitung" in page or "Tidak ada hari libur" in page
    stranger = PageClient().get(answer["Location"])
    assert "PIN hanya ditampilkan sesaat" in text(stranger)
    assert stranger["X-Robots-Tag"] == "noindex, nofollow"


def test_the_last_look_shows_everything_and_going_back_loses_nothing(phone, meja):
    answer = phone.get(url(meja))
    for step in (WHAT, {"gerai": meja.gerai[1].pk, "lokasi": "Lantai 2"}, {}, WHO | {"anonim": "on"}):
        answer = phone.post(url(meja), fields(answer) | step)
    page = text(answer)
    assert "Sudah benar semua?" in page
    for said in (WHAT["judul"], "Lantai 2", meja.gerai[1].instansi.singkatan, "Warga Contoh"):
        assert said in page
    back = phone.post(url(meja), fields(answer) | {"kembali": "1"})
    assert "Siapa Anda?" in text(back)
    kept = fields(back)
    assert (kept["judul"], kept["lokasi"], kept["nama"], kept["anonim"]) == (
        WHAT["judul"], "Lantai 2", "Warga Contoh", "on")  # fmt: skip
    assert Laporan.objects.count() == 0


def test_a_second_tap_is_one_report(phone, meja):
    answer = phone.get(url(meja))
    for step in (WHAT, {}, {}, WHO):
        answer = phone.post(url(meja), fields(answer) | step)
    last = fields(answer)
    places = {phone.post(url(meja), last)["Location"] for _ in range(2)}
    assert len(places) == Laporan.objects.count() == 1


@pytest.mark.parametrize(("at", "change", "sentence"), [
    (0, {"judul": ""}, "Tulis judulnya dalam satu kalimat."),
    (0, {"isi": " "}, "Ceritakan apa yang terjadi."),
    (0, {"isi": "a" * 10_000}, "5000"),
    (0, {"jenis": "entah"}, "Pilih"),
    (1, {"terjadi_pada": "2999-01-01"}, "Tanggal itu belum terjadi."),
    (1, {"terjadi_pada": "kemarin"}, "Tulis tanggal seperti"),
    (1, {"gerai": "999999"}, "Pilih"),
    (3, {"nama": ""}, "Tulis nama Anda, atau pilih anonim."),
    (3, {"kontak": "12"}, "Nomor WhatsApp terdiri dari"),
])  # fmt: skip
def test_bad_input_gets_a_sentence_and_what_was_typed_stays(phone, meja, at, change, sentence):
    answer = phone.get(url(meja))
    for n, step in enumerate((WHAT, {"lokasi": "Lantai 2"}, {}, WHO)[: at + 1]):
        answer = phone.post(url(meja), fields(answer) | step | (change if n == at else {}))
    page = text(answer)
    assert sentence in page
    name, typed = next(iter(change.items()))
    if typed.strip() and name not in ("jenis", "gerai"):
        assert fields(answer)[name].strip() == typed
    if at:
        assert fields(answer)["judul"] == WHAT["judul"]
    assert Laporan.objects.count() == 0


def test_a_robot_that_fills_everything_and_a_phone_that_sends_too_much_are_refused(phone, meja):
    answer = walk(phone, meja, situs_web="https://contoh.id")
    assert answer.status_code == 409
    assert "Kolom tersembunyi" in text(answer)
    for _ in range(11):
        answer = walk(phone, meja)
    assert answer.status_code == 409
    assert "sudah mengirim banyak laporan" in text(answer)
    assert fields(answer)["judul"] == WHAT["judul"]
    assert Laporan.objects.count() == 10


def test_html_emoji_and_turning_marks_stay_text(phone, meja):
    answer = phone.get(url(meja))
    for step in (WHAT | {"judul": "\u202eLoket <b>3</b> 🙏", "isi": "<script>alert(1)</script>"}, {}, {}, WHO, {}):
        answer = phone.post(url(meja), fields(answer) | step)
    assert Laporan.objects.get().judul == "Loket <b>3</b> 🙏"
    page = phone.get(answer["Location"].replace("tanda-terima/", "")).content.decode()
    assert "&lt;script&gt;" in page
    assert "Loket &lt;b&gt;3" in page


def follow(sent, step=""):
    name = "pengaduan:step" if step else "pengaduan:laporan"
    return reverse(name, args=[sent.secret, *([step] if step else [])])


def test_the_reporter_completes_reads_disputes_and_rates(phone, meja):
    sent = meja.send()
    actions.ask(sent.laporan, "Loket nomor berapa?", by=meja.koordinator)
    page = text(phone.get(follow(sent)))
    assert "Loket nomor berapa?" in page
    assert "Dijeda" in page
    assert follow(sent, "lengkapi") in page
    empty = phone.post(follow(sent, "lengkapi"), {"teks": ""})
    assert "Tulis dulu isinya." in text(empty)
    assert phone.post(follow(sent, "lengkapi"), {"teks": "Loket 3."}).status_code == 302
    actions.verify(
        sent.laporan, klasifikasi="tidak_berkadar", urgensi="rutin", gerai=meja.gerai[:1], by=meja.koordinator
    )
    actions.note(sent.laporan, "Rahasia dapur.", by=meja.koordinator)
    meja.answer(sent.laporan)
    page = text(phone.get(follow(sent)))
    assert "Sudah kami perbaiki." in page
    assert "Rahasia dapur." not in page
    assert meja.gerai[0].instansi.singkatan in page
    phone.post(follow(sent, "sanggah"), {"teks": "Belum."})
    assert fresh(sent.laporan).status == "dibuka_kembali"
    assert "Sanggahan" in text(phone.get(follow(sent)))
    refused = phone.post(follow(sent, "sanggah"), {"teks": "Sekali lagi."})
    assert refused.status_code == 409
    assert "Sekali lagi." in text(refused)
    meja.answer(sent.laporan)
    low = phone.post(follow(sent, "nilai"), {"nilai": "1", "teks": ""})
    assert "Tulis apa yang kurang" in text(low)
    phone.post(follow(sent, "nilai"), {"nilai": "5", "teks": ""})
    assert fresh(sent.laporan).status == "selesai"
    assert Tanggapan.objects.filter(jenis="sanggahan").count() == 1


def test_a_withdrawn_report_says_so_and_an_unknown_link_or_step_is_404(phone, meja):
    sent = meja.send()
    assert "Tarik laporan ini?" in text(phone.get(follow(sent, "tarik")))
    phone.post(follow(sent, "tarik"))
    assert "Ditarik oleh pelapor" in text(phone.get(follow(sent)))
    assert phone.get("/pengaduan/k/bukan-rahasia-siapa-pun/").status_code == 404
    assert phone.get(follow(sent, "entah")).status_code == 404


def test_the_code_alone_shows_the_state_only_and_the_pin_opens_the_rest(phone, meja):
    sent = meja.send(rahasia=True)
    typed = sent.laporan.kode.lower().replace("-", " ")
    answer = phone.get("/lacak/", {"kode": typed})
    assert answer["Location"] == sent.laporan.get_absolute_url()
    page = text(phone.get(answer["Location"]))
    assert "Diterima" in page
    for secret in (sent.laporan.judul, sent.laporan.isi, sent.laporan.nama, sent.secret):
        assert secret not in page
    wrong = phone.post(answer["Location"], {"pin": "1"})
    assert wrong.status_code == 403
    assert "tidak cocok" in text(wrong)
    opened = phone.post(answer["Location"], {"pin": sent.pin})
    assert opened.status_code == 302
    assert sent.laporan.isi in text(phone.get(opened["Location"]))
    assert phone.get("/lacak/", {"kode": "MPP-2611-9999"}).status_code == 404


def test_guessing_locks_the_code(meja):
    sent = meja.send()
    address, wrong = sent.laporan.get_absolute_url(), 0
    for n in range(40):
        pin = f"{n:08d}"
        if pin != sent.pin:
            wrong += PageClient().post(address, {"pin": pin}).status_code == 403
    assert wrong >= 39
    assert fresh(sent.laporan).pin_locked_until is not None


def test_a_mall_that_does_not_run_here_takes_no_reports(phone):
    listed = factories.Mpp(aktif=False)
    assert phone.get(reverse("pengaduan:report", args=[listed.slug])).status_code == 404
    assert "Lapor ke" in text(phone.get("/pengaduan/"))


def test_in_english(phone, meja):
    sent = meja.send()
    form, own = "/en" + url(meja), "/en" + follow(sent)
    assert "What happened?" in text(phone.get(form))
    page = text(phone.get(own))
    assert "Report sent" in page
    assert "Received" in page
