"""A time that was promised, and the hours changed afterwards: who booked it is told, once, and chooses another."""

from datetime import time, timedelta

from django.test import Client

from antrean import actions, statistik, tasks
from antrean.models import Pemesanan
from layanan.models import JamBuka, Penutupan
from mpp_portal.models import Peristiwa
from mpp_portal.notifikasi import registry
from tests import factories
from tests.antrean.conftest import NINE, minutes
from tests.antrean.test_closing import listen, text, told

TOMORROW = NINE + timedelta(days=1)


def booked(aula, at=TOMORROW, **given) -> Pemesanan:
    given = {"slot": given.pop("slot", None) or factories.Slot(antrean=aula.antrean, mulai=at)} | given
    row = factories.Pemesanan(**given)
    listen(row.kunjungan)
    return row


def close(aula, **target) -> Penutupan:
    span = {"mulai": TOMORROW - minutes(30), "selesai": TOMORROW + minutes(60)}
    return Penutupan.objects.create(**(target or {"gerai": aula.gerai}), **span, alasan="Pelatihan petugas.")


def test_who_booked_a_time_that_a_closure_takes_away_is_told_once(aula):
    row, after, past = booked(aula), booked(aula, TOMORROW + minutes(90)), booked(aula, NINE - minutes(30))
    assert actions.tell_unserved(now=NINE) == 0
    close(aula)
    assert actions.tell_unserved(now=NINE) == 1
    assert actions.tell_unserved(now=NINE + minutes(5)) == 0
    assert [told(each.kunjungan) for each in (row, after, past)] == [["pemesanan.ditutup"], [], []]


def test_a_holiday_other_hours_and_a_closed_layanan_take_a_time_away_too(aula):
    early, late = booked(aula, TOMORROW), booked(aula, TOMORROW + timedelta(hours=6))
    holiday = factories.HariLibur(tanggal=TOMORROW.date(), nama="Hari jadi kota", mpp=aula.mpp)
    assert actions.tell_unserved(now=NINE) == 2
    holiday.delete()
    JamBuka.objects.create(
        mpp=aula.mpp,
        musim="khusus",
        hari=TOMORROW.weekday(),
        dari=TOMORROW.date(),
        sampai=TOMORROW.date(),
        buka=time(8),
        tutup=time(14),
    )
    assert actions.tell_unserved(now=NINE) == 1  # the early one again, the late one is still not served
    assert told(early.kunjungan) == ["pemesanan.ditutup", "pemesanan.dibuka_lagi"]
    assert told(late.kunjungan) == ["pemesanan.ditutup"]
    close(aula, layanan=aula.layanan)
    other = booked(aula, slot=early.slot, layanan=factories.Layanan(gerai=aula.gerai))
    assert actions.tell_unserved(now=NINE) == 1
    assert told(early.kunjungan)[-1] == "pemesanan.ditutup"
    assert told(other.kunjungan) == []


def test_a_sudden_closure_and_the_sweep_tell_a_person_once(aula):
    row = booked(aula, NINE + minutes(60))
    assert actions.close_today(aula.gerai, alasan="Listrik padam", by=aula.petugas[0], now=NINE) == 1
    assert actions.tell_unserved(now=NINE + minutes(5)) == 0
    assert told(row.kunjungan) == ["pemesanan.ditutup"]


def test_the_message_says_why_and_nothing_when_that_is_over(aula):
    row, closure = booked(aula), close(aula)
    actions.tell_unserved(now=NINE)
    kind = registry.kind("pemesanan.ditutup")
    (event,) = Peristiwa.objects.about(row)
    assert kind.make(event).values["alasan"] == "Pelatihan petugas"
    closure.delete()
    assert kind.make(event) is None


def test_who_could_not_be_served_is_not_blamed_for_not_coming(aula):
    row, absent = booked(aula), booked(aula, TOMORROW + minutes(90))
    close(aula)
    actions.tell_unserved(now=NINE)
    assert actions.lapse_bookings(now=TOMORROW + timedelta(hours=8)) == 2
    assert told(row.kunjungan) == ["pemesanan.ditutup"]
    assert told(absent.kunjungan) == ["pemesanan.hangus"]
    lines = [aula.antrean]
    assert statistik.figures(lines, aula.mpp, TOMORROW.date(), TOMORROW.date()).unclaimed == 1


def test_the_page_says_why_and_leads_to_another_time(hall):
    row = factories.Pemesanan(slot=factories.Slot(antrean=hall.antrean))
    page = row.kunjungan.get_absolute_url()
    assert "Loket tidak melayani" not in text(Client().get(page))
    Penutupan.objects.create(
        gerai=hall.gerai,
        mulai=row.slot.mulai - timedelta(hours=1),
        selesai=row.slot.selesai,
        alasan="Pindah ruangan",
        alasan_en="Moving to another room",
    )
    shown = text(Client().get(page))
    assert "Loket tidak melayani pada jam itu: Pindah ruangan. Maaf." in shown
    assert f"/{row.pk}/ubah/" in shown
    assert "No counter serves at that time: Moving to another room." in text(Client().get(f"/en{page}"))


def test_the_worker_does_it_by_itself(hall):
    row = factories.Pemesanan(slot=factories.Slot(antrean=hall.antrean))
    listen(row.kunjungan)
    Penutupan.objects.create(
        mpp=hall.mpp, mulai=row.slot.mulai - timedelta(hours=1), selesai=row.slot.selesai, alasan="Banjir"
    )
    tasks.tell_unserved()
    tasks.tell_unserved()
    assert told(row.kunjungan) == ["pemesanan.ditutup"]
