"""A report of leaked data starts 3 × 24 hours by the clock on the wall, and those who answer for it hear of it."""

from datetime import timedelta

import pytest

from mpp_portal.models import Peristiwa
from mpp_portal.notifikasi.models import Pesan
from pengaduan import actions
from pengaduan.models import Kebocoran
from tests import factories

from .conftest import MONDAY, days, fresh
from .test_pages_work import LIST, at, page_of, text

pytestmark = pytest.mark.django_db
PAGE = "/pengaduan/kebocoran/"
FRIDAY = MONDAY + days(4.5)  # 21.00, before a weekend
WORDS = {
    "data": "Nama dan nomor telepon 40 orang.",
    "kejadian": "Daftarnya tergantung di loket.",
    "upaya": "Kami lepas.",
}


@pytest.fixture
def pengelola(meja):
    return factories.Penugasan(
        peran="pengelola", mpp=meja.mpp, pengguna__email="pengelola@contoh.id", pengguna__nama="Pengelola Contoh"
    ).pengguna


def mark(laporan, meja, *, by=None):
    return actions.mark_leak(laporan, by=by or meja.koordinator, now=FRIDAY + days(1))


def told(person):
    """When this person was told."""
    return [row.at for row in Peristiwa.objects.about(person).filter(jenis="laporan.bocor")]


def test_the_clock_began_when_the_report_came_in_and_knows_no_weekend(meja, pengelola):
    laporan = meja.send(at=FRIDAY).laporan
    row = mark(laporan, meja)
    assert (row.mulai, row.due_at) == (FRIDAY, FRIDAY + timedelta(hours=72))
    assert row.due_at.weekday() == 0  # Monday evening: Saturday and Sunday have counted
    with pytest.raises(actions.Refused, match="sudah ditandai"):
        mark(laporan, meja)


def test_the_pengelola_hears_at_once_a_day_before_and_at_the_end_at_any_hour(meja, pengelola):
    row = mark(meja.send(at=FRIDAY).laporan, meja)
    assert told(pengelola) == [FRIDAY + days(1)]
    message = Pesan.objects.get(peristiwa__jenis="laporan.bocor")
    assert message.langganan.tujuan == "pengelola@contoh.id"
    found = [actions.escalate_leaks(now=FRIDAY + days(n)) for n in (1.9, 2, 2.1, 3, 3.1)]
    assert found == [0, 1, 0, 1, 0]
    assert told(pengelola) == [FRIDAY + days(n) for n in (1, 2, 3)]
    row.refresh_from_db()
    assert row.is_late(FRIDAY + days(3))


def test_what_ran_out_unseen_is_told_once_and_what_was_told_of_is_not_chased(meja, pengelola):
    mark(meja.send(at=FRIDAY).laporan, meja)
    done = meja.send(at=FRIDAY).laporan
    mark(done, meja)
    actions.notify_leak(done, **WORDS, by=meja.koordinator, now=FRIDAY + days(1.5))
    assert [actions.escalate_leaks(now=FRIDAY + days(n)) for n in (5, 6)] == [1, 0]
    assert len(told(pengelola)) == 3


def test_of_the_mall_s_own_people_the_inspektorat_hears_and_of_their_office_nobody_of_it(meja, pengelola):
    about_them = meja.send(at=FRIDAY, gerai=None, tentang_pengelola=True).laporan
    mark(about_them, meja, by=meja.inspektur)
    assert (len(told(pengelola)), len(told(meja.inspektur))) == (0, 1)
    factories.Penugasan(peran="admin_instansi", gerai=meja.gerai[0], pengguna=pengelola)
    mark(meja.send(at=FRIDAY, rahasia=True).laporan, meja)
    assert told(pengelola) == []
    assert list(Kebocoran.objects.watched_by(pengelola)) == []
    assert Kebocoran.objects.watched_by(meja.inspektur).count() == 2


def test_it_stands_above_all_on_the_worklist_and_ends_with_the_notice(meja, pengelola):
    laporan, desk = meja.send().laporan, at(meja.koordinator)
    critical = meja.send(judul="Plafon runtuh").laporan
    actions.verify(critical, klasifikasi="berkadar", urgensi="genting", alasan="Bahaya.", gerai=meja.gerai[:1],
                   by=meja.koordinator)  # fmt: skip
    assert desk.post(page_of(laporan, "bocor")).status_code == 302
    page = text(desk.get(LIST))
    assert page.index("Kebocoran data: beri tahu pemiliknya") < page.index(laporan.judul) < page.index("Plafon runtuh")
    empty = desk.post(page_of(laporan, "beri-tahu"), {"beri-tahu-terungkap": "Nama.", "beri-tahu-kejadian": ""})
    assert empty.status_code == 422
    assert "Tulis kapan dan bagaimana" in text(empty)
    assert "Nama." in text(empty)
    assert "1 belum diberitahukan" in text(at(pengelola).get("/petugas/"))
    typed = dict(zip(("terungkap", "kejadian", "upaya"), WORDS.values(), strict=True))
    done = desk.post(page_of(laporan, "beri-tahu"), {f"beri-tahu-{name}": word for name, word in typed.items()})
    assert done.status_code == 302
    assert "Kebocoran data: beri tahu" not in text(desk.get(LIST))
    shown = text(at(pengelola).get(PAGE))
    for word in (*WORDS.values(), "Sudah diberitahukan", laporan.kode):
        assert word in shown
    assert laporan.isi not in shown
    assert fresh(laporan).status == "diterima"  # the report itself goes on


def test_one_that_was_none_is_dropped_with_a_reason(meja):
    laporan = meja.send().laporan
    with pytest.raises(actions.Refused, match="Tidak ada kebocoran data"):
        actions.drop_leak(laporan, "Bukan.", by=meja.koordinator)
    mark(laporan, meja)
    with pytest.raises(actions.Refused, match="Tulis alasannya"):
        actions.drop_leak(laporan, " ", by=meja.koordinator)
    with pytest.raises(actions.Refused, match="ketiga bagiannya"):
        actions.notify_leak(laporan, **WORDS | {"upaya": " "}, by=meja.koordinator)
    actions.drop_leak(laporan, "Datanya rekaan.", by=meja.koordinator)
    assert "Datanya rekaan." in text(at(meja.koordinator).get(PAGE))
    with pytest.raises(actions.Refused, match="Tidak ada kebocoran data"):
        actions.notify_leak(laporan, **WORDS, by=meja.koordinator)


def test_others_see_no_leaks(meja):
    mark(meja.send().laporan, meja)
    other = factories.Penugasan(peran="pengelola").pengguna
    assert at(other).get(PAGE).context["page"] == []
    assert "Tidak ada kebocoran data yang dilaporkan." in text(at(other).get(PAGE))
    assert [at(user).get(PAGE).status_code for user in (meja.penghubung[0], factories.Pengguna())] == [404, 404]
