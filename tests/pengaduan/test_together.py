"""Several reports at once: each with the rights and rules it has alone, and what was refused is named."""

import pytest

from pengaduan import actions

from .conftest import fresh
from .test_pages_work import LIST, at, page_of, text

pytestmark = pytest.mark.django_db
PAGE = "/pengaduan/kerja/sekaligus/"


def chosen(langkah, *reports, **given):
    return {"langkah": langkah, "pilih": [row.kode for row in reports]} | given


def test_what_may_be_archived_is_and_what_may_not_is_named_with_its_reason(meja):
    fine, routed = meja.send().laporan, meja.routed()
    desk = at(meja.koordinator)
    assert fine.judul in text(desk.post(PAGE, chosen("arsip", fine, routed)))
    empty = desk.post(PAGE, chosen("arsip", fine, routed, pasti="ya", teks=""))
    assert empty.status_code == 422
    assert "Tulis alasannya." in text(empty)
    assert fine.kode in text(empty)
    after = text(desk.post(PAGE, chosen("arsip", fine, routed, pasti="ya", teks="Ganda."), follow=True))
    assert (fresh(fine).status, fresh(fine).alasan_akhir) == ("diarsipkan", "Ganda.")
    assert fresh(routed).status == "didisposisikan"
    assert "Arsipkan: 1 laporan." in after
    assert f"{routed.kode}: langkah itu tidak tersedia sekarang." in after


def test_a_refusal_of_one_leaves_the_others_done(meja):
    secret, plain = meja.send(rahasia=True).laporan, meja.send().laporan
    given = {"klasifikasi": "tidak_berkadar", "urgensi": "rutin", "kepada": [str(meja.gerai[0].pk)], "pasti": "ya"}
    after = text(at(meja.koordinator).post(PAGE, chosen("verifikasi", secret, plain, **given), follow=True))
    assert f"{secret.kode}: Laporan rahasia tidak disalurkan kepada unit yang dilaporkan." in after
    assert [fresh(row).status for row in (secret, plain)] == ["diterima", "didisposisikan"]


def test_what_is_published_is_what_was_shown_and_nothing_confidential_is(meja):
    laporan = meja.routed(isi="Hubungi 0812 3456 7890.")
    secret = meja.send(rahasia=True, isi="Sangat rahasia.").laporan
    desk = at(meja.koordinator)
    shown = text(desk.post(PAGE, chosen("terbitkan", laporan, secret)))
    assert "Hubungi [nomor telepon disamarkan]." in shown
    assert "Sangat rahasia." not in shown
    words = {f"{laporan.kode}-judul": "Loket", f"{laporan.kode}-isi": "Tutup.", "pasti": "ya"}
    after = text(desk.post(PAGE, chosen("terbitkan", laporan, secret, **words), follow=True))
    assert (fresh(laporan).judul_publik, fresh(laporan).isi_publik) == ("Loket", "Tutup.")
    assert fresh(secret).published_at is None
    assert secret.kode in after


def test_who_steers_nothing_does_nothing_at_once(meja):
    laporan = meja.routed()
    office, desk = at(meja.penghubung[0]), at(meja.koordinator)
    assert "Yang dicentang, sekaligus" not in text(office.get(LIST))
    assert "Yang dicentang, sekaligus" in text(desk.get(LIST))
    for client, asked in ((office, chosen("salurkan", laporan)), (desk, chosen("salurkan"))):
        assert "Pilih dahulu laporannya." in text(client.post(PAGE, asked, follow=True))
    assert desk.post(PAGE, chosen("jawab", laporan)).status_code == 404
    assert desk.get(PAGE).status_code == 405


def test_rude_words_are_flagged_for_who_steers_and_never_refused(meja):
    laporan = meja.routed(isi="Petugasnya GOBLOK, bukan goblokan. Dasar bangsat!")
    assert "Ada kata kasar: bangsat, goblok." in text(at(meja.koordinator).get(page_of(laporan)))
    assert "Ada kata kasar" not in text(at(meja.penghubung[0]).get(page_of(laporan)))
    assert "Ada kata kasar" not in text(at(meja.koordinator).get(page_of(meja.send().laporan)))
    actions.publish(laporan, judul="Sikap", isi="Bangsat.", by=meja.koordinator)
