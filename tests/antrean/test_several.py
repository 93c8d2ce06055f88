"""Several instansi in one visit: one code, one page, times that one person can keep."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from antrean import actions
from antrean.models import Kunjungan, Pemesanan, Tiket
from mpp_portal.notifikasi.models import Langganan
from tests import factories
from tests.antrean.conftest import NINE

pytestmark = pytest.mark.django_db
SARI = {"nama": "Sari Contoh", "kanal": "surel", "kontak": "sari@contoh.id"}


def text(response) -> str:
    return " ".join(response.content.decode().split())


@pytest.fixture
def phone():
    cache.clear()
    return Client()


@pytest.fixture
def row(aula) -> Pemesanan:
    """Booked for nine: at ten people have been served and have walked over; it is seven o'clock."""
    return book(factories.Slot(antrean=aula.antrean, mulai=NINE), "satu", **SARI)


@pytest.fixture
def polres(aula):
    """Another gerai of the same mall with a line of its own."""
    gerai = factories.Gerai(mpp=aula.mpp, lantai=1)
    loket = factories.Loket(gerai=gerai)
    return factories.Antrean(gerai=gerai, huruf="R", layanan=[factories.Layanan(gerai=gerai)], loket=[loket])


SEVEN = NINE.replace(hour=7)


def hold(slot, key, **given):
    return actions.hold(slot, slot.antrean.layanan.get(), sender="ponsel", key=key, now=SEVEN, **given)


def book(slot, key, *, visit=None, **person):
    return actions.confirm(hold(slot, key, visit=visit), **person, now=SEVEN)


def further(row, slot, key="dua"):
    return book(slot, key, visit=row.kunjungan, nama=row.nama, kontak=row.kontak, kanal="")


def at(antrean, minutes, **given):
    return factories.Slot(antrean=antrean, mulai=NINE + timedelta(minutes=minutes), **given)


def test_a_second_time_has_the_same_code_and_asks_for_nothing_again(row, polres):
    second = further(row, at(polres, 60))
    assert second.kunjungan == row.kunjungan
    assert (second.status, second.nama, second.urut_kontak) == ("dipesan", "Sari Contoh", None)
    assert Langganan.objects.count() == 1


# The first is called by 09.30, served for 10 minutes, and walks for 10.
@pytest.mark.parametrize(("minutes", "fits"), [(-60, True), (-49, False), (0, False), (49, False), (50, True)])
def test_times_of_one_person_leave_room_to_be_served_and_to_walk(row, polres, minutes, fits):
    slot = at(polres, minutes)
    if fits:
        assert further(row, slot).status == "dipesan"
        return
    with pytest.raises(actions.Refused, match="bentrok dengan jadwal Anda"):
        hold(slot, "dua", visit=row.kunjungan)
    slot.refresh_from_db()
    assert slot.terisi == 0


def test_neither_a_move_nor_a_hold_that_ran_out_makes_them_collide(row, polres):
    second = further(row, at(polres, 60))
    with pytest.raises(actions.Refused, match="bentrok"):
        actions.reschedule(second, at(polres, 30), now=SEVEN)
    moved = actions.reschedule(second, at(polres, 120), now=SEVEN)
    assert (moved.kunjungan, moved.urut_kontak) == (row.kunjungan, None)

    lines = [factories.Antrean(gerai=polres.gerai, layanan=[factories.Layanan(gerai=polres.gerai)]) for _ in "HU"]
    held = hold(at(lines[0], 240), "tiga", visit=row.kunjungan)
    Pemesanan.objects.filter(pk=held.pk).update(held_until=SEVEN)
    further(row, at(lines[1], 240), "empat")
    with pytest.raises(actions.Refused, match="bentrok"):
        actions.confirm(held, nama=row.nama, kontak=row.kontak, kanal="", now=SEVEN)


def test_another_choice_replaces_the_one_without_a_name(row, polres):
    first = hold(at(polres, 60), "dua", visit=row.kunjungan)
    second = hold(at(polres, 70), "tiga", visit=row.kunjungan)
    first.refresh_from_db()
    assert (first.status, second.status) == ("batal", "ditahan")
    assert [slot.terisi for slot in polres.slot.order_by("mulai")] == [0, 1]
    assert list(Pemesanan.objects.on_page().order_by("slot__mulai")) == [row, second]


