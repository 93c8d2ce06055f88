"""What was said there comes back by itself, judged like a table: nothing doubled, newer wins, conflicts are listed."""

import pytest

from mpp_portal.models import Peristiwa
from pengaduan.models import Laporan
from pengaduan.sp4n import pulling
from pengaduan.sp4n.models import Rujukan, Tarikan
from tests import factories
from tests.antrean.test_races import together
from tests.servers import free_port

from ..conftest import MONDAY

pytestmark = pytest.mark.django_db


def told(**changed):
    line = {"tanggal": "2026-11-20", "tracking_id": "8812345", "user": "Warga Contoh", "judul": "Antrean dua kali",
            "stakeholder": "Disdukcapil", "tanggapan": "", "keterangan": "Dari aplikasi"}  # fmt: skip
    return line | changed


def page(*rows, until="a", more=False):
    return {"baris": list(rows), "penanda": until, "lagi": more}


def test_pages_come_once_and_the_next_pull_goes_on_behind_them(meja, gateway):
    gateway.pages = {"": page(told(), until="a", more=True), "a": page(told(tracking_id="77", user=""), until="b")}
    assert pulling.pull_all(now=MONDAY) == 2
    assert list(Laporan.objects.order_by("pk").values_list("nama", "anonim")) == [("Warga Contoh", False), ("", True)]
    assert Tarikan.objects.get().at == MONDAY
    assert pulling.pull_all(now=MONDAY) == 0
    assert gateway.asked == ["", "a", "b"]
    Tarikan.objects.update(penanda="")  # the same once more
    assert pulling.pull_all(now=MONDAY) == 2
    assert (Laporan.objects.count(), Rujukan.objects.count()) == (2, 2)


def test_an_answer_finds_its_report_and_the_newer_wins(meja, gateway):
    laporan = meja.routed()
    answer = told(judul=laporan.judul, keterangan=laporan.kode, tanggapan="Sudah diperbaiki.")
    gateway.pages = {"": page(answer), "a": page(answer | {"tanggapan": "Sudah selesai."}, until="b")}
    pulling.pull(meja.mpp, now=MONDAY)
    assert Rujukan.objects.get(laporan=laporan).tanggapan == "Sudah diperbaiki."
    pulling.pull(meja.mpp, now=MONDAY)
    assert Rujukan.objects.get(laporan=laporan).tanggapan == "Sudah selesai."
    assert Laporan.objects.count() == 1


def test_what_a_person_must_look_at_is_listed_until_it_is_right_or_was_looked_at(meja, gateway, desk):
    laporan = meja.routed()
    broken = told(tracking_id="9", tanggal="kemarin")
    other = told(tracking_id="10", judul="Hal lain", keterangan=laporan.kode)
    gateway.pages = {"": page(broken, other), "a": page(broken | {"tanggal": "2026-11-20"}, until="b")}
    pulling.pull(meja.mpp, now=MONDAY)
    shown = desk.client.get(desk.path).content.decode()
    assert "Judulnya berbeda dengan judul laporan" in shown
    assert "Tanggal: Tanggal tidak dikenal" in shown
    assert (Laporan.objects.count(), Rujukan.objects.count()) == (1, 0)
    pulling.pull(meja.mpp, now=MONDAY)
    assert list(Tarikan.objects.get().bentrok) == ["10"]
    desk.client.post(f"{desk.path}sambungan/", {"nomor": "10", "langkah": "lihat"})
    assert Tarikan.objects.get().bentrok == {}
    assert Peristiwa.objects.get(jenis="tarikan.diperiksa").oleh == meja.koordinator
    assert "Hal lain" not in str(Tarikan.objects.values())


