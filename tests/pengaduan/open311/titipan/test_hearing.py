"""What a server says of a report is a proposal to the office: nothing is told to the reporter, or closed, by itself."""

from datetime import timedelta

import pytest
from django.utils import timezone

from mpp_portal.notifikasi.models import Pesan
from pengaduan import actions
from pengaduan.actions import forgetting
from pengaduan.models import Laporan, Tanggapan
from pengaduan.open311.titipan import actions as titipan_actions
from pengaduan.open311.titipan import listening, steps
from pengaduan.open311.titipan.listening import listen
from pengaduan.open311.titipan.models import Titipan, Usulan
from tests import factories
from tests.client import PageClient

from .conftest import drained, due, only

pytestmark = pytest.mark.django_db


@pytest.fixture
def laporan(meja, kota, sambungan) -> Laporan:
    """Filed there as K-1."""
    laporan = meja.routed()
    assert drained() == [("terkirim", "")]
    return laporan


def proposed() -> list[tuple[str, str, str]]:
    return list(Usulan.objects.values_list("jenis", "teks", "hasil"))


def state(laporan: Laporan) -> str:
    return Laporan.objects.get(pk=laporan.pk).status


def heard(kota, status: str, notes: str) -> None:
    kota.tell("K-1", status, notes)
    due()
    assert listen() == 1


def send(user, laporan, step, part, **given):
    client = PageClient()
    client.force_login(user)
    page = client.get(f"/pengaduan/kerja/{laporan.kode}/")
    sheet = next(sheet for sheet in page.context["sheets"] if sheet["slug"] == step)
    fields = {f"{step}-{part.pk}-{name}": value for name, value in (sheet["form"].initial | given).items()}
    return client.post(f"/pengaduan/kerja/{laporan.kode}/{step}/", {"bagian": part.pk} | fields)


def test_progress_there_is_a_follow_up_that_the_office_may_pass_on(meja, kota, laporan):
    heard(kota, "open", "")
    assert proposed() == []
    heard(kota, "open", "Teknisi dijadwalkan besok.")
    assert proposed() == [("tindak_lanjut", "Teknisi dijadwalkan besok.", "")]
    assert (state(laporan), Tanggapan.objects.count()) == ("didisposisikan", 0)
    heard(kota, "open", "Teknisi dijadwalkan besok.")
    assert len(proposed()) == 1
    part = meja.part(laporan)
    answer = send(meja.penghubung[0], laporan, "usulan", part, teks="Teknisi datang besok pagi.")
    assert answer.status_code == 302
    said = Tanggapan.objects.get()
    assert (said.jenis, said.teks, said.oleh, state(laporan)) == (
        "tindak_lanjut", "Teknisi datang besok pagi.", meja.penghubung[0], "diproses")  # fmt: skip
    assert proposed() == [("tindak_lanjut", "Teknisi dijadwalkan besok.", "dipakai")]


def test_closed_there_is_an_answer_to_confirm_and_not_closed_here(meja, kota, laporan):
    heard(kota, "closed", "Sudah diperbaiki.")
    assert (state(laporan), proposed()) == ("didisposisikan", [("jawaban", "Sudah diperbaiki.", "")])
    part = meja.part(laporan)
    assert send(meja.penghubung[0], laporan, "usulan", part).status_code == 302
    assert (state(laporan), Tanggapan.objects.get().jenis) == ("ditanggapi", "jawaban")
    actions.close(laporan, by=meja.koordinator)
    due()
    assert (state(laporan), listen()) == ("selesai", 0)


def test_closed_without_a_word_a_person_writes_them(meja, kota, laporan):
    heard(kota, "closed", "")
    answer = send(meja.penghubung[0], laporan, "usulan", meja.part(laporan))
    assert (answer.status_code, state(laporan)) == (422, "didisposisikan")