def test_a_visit_of_another_day_or_mall_is_not_joined(row, polres):
    elsewhere = factories.Antrean(layanan=[factories.Layanan()])
    factories.JamBuka(mpp=elsewhere.mpp, hari=0)
    for slot in (at(polres, 24 * 60), factories.Slot(antrean=elsewhere, mulai=NINE + timedelta(hours=2))):
        with pytest.raises(actions.Refused, match="hari atau gedung lain"):
            hold(slot, f"k{slot.pk}", visit=row.kunjungan)


def test_four_people_of_one_contact_still_fit_and_a_fifth_does_not(row, polres):
    """A person counts once, whatever else they book, and also when they give the first time back."""
    second = further(row, at(polres, 60))
    actions.cancel_booking(row, now=SEVEN)
    second.refresh_from_db()
    assert second.urut_kontak == 1
    slot = at(polres, 300, kapasitas=9)
    for n in range(3):
        book(slot, f"anak-{n}", **SARI | {"nama": f"Anak {n} Contoh"})
    with pytest.raises(actions.Refused, match="4 orang sehari"):
        book(slot, "kelima", **SARI | {"nama": "Kelima Contoh"})


def test_a_further_time_that_moves_to_another_day_counts_there(row, polres):
    further(row, at(polres, 60))
    moved = actions.reschedule(row, at(row.slot.antrean, 24 * 60), now=SEVEN)
    assert (moved.kunjungan != row.kunjungan, moved.urut_kontak) == (True, 1)
    assert Pemesanan.objects.get(slot__antrean=polres).urut_kontak == 1


def test_who_is_done_early_is_free_early(aula, row, polres):
    tiket = actions.arrive(row, now=SEVEN.replace(hour=8))
    Tiket.objects.filter(pk=tiket.pk).update(status="batal", ended_at=SEVEN.replace(hour=8, minute=5))
    assert further(row, at(polres, 10)).status == "dipesan"


def test_a_number_joins_the_visit_and_another_day_does_not(aula, row, polres):
    tiket = aula.take("ponsel", antrean=polres, visit=row.kunjungan)
    assert tiket.kunjungan == row.kunjungan
    with pytest.raises(actions.Refused, match="sudah memegang nomor") as refused:
        aula.take("ponsel", antrean=polres, visit=row.kunjungan)
    assert refused.value.subject == tiket
    with pytest.raises(actions.Refused, match="hari atau gedung lain"):
        aula.take("ponsel", at=NINE + timedelta(days=1), visit=row.kunjungan)


def test_a_person_at_another_loket_is_passed_over_and_called_afterwards(aula, row, polres):
    """Promise 5: at most one ticket of a visit is called or served."""
    polres.loket.set([aula.loket[1]])
    aula.take("lain", antrean=polres)
    first = actions.arrive(row, now=SEVEN.replace(hour=8))
    second = aula.take(antrean=polres, visit=row.kunjungan)
    Tiket.objects.filter(pk=second.pk).update(giliran_pada=SEVEN)
    aula.open(0)
    aula.open(1)
    assert aula.do("call_next", 0) == first
    assert aula.do("call_next", 1) != second
    aula.do("start", 0)
    aula.do("finish", 0)
    for step in ("start", "finish"):
        aula.do(step, 1)
    assert aula.do("call_next", 1) == second


def test_all_is_cancelled_at_once_but_what_is_at_a_loket(aula, row, polres):
    further(row, at(polres, 60))
    mine = aula.take(visit=row.kunjungan)
    aula.open()
    assert aula.do("call_next") == mine
    assert actions.cancel_all(row.kunjungan, now=NINE) == []
    assert {one.status for one in Pemesanan.objects.all()} == {"batal"}
    assert Tiket.objects.get().status == "dipanggil"


@pytest.fixture
def tomorrow(hall):
    """Sari's time of tomorrow, and a second gerai whose times begin then, one of them far enough away."""
    slot = factories.Slot(antrean=hall.antrean)
    row = factories.Pemesanan(slot=slot, layanan=hall.layanan)
    gerai = factories.Gerai(mpp=hall.mpp, lantai=1)
    line = factories.Antrean(gerai=gerai, huruf="R", layanan=[factories.Layanan(gerai=gerai)])
    factories.PolaJadwal(antrean=line)
    near = slot.mulai if slot.mulai.astimezone(hall.mpp.zone).hour >= 12 else slot.mulai + timedelta(minutes=10)
    late = slot.mulai.astimezone(hall.mpp.zone).hour >= 12
    far = slot.mulai + timedelta(minutes=-60 if late else 60)
    return row, factories.Slot(antrean=line, mulai=near), factories.Slot(antrean=line, mulai=far)


