"""A part whose office has a server is filed there: once, without saying who reported, whatever that server does."""

import pytest

from mpp_portal.notifikasi import actions as messages
from mpp_portal.notifikasi.models import Pesan
from pengaduan import actions
from pengaduan.open311.titipan.models import Titipan
from tests import factories

from .conftest import drained, only

pytestmark = pytest.mark.django_db
WORDS = "Pukul dua sudah kosong. Telepon saya, Warga Contoh, 0812 3456 7890."


def posts(kota):
    return [sent for method, _path, sent, _key in kota.asked if method == "POST"]


def test_what_leaves_names_nobody_and_comes_back_with_a_number(meja, kota, sambungan):
    laporan = meja.routed(0, 1, isi=WORDS, lokasi="lantai 2")
    titipan = only()
    assert (titipan.disposisi, titipan.sambungan) == (meja.part(laporan), sambungan)
    assert drained() == [("terkirim", "")]
    (sent,) = posts(kota)
    assert sent == {
        "jurisdiction_id": "kota.go.id",
        "api_key": "kunci-kota",
        "service_code": "001",
        "address_string": f"lantai 2, {meja.mpp.nama}, {meja.mpp.alamat}".removesuffix(", "),
        "description": f"{laporan.kode}/{titipan.disposisi_id}: Loket tutup lebih awal\n\n"
        "Pukul dua sudah kosong. Telepon saya, [nama disamarkan], [nomor telepon disamarkan].",
    }
    titipan = only()
    assert (titipan.nomor, titipan.token, titipan.ragu, titipan.filed_at is None) == ("K-1", "", 0, False)


def test_the_words_that_were_published_are_the_ones_that_leave(meja, kota, sambungan):
    laporan = meja.routed()
    actions.publish(laporan, judul="Loket kosong", isi="Sesudah pukul dua.", by=meja.koordinator)
    assert drained() == [("terkirim", "")]
    assert posts(kota)[0]["description"].endswith(": Loket kosong\n\nSesudah pukul dua.")


@pytest.mark.parametrize("given", [{"rahasia": True, "gerai": None}, {"tentang_pengelola": True, "gerai": None}])
def test_what_is_confidential_or_about_the_mall_stays(meja, kota, sambungan, given):
    laporan = meja.send(**given).laporan
    actions.verify(laporan, klasifikasi="tidak_berkadar", urgensi="rutin", gerai=[meja.gerai[0]], by=meja.inspektur)
    assert (Titipan.objects.count(), Pesan.objects.count()) == (0, 0)


def test_what_was_marked_as_a_leak_before_it_left_stays(meja, kota, sambungan):
    laporan = meja.routed()
    factories.Kebocoran(laporan=laporan)
    assert [status for status, _error in drained()] == ["batal"]
    assert posts(kota) == []


def test_switched_off_or_not_in_use_nothing_is_entrusted(meja, kota, sambungan, settings):
    settings.KABAR_KANAL |= {"open311": "mati"}
    meja.routed()
    settings.KABAR_KANAL |= {"open311": "hidup"}
    sambungan.aktif = False
    sambungan.save()
    meja.routed()
    assert Titipan.objects.count() == 0


def test_a_dry_run_shows_what_would_leave(meja, kota, sambungan, settings):
    settings.KABAR_KANAL |= {"open311": "coba"}
    laporan = meja.routed()
    assert drained() == [("terkirim", "")]
    copy = Pesan.objects.get().salinan
    assert (copy["ke"], copy["judul"], kota.asked) == (kota.url, laporan.kode, [])


def test_what_waits_for_a_server_that_is_out_of_use_is_not_sent(meja, kota, sambungan):
    meja.routed()
    sambungan.aktif = False
    sambungan.save()
    assert [status for status, _error in drained()] == ["batal"]
    assert kota.asked == []


def test_given_back_before_it_was_sent_it_is_not_sent(meja, kota, sambungan):
    laporan = meja.routed()
    actions.give_back(meja.part(laporan), "Bukan kami.", by=meja.penghubung[0])
    assert [status for status, _error in drained()] == ["batal"]
    assert posts(kota) == []


@pytest.mark.parametrize("conduct", ["lost", "dead"])
def test_an_answer_that_never_came_is_looked_for_before_it_is_sent_again(meja, kota, sambungan, conduct):
    kota.posts = [conduct]
    meja.routed()
    assert drained()[0][0] == "menunggu"
    assert (only().ragu, only().filed_at) == (1, None)
    assert drained() == [("terkirim", "")]
    assert (len(kota.reports), only().nomor, only().ragu) == (1, "K-1", 0)
    assert len(posts(kota)) == (1 if conduct == "lost" else 2)
    asked = [path for method, path, _sent, _key in kota.asked if method == "GET"]
    assert asked == [f"tokens/{only().kunci}", "requests"]
    assert {key for method, _path, _sent, key in kota.asked if method == "POST"} == {only().kunci}