def test_only_the_office_reads_the_proposal_and_it_may_leave_it(meja, kota, laporan):
    heard(kota, "open", "Diterima.")
    part = meja.part(laporan)
    for user, offered in ((meja.penghubung[0], ["usulan", "abaikan-usulan"]), (meja.koordinator, [])):
        client = PageClient()
        client.force_login(user)
        page = client.get(f"/pengaduan/kerja/{laporan.kode}/")
        assert [s["slug"] for s in page.context["sheets"] if s["slug"].endswith("usulan")] == offered
        assert "nomor K-1, masih terbuka" in page.content.decode()
    assert send(meja.penghubung[0], laporan, "abaikan-usulan", part).status_code == 302
    assert (proposed(), Tanggapan.objects.count()) == ([("tindak_lanjut", "Diterima.", "diabaikan")], 0)
    heard(kota, "open", "Dikerjakan.")
    assert len(proposed()) == 2


def test_news_while_somebody_reads_is_read_first(meja, kota, laporan):
    heard(kota, "open", "Dikerjakan.")
    old = Usulan.objects.get()
    client = PageClient()
    client.force_login(meja.penghubung[0])
    heard(kota, "closed", "Selesai.")
    assert proposed() == [("jawaban", "Selesai.", "")]
    with pytest.raises(titipan_actions.Refused, match="baru saja mengabarkan hal lain"):
        titipan_actions.accept(old, "tindak_lanjut", old.teks, by=meja.penghubung[0])
    part = meja.part(laporan)
    stale = {"bagian": part.pk, f"usulan-{part.pk}-teks": "Dikerjakan.", f"usulan-{part.pk}-jenis": "tindak_lanjut",
             f"usulan-{part.pk}-dibaca": f"{old.pk}:{old.at.isoformat()}"}  # fmt: skip
    answer = client.post(f"/pengaduan/kerja/{laporan.kode}/usulan/", stale)
    assert (answer.status_code, Tanggapan.objects.count()) == (409, 0)


def test_who_routed_a_report_does_not_answer_it_with_the_servers_words_either(meja, kota, laporan):
    heard(kota, "closed", "Selesai.")
    with pytest.raises(actions.Refused, match="Yang menyalurkan"):
        titipan_actions.accept(Usulan.objects.get(), "jawaban", "Selesai.", by=meja.koordinator)
    assert (proposed(), state(laporan)) == ([("jawaban", "Selesai.", "")], "didisposisikan")


def test_a_token_becomes_a_number_later(meja, kota, sambungan):
    kota.posts = ["token"]
    laporan = meja.routed()
    assert drained() == [("terkirim", "")]
    assert (only().token, only().nomor) == ("T-1", "")
    due()
    assert (listen(), only().nomor, only().gagal) == (1, "", 0)
    kota.tokens["T-1"] = "K-1"
    kota.tell("K-1", "open", "Dikerjakan.")
    due()
    assert (listen(), only().nomor) == (1, "K-1")
    assert proposed() == [("tindak_lanjut", "Dikerjakan.", "")]
    assert state(laporan) == "didisposisikan"


@pytest.mark.parametrize(("conduct", "sentence"), [
    ("500", "Server itu sedang tidak dapat menjawab (500)."),
    ("404", "Server itu menolak (404): Kolom lat wajib diisi <b></b>"),
    ("html", "Jawaban server itu bukan JSON."),
    ("dead", "ReadTimeout"),
    ("elsewhere", "Server itu mengalihkan ke alamat lain. Isi alamat tujuannya."),
])  # fmt: skip
def test_a_server_that_fails_is_asked_ever_more_seldom(meja, kota, laporan, conduct, sentence):
    now, waits = timezone.now() + timedelta(days=1), []
    kota.gets = [conduct] * 9
    for _n in range(9):
        assert listen(now=now) == 1
        waits.append(only().next_at - now)
        now = only().next_at
    assert [wait / timedelta(minutes=15) for wait in waits] == [1, 2, 4, 8, 16, 32, 64, 96, 96]
    assert (only().galat, only().gagal, proposed()) == (sentence, 9, [])
    kota.tell("K-1", "open", "Dikerjakan.")
    assert (listen(now=now), only().galat, only().gagal) == (1, "", 0)


