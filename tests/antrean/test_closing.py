"""The end of a day: closed at once, closed as planned, nobody at the loket, and a turn that comes near."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from antrean import actions, lines, standing, tasks
from antrean.models import Antrean, Tiket
from layanan.models import Penutupan
from mpp_portal.models import Peristiwa
from mpp_portal.notifikasi import registry, wording
from mpp_portal.notifikasi.models import Pesan
from tests import factories
from tests.antrean.conftest import NINE, WITA, minutes
from tests.antrean.hall import logged_in, staff

CLOSING = datetime(2026, 11, 23, 15, 30, tzinfo=WITA)


def text(response) -> str:
    return " ".join(response.content.decode().split())


def listen(visit) -> None:
    factories.Langganan(subjek="antrean.kunjungan", subjek_id=visit.pk, mpp_id=visit.mpp_id)


def told(visit) -> list[str]:
    rows = Pesan.objects.filter(subjek_id=visit.pk).order_by("pk")
    return list(rows.values_list("peristiwa__jenis", flat=True))


def test_numbers_stop_at_once_and_everybody_who_holds_one_is_told(aula):
    aula.open()
    waiting, served = aula.take(), aula.take()
    actions.postpone(aula.take(), now=NINE)
    for tiket in (waiting, served):
        listen(tiket.kunjungan)
    aula.do("call_number", nomor=served.label, sebab="darurat")
    slot = factories.Slot(antrean=aula.antrean, mulai=NINE + minutes(60))
    past = factories.Slot(antrean=aula.antrean, mulai=NINE - minutes(60))
    booked = [factories.Pemesanan(slot=row) for row in (slot, past)]
    for row in booked:
        listen(row.kunjungan)

    by = aula.petugas[0]
    assert actions.close_today(aula.gerai, alasan="Listrik padam", by=by, now=NINE + minutes(1)) == 3
    closure = Penutupan.objects.get()
    assert (closure.mulai, closure.selesai, closure.dibuat_oleh) == (
        *(NINE + minutes(1), datetime(2026, 11, 24, tzinfo=WITA)),
        by,
    )
    with pytest.raises(actions.Refused, match="Listrik padam"):
        aula.take(at=NINE + minutes(2))
    assert told(waiting.kunjungan) == ["tiket.ditutup"]
    assert told(served.kunjungan) == ["tiket.dipanggil"]
    assert [told(row.kunjungan) for row in booked] == [["pemesanan.ditutup"], []]
    with pytest.raises(actions.Refused, match="sudah ditutup untuk hari ini"):
        actions.close_today(aula.gerai, alasan="Lagi", by=by, now=NINE + minutes(3))


def test_who_waits_is_still_called_and_sees_why_and_which_times_are_free(aula):
    aula.open()
    tiket = aula.take()
    free = factories.Slot(antrean=aula.antrean, mulai=NINE + timedelta(days=1))
    factories.Slot(antrean=aula.antrean, mulai=NINE + timedelta(days=2), terisi=2)
    factories.Slot(antrean=aula.antrean, mulai=NINE + minutes(90))
    actions.close_today(aula.mpp, alasan="Banjir", by=aula.petugas[0], now=NINE)
    (view,) = standing.of(tiket.kunjungan, now=NINE + minutes(1))
    assert (view.kind, view.manning, view.offers) == ("menunggu", "closed", [free])
    assert "tutup lebih awal" in view.notice
    assert aula.do("call_next", at=NINE + minutes(1)) == tiket


def test_the_closure_of_one_gerai_leaves_its_neighbours_open(aula):
    gerai = factories.Gerai(mpp=aula.mpp)
    layanan = factories.Layanan(gerai=gerai)
    other = factories.Antrean(gerai=gerai, huruf="H", layanan=[layanan], loket=[factories.Loket(gerai=gerai)])
    tiket = aula.take(antrean=other)
    assert actions.close_today(aula.gerai, alasan="Rapat", by=aula.petugas[0], now=NINE) == 0
    assert standing.of(tiket.kunjungan, now=NINE)[0].manning == "unmanned"
    assert aula.take(antrean=other, at=NINE + minutes(1)).label == "H-002"


def test_at_the_end_of_the_day_who_waited_is_offered_another_and_who_was_away_lapses(aula):
    aula.open()
    away, waited, parked = aula.take(), aula.take(), aula.take()
    for tiket in (away, waited, parked):
        listen(tiket.kunjungan)
    for _ in range(2):
        aula.do("call_number", nomor=away.label, sebab="keliru")
        aula.do("absent")
        aula.do("call_next")
        aula.do("absent")
    actions.postpone(parked, now=NINE)
    line = Antrean.objects.giving().get()
    assert actions.end_day(line, now=CLOSING - minutes(1)) == 0
    assert actions.end_day(line, now=CLOSING) == 0  # somebody still serves
    aula.do("close", at=CLOSING)
    fresh = aula.line("X")
    assert actions.end_day(Antrean.objects.giving().get(pk=fresh.pk), now=CLOSING) == 0
    assert actions.end_day(line, now=CLOSING) == 3
    assert actions.end_day(line, now=CLOSING) == 0
    assert set(Tiket.objects.values_list("status", flat=True)) == {"hangus"}
    assert told(parked.kunjungan)[-1] == "tiket.hangus"


def test_who_waited_in_vain_is_told_so_and_not_that_they_missed_it(aula):
    tiket = aula.take()
    listen(tiket.kunjungan)
    free = factories.Slot(antrean=aula.antrean, mulai=NINE + timedelta(days=1))
    actions.end_day(Antrean.objects.giving().get(), now=CLOSING)
    assert told(tiket.kunjungan) == ["tiket.tidak_terlayani"]
    assert standing.of(tiket.kunjungan, now=CLOSING)[0].offers == [free]


def test_before_opening_and_in_the_break_nothing_ends(aula):
    aula.take(at=NINE - minutes(90))
    line = Antrean.objects.giving().get()
    for at in (NINE - minutes(80), NINE.replace(hour=12, minute=30)):
        assert actions.end_day(line, now=at) == 0


def test_the_worker_ends_days_by_itself_and_twice_harms_nobody(hall):
    hall.ticket()
    Tiket.objects.update(giliran_pada=NINE)
    hall.mpp.jam.all().delete()
    tasks.close_days()
    tasks.close_days()
    assert Tiket.objects.get().status == "hangus"
    assert Peristiwa.objects.filter(jenis="tiket.tidak_terlayani").count() == 1


@pytest.mark.parametrize(("opened", "paused", "notice"), [(0, 0, "unmanned"), (1, 1, "paused"), (2, 1, "")])
def test_an_unmanned_line_and_one_that_pauses_say_so_to_the_public(aula, opened, paused, notice):
    tiket = aula.take()
    for n in range(opened):
        aula.open(n)
    for n in range(paused):
        aula.do("pause", n, alasan="ibadah")
    assert standing.of(tiket.kunjungan, now=NINE)[0].manning == notice
    (line,) = lines.of_mpp(aula.mpp, now=NINE)
    assert (line.unmanned, line.paused) == (notice == "unmanned", notice == "paused")


def test_in_the_break_nobody_expects_a_manned_loket(aula):
    tiket = aula.take()
    assert standing.of(tiket.kunjungan, now=NINE.replace(hour=12, minute=30))[0].manning == ""


def test_who_may_close_what(hall):
    other = factories.Gerai(mpp=hall.mpp)
    url = reverse("antrean:close_today", args=[hall.mpp.slug])
    hall.ticket()
    petugas = staff("petugas_loket", gerai=hall.gerai)
    page = text(petugas.get(url))
    assert "1 orang masih menunggu" in page
    assert other.instansi.singkatan not in page
    assert "Seluruh" not in page
    assert "Pilih yang ditutup." in text(petugas.post(url, {"tempat": "mpp", "alasan": "Ingin pulang"}))
    answer = petugas.post(url, {"tempat": "", "alasan": ""})
    assert answer.status_code == 422
    assert "Tulis alasannya, supaya warga tahu mengapa." in text(answer)
    assert not Penutupan.objects.exists()
    done = petugas.post(url, {"tempat": hall.gerai.pk, "alasan": "Sistem pusat mati"}, follow=True)
    assert "1 orang dikabari dan memilih hari lain sendiri." in text(done)
    assert "sudah ditutup untuk hari ini" in text(petugas.post(url, {"tempat": hall.gerai.pk, "alasan": "Lagi"}))
    penyelia = staff("penyelia", mpp=hall.mpp)
    assert f"Seluruh {hall.mpp.nama}" in text(penyelia.get(url))
    penyelia.post(url, {"tempat": "mpp", "alasan": "Banjir"})
    assert set(Penutupan.objects.values_list("mpp", "gerai", "alasan")) == {
        (None, hall.gerai.pk, "Sistem pusat mati"),
        (hall.mpp.pk, None, "Banjir"),
    }


def test_a_sudden_closure_is_approved_afterwards_by_a_pengelola_and_not_by_its_maker(hall):
    closed = {"alasan": "Listrik padam", "alasan_en": ""}
    actions.close_today(hall.gerai, by=hall.petugas, **closed)
    own = factories.Penugasan(peran="pengelola", mpp=hall.mpp).pengguna
    actions.close_today(hall.mpp, by=own, **closed)
    sudden, by_pengelola = Penutupan.objects.get(gerai=hall.gerai), Penutupan.objects.get(mpp=hall.mpp)
    assert (sudden.perlu_disetujui, by_pengelola.perlu_disetujui) == (True, False)
    factories.Penugasan(peran="pengelola", mpp=factories.Mpp(), pengguna=hall.petugas)
    for stranger in (hall.petugas, factories.Pengguna()):
        assert not Penutupan.objects.approvable_by(stranger).exists()

    client, other = logged_in(own), staff("pengelola", mpp=factories.Mpp())
    assert "1 penutupan mendadak belum disetujui" in text(client.get(reverse("admin:index")))
    assert "penutupan mendadak belum disetujui" not in text(other.get(reverse("admin:index")))
    url = reverse("admin:layanan_penutupan_changelist")
    chosen = {"action": "approve", "_selected_action": [sudden.pk, by_pengelola.pk]}
    other.post(url, chosen)
    assert Penutupan.objects.approvable_by(own).get() == sudden
    assert "1 penutupan disetujui." in text(client.post(url, chosen, follow=True))
    assert "Tidak ada yang menunggu persetujuan Anda" in text(client.post(url, chosen, follow=True))
    sudden.refresh_from_db()
    assert sudden.disetujui_oleh == own
    assert Peristiwa.objects.about(sudden).last().jenis == "penutupan.disetujui"


def test_the_page_of_who_waits_offers_other_days(hall):
    tiket = hall.ticket()
    slot = factories.Slot(antrean=hall.antrean)
    actions.close_today(hall.gerai, alasan="Listrik padam", by=hall.petugas)
    page = text(Client().get(tiket.kunjungan.get_absolute_url()))
    assert "Pilih hari lain" in page
    assert reverse("antrean:times", args=[hall.mpp.slug, hall.gerai.instansi.slug, hall.layanan.jenis.slug,
                                          slot.tanggal.isoformat()]) in page  # fmt: skip


def test_a_turn_that_comes_near_is_told_once_and_only_to_who_asked(aula):
    tickets = [aula.take() for _ in range(6)]
    for tiket in tickets:
        if tiket.label != "A-002":
            listen(tiket.kunjungan)
    assert actions.tell_near(now=NINE + minutes(4)) == 0  # they have only just come
    assert actions.tell_near(now=NINE + minutes(6)) == 3
    assert actions.tell_near(now=NINE + minutes(7)) == 0
    assert [told(tiket.kunjungan) for tiket in tickets] == [["tiket.mendekat"], [], *[["tiket.mendekat"]] * 2, [], []]
    aula.open()
    aula.do("call_next")
    tasks.tell_near()
    assert told(tickets[4].kunjungan) == ["tiket.mendekat"]


def test_each_chooses_how_many_are_still_ahead_when_they_hear_of_it(aula):
    tickets = [aula.take() for _ in range(6)]
    for tiket in tickets:
        listen(tiket.kunjungan)
    late, early = tickets[2].kunjungan, tickets[5].kunjungan

    client = Client()
    page = client.post(reverse("antrean:near", args=[early.rahasia]), {"sisa": "5"}, follow=True)
    assert "Baik, kami mengabari saat tinggal 5 orang di depan Anda." in text(page)
    client.post(reverse("antrean:near", args=[late.rahasia]), {"sisa": "1"})
    for wrong in ({"sisa": "4"}, {"sisa": "dua"}, {}):
        answer = client.post(reverse("antrean:near", args=[early.rahasia]), wrong, follow=True)
        assert "Pilih tinggal berapa orang di depan Anda." in text(answer)
    assert client.get(reverse("antrean:near", args=[early.rahasia])).status_code == 405
    early.refresh_from_db()
    assert early.kabari_sisa == 5

    assert actions.tell_near(now=NINE + minutes(6)) == 4  # two ahead is too early for one, five are enough for another
    assert [len(told(tiket.kunjungan)) for tiket in tickets] == [1, 1, 0, 1, 0, 1]
    pesan, kind = Pesan.objects.get(subjek_id=early.pk), registry.kind("tiket.mendekat")
    said = wording.render(pesan, kind, wording.make(pesan, kind))
    assert f"Paling banyak 5 orang lagi sebelum nomor {tickets[5].label}" in said.isi
