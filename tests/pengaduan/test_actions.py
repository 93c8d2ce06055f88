"""The life of a report from its code to its end, with its clocks."""

from datetime import date

import pytest
from django.utils import timezone

from mpp_portal.models import Peristiwa
from mpp_portal.notifikasi.actions import PER_TARGET
from mpp_portal.notifikasi.models import Langganan, Pesan, fingerprint
from pengaduan import actions
from pengaduan.models import Disposisi, Laporan, Tanggapan
from pengaduan.states import BERAKHIR, LAPOR, NEXT, NEXT_DISPOSISI, OPEN311, Status, StatusDisposisi
from tests import factories

from .conftest import MONDAY, clocks, days, fresh


def test_the_table_knows_every_state_and_its_names_elsewhere():
    assert set(NEXT) == set(LAPOR) == set(OPEN311) == set(Status.values)
    assert set(NEXT_DISPOSISI) == set(StatusDisposisi.values)
    assert {status for status in NEXT if OPEN311[status] == "closed"} == set(BERAKHIR)
    assert LAPOR["perlu_dilengkapi"] == "Tertunda"


def test_a_report_gets_a_code_a_secret_a_pin_a_date_and_a_message(meja):
    first, second = meja.send(), meja.send(kanal="", kontak="")
    assert [sent.laporan.kode for sent in (first, second)] == ["MPP-2611-0001", "MPP-2611-0002"]
    assert len(first.secret) == 32
    assert first.pin.isdecimal()
    assert len(first.pin) == 8
    row = fresh(first.laporan)
    assert first.secret not in str(vars(row))
    assert first.pin not in str(vars(row))
    assert Laporan.objects.by_secret(first.secret).get() == row
    assert clocks(row)["verifikasi"].jatuh == date(2026, 11, 26)
    assert list(Pesan.objects.values_list("peristiwa__jenis", "subjek_id")) == [("laporan.diterima", row.pk)]


def test_an_address_that_others_gave_too_often_costs_nobody_their_report(meja):
    sidik = fingerprint("warga@contoh.id")
    for _n in range(PER_TARGET):
        factories.Langganan(
            subjek_id=1, tujuan="warga@contoh.id", sidik=sidik, started_at=timezone.now(), subjek=f"a.{_n}"
        )
    laporan = meja.send(kanal="surel", kontak="warga@contoh.id").laporan
    assert fresh(laporan).kontak == "warga@contoh.id"
    assert not Langganan.objects.about("pengaduan.laporan", laporan.pk).exists()


def test_a_second_tap_gets_the_first_report_and_another_text_is_refused(meja):
    given = meja.send().laporan
    again = meja.send()
    meja.keys = iter([7, 7, 7])
    first, second = meja.send(), meja.send()
    assert first == second
    with pytest.raises(actions.Refused, match="sudah dipakai untuk laporan lain"):
        meja.send(judul="Lain")
    assert Laporan.objects.count() == 3
    assert {given.kode, again.laporan.kode, first.laporan.kode} == {f"MPP-2611-000{n}" for n in (1, 2, 3)}


def test_five_wrong_pins_lock_the_code_for_an_hour(meja):
    sent = meja.send()
    wrong = "00000000" if sent.pin != "00000000" else "11111111"
    kode, pin = sent.laporan.kode, f"{sent.pin[:4]} {sent.pin[4:]}"
    assert actions.enter(kode, pin, now=MONDAY) == sent.laporan
    for _ in range(5):
        with pytest.raises(actions.Refused, match="tidak cocok"):
            actions.enter(kode, wrong, now=MONDAY)
    with pytest.raises(actions.Refused, match="Terlalu sering salah"):
        actions.enter(kode, pin, now=MONDAY)
    assert actions.enter(kode, pin, now=MONDAY + days(1)) == sent.laporan
    with pytest.raises(actions.Refused, match="tidak cocok"):
        actions.enter("MPP-2611-9999", pin, now=MONDAY)


def test_what_the_pin_opened_is_open_for_an_hour_only(meja, monkeypatch):
    sent = meja.send()
    secret = sent.laporan.open_for_an_hour().split("/")[-2]
    assert Laporan.objects.by_secret(secret).get() == sent.laporan
    later = timezone.now().timestamp() + 3601
    monkeypatch.setattr("time.time", lambda: later)
    assert not Laporan.objects.by_secret(secret).exists()
    assert not Laporan.objects.by_secret(f"{sent.laporan.pk}:abc:def").exists()


def test_verification_fixes_the_class_and_the_date_of_the_answer(meja):
    laporan = meja.routed(0, 1)
    found = clocks(laporan)
    assert laporan.status == "didisposisikan"
    assert found["verifikasi"].met_at == MONDAY
    assert (found["penyelesaian"].mulai, found["penyelesaian"].jatuh) == (MONDAY, date(2026, 12, 11))
    assert found["tindak_lanjut"].jatuh == date(2026, 11, 30)
    actions.reclassify(laporan, "berkadar", by=meja.koordinator, now=MONDAY)
    assert clocks(laporan)["penyelesaian"].kebijakan.hari_kerja == 60
    assert Peristiwa.objects.filter(jenis="laporan.klasifikasi_diubah").count() == 1


