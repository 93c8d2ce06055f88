"""What everybody may read of a report: the words that were published, no name, and when it is late."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pengaduan import actions, personal
from pengaduan.models import Dukungan, Laporan
from tests import factories
from tests.client import PageClient

from .conftest import MONDAY, days, fresh
from .test_pages_report import WHAT, WHO, fields, text, url
from .test_pages_work import at, page_of

pytestmark = pytest.mark.django_db
LIST = "/pengaduan/publik/"


def published(meja, judul="Loket tutup lebih awal", isi="Pukul dua sudah kosong.", *, sent=MONDAY, **given) -> Laporan:
    laporan = meja.routed(at=sent, judul=judul, isi=isi, **given)
    return actions.publish(laporan, judul=judul, isi=isi, by=meja.koordinator, now=sent)


def page_at(laporan) -> str:
    return f"{LIST}{laporan.kode}/"


@pytest.mark.parametrize(("said", "masked"), [
    ("NIK saya 6371010101900000 ya", "NIK saya [NIK disamarkan] ya"),
    ("6371 0101 0190 0000", "[NIK disamarkan]"),
    ("hubungi 0812-3456-7890.", "hubungi [nomor telepon disamarkan]."),
    ("+62 812 3456 7890 atau (0511) 3301234", "[nomor telepon disamarkan] atau (0511) 3301234"),
    ("kirim ke warga.contoh@contoh.id, ya", "kirim ke [surel disamarkan], ya"),
    ("MPP-2611-0007 pada 14-08-2026 pukul 14.00, Rp350.000", "MPP-2611-0007 pada 14-08-2026 pukul 14.00, Rp350.000"),
])  # fmt: skip
def test_personal_data_is_found_by_pattern(said, masked):
    assert personal.mask(said) == masked
    assert personal.is_in(said) == (said != masked)


def test_publishing_begins_with_masked_words_and_leaves_the_original(meja):
    isi = "Telepon saya 0812 3456 7890, NIK 6371010101900000."
    laporan = meja.routed(isi=isi)
    desk = at(meja.koordinator)
    offered = text(desk.get(page_of(laporan)))
    assert "Telepon saya [nomor telepon disamarkan], NIK [NIK disamarkan]." in offered
    typed = {"terbitkan-judul": laporan.judul, "terbitkan-isi": isi}
    refused = desk.post(page_of(laporan, "terbitkan"), typed)
    assert refused.status_code == 409
    assert "Masih ada NIK" in text(refused)
    desk.post(page_of(laporan, "terbitkan"), typed | {"terbitkan-isi": "Telepon tidak diangkat."})
    laporan = fresh(laporan)
    assert (laporan.isi, laporan.isi_publik) == (isi, "Telepon tidak diangkat.")
    page = text(PageClient().get(page_at(laporan)))
    assert "Telepon tidak diangkat." in page
    assert "Diterbitkan tanpa nama pelapor" in page
    for secret in (isi, laporan.nama, laporan.kontak):
        assert secret not in page
    desk.post(page_of(laporan, "tarik-terbitan"))
    assert PageClient().get(page_at(laporan)).status_code == 404
    assert fresh(laporan).isi_publik == ""


def test_what_may_not_be_public_never_is(meja):
    def publish(laporan, **words):
        return actions.publish(laporan, **{"judul": "Judul", "isi": "Isi"} | words, by=meja.koordinator)

    secret = meja.send(rahasia=True).laporan
    actions.verify(secret, klasifikasi="berkadar", urgensi="rutin", gerai=meja.gerai[1:], by=meja.koordinator)
    for laporan, words, sentence in (
        (secret, {}, "rahasia tidak diterbitkan"),
        (meja.send().laporan, {}, "sudah diverifikasi"),
        (meja.routed(), {"isi": " "}, "Tulis judul dan isi"),
        (meja.routed(nama="Sri Contoh"), {"isi": "Kata sri contoh begitu."}, "Nama pelapor masih"),
    ):
        with pytest.raises(actions.Refused, match=sentence):
            publish(laporan, **words)
    taken = published(meja)
    actions.withdraw(taken)
    assert not Laporan.objects.public().exists()
    assert PageClient().get(page_at(taken)).status_code == 404
    assert "Terbitkan untuk umum" not in text(at(meja.penghubung[0]).get(page_of(meja.routed())))


def test_the_list_is_searched_filtered_and_says_what_is_late_and_what_waited(meja):
    late = published(meja, "Mesin nomor mati", "Sejak pagi gelap.", sent=MONDAY - days(60))
    ended = meja.answer(published(meja, "Kursi kurang", "Kami berdiri."))
    actions.close(ended, by=meja.rekan)
    asked = meja.send(at=MONDAY - days(7)).laporan
    actions.ask(asked, "Loket mana?", by=meja.koordinator, now=MONDAY - days(6))
    actions.complete(asked, "Loket 3.", now=MONDAY - days(4))
    actions.verify(asked, klasifikasi="berkadar", urgensi="rutin", gerai=meja.gerai[1:], by=meja.koordinator)
    actions.publish(asked, judul="Pendingin rusak", isi="Panas.", by=meja.koordinator)

    def found(**asked):
        page = text(PageClient().get(LIST, asked))
        return {row.kode for row in (late, ended, asked_for) if row.judul_publik in page}

    asked_for = fresh(asked)
    late, ended = fresh(late), fresh(ended)
    everything = text(PageClient().get(LIST))
    assert everything.count("Terlambat</span>") == everything.count("cip-genting") == 1
    assert "dijeda 3 hari" in everything
    assert found() == {late.kode, ended.kode, asked.kode}
    assert found(q="GELAP mesin") == found(keadaan="terlambat") == {late.kode}
    assert found(q="gel mes") == found(q="mesin gelap!") == {late.kode}
    assert found(q="elap") == set()  # a word is found by its beginning
    assert found(keadaan="berakhir") == {ended.kode}
    assert found(keadaan="berjalan") == {late.kode, asked.kode}
    assert found(mpp=meja.mpp.slug, q="kursi") == {ended.kode}
    assert found(instansi=meja.gerai[1].instansi.slug) == set()  # it is about the first
    assert "Tidak ada laporan yang cocok" in text(PageClient().get(LIST, {"q": "tidak ada ini"}))
    assert PageClient().get(LIST, {"hal": "x", "mpp": "entah", "keadaan": "entah"}).status_code == 200


def test_the_list_asks_as_much_for_one_report_as_for_three_and_turns_its_pages(meja, django_assert_num_queries):
    published(meja)
    PageClient().get(LIST)
    with CaptureQueriesContext(connection) as first:
        PageClient().get(LIST)
    for n in range(21):
        published(meja, f"Hal {n}", kanal="", kontak="")
    with django_assert_num_queries(len(first)):
        page = text(PageClient().get(LIST, {"q": ""}))
    assert "hal=2" in page
    assert "Loket tutup lebih awal" in text(PageClient().get(LIST, {"hal": 2}))


def test_rss_names_nobody(meja):
    laporan = published(meja)
    answer = PageClient().get(LIST + "rss/")
    page = answer.content.decode()
    assert answer["Content-Type"].startswith("application/rss+xml")
    assert laporan.judul_publik in page
    assert page_at(laporan) in page
    assert laporan.nama not in page


def test_one_device_supports_a_report_once(meja):
    laporan = published(meja)
    phone, other = PageClient(), PageClient()
    for client in (phone, phone, other):
        client.get(page_at(laporan))
        answer = client.post(page_at(laporan) + "dukung/", follow=True)
    assert "2 orang juga mengalami" in text(answer)
    assert "sudah tercatat" in text(phone.post(page_at(laporan) + "dukung/", follow=True))
    assert Dukungan.objects.count() == 2
    hidden = meja.routed()
    assert phone.post(page_at(hidden) + "dukung/").status_code == 404
    with pytest.raises(actions.Refused, match="tidak sedang diterbitkan"):
        actions.support(hidden, sender="x")


def test_before_sending_similar_reports_of_this_mall_are_shown_and_can_be_supported(meja):
    same = published(meja, "Loket tutup lebih awal", "Pukul dua siang sudah kosong.", sent=timezone.now())
    published(meja, "Kursi roda tidak ada", "Ibu saya dipapah.", sent=timezone.now())
    elsewhere = factories.Laporan(judul_publik=same.judul, isi_publik=same.isi, kata_publik=same.kata_publik,
                                  published_at=timezone.now(), penerbit=meja.koordinator)  # fmt: skip
    phone = PageClient()
    answer = phone.get(url(meja))
    for step in (WHAT, {}, {}, WHO):
        answer = phone.post(url(meja), fields(answer) | step)
    page = text(answer)
    assert "Mungkin sudah ada yang melaporkan" in page
    assert page_at(same) in page
    assert "Kursi roda" not in page
    assert elsewhere.kode not in page
    answer = phone.post(url(meja), fields(answer) | {"dukung": same.kode})
    assert answer["Location"] == page_at(same)
    assert Dukungan.objects.get().laporan == same
    assert Laporan.objects.filter(isi=WHAT["isi"]).count() == 0
