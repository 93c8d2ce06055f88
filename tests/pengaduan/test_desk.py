"""Who came, rang up or wrote: a petugas takes it down, and somebody tells them what was answered."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from mpp_portal.models import Peristiwa
from pengaduan import actions
from pengaduan.models import Lampiran, Laporan, Penerimaan
from tests import factories
from tests.client import Page, PageClient

from .conftest import MONDAY, clocks, days
from .test_attachments import photo

TYPED = {
    "kunci": "sekali", "saluran": "surat", "jenis": "pengaduan", "judul": "Loket tutup lebih awal",
    "isi": "Pukul dua sudah kosong.", "nama": "Warga Contoh", "jawab_lewat": "surat", "alamat": "Jalan Contoh 1",
}  # fmt: skip


def text(response) -> str:
    return " ".join(response.content.decode().split())


def url(meja) -> str:
    return reverse("pengaduan:desk", args=[meja.mpp.slug])


def client_of(user) -> PageClient:
    client = PageClient()
    client.force_login(user)
    return client


@pytest.fixture
def informasi(meja):
    return factories.Penugasan(peran="petugas_informasi", mpp=meja.mpp).pengguna


@pytest.fixture
def desk(informasi):
    return client_of(informasi)


def typed(meja, **given: Any) -> dict[str, Any]:
    return TYPED | {"tanggal": meja.mpp.today().isoformat()} | given


def test_a_letter_counts_from_the_day_it_arrived_and_the_receipt_has_all_its_sender_needs(desk, meja, informasi):
    arrived = meja.mpp.today() - timedelta(days=9)
    answer = desk.post(url(meja), typed(meja, tanggal=arrived.isoformat()))
    assert answer.status_code == 200
    laporan, row = Laporan.objects.get(), Penerimaan.objects.get()
    page = text(answer)
    for said in (laporan.kode, "<svg", "/pengaduan/k/", "sertakan dalam surat balasan", "PIN hanya tampil di sini"):
        assert said in page
    assert meja.mpp.local(laporan.created_at).date() == arrived
    assert clocks(laporan)["verifikasi"].mulai == laporan.created_at
    assert (row.saluran, row.tanggal, row.jawab_lewat, row.alamat, row.penerima) == (
        "surat", arrived, "surat", "Jalan Contoh 1", informasi)  # fmt: skip
    told = Peristiwa.objects.about(laporan).get()
    assert (told.jenis, told.oleh) == ("laporan.diterima", informasi)
    assert not Laporan.objects.readable_by(informasi).exists()
    link = page.split("/pengaduan/k/")[1].split("/")[0].split("<")[0]
    own = text(PageClient().get(reverse("pengaduan:laporan", args=[link])))
    assert "Dicatat petugas (surat). Tenggat dihitung sejak diterima" in own


def test_the_pin_of_the_receipt_opens_the_report_and_a_second_press_gives_the_same_receipt(desk, meja):
    first, second = (text(desk.post(url(meja), typed(meja))) for _ in range(2))
    pin = first.split('pin-laporan">')[1].split("<")[0]
    assert f'pin-laporan">{pin}<' in second
    laporan = Laporan.objects.get()
    assert Penerimaan.objects.count() == 1
    assert actions.enter(laporan.kode, pin) == laporan


@pytest.mark.parametrize(("change", "sentence"), [
    ({"saluran": ""}, "Pilih salah satu."),
    ({"tanggal": "2999-01-01"}, "Tanggal itu belum tiba atau terlalu lama."),
    ({"tanggal": "1999-01-01"}, "Tanggal itu belum tiba atau terlalu lama."),
    ({"tanggal": "kemarin"}, "Tulis tanggal seperti 2026-08-14."),
    ({"alamat": " "}, "Tulis nomor telepon atau alamat suratnya."),
    ({"jawab_lewat": "kabar", "alamat": ""}, "Tulis nomor WhatsApp atau surelnya"),
    ({"jawab_lewat": "diambil"}, "Kosongkan, atau pilih ditelepon atau disurati."),
    ({"anonim": "on"}, "Pelapor anonim tidak dapat ditelepon atau disurati."),
    ({"nama": ""}, "Tulis nama pelapor, atau pilih anonim."),
    ({"isi": ""}, "Ceritakan apa yang terjadi."),
    ({"terjadi_pada": "2999-01-01"}, "Tanggal itu belum terjadi."),
    ({"gerai": "999999"}, "Pilih salah satu dari daftar."),
])  # fmt: skip
def test_bad_input_gets_a_sentence_and_what_was_typed_stays(desk, meja, change, sentence):
    answer = desk.post(url(meja), typed(meja, **change))
    assert answer.status_code == 422
    assert sentence in text(answer)
    kept = {name: values[-1] for name, values in Page(answer.content.decode()).forms[-1]["fields"].items() if values}
    assert kept["judul"] == TYPED["judul"]
    assert kept["kunci"] == "sekali"
    assert Laporan.objects.count() == 0


def test_the_scan_of_a_letter_survives_a_mistake_elsewhere_and_can_be_taken_back(desk, meja):
    scan = SimpleUploadedFile("surat.jpg", photo())
    video = SimpleUploadedFile("film.mkv", b"\x1aE\xdf\xa3" + b"0" * 99)
    answer = desk.post(url(meja), typed(meja, judul="", berkas=[scan, video]))
    assert "film.mkv: Video tidak dapat kami terima." in text(answer)
    assert "surat.jpg" in text(answer)
    gone = desk.post(url(meja), typed(meja, hapus=Lampiran.objects.get().pk))
    assert "Sudah diunggah" not in text(gone)
    scan.seek(0)
    desk.post(url(meja), typed(meja, judul="", berkas=[scan]))
    desk.post(url(meja), typed(meja))
    assert [row.nama for row in Laporan.objects.get().lampiran.all()] == ["surat.jpg"]


def test_only_who_works_at_this_mall_s_desk_takes_reports_down(desk, meja, informasi):
    elsewhere = factories.Penugasan(peran="petugas_informasi").pengguna
    asked = {"greeter": informasi, "koordinator": meja.koordinator, "office": meja.penghubung[0], "other": elsewhere}
    found = {name: client_of(user).get(url(meja)).status_code for name, user in asked.items()}
    assert found == {"greeter": 200, "koordinator": 200, "office": 404, "other": 404}
    assert PageClient().get(url(meja)).status_code == 302
    assert "Terima laporan" in text(desk.get("/petugas/"))


def take_down(meja, *, at: datetime = MONDAY, **given: Any) -> Laporan:
    told = {"saluran": "telepon", "tanggal": meja.mpp.today(at), "jawab_lewat": "telepon", "alamat": "0411 123456"}
    received = {name: given.pop(name, value) for name, value in told.items()}
    empty: actions.Given = {
        "jenis": "pengaduan", "judul": "Loket tutup", "isi": "Pukul dua sudah kosong.", "gerai": meja.gerai[0],
        "tentang_pengelola": False, "lokasi": "", "terjadi_pada": None, "anonim": False, "rahasia": False,
        "nama": "Warga Contoh", "kanal": "", "kontak": "",
    }  # fmt: skip
    key = f"meja-{next(meja.keys)}"
    return actions.receive(meja.mpp, empty | given, **received, key=key, by=meja.rekan, now=at).laporan


def test_who_wants_to_be_rung_up_is_on_the_koordinator_s_list_each_time_something_was_said(meja):
    now = timezone.now()
    laporan = take_down(meja, at=now - days(3))
    untold = Penerimaan.objects.untold().steered_by(meja.koordinator)
    assert not untold.exists()
    actions.ask(laporan, "Loket nomor berapa?", by=meja.koordinator, now=now - days(2))
    koordinator = client_of(meja.koordinator)
    assert "Telepon atau surati pelapornya" in text(koordinator.get(reverse("pengaduan:worklist")))
    work = reverse("pengaduan:work", args=[laporan.kode])
    assert "0411 123456" in text(koordinator.get(work))
    assert koordinator.post(f"{work}sampaikan/").status_code == 302
    assert not untold.exists()
    row = Penerimaan.objects.get()
    assert row.penyampai == meja.koordinator
    assert "Disampaikan kepada pelapor" in text(koordinator.get(work))
    with pytest.raises(actions.Refused, match="sudah dikabari"):
        actions.pass_word(laporan, by=meja.koordinator)
    actions.archive(laporan, "Tidak dilengkapi.", by=meja.koordinator, now=row.told_at + days(1))
    assert untold.get() == row
    assert not Penerimaan.objects.untold().steered_by(meja.penghubung[0]).exists()


def test_an_answer_to_a_report_that_represents_it_is_to_be_told_too_and_an_office_reads_no_address(meja):
    laporan, parent = take_down(meja), meja.routed()
    actions.merge(laporan, parent, by=meja.koordinator, now=MONDAY + days(1))
    meja.answer(parent, at=MONDAY + days(2))
    assert Penerimaan.objects.untold().get().laporan == laporan
    own = take_down(meja)
    actions.verify(own, klasifikasi="tidak_berkadar", urgensi="rutin", gerai=meja.gerai[:1], by=meja.koordinator)
    page = text(client_of(meja.penghubung[0]).get(reverse("pengaduan:work", args=[own.kode])))
    assert "dicatat oleh" in page
    assert "0411 123456" not in page


def test_both_parts_of_a_split_report_are_told_and_a_forgotten_one_has_no_address(meja):
    laporan = take_down(meja)
    second = actions.split(laporan, pokok="Loket tutup.", judul="Toilet", isi="Toilet rusak.", by=meja.koordinator)
    assert second.penerimaan.alamat == "0411 123456"
    actions.withdraw(laporan, now=MONDAY)
    actions.forget(now=MONDAY + days(731))
    row = Penerimaan.objects.get(laporan=laporan)
    assert row.alamat == "Dihapus menurut masa simpan"
    assert not Penerimaan.objects.untold().filter(pk=row.pk).exists()


def test_nobody_anonymous_is_rung_up_and_nothing_arrives_tomorrow(meja):
    with pytest.raises(actions.Refused, match="Pelapor anonim"):
        take_down(meja, anonim=True, nama="")
    with pytest.raises(actions.Refused, match="belum tiba"):
        take_down(meja, tanggal=date(2026, 11, 24))
    assert take_down(meja, anonim=True, nama="", jawab_lewat="diambil", alamat="").sender == "Anonim"


def test_in_english(desk, meja):
    english = "/en" + url(meja)
    assert "What does this person want to say?" in text(desk.get(english))
    assert "Hand over this receipt" in text(desk.post(english, typed(meja)))