def test_it_is_answered_only_when_every_office_has_answered(meja):
    laporan = meja.routed(0, 1)
    actions.follow_up(meja.part(laporan), "Sedang diperiksa.", by=meja.penghubung[0], now=MONDAY)
    assert fresh(laporan).status == "diproses"
    assert meja.answer(laporan, 0).status == "diproses"
    laporan = meja.answer(laporan, 1, at=MONDAY + days(1))
    assert laporan.status == "ditanggapi"
    found = clocks(laporan)
    assert found["penyelesaian"].met_at == MONDAY + days(1)
    assert found["hening"].jatuh == date(2026, 12, 8)
    assert set(Tanggapan.objects.values_list("jenis", flat=True)) == {"tindak_lanjut", "jawaban"}


def test_asking_stops_the_clock_once_and_the_answer_starts_it_again(meja):
    laporan = meja.send().laporan
    actions.ask(laporan, "Loket nomor berapa?", by=meja.koordinator, now=MONDAY + days(1))
    assert clocks(laporan)["verifikasi"].paused_at == MONDAY + days(1)
    assert clocks(laporan)["kelengkapan"].jatuh == date(2026, 12, 8)
    with pytest.raises(actions.Refused, match="menunggu pelapor"):
        actions.verify(laporan, klasifikasi="berkadar", urgensi="rutin", gerai=meja.gerai, by=meja.koordinator)
    actions.complete(laporan, "Loket 3.", now=MONDAY + days(3))
    found = clocks(laporan)
    assert found["kelengkapan"].met_at == MONDAY + days(3)
    assert found["verifikasi"].jatuh == date(2026, 12, 1)  # Tuesday to Thursday did not count
    assert [row[1] for row in found["verifikasi"].dilewati] == ["jeda", "jeda", "jeda", "akhir_pekan", "akhir_pekan"]
    with pytest.raises(actions.Refused, match="sudah pernah diminta"):
        actions.ask(laporan, "Jam berapa?", by=meja.koordinator)
    actions.verify(laporan, klasifikasi="tidak_berkadar", urgensi="rutin", gerai=meja.gerai[:1], by=meja.koordinator)
    assert clocks(laporan)["penyelesaian"].jatuh == date(2026, 12, 16)  # the pause counts for the answer too


def test_what_is_never_completed_is_archived_and_what_is_not_objected_to_is_closed(meja):
    asked, answered, objected = meja.send().laporan, meja.routed(), meja.routed()
    actions.ask(asked, "Loket nomor berapa?", by=meja.koordinator, now=MONDAY)
    for laporan in (answered, objected):
        meja.answer(laporan)
    actions.dispute(objected, "Belum dijawab.", now=MONDAY + days(1))
    late = clocks(asked)["kelengkapan"].due_at
    assert late == clocks(answered)["hening"].due_at
    assert actions.lapse(now=late - days(0.01)) == 0
    assert actions.lapse(now=late) == 2
    assert actions.lapse(now=late) == 0
    assert [fresh(row).status for row in (asked, answered, objected)] == ["diarsipkan", "selesai", "dibuka_kembali"]
    assert Disposisi.objects.get(laporan=answered).penutup is None


def test_a_low_rating_reopens_without_a_new_deadline_and_a_good_one_closes(meja):
    laporan = meja.routed()
    promised = clocks(laporan)["penyelesaian"]
    meja.answer(laporan)
    with pytest.raises(actions.Refused, match="Tulis apa yang kurang"):
        actions.rate(laporan, 1, now=MONDAY)
    actions.rate(laporan, 2, "Loket masih tutup.", now=MONDAY)
    again = clocks(laporan)["penyelesaian"]
    assert (again.pk, again.due_at, again.met_at) == (promised.pk, promised.due_at, None)
    assert fresh(laporan).status == "dibuka_kembali"
    assert meja.answer(laporan).status == "ditanggapi"
    actions.rate(laporan, 5, now=MONDAY)
    assert fresh(laporan).status == "selesai"
    with pytest.raises(actions.Refused, match="sudah Anda nilai"):
        actions.rate(laporan, 1, "Berubah pikiran")


