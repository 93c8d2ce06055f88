"""One number for several layanan of its line: chosen when taking or booking, kept, shown, counted once."""

import pytest
from django.test import Client
from django.urls import reverse

from antrean import actions, kalender
from antrean.models import Pemesanan, Tiket
from tests import factories
from tests.antrean.conftest import NINE
from tests.antrean.hall import logged_in, staff
from tests.antrean.test_devices import pair


def text(response) -> str:
    return " ".join(response.content.decode().split())


@pytest.fixture
def cerai(hall):
    """Another layanan of the hall's line."""
    layanan = factories.Layanan(gerai=hall.gerai, jenis__nama="Akta cerai")
    hall.antrean.layanan.add(layanan)
    factories.Persyaratan(layanan=layanan, teks="Salinan putusan pengadilan")
    return layanan


def sent(*services, **more) -> dict:
    return {"kunci": "satu", "sekaligus": [row.pk for row in services]} | more


def test_a_phone_asks_for_both_with_one_number_and_sees_them(hall, cerai):
    phone = hall.phone()
    form = text(phone.get(hall.url("take")))
    assert "Sekaligus mengurus apa lagi di loket yang sama?" in form
    assert "Akta cerai</label>" in form
    page = text(phone.post(hall.url("take"), sent(cerai), follow=True))
    assert [list(row.sekaligus.all()) for row in Tiket.objects.all()] == [[cerai]]
    assert "Sekaligus: Akta cerai" in page


def test_a_line_of_one_layanan_asks_nothing(hall):
    phone = hall.phone()
    assert "Sekaligus" not in text(phone.get(hall.url("take")))
    assert "Sekaligus" not in text(phone.post(hall.url("take"), {"prioritas": "lansia"}))


def test_a_layanan_of_another_line_is_refused_and_the_choice_stays(hall, cerai):
    other = factories.Layanan(gerai=hall.gerai)
    phone = hall.phone()
    page = text(phone.post(hall.url("take"), sent(other)))
    assert "Pilih layanan dari daftar ini." in page
    page = text(phone.post(hall.url("take"), sent(cerai, kunci="")))
    assert f'value="{cerai.pk}" id="id_sekaligus_0" checked' in page
    for layanan in (other, hall.layanan):
        with pytest.raises(actions.Refused, match="tidak lagi di antrean ini"):
            hall.ticket(sekaligus=[layanan])
    assert not Tiket.objects.exists()


def test_the_same_form_with_another_choice_is_refused(hall, cerai):
    first = hall.ticket(key="sama", sekaligus=[cerai])
    assert hall.ticket(key="sama", sekaligus=[cerai]) == first
    with pytest.raises(actions.Refused, match="sudah dipakai untuk nomor lain"):
        hall.ticket(key="sama")


def test_desk_kiosk_and_papers_carry_both(hall, cerai):
    greeter = staff("petugas_informasi", mpp=hall.mpp)
    assert "Sekaligus: Akta cerai" in text(greeter.post(hall.url("give"), sent(cerai), follow=True))
    kiosk = pair(actions.offer_code(factories.Perangkat(mpp=hall.mpp, token=""), by=None))[0]
    url = reverse("antrean:kiosk_take", args=[hall.gerai.instansi.slug, hall.layanan.jenis.slug])
    assert "Sekaligus: Akta cerai" in text(kiosk.post(url, sent(cerai), follow=True))
    assert Tiket.objects.filter(sekaligus=cerai).count() == 2


def test_the_console_shows_the_papers_of_both(hall, cerai):
    hall.ticket(sekaligus=[cerai])
    hall.open()
    hall.do("call_next")
    page = text(logged_in(hall.petugas).get(reverse("antrean:console", args=[hall.loket.pk])))
    assert "<h2>Akta cerai</h2>" in page
    assert "Salinan putusan pengadilan" in page


def test_a_booking_keeps_it_through_a_move_and_an_arrival(aula):
    also = factories.Layanan(gerai=aula.gerai, jenis__nama="Akta cerai")
    aula.antrean.layanan.add(also)
    factories.Persyaratan(layanan=also, teks="Salinan putusan pengadilan")
    early = factories.Slot(antrean=aula.antrean, mulai=NINE, kapasitas=2)
    late = factories.Slot(antrean=aula.antrean, mulai=NINE.replace(hour=10), kapasitas=2)
    person = {"nama": "Sari Contoh", "kanal": "surel", "kontak": "sari@contoh.id"}
    now = NINE.replace(hour=7)
    row = actions.hold(early, aula.layanan, sender="ponsel", key="satu", now=now)
    row = actions.confirm(row, **person, sekaligus=[also], now=now)
    moved = actions.reschedule(row, late, now=now)
    assert list(moved.sekaligus.all()) == [also]
    entry = kalender.ics(moved).decode().replace("\r\n ", "")
    assert "+ Akta cerai" in entry
    assert "Salinan putusan pengadilan" in entry
    page = text(Client().get(moved.kunjungan.get_absolute_url()))
    assert "Sekaligus: Akta cerai" in page
    assert "Wajib dibawa: Akta cerai" in page
    assert list(actions.arrive(moved, now=late.mulai).sekaligus.all()) == [also]


def test_what_has_left_the_line_since_is_not_brought_to_its_loket(aula):
    gone = factories.Layanan(gerai=aula.gerai)
    aula.antrean.layanan.add(gone)
    slots = [factories.Slot(antrean=aula.antrean, mulai=NINE.replace(hour=hour)) for hour in (9, 10)]
    row = factories.Pemesanan(slot=slots[0], layanan=aula.layanan)
    row.sekaligus.add(gone)
    aula.antrean.layanan.remove(gone)
    moved = actions.reschedule(row, slots[1], now=NINE.replace(hour=7))
    assert not moved.sekaligus.exists()
    moved.sekaligus.through.objects.all().delete()
    assert not actions.arrive(moved, now=slots[1].mulai).sekaligus.exists()


def test_who_books_chooses_what_needs_no_further_nik(hall):
    plain = factories.Layanan(gerai=hall.gerai, jenis__nama="Akta cerai")
    guarded = factories.Layanan(gerai=hall.gerai, jenis__nama="KIA", perlu_nik=True)
    hall.antrean.layanan.add(plain, guarded)
    row = factories.Pemesanan(slot__antrean=hall.antrean, layanan=hall.layanan, status="ditahan", nama="", orang="",
                              kontak="", sidik_kontak="", urut_kontak=None)  # fmt: skip
    url = reverse("antrean:details", args=[row.kunjungan.rahasia])
    form = text(Client().get(url))
    assert "Akta cerai</label>" in form
    assert "KIA</label>" not in form
    given = {"nama": "Sari Contoh", "kontak": "sari@contoh.id", "sekaligus": [plain.pk]}
    Client().post(url, given)
    assert list(Pemesanan.objects.get().sekaligus.all()) == [plain]