def test_a_server_that_is_away_is_left_alone_until_the_next_run(meja, kota, laporan, sambungan):
    meja.routed()
    drained()
    Titipan.objects.update(next_at=timezone.now())
    kota.gets, kota.asked = ["500"], []
    assert (listen(), len(kota.asked)) == (1, 1)


def test_the_reports_of_a_server_that_is_away_leave_room_for_the_others(meja, kota, laporan, sambungan, monkeypatch):
    monkeypatch.setattr(listening, "MOST", 1)
    factories.Sambungan(gerai=meja.gerai[1], url=kota.url, service_code="001")
    meja.routed()
    meja.routed(1)
    drained()
    now = timezone.now()
    Titipan.objects.filter(sambungan=sambungan).update(next_at=now - timedelta(hours=1))
    Titipan.objects.exclude(sambungan=sambungan).update(next_at=now - timedelta(minutes=1))
    kota.gets, kota.asked = ["500"], []
    assert (listen(now=now), listen(now=now), listen(now=now)) == (1, 1, 0)
    assert [path for _method, path, _sent, _key in kota.asked] == ["requests/K-1", "requests/K-3"]


@pytest.mark.parametrize(("status", "said"), [
    ("menunggu", "Belum tercatat di server instansi; dikirim sendiri oleh portal."),
    ("diparkir", "Belum tercatat di server instansi: pengirimannya berhenti, perlu diperiksa."),
    ("batal", "Belum tercatat di server instansi: pengirimannya berhenti, perlu diperiksa."),
])  # fmt: skip
def test_the_page_says_whether_what_is_not_there_yet_is_still_on_its_way(meja, kota, sambungan, status, said):
    part = meja.part(meja.routed())
    if status != "menunggu":
        Pesan.objects.update(status=status, last_error="-", ended_at=timezone.now())
    assert steps.stands([part]) == {part.pk: said}


def test_what_was_given_back_is_not_asked_about(meja, kota, laporan):
    actions.give_back(meja.part(laporan), "Bukan kami.", by=meja.penghubung[0])
    due()
    assert listen() == 0


def test_another_worker_that_was_quicker_asks(meja, kota, laporan, settings):
    row = due()
    rows = Titipan.objects.filter(pk=row.pk, next_at=row.next_at)
    assert (rows.update(next_at=timezone.now() + timedelta(minutes=15)), listen()) == (1, 0)
    settings.KABAR_KANAL |= {"open311": "coba"}
    due()
    assert listen() == 0


def test_control_characters_and_length_do_not_come_through(meja, kota, laporan):
    heard(kota, "open", "Baik\u202e\x00 " + "a" * 3000)
    assert proposed()[0][1] == "Baik " + "a" * 1995


def test_the_words_are_forgotten_with_the_report(meja, kota, laporan):
    heard(kota, "closed", "Sudah diperbaiki, Bu Sari.")
    meja.answer(laporan)
    actions.close(laporan, by=meja.koordinator)
    assert forgetting.forget(now=timezone.now() + timedelta(days=5000)) == 1
    assert (only().kata, only().nomor, proposed()) == ("", "K-1", [])


def test_a_server_that_speaks_only_xml(meja, kota, sambungan):
    kota.forms = ["xml"]
    sambungan.bentuk = "xml"
    sambungan.save()
    kota.posts = ["lost"]
    laporan = meja.routed()
    drained()
    assert drained()[0][0] == "terkirim"
    assert (only().nomor, len(kota.reports)) == ("K-1", 1)
    heard(kota, "closed", "Pipa < 2 m & sudah diganti.")
    assert proposed() == [("jawaban", "Pipa < 2 m & sudah diganti.", "")]
    assert state(laporan) == "didisposisikan"
    factories.Titipan(nomor="K-1")  # of another server: the same number is another report
