"""Two numbers with one confirm: what yields a document, then what requires it; the second is never called in vain."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.urls import reverse

from antrean import actions, escpos, floor, standing, statistik
from antrean.models import Antrean, Cetakan, Kunjungan, Sesi, Tiket
from tests import factories
from tests.antrean.conftest import NINE, minutes
from tests.antrean.hall import staff
from tests.antrean.test_devices import pair
from tests.portal.siaran.conftest import messages, valkey  # noqa: F401 — fixtures


def text(response) -> str:
    return " ".join(response.content.decode().split())


def source(gerai_of_target, layanan, **given):
    """A gerai of the same mall whose layanan yields what this one requires, with a line R."""
    gerai = factories.Gerai(mpp=gerai_of_target.mpp, lantai=1)
    letter = factories.Layanan(gerai=gerai, jenis__nama="Surat kehilangan")
    factories.Persyaratan(layanan=layanan, penghasil=letter.jenis)
    return factories.Antrean(gerai=gerai, huruf="R", layanan=[letter], **given)


@pytest.fixture
def polres(aula):
    return source(aula.gerai, aula.layanan, loket=aula.loket[2:])


def both(aula, polres, **given) -> tuple[Tiket, Tiket]:
    before = (Antrean.objects.giving().get(pk=polres.pk), polres.layanan.get())
    tiket = aula.take(before=before, **given)
    return Tiket.objects.get(pk=tiket.prasyarat_id), tiket


def test_two_numbers_one_visit_one_key(aula, polres):
    first, then = both(aula, polres, who="ponsel", prioritas="lansia", key="satu")
    assert (first.label, then.label, first.kunjungan) == ("R-001", "A-001", then.kunjungan)
    assert (first.prioritas, then.prioritas, then.awaited) == ("lansia", "lansia", first)
    assert both(aula, polres, who="ponsel", prioritas="lansia", key="satu") == (first, then)
    with pytest.raises(actions.Refused, match="sudah dipakai untuk nomor lain"):
        aula.take("ponsel", prioritas="lansia", key="satu")
    assert Kunjungan.objects.count() == 1


def test_the_second_is_passed_over_until_the_first_is_over_and_keeps_its_place(aula, polres):
    aula.antrean.loket.set(aula.loket[:1])
    first, then = both(aula, polres)
    later = [aula.take(at=NINE + minutes(1)), aula.take(at=NINE + minutes(2))]
    aula.open(0)
    aula.open(2)
    assert aula.serve(0) == later[0].label
    assert aula.do("call_next", 2) == first
    aula.do("start", 2)
    aula.do("finish", 2, hasil="berkas_kurang")
    assert aula.serve(0) == then.label
    assert aula.serve(0) == later[1].label


@pytest.mark.parametrize("end", ["cancel", "transfer"])
def test_a_first_that_is_given_back_frees_the_second_and_one_that_is_moved_does_not(aula, polres, end):
    aula.antrean.loket.set(aula.loket[:1])
    first, then = both(aula, polres)
    aula.open(0)
    aula.open(2)
    if end == "cancel":
        actions.cancel(first, now=NINE)
        assert aula.do("call_next", 0) == then
        return
    other = aula.line("H")
    other.loket.set(aula.loket[1:2])
    aula.do("call_next", 2)
    moved = aula.do("transfer", 2, layanan=other.layanan.get())
    then.refresh_from_db()
    assert then.awaited == moved
    with pytest.raises(actions.Refused, match="Belum ada yang menunggu"):
        aula.do("call_next", 0)


def test_a_petugas_can_still_call_it_by_its_number(aula, polres):
    aula.antrean.loket.set(aula.loket[:1])
    _first, then = both(aula, polres)
    aula.open(0)
    assert aula.do("call_number", 0, nomor="A-001", sebab="darurat") == then


def test_a_number_that_one_holds_there_already_is_the_first(aula, polres):
    held = aula.take("ponsel", antrean=polres)
    assert both(aula, polres, who="ponsel")[0] == held
    assert Tiket.objects.count() == 2
    other = factories.Layanan(gerai=polres.gerai)
    polres.layanan.add(other)
    held = aula.take("lain", antrean=polres, layanan=other)
    letter = polres.layanan.exclude(pk=other.pk).get()
    tiket = aula.take("lain", before=(Antrean.objects.giving().get(pk=polres.pk), letter))
    assert tiket.prasyarat == held
    assert list(held.sekaligus.all()) == [letter]


def test_both_or_neither(aula, polres):
    Antrean.objects.filter(pk=polres.pk).update(kuota_harian=0)
    with pytest.raises(actions.Refused, match=f"{polres.gerai.instansi.singkatan}, yang dahulu: "):
        both(aula, polres)
    Antrean.objects.filter(pk=polres.pk).update(kuota_harian=None)
    Antrean.objects.filter(pk=aula.antrean.pk).update(kuota_harian=0)
    with pytest.raises(actions.Refused):
        both(aula, polres)
    assert not Tiket.objects.exists()
    assert not Sesi.objects.filter(nomor_terakhir__gt=0).exists()


def test_no_second_number_for_what_cannot_be_served_before_closing(aula, polres):
    """The hall closes at 15.30; alone each could still be served."""
    late = NINE.replace(hour=15, minute=15)
    aula.take(at=late)
    aula.take(at=late, antrean=polres)
    with pytest.raises(actions.Refused):
        both(aula, polres, at=late)


def test_nobody_is_alarmed_or_told_of_somebody_who_waits_for_the_first(aula, polres):
    first, then = both(aula, polres, who="ponsel")
    aula.antrean.loket.set(aula.loket[:1])
    aula.open(0)
    later = NINE + minutes(90)
    alarms = floor.floor(aula.mpp, now=later)["alarms"]
    assert not [sentence for sentence in alarms if "A · " in sentence or f"{aula.loket[0]} " in sentence]
    assert list(Tiket.objects.waiting().ready()) == [first]
    shown = {row.tiket: row for row in standing.of(then.kunjungan, now=NINE)}
    assert shown[then].sentence == "Dipanggil sesudah R-001 selesai. Tempat Anda di antrean ini tetap."
    assert shown[then].wait is None
    assert shown[first].wait


def test_the_wait_for_the_second_counts_from_the_end_of_the_first(aula, polres):
    aula.antrean.loket.set(aula.loket[:1])
    both(aula, polres)
    aula.open(0)
    aula.open(2)
    aula.serve(2, at=NINE + minutes(20))
    aula.serve(0, at=NINE + minutes(25))
    day = NINE.date()
    parts = statistik.figures([aula.antrean], aula.mpp, day, day, now=NINE + timedelta(hours=1)).parts
    assert parts["Seluruhnya"][0].waits == [5.0]


# --- Pages ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def letter(hall):
    return source(hall.gerai, hall.layanan).layanan.get()


def sent(letter, **more) -> dict:
    return {"kunci": "satu", "dahulu": letter.pk, "prioritas": ""} | more


def test_a_phone_in_the_hall_takes_both(hall, letter):
    phone = hall.phone()
    form = text(phone.get(hall.url("take")))
    assert "Belum punya syaratnya? Ambil dua nomor sekaligus" in form
    assert f"Dahulu Surat kehilangan, {letter.gerai.instansi.singkatan}, lantai 1" in form
    page = text(phone.post(hall.url("take"), sent(letter), follow=True))
    assert "Dipanggil sesudah R-001 selesai." in page
    assert "Urusan Anda" in page
    assert Tiket.objects.get(label="A-001").prasyarat == Tiket.objects.get(label="R-001")


def test_who_needs_only_one_number_gets_one(hall, letter):
    assert "Dipanggil sesudah" not in text(hall.phone().post(hall.url("take"), sent(letter, dahulu=""), follow=True))
    assert Tiket.objects.count() == 1


def test_it_is_not_offered_where_no_numbers_are_given_and_a_late_choice_is_said(hall, letter):
    phone = hall.phone()
    Antrean.objects.filter(huruf="R").update(kuota_harian=0)
    assert "Belum punya syaratnya?" not in text(phone.get(hall.url("take")))
    page = text(phone.post(hall.url("take"), sent(letter, prioritas="lansia")))
    assert "Nomor untuk syarat itu baru saja tidak dibagikan." in page
    assert 'value="lansia" id="id_prioritas_1" checked' in page or 'value="lansia" checked' in page
    for wrong in ("rusak", hall.layanan.pk):
        assert "baru saja tidak dibagikan" in text(phone.post(hall.url("take"), sent(letter, dahulu=wrong)))
    assert not Tiket.objects.exists()


def test_the_desk_hands_over_both_papers(hall, letter):
    greeter = staff("petugas_informasi", mpp=hall.mpp)
    page = text(greeter.post(hall.url("give"), sent(letter), follow=True))
    assert "Serahkan kedua karcis ini" in page
    assert page.count('class="karcis karcis-cetak"') == 2
    assert page.index('aria-label="R-001"') < page.index('aria-label="A-001"')
    first = Tiket.objects.get(label="R-001")
    alone = text(greeter.get(reverse("antrean:desk_tiket", args=[hall.mpp.slug, first.pk])))
    assert "Serahkan karcis ini" in alone


def test_the_kiosk_asks_for_one_paper_after_the_other(hall, letter):
    kiosk = pair(actions.offer_code(factories.Perangkat(mpp=hall.mpp, token=""), by=None))[0]
    url = reverse("antrean:kiosk_take", args=[hall.gerai.instansi.slug, hall.layanan.jenis.slug])
    page = text(kiosk.post(url, sent(letter), follow=True))
    assert "Nomor Anda R-001" in page
    assert f"Sesudah itu A-001: {hall.gerai.instansi.singkatan}, lantai 2." in page
    first, then = Tiket.objects.order_by("pk")
    assert [paper.tiket for paper in Cetakan.objects.order_by("pk")] == [first, then]
    page = text(kiosk.post(reverse("antrean:kiosk_answer", args=[first.pk, "ya"]), follow=True))
    assert "Nomor Anda A-001" in page
    assert "Dipanggil sesudah R-001 selesai." in page
    assert "Lanjut: nomor kedua A-001" in text(kiosk.get(reverse("antrean:kiosk_paper", args=[first.pk])))
    page = text(kiosk.post(reverse("antrean:kiosk_answer", args=[then.pk, "ya"]), follow=True))
    assert "Selesai</a>" in page
    assert b"Dipanggil sesudah R-001 selesai." in escpos.ticket(Cetakan.objects.get(tiket=then), "https://contoh.id/")


# --- At the same instant ----------------------------------------------------------------------------------------------


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_both_lines_are_locked_in_the_order_of_everybody(aula, polres):
    """Without `_steps.lock_days` the line of the first number would be held while that of the second is waited for."""
    for line in (aula.antrean, polres):
        aula.take(antrean=line)
    taker = threading.Thread(target=lambda: (both(aula, polres), connection.close()))
    with transaction.atomic():
        aula.take()
        taker.start()
        taker.join(0.4)
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '500ms'")
        assert aula.take(antrean=polres).label == "R-002"
    taker.join(10)
    assert Tiket.objects.get(prasyarat__isnull=False).label == "A-003"


@pytest.mark.django_db(transaction=True)
def test_the_second_line_hears_when_the_person_is_free(aula, polres, request):
    heard = request.getfixturevalue("messages")
    _first, then = both(aula, polres)
    aula.open(2)
    aula.do("call_next", 2)
    aula.do("start", 2)
    heard()
    aula.do("finish", 2)
    assert f"sesi-{then.sesi_id}" in {name for message in heard() for name in message}