def test_a_confidential_report_is_not_touched_by_what_comes(meja, gateway):
    laporan = meja.routed(rahasia=True, gerai=meja.gerai[1])
    gateway.pages = {"": page(told(judul=laporan.judul, keterangan=laporan.kode))}
    pulling.pull(meja.mpp, now=MONDAY)
    assert Rujukan.objects.count() == 0
    assert list(Tarikan.objects.get().bentrok) == ["8812345"]


@pytest.mark.parametrize("fault", [500, 403, 200], ids=["away", "refused", "garbage"])
def test_a_pull_that_fails_says_so_and_the_next_goes_on(meja, gateway, desk, fault):
    gateway.pages, gateway.faults = {"": page(told())}, [fault]
    assert pulling.pull_all(now=MONDAY) == 0
    assert "Jawaban tidak dapat ditarik: Gerbang SP4N" in desk.client.get(desk.path).content.decode()
    assert pulling.pull_all(now=MONDAY) == 1
    assert Tarikan.objects.get().last_error == ""


def test_a_day_before_the_first_policy_is_a_fault_of_its_row_alone(meja, gateway):
    gateway.pages = {"": page(told(tracking_id="9", tanggal="2019-12-31"), told())}
    assert pulling.pull_all(now=MONDAY) == 2
    assert Rujukan.objects.get().tracking_id == "8812345"
    told_of = Tarikan.objects.get()
    assert (list(told_of.bentrok), told_of.last_error) == (["9"], "")
    assert "kebijakan tenggat yang pertama" in told_of.bentrok["9"]["sebab"]


def test_what_nobody_thought_of_at_one_mall_keeps_no_other(meja, gateway, caplog, monkeypatch):
    other = factories.Mpp()
    take = pulling._take

    def fails(mpp, *given):
        if mpp == meja.mpp:
            raise KeyError("Warga Contoh")
        take(mpp, *given)

    monkeypatch.setattr(pulling, "_take", fails)
    pulling.pull_all(now=MONDAY)
    assert Tarikan.objects.get(mpp=meja.mpp).last_error.startswith("Jawabannya tidak dapat diolah.")
    assert Tarikan.objects.get(mpp=other).at == MONDAY
    assert "KeyError" in caplog.text
    assert "Warga" not in caplog.text


@pytest.mark.parametrize("answer", [
    {"baris": {}, "penanda": "a"}, {"baris": ["x"], "penanda": "a"}, {"baris": []}, {"baris": [], "penanda": "a" * 201},
    {"baris": [told(tracking_id=str(n)) for n in range(501)], "penanda": "a"},
], ids=["no-list", "no-rows", "no-mark", "long-mark", "long"])  # fmt: skip
def test_an_answer_that_is_not_ours_is_not_taken(meja, gateway, answer):
    gateway.pages = {"": answer}
    pulling.pull(meja.mpp, now=MONDAY)
    assert "tidak dapat dibaca" in Tarikan.objects.get().last_error
    assert Laporan.objects.count() == 0


def test_nothing_is_fetched_while_it_is_off(meja, gateway, settings):
    settings.KABAR_KANAL = settings.KABAR_KANAL | {"sp4n": "coba"}
    settings.SP4N_URL = f"http://127.0.0.1:{free_port()}/"
    assert pulling.pull_all() == 0
    assert Tarikan.objects.count() == 0


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_pulls_at_once_do_not_go_back(meja, gateway):
    gateway.pages = {"0": page(told()), "a": page(told(tanggapan="Selesai."), until="b")}
    Tarikan.objects.create(mpp=meja.mpp, penanda="0")
    there = pulling.upstream.chosen()
    first, second = there.changes(meja.mpp.slug, "0"), there.changes(meja.mpp.slug, "a")

    def both():
        pulling._take(meja.mpp, "0", first, MONDAY)
        pulling._take(meja.mpp, "a", second, MONDAY)

    together(both, lambda: pulling._take(meja.mpp, "0", first, MONDAY))
    assert Tarikan.objects.get().penanda == "b"
    assert Rujukan.objects.get().tanggapan == "Selesai."