def add_url(name, row, slot=None):
    gerai = slot.antrean.gerai if slot else None
    more = [gerai.instansi.slug, slot.antrean.layanan.get().jenis.slug] if gerai else []
    return reverse(f"antrean:{name}", args=[row.kunjungan.rahasia, *more])


def test_from_ones_page_to_a_second_time_on_the_same_page(phone, tomorrow):
    row, near, far = tomorrow
    page = text(phone.get(row.kunjungan.get_absolute_url()))
    assert add_url("add", row) in page
    assert "Urusan Anda" not in page
    services = text(phone.get(add_url("add", row)))
    assert "Mau mengurus apa lagi?" in services
    assert add_url("add_times", row, near) in services

    url = add_url("add_times", row, near)
    times = text(phone.get(url))
    assert f"Bentrok: {row.slot.antrean.gerai.instansi.singkatan} pukul" in times
    assert f'value="{near.pk}"' not in times
    assert f'value="{far.pk}"' in times
    refused = phone.post(url, {"slot": near.pk, "kunci": "satu"})
    assert refused.status_code == 409
    assert "bentrok dengan jadwal Anda" in text(refused)

    held = phone.post(url, {"slot": far.pk, "kunci": "dua"})
    form = text(phone.get(held.url))
    assert f"Untuk <b>Sari Contoh</b>, dengan kode yang sama: <b>{row.kunjungan.kode}</b>" in form
    assert 'name="nama"' not in form
    assert 'name="kontak"' not in form
    page = text(phone.post(held.url, {"prioritas": ""}, follow=True))
    assert "Urusan Anda" in page
    assert page.count('<article class="karcis karcis-dipesan">') == 2
    assert {one.kunjungan for one in Pemesanan.objects.all()} == {row.kunjungan}


def test_the_page_of_a_service_offers_to_add_it_while_one_is_adding(phone, tomorrow):
    row, near, _far = tomorrow
    service = near.antrean.layanan.get().get_absolute_url()
    assert "Tambahkan layanan ini" not in text(phone.get(service))
    phone.get(add_url("add", row))
    page = text(phone.get(service))
    assert f"(kode {row.kunjungan.kode})" in page
    assert add_url("add_times", row, near) in page
    assert "Tambahkan layanan ini" not in text(Client().get(service))
    Pemesanan.objects.update(status="batal", ended_at=NINE)
    assert "Tambahkan layanan ini" not in text(phone.get(service))


def test_a_line_without_times_says_what_to_do_on_the_day(phone, tomorrow, hall):
    row, near, _far = tomorrow
    near.antrean.pola.all().delete()
    page = text(phone.get(add_url("add_times", row, near)))
    assert "Layanan ini tidak memakai jadwal dari portal ini." in page
    today = hall.ticket().kunjungan
    url = reverse("antrean:add_times", args=[today.rahasia, *add_url("add_times", row, near).split("/")[-3:-1]])
    assert phone.get(url).url == url.replace("/tambah/", "/ambil/")


def test_a_phone_in_the_hall_adds_a_number_to_the_visit_of_its_paper(hall, tomorrow):
    _row, near, _far = tomorrow
    visit = hall.ticket().kunjungan
    url = reverse("antrean:add_take", args=[visit.rahasia, *add_url("add_times", _row, near).split("/")[-3:-1]])
    assert "Sudah di aula MPP?" in text(Client().get(url))
    assert Client().post(url, {"kunci": "x"}).status_code == 403
    inside = hall.phone()
    assert "Kunjungan saya" in text(inside.get(url))
    page = text(inside.post(url, {"kunci": "satu"}, follow=True))
    assert Tiket.objects.filter(kunjungan=visit).count() == 2
    assert Kunjungan.objects.filter(tanggal=visit.tanggal).count() == 1
    assert "Urusan Anda" in page


def test_not_coming_at_all_is_one_question(phone, tomorrow):
    row, _near, far = tomorrow
    factories.Pemesanan(slot=far, kunjungan=row.kunjungan, urut_kontak=None)
    url = add_url("cancel_all", row)
    assert url in text(phone.get(row.kunjungan.get_absolute_url()))
    assert "Batalkan semuanya?" in text(phone.get(url))
    assert "Semua dibatalkan." in text(phone.post(url, follow=True))
    assert Pemesanan.objects.filter(status="batal").count() == 2
    assert phone.get(url).status_code == 404


