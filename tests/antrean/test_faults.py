"""What goes wrong on real days has a rule and a sentence; docs/bukti.md names those that are tested elsewhere."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection
from django.urls import reverse

from antrean import tasks
from antrean.models import Jaga, Rehat, Tiket
from mpp_portal.models import Peristiwa
from tests import factories
from tests.antrean.conftest import NINE, minutes
from tests.antrean.hall import logged_in

BACK = -minutes(20)  # a server's clock is set right


def text(response) -> str:
    return " ".join(response.content.decode().split())


def test_after_a_clock_was_set_back_nothing_ends_before_it_began(aula):
    aula.open()
    aula.take()
    aula.do("call_next")
    started = aula.do("start", at=NINE + BACK)
    served = aula.do("finish", at=NINE + BACK * 2)
    aula.do("pause", alasan="ibadah")
    aula.do("close", at=NINE + BACK)
    assert started.started_at == served.ended_at == NINE
    assert Rehat.objects.values_list("started_at", "ended_at").get() == (NINE, NINE)
    assert Jaga.objects.get().closed_at == NINE


def test_after_a_clock_was_set_back_a_person_is_moved_and_the_next_one_called(aula):
    other = aula.line("H").layanan.get()
    aula.open()
    for _person in range(2):
        aula.take()
        aula.do("call_next")
        aula.do("start")
        if not Tiket.objects.filter(status="dialihkan").exists():
            aula.do("transfer", layanan=other, at=NINE + BACK)
    aula.take()
    assert aula.do("finish_and_next", at=NINE + BACK).called_at == NINE + BACK
    assert set(Tiket.objects.exclude(ended_at=None).values_list("status", "ended_at")) == {
        ("dialihkan", NINE),
        ("selesai", NINE),
    }


def test_after_a_clock_was_set_forward_and_back_a_walk_in_still_stands_behind_those_before(aula):
    aula.open()
    early = aula.take(at=NINE + minutes(90))
    assert aula.take(at=NINE).giliran_pada == early.giliran_pada
    assert aula.do("call_next") == early


def test_a_loket_put_out_of_use_while_serving_is_finished_and_closed_but_calls_nobody(hall):
    served, waiting = hall.ticket(), hall.ticket()
    hall.open()
    hall.do("call_next")
    hall.do("start")
    hall.loket.aktif = False
    hall.loket.save()
    desk, console = logged_in(hall.petugas), reverse("antrean:console", args=[hall.loket.pk])

    assert str(hall.loket) in text(desk.get(reverse("antrean:counter")))
    assert served.label in text(desk.get(console))
    desk.post(f"{console}lanjut/")
    refused = desk.post(f"{console}panggil/", headers={"hx-request": "true"})
    assert f"{hall.loket} tidak dipakai lagi. Tutup loket ini, lalu buka yang lain." in text(refused)
    assert list(Tiket.objects.order_by("nomor").values_list("label", "status")) == [
        (served.label, "selesai"),
        (waiting.label, "menunggu"),
    ]
    assert "ditutup" in text(desk.post(f"{console}tutup/", follow=True))
    assert desk.get(console).status_code == desk.post(f"{console}buka/").status_code == 404


def test_a_loket_out_of_use_that_a_colleague_has_open_does_not_exist(hall):
    hall.open()
    hall.loket.aktif = False
    hall.loket.save()
    colleague = logged_in(factories.Penugasan(peran="petugas_loket", gerai=hall.gerai).pengguna)
    assert colleague.get(reverse("antrean:console", args=[hall.loket.pk])).status_code == 404
    assert str(hall.loket) not in text(colleague.get(reverse("antrean:counter")))


def test_the_back_button_after_booking_leads_to_the_booking_and_books_nothing(hall):
    row = factories.Pemesanan(slot=factories.Slot(antrean=hall.antrean))
    form, own = reverse("antrean:details", args=[row.kunjungan.rahasia]), row.kunjungan.get_absolute_url()
    phone = hall.phone()
    given = {"nama": "Orang Lain Contoh", "kontak": "lain@contoh.id"}
    assert phone.get(form).url == phone.post(form, given).url == own
    row.refresh_from_db()
    assert (row.nama, row.status, row.slot.pemesanan.count()) == ("Sari Contoh", "dipesan", 1)


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_at_closing_time_leaves_a_line_whole_and_the_next_one_ends_it(hall):
    people = [hall.ticket() for _person in range(3)]
    for person in people:
        factories.Langganan(subjek_id=person.kunjungan_id, mpp_id=hall.mpp.pk)
    day = people[0].sesi
    day.tanggal -= timedelta(days=1)
    day.save()
    written = []

    def ends_at_the_second(execute, sql, *given):
        written.extend(["UPDATE"] * sql.startswith('UPDATE "antrean_tiket"'))
        if len(written) == 2:
            raise DatabaseError("terminating connection")
        return execute(sql, *given)

    with connection.execute_wrapper(ends_at_the_second), pytest.raises(DatabaseError):
        tasks.close_days()
    assert set(Tiket.objects.values_list("status", flat=True)) == {"menunggu"}

    tasks.close_days()
    tasks.close_days()
    assert set(Tiket.objects.values_list("status", flat=True)) == {"hangus"}
    told = Peristiwa.objects.filter(jenis="tiket.tidak_terlayani")
    assert sorted(told.values_list("subjek_id", flat=True)) == [person.pk for person in people]
    assert [event.pesan.count() for event in told] == [1, 1, 1]
