"""Personal data: unreadable in the database, readable with any of the keys, renewed with the first one."""

from io import StringIO

import pytest
from django.core.exceptions import FieldError, ImproperlyConfigured, ValidationError
from django.core.management import call_command
from django.db import connection

from antrean.models import Pemesanan
from mpp_portal import crypto, nik
from tests import factories

NIK = "7471010101900000"  # serial 0000 is never issued
OLD, NEW = crypto.new_key(), crypto.new_key()


def stored(row: Pemesanan) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nik FROM antrean_pemesanan WHERE id = %s", [row.pk])
        return cursor.fetchone()[0]


@pytest.mark.django_db
def test_the_database_holds_no_number_and_the_portal_reads_it():
    row = factories.Pemesanan(nik=NIK)
    assert NIK not in stored(row)
    assert Pemesanan.objects.get(pk=row.pk).nik == NIK
    assert stored(factories.Pemesanan(nik=NIK)) != stored(row)
    assert stored(factories.Pemesanan()) == ""


@pytest.mark.django_db
def test_encrypted_text_cannot_be_searched():
    with pytest.raises(FieldError):
        Pemesanan.objects.filter(nik__startswith="7471").exists()
    assert Pemesanan.objects.filter(nik="").count() == 0


@pytest.mark.django_db
def test_a_new_key_reads_what_an_old_one_wrote_and_the_command_renews_it(settings):
    settings.KUNCI_DATA = [OLD]
    rows = [factories.Pemesanan(nik=NIK), factories.Pemesanan()]
    before = stored(rows[0])
    settings.KUNCI_DATA = [NEW, OLD]
    assert Pemesanan.objects.get(pk=rows[0].pk).nik == NIK

    said = StringIO()
    call_command("putar_kunci_data", "--coba", stdout=said)
    assert "Akan disandikan ulang: antrean.pemesanan.nik, 1 baris." in said.getvalue()
    assert stored(rows[0]) == before
    call_command("putar_kunci_data", stdout=StringIO())
    whatsapp = ("whatsapp.whatsappmasuk.isi", "whatsapp.whatsappmasuk.balasan")
    nik = ("antrean.pemesanan.nik", "antrean.daftartunggu.nik")
    left = dict.fromkeys((*nik, "titipan.sambungan.kunci_api", *whatsapp), 0)
    assert crypto.rotate(dry=True) == left

    settings.KUNCI_DATA = [NEW]
    assert Pemesanan.objects.get(pk=rows[0].pk).nik == NIK
    assert stored(rows[1]) == ""


def test_a_keyed_hash_needs_its_key_and_says_what_it_is_of(settings):
    settings.KUNCI_SIDIK = "satu"
    first = crypto.keyed("nik", NIK)
    assert (len(first), first) == (64, crypto.keyed("nik", NIK))
    assert first != crypto.keyed("paspor", NIK)
    settings.KUNCI_SIDIK = "dua"
    assert first != crypto.keyed("nik", NIK)


def test_outside_the_demo_keys_are_needed_and_checked(settings):
    settings.KUNCI_DATA, settings.KUNCI_SIDIK = [], ""
    assert crypto.keys_of_personal_data() == []
    settings.DEMO = False
    with pytest.raises(ImproperlyConfigured, match="buat_kunci_data"):
        crypto.keyed("nik", NIK)
    assert [error.id for error in crypto.keys_of_personal_data()] == ["mpp_portal.E001"]
    settings.KUNCI_DATA, settings.KUNCI_SIDIK = ["bukan-kunci"], NEW
    assert [error.id for error in crypto.keys_of_personal_data()] == ["mpp_portal.E001"]
    settings.KUNCI_DATA = [NEW]
    assert [error.id for error in crypto.keys_of_personal_data()] == ["mpp_portal.E002"]
    settings.KUNCI_DATA = [OLD]
    assert crypto.keys_of_personal_data() == []


def test_the_command_makes_keys_that_work(settings):
    said = StringIO()
    call_command("buat_kunci_data", stdout=said)
    made = dict(line.split("=", 1) for line in said.getvalue().split())
    settings.DEMO, settings.KUNCI_DATA, settings.KUNCI_SIDIK = False, [made["MPP_KUNCI_DATA"]], made["MPP_KUNCI_SIDIK"]
    assert crypto.keys_of_personal_data() == []


@pytest.mark.parametrize("typed", ["7471010101900000", "7471 0101 0190 0000", "747101.010190.0000"])
def test_a_nik_is_sixteen_digits_however_they_are_grouped(typed):
    assert nik.clean(typed) == NIK


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [("747101010190000", "yang ditulis 15 angka"), ("74710101019000000", "yang ditulis 17 angka"),
     ("7471O10101900000", "tanpa huruf"), ("７４７１０１０１０１９０００００", "tanpa huruf")],
)  # fmt: skip
def test_what_is_no_nik_gets_a_sentence(typed, sentence):
    with pytest.raises(ValidationError, match=sentence):
        nik.clean(typed)


def test_a_birth_date_that_cannot_be_is_not_our_business():
    assert nik.clean("7471999999990000") == "7471999999990000"


def test_a_masked_nik_tells_no_birth_date():
    assert nik.mask(NIK) == "7471••••••••0000"
    assert nik.mask("") == ""
