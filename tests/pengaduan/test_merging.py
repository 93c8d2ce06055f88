"""The same matter reported twice: one is handled, the other shares its answer; and apart again by the old dates."""

import pytest

from mpp_portal.notifikasi.models import Pesan
from pengaduan import actions
from pengaduan.models import Laporan
from tests.client import PageClient

from .conftest import MONDAY, clocks, days, fresh
from .test_pages_report import follow, text
from .test_pages_work import at, page_of

pytestmark = pytest.mark.django_db


def test_who_is_merged_waits_for_the_answer_of_the_other_and_reads_it_without_its_reporter_s_data(meja):
    parent, sent = meja.routed(nama="Sri Contoh"), meja.send()
    typed = {"gabung-induk": parent.kode.lower().replace("-", " ")}
    assert at(meja.koordinator).post(page_of(sent.laporan, "gabung"), typed).status_code == 302
    child = fresh(sent.laporan)
    assert (child.status, child.induk) == ("digabung", parent)
    assert not any(clock.is_running for clock in clocks(child).values())
    assert parent.kode in text(PageClient().get(follow(sent)))
    assert child not in Laporan.objects.readable_by(meja.koordinator).open()
    words = "Ibu Sri Contoh, kami telepon 0812 3456 7890. Sudah diperbaiki."
    actions.answer(meja.part(parent), words, by=meja.penghubung[0])
    page = text(PageClient().get(follow(sent)))
    assert "Ibu [nama disamarkan], kami telepon [nomor telepon disamarkan]. Sudah diperbaiki." in page
    assert "sekarang ditanggapi" in page
    told = Pesan.objects.filter(subjek_id=child.pk).values_list("peristiwa__jenis", flat=True)
    assert list(told) == ["laporan.diterima", "laporan.digabung", "laporan.induk_ditanggapi"]
    assert child.kode in text(at(meja.koordinator).get(page_of(parent)))


def test_apart_again_it_is_where_it_was_by_the_dates_it_had(meja):
    parent, fresh_one, handled = meja.routed(), meja.send().laporan, meja.routed(1)
    actions.follow_up(meja.part(handled, 1), "Sedang diperiksa.", by=meja.penghubung[1], now=MONDAY)
    before = {row.pk: {jenis: clock.due_at for jenis, clock in clocks(row).items()} for row in (fresh_one, handled)}
    for row in (fresh_one, handled):
        actions.merge(row, parent, by=meja.koordinator, now=MONDAY + days(1))
        actions.unmerge(row, by=meja.koordinator, now=MONDAY + days(2))
    assert [fresh(row).status for row in (fresh_one, handled)] == ["diterima", "diproses"]
    for row in (fresh_one, handled):
        assert {jenis: clock.due_at for jenis, clock in clocks(row).items()} == before[row.pk]
    assert clocks(fresh_one)["verifikasi"].is_running
    assert clocks(handled)["penyelesaian"].is_running
    assert clocks(handled)["verifikasi"].met_at == MONDAY
    with pytest.raises(actions.Refused, match="tidak sedang digabung"):
        actions.unmerge(handled, by=meja.koordinator)


def test_what_may_not_be_merged(meja):
    parent, child = meja.routed(), meja.send().laporan
    over = meja.routed()
    actions.withdraw(over)
    for row, into, sentence in (
        (child, child, "dirinya sendiri"),
        (child, over, "sudah berakhir"),
        (meja.send(rahasia=True).laporan, parent, "sama kerahasiaannya"),
        (meja.answer(meja.routed()), parent, "sudah ditanggapi"),
    ):
        with pytest.raises(actions.Refused, match=sentence):
            actions.merge(row, into, by=meja.koordinator)
    actions.merge(child, parent, by=meja.koordinator)
    with pytest.raises(actions.Refused, match="induk laporan lain"):
        actions.merge(parent, meja.routed(), by=meja.koordinator)
    with pytest.raises(actions.Refused, match="sudah berakhir"):
        actions.merge(meja.routed(), child, by=meja.koordinator)
    answer = at(meja.koordinator).post(page_of(parent, "gabung"), {"gabung-induk": "MPP-2611-9999"})
    assert answer.status_code == 409
    assert "Tidak ada laporan MPP-2611-9999" in text(answer)


def test_those_who_reported_the_same_count_as_support(meja):
    parent = meja.routed()
    actions.publish(parent, judul="Loket tutup", isi="Pukul dua.", by=meja.koordinator)
    actions.merge(meja.send().laporan, parent, by=meja.koordinator)
    actions.support(parent, sender="ponsel")
    assert Laporan.objects.with_support().get(pk=parent.pk).pendukung == 2
