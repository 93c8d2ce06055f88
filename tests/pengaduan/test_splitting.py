"""One report that says two things becomes two: each with its own words, offices and clocks, and one link for both."""

import pytest

from mpp_portal.models import Peristiwa
from mpp_portal.notifikasi.models import Langganan
from pengaduan import actions, attachments
from pengaduan.models import Laporan
from tests import factories
from tests.client import PageClient

from .conftest import MONDAY, clocks, days, fresh
from .test_attachments import photo
from .test_pages_report import follow, text
from .test_pages_work import at, page_of

pytestmark = pytest.mark.django_db
WHOLE = "Loket tutup pukul dua. Toiletnya juga kotor."


def split(laporan, meja, **given):
    words = {"pokok": "Loket tutup pukul dua.", "judul": "Toilet kotor", "isi": "Toiletnya juga kotor."}
    return actions.split(laporan, by=meja.koordinator, **(words | {"now": MONDAY + days(2)} | given))


def test_the_second_report_begins_where_the_first_stands_with_the_dates_of_the_first(meja):
    sent = meja.send(isi=WHOLE)
    actions.ask(sent.laporan, "Lantai berapa?", by=meja.koordinator, now=MONDAY + days(1))
    actions.complete(sent.laporan, "Dua.", now=MONDAY + days(1.1))
    second = fresh(split(sent.laporan, meja))
    first = fresh(sent.laporan)
    assert (first.isi, first.pokok, first.told) == (WHOLE, "Loket tutup pukul dua.", "Loket tutup pukul dua.")
    assert (second.judul, second.told, second.status, second.asal) == (
        "Toilet kotor", "Toiletnya juga kotor.", "diterima", first)  # fmt: skip
    assert (second.created_at, second.nama, second.kontak) == (first.created_at, first.nama, first.kontak)
    assert second.kode != first.kode
    mine, theirs = (clocks(row)["verifikasi"] for row in (second, first))
    assert (mine.mulai, mine.jatuh, mine.jeda) == (theirs.mulai, theirs.jatuh, theirs.jeda)
    assert mine.jeda
    kinds = [Peristiwa.objects.about(row).last().jenis for row in (first, second)]
    assert kinds == ["laporan.dipecah", "laporan.pecahan"]


def test_of_a_routed_report_the_other_half_looks_for_its_office(meja):
    laporan = meja.routed(isi=WHOLE)
    second = fresh(split(laporan, meja, gerai=meja.gerai[1]))
    assert (second.status, second.verifikator, second.klasifikasi) == (
        "bukan_kewenangan", meja.koordinator, "tidak_berkadar")  # fmt: skip
    found = clocks(second)
    assert found["penyelesaian"].jatuh == clocks(laporan)["penyelesaian"].jatuh
    assert found["peninjauan"].mulai == MONDAY + days(2)
    actions.dispatch(second, gerai=[meja.gerai[1]], by=meja.koordinator, now=MONDAY + days(2))
    meja.answer(fresh(second), 1, at=MONDAY + days(3))
    assert [fresh(row).status for row in (laporan, second)] == ["didisposisikan", "ditanggapi"]


def test_the_reporter_reads_both_by_one_link_and_one_pin_and_hears_of_both(meja):
    sent = meja.send(isi=WHOLE)
    second = split(sent.laporan, meja)
    phone = PageClient()
    page = phone.get(follow(sent))
    assert "Toilet kotor" in text(page)
    assert "Memuat dua hal" in text(page)
    other = phone.get(second.open_for_an_hour())
    assert "Toiletnya juga kotor." in text(other)
    assert sent.laporan.judul in text(other)
    assert phone.post(second.get_absolute_url(), {"pin": sent.pin}).status_code == 302
    told = Langganan.objects.about("pengaduan.laporan", second.pk).get()
    assert told.tujuan == "warga@contoh.id"


def test_files_that_go_along_are_copies(meja):
    actions.attach(attachments.Clean("a.jpg", "foto", photo()), sender="ponsel", key="kunci-0")
    actions.attach(attachments.Clean("b.jpg", "foto", photo()), sender="ponsel", key="kunci-0")
    laporan = meja.send(isi=WHOLE).laporan
    desk = at(meja.koordinator)
    given = {"pecah-pokok": "Loket.", "pecah-judul": "Toilet", "pecah-isi": "Kotor.", "pecah-gerai": "",
             "pecah-lampiran": [str(laporan.lampiran.first().pk)]}  # fmt: skip
    assert desk.post(page_of(laporan, "pecah"), given).status_code == 302
    second = Laporan.objects.get(asal=laporan)
    assert [row.nama for row in second.lampiran.all()] == ["a.jpg"]
    assert laporan.lampiran.count() == 2
    assert second.lampiran.get().berkas.name != laporan.lampiran.first().berkas.name
    with second.lampiran.get().berkas.open() as copy, laporan.lampiran.first().berkas.open() as original:
        assert copy.read() == original.read()


def test_an_office_reads_its_part_and_not_the_rest(meja):
    laporan = meja.routed(isi=WHOLE)
    second = split(laporan, meja)
    office, desk = at(meja.penghubung[0]).get(page_of(laporan)), at(meja.koordinator).get(page_of(laporan))
    assert "Loket tutup pukul dua." in text(office)
    for words in ("Toiletnya", second.kode):
        assert words not in text(office)
        assert words in text(desk)


def test_what_cannot_be_split_says_so_and_loses_nothing(meja):
    laporan, desk = meja.send(isi=WHOLE).laporan, at(meja.koordinator)
    given = {"pecah-pokok": WHOLE, "pecah-judul": "Toilet", "pecah-isi": WHOLE}
    same = desk.post(page_of(laporan, "pecah"), given)
    assert same.status_code == 409
    assert "Bagi isinya" in text(same)
    assert 'value="Toilet"' in text(same)
    empty = desk.post(page_of(laporan, "pecah"), given | {"pecah-judul": ""})
    assert empty.status_code == 422
    assert "Tulis judulnya." in text(empty)
    elsewhere = factories.Gerai()
    with pytest.raises(actions.Refused, match="MPP yang sama"):
        split(laporan, meja, gerai=elsewhere)
    split(laporan, meja)
    with pytest.raises(actions.Refused, match="sudah menjadi laporan MPP-"):
        split(laporan, meja)
    actions.archive(laporan, "Ganda.", by=meja.koordinator)
    with pytest.raises(actions.Refused, match="tidak dapat dipecah sekarang"):
        split(laporan, meja, judul="Lain")
    assert Laporan.objects.count() == 2


def test_a_part_of_a_part_knows_all_of_them(meja):
    first = meja.send(isi=WHOLE).laporan
    second = split(first, meja)
    third = split(second, meja, pokok="Toilet lantai satu.", judul="Lantai dua", isi="Toilet lantai dua.")
    assert fresh(third).asal == first
    assert list(Laporan.objects.split_with(fresh(third))) == [first, second]