@pytest.fixture
def chain(hall):
    """What the other gerai yields is required here; both have times tomorrow at these minutes of the hour from now."""
    gerai = factories.Gerai(mpp=hall.mpp, lantai=1)
    letter = factories.Layanan(gerai=gerai, jenis__nama="Surat kehilangan")
    line = factories.Antrean(gerai=gerai, huruf="R", layanan=[letter])
    factories.Persyaratan(layanan=hall.layanan, penghasil=letter.jenis)
    for antrean in (line, hall.antrean):
        factories.PolaJadwal(antrean=antrean)
    noon = hall.mpp.local(timezone.now() + timedelta(days=1)).replace(hour=10, minute=0, second=0, microsecond=0)
    slots = [factories.Slot(antrean=line, mulai=noon)]
    slots += [factories.Slot(antrean=hall.antrean, mulai=noon + timedelta(minutes=n), kapasitas=1) for n in (0, 60)]
    url = reverse(
        "antrean:book_both",
        args=[hall.mpp.slug, hall.gerai.instansi.slug, hall.layanan.jenis.slug, letter.jenis.slug],
    )
    return slots, url


def test_both_in_one_tap_in_their_order(phone, hall, chain):
    (letter, _early, late), url = chain
    assert url in text(phone.get(hall.url("book")))
    page = text(phone.get(url))
    assert f'value="{letter.pk}-{late.pk}"' in page
    assert ">10.00, lalu 11.00<" in page
    sent = {"pasangan": f"{letter.pk}-{late.pk}", "kunci": "satu"}
    held = phone.post(url, sent)
    assert phone.post(url, sent).url == held.url
    assert "Sebelumnya: " in text(phone.get(held.url))
    person = {"nama": "Sari Contoh", "kontak": "sari@contoh.id", "prioritas": ""}
    page = text(phone.post(held.url, person, follow=True))
    assert "Urusan Anda" in page
    first, second = Pemesanan.objects.order_by("slot__mulai")
    assert (first.status, second.status, second.prasyarat) == ("dipesan", "dipesan", first)
    assert (first.kunjungan, first.urut_kontak, second.urut_kontak) == (second.kunjungan, 1, None)
    assert Langganan.objects.count() == 1


def test_both_are_held_or_neither(phone, hall, chain):
    (letter, early, late), url = chain
    refused = phone.post(url, {"pasangan": f"{letter.pk}-{early.pk}", "kunci": "satu"})
    assert refused.status_code == 409
    factories.Pemesanan(slot=late)
    refused = phone.post(url, {"pasangan": f"{letter.pk}-{late.pk}", "kunci": "dua"})
    assert "baru saja penuh" in text(refused)
    assert "Tidak ada dua jam yang berurutan" in text(refused)
    assert phone.post(url, {"pasangan": "rusak", "kunci": "tiga"}).status_code == 404
    assert not Pemesanan.objects.filter(status="ditahan").exists()
    assert phone.get(url.replace("surat", "lain")).status_code == 404


def test_only_what_needs_a_nik_keeps_it_and_the_order_stays_when_one_moves(phone, hall, chain):
    (letter, _early, late), url = chain
    hall.layanan.perlu_nik = True
    hall.layanan.save()
    held = phone.post(url, {"pasangan": f"{letter.pk}-{late.pk}", "kunci": "satu"})
    given = {"nama": "Sari Contoh", "kontak": "sari@contoh.id", "nik": "6371010101900000", "prioritas": ""}
    phone.post(held.url, given)
    first, second = Pemesanan.objects.order_by("slot__mulai")
    assert (first.nik, second.nik) == ("", "6371010101900000")
    after = factories.Slot(antrean=letter.antrean, mulai=late.mulai + timedelta(hours=2))
    with pytest.raises(actions.Refused, match="Surat kehilangan harus selesai sebelum"):
        actions.reschedule(first, after)
    before = factories.Slot(antrean=letter.antrean, mulai=letter.mulai - timedelta(hours=1))
    moved = actions.reschedule(first, before)
    second.refresh_from_db()
    assert second.prasyarat == moved
    with pytest.raises(actions.Refused, match="harus selesai sebelum"):
        actions.reschedule(second, factories.Slot(antrean=hall.antrean, mulai=before.mulai - timedelta(hours=2)))