def test_a_server_that_never_answers_is_asked_three_times_and_then_a_person_looks(meja, kota, sambungan):
    kota.searchable, kota.posts = False, ["dead"] * 9
    meja.routed()
    for _n in range(5):
        status, error = drained()[0]
    assert (status, error) == ("diparkir", "Sudah 3 kali dikirim tanpa jawaban. Periksa di server itu dahulu.")
    assert (len(posts(kota)), only().ragu) == (3, 3)


def test_who_looked_there_and_sends_it_again_gets_three_more(meja, kota, sambungan):
    kota.searchable, kota.posts, kota.gets = False, ["dead"] * 6, []
    meja.routed()
    for _n in range(4):
        drained()
    messages.retry(Pesan.objects.get(), by=meja.koordinator)
    kota.gets = ["500"]  # asked first whether it arrived, this time in vain
    for _n in range(5):
        status, _error = drained()[0]
    assert (status, len(posts(kota))) == ("diparkir", 6)
    messages.retry(Pesan.objects.get(), by=meja.koordinator)
    assert drained() == [("terkirim", "")]
    assert (len(kota.reports), only().nomor, only().ragu) == (1, "K-1", 0)


@pytest.mark.parametrize(("status", "tries"), [("408", 3), ("500", 3), ("502", 3), ("504", 3),
                                               ("425", 5), ("429", 5), ("503", 5)])  # fmt: skip
def test_a_gateway_that_gave_up_says_neither_yes_nor_no(meja, kota, sambungan, status, tries):
    kota.searchable, kota.posts = False, [status] * 9
    meja.routed()
    for _n in range(5):
        drained()
    assert (len(posts(kota)), only().ragu) == (tries, 3 if tries == 3 else 0)


@pytest.mark.parametrize("gets", [["500"], ["html"], ["dead"], ["404", "500"], ["404", "garbage"]])
def test_while_it_cannot_be_asked_nothing_is_sent_again(meja, kota, sambungan, gets):
    kota.posts, kota.gets = ["lost"], gets
    meja.routed()
    drained()
    assert drained()[0][0] == "menunggu"
    assert (len(posts(kota)), len(kota.reports)) == (1, 1)
    assert drained()[0][0] == "terkirim"
    assert (len(posts(kota)), only().nomor) == (1, "K-1")


@pytest.mark.parametrize(("conduct", "status", "sentence"), [
    ("500", "menunggu", "Server itu sedang tidak dapat menjawab (500)."),
    ("429", "menunggu", "Server itu sedang tidak dapat menjawab (429)."),
    ("400", "diparkir", "Server itu menolak (400): Kolom lat wajib diisi <b>…</b>"),
    ("403", "diparkir", "Server itu menolak (403): Kolom lat wajib diisi <b>…</b>"),
    ("html", "diparkir", "Jawaban server itu bukan JSON."),
    ("garbage", "diparkir", "Jawaban server itu bukan JSON."),
    ("huge", "diparkir", "an answer of more than 2000000 bytes"),
    ("elsewhere", "diparkir", "Server itu mengalihkan ke alamat lain. Isi alamat tujuannya."),
    ("drip", "menunggu", "an answer without end"),
])  # fmt: skip
def test_each_fault_waits_or_is_parked_with_its_reason(meja, kota, sambungan, conduct, status, sentence):
    kota.posts = [conduct]
    meja.routed()
    assert drained() == [(status, sentence)]
    assert only().filed_at is None
    pesan = Pesan.objects.get()
    if status == "diparkir":
        messages.retry(pesan, by=meja.koordinator)
    assert drained()[0][0] == "terkirim"
    assert (only().nomor, len(kota.reports)) == ("K-1", 1)


def test_a_number_of_another_report_is_no_number(meja, kota, sambungan):
    other = factories.Titipan(sambungan=sambungan, nomor="K-1")
    meja.routed()
    assert drained() == [("diparkir", "Server itu memberi nomor laporan lain. Periksa di sana sebelum mengirim lagi.")]
    assert Titipan.objects.exclude(pk=other.pk).get().nomor == ""


def test_two_servers_do_not_wait_for_each_other(meja, kota, sambungan):
    factories.Sambungan(gerai=meja.gerai[1], url="http://127.0.0.1:1/v2", service_code="001")
    kota.posts = ["ok"]
    meja.routed(1)
    meja.routed(0)
    assert sorted(status for status, _error in drained()) == ["menunggu", "terkirim"]


def test_a_private_address_is_not_called(meja, kota, sambungan, settings):
    settings.KABAR_PRIVATE_HOSTS = []
    meja.routed()
    assert drained()[0][0] == "diparkir"
    assert kota.asked == []


def test_an_error_names_no_key(meja, kota, sambungan):
    kota.stop()
    meja.routed()
    ((status, error),) = drained()
    assert (status, error) == ("menunggu", "NewConnectionError")