def test_an_office_gives_back_what_is_not_its_own_and_all_of_them_lead_back_to_the_koordinator(meja):
    laporan = meja.routed(0, 1)
    with pytest.raises(actions.Refused, match="Tulis mengapa"):
        actions.give_back(meja.part(laporan, 0), " ", by=meja.penghubung[0])
    actions.give_back(meja.part(laporan, 0), "Urusan gerai lain.", by=meja.penghubung[0], now=MONDAY)
    assert fresh(laporan).status == "didisposisikan"
    actions.give_back(meja.part(laporan, 1), "Urusan gerai lain.", by=meja.penghubung[1], now=MONDAY)
    assert fresh(laporan).status == "bukan_kewenangan"
    assert clocks(laporan)["peninjauan"].jatuh == date(2026, 11, 26)
    actions.dispatch(laporan, gerai=meja.gerai[:1], by=meja.koordinator, now=MONDAY + days(1))
    assert fresh(laporan).status == "didisposisikan"
    assert clocks(laporan)["peninjauan"].met_at == MONDAY + days(1)
    with pytest.raises(actions.Refused, match="sudah memegang"):
        actions.dispatch(laporan, gerai=meja.gerai[:1], by=meja.koordinator)


def test_forwarding_and_archiving_need_words_and_stop_every_clock(meja):
    passed, filed, taken = meja.send().laporan, meja.send().laporan, meja.routed()
    with pytest.raises(actions.Refused, match="nomornya di sana"):
        actions.forward(passed, badan="Ombudsman RI", nomor="", by=meja.koordinator)
    with pytest.raises(actions.Refused, match="pelapor membacanya"):
        actions.archive(filed, "", by=meja.koordinator)
    actions.forward(passed, badan="Ombudsman RI", nomor="0042/2026", by=meja.koordinator)
    actions.archive(filed, "Sama dengan laporan sebelumnya.", by=meja.koordinator)
    actions.withdraw(taken)
    assert [fresh(row).status for row in (passed, filed, taken)] == ["diteruskan", "diarsipkan", "dibatalkan"]
    assert not any(clock.is_running for row in (passed, filed, taken) for clock in clocks(row).values())
    with pytest.raises(actions.Refused, match="sudah dibatalkan"):
        actions.withdraw(taken)


def test_who_routed_does_not_answer_and_who_answered_does_not_close(meja):
    factories.Penugasan(peran="pejabat_penghubung", gerai=meja.gerai[0], pengguna=meja.koordinator)
    factories.Penugasan(peran="koordinator", mpp=meja.mpp, pengguna=meja.penghubung[0])
    laporan = meja.routed()
    with pytest.raises(actions.Refused, match="tidak boleh menjawabnya"):
        actions.answer(meja.part(laporan), "Beres.", by=meja.koordinator)
    meja.answer(laporan)
    with pytest.raises(actions.Refused, match="tidak boleh menutup"):
        actions.close(laporan, by=meja.penghubung[0])
    actions.close(laporan, by=meja.rekan)
    assert fresh(laporan).status == "selesai"
    assert Disposisi.objects.get(laporan=laporan).penutup == meja.rekan


def test_urgency_needs_a_reason_and_a_route_needs_an_office_of_this_mall(meja):
    laporan = meja.send().laporan

    def verify(**given):
        usual = {"klasifikasi": "berkadar", "urgensi": "rutin", "gerai": meja.gerai[:1], "by": meja.koordinator}
        return actions.verify(laporan, **usual | given)

    for given, sentence in (
        ({"urgensi": "genting"}, "Tulis alasan"),
        ({"gerai": []}, "paling sedikit satu"),
        ({"gerai": [factories.Gerai()]}, "MPP yang sama"),
    ):
        with pytest.raises(actions.Refused, match=sentence):
            verify(**given)
    assert fresh(laporan).status == "diterima"
    assert verify(urgensi="genting", alasan="Pasien menunggu.").urgensi == "genting"


def test_what_the_worklist_is_ordered_by_follows_every_change_of_the_clocks(meja):
    laporan = meja.send().laporan

    def expect(jenis):
        due = clocks(laporan)[jenis].due_at if jenis else None
        assert fresh(laporan).next_due == due

    expect("verifikasi")
    actions.ask(laporan, "Loket mana?", by=meja.koordinator, now=MONDAY)
    expect(None)
    actions.complete(laporan, "Loket 3.", now=MONDAY + days(1))
    expect("verifikasi")
    actions.verify(laporan, klasifikasi="tidak_berkadar", urgensi="rutin", gerai=meja.gerai[:1], by=meja.koordinator,
                   now=MONDAY + days(2))  # fmt: skip
    expect("tindak_lanjut")
    parent = meja.routed()
    actions.merge(laporan, parent, by=meja.koordinator, now=MONDAY + days(2))
    expect(None)
    actions.unmerge(laporan, by=meja.koordinator, now=MONDAY + days(2))
    expect("tindak_lanjut")
    meja.answer(laporan, at=MONDAY + days(3))
    expect(None)
    actions.dispute(laporan, "Belum.", now=MONDAY + days(4))
    expect("penyelesaian")


def test_a_note_is_no_answer(meja):
    laporan = meja.routed()
    actions.note(laporan, "Hubungi kepala seksi.", by=meja.koordinator)
    assert laporan.catatan.count() == 1
    assert laporan.tanggapan.count() == 0
    with pytest.raises(actions.Refused, match="Tulis dulu isinya"):
        actions.note(laporan, " ", by=meja.koordinator)
