"""Devices of the hall: paired by a code of one use, heard, and out at once when they are revoked."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from antrean import actions
from antrean.models import Perangkat
from antrean.models.perangkat import digest
from mpp_portal.models import Peristiwa
from tests import factories
from tests.antrean.conftest import NINE, minutes
from tests.antrean.hall import staff
from tests.client import PageClient

pytestmark = pytest.mark.django_db
PAIR = "/antrean/perangkat/"


@pytest.fixture
def anjungan(hall):
    return factories.Perangkat(mpp=hall.mpp, token="")


def pair(code, client=None):
    client = client or PageClient()
    return client, client.post(PAIR, {"kode": code})


def test_a_code_pairs_one_browser_once(anjungan):
    code = actions.offer_code(anjungan, by=None)
    kiosk, answer = pair(f" {code[:4].lower()}-{code[4:]} ")
    assert (answer.status_code, answer.url) == (302, "/antrean/anjungan/")
    assert kiosk.get("/antrean/anjungan/").status_code == 200
    assert str(anjungan) in kiosk.get(PAIR).content.decode()

    second, refused = pair(code)
    assert refused.status_code == 422
    assert "tidak dikenal atau sudah lewat 15 menit" in refused.content.decode()
    assert second.get("/antrean/anjungan/").url == PAIR


def test_a_code_is_kept_as_a_hash_and_so_is_the_token(anjungan):
    code = actions.offer_code(anjungan, by=None)
    perangkat, token = actions.pair(code, jenis=("anjungan",))
    stored = list(Perangkat.objects.filter(pk=anjungan.pk).values_list("kode", "token"))
    assert stored == [("", digest(token))]
    assert token not in stored[0]
    assert [row.jenis for row in Peristiwa.objects.about(perangkat)] == ["perangkat.ditawarkan", "perangkat.dipasang"]
    assert code not in str(list(Peristiwa.objects.values()))


@pytest.mark.parametrize("later", [15, 60])
def test_a_code_ends_after_a_quarter_of_an_hour(anjungan, later):
    code = actions.offer_code(anjungan, by=None, now=NINE)
    with pytest.raises(actions.Refused, match="sudah lewat 15 menit"):
        actions.pair(code, jenis=("anjungan",), now=NINE + minutes(later))
    assert actions.pair(code, jenis=("anjungan",), now=NINE + minutes(14))[0] == anjungan


def test_a_code_for_a_printer_pairs_no_browser(hall):
    code = actions.offer_code(factories.Perangkat(mpp=hall.mpp, jenis="cetak", token=""), by=None)
    assert pair(code)[1].status_code == 422
    assert Client().post("/antrean/cetak/pasang/", {"kode": code}).json()["mpp"] == str(hall.mpp)


@pytest.mark.parametrize(("typed", "said"), [("", "Ketik kode pemasangan"), ("A" * 30, "delapan huruf dan angka")])
def test_what_is_no_code_gets_a_sentence(db, typed, said):
    answer = pair(typed)[1]
    assert (answer.status_code, said in answer.content.decode()) == (422, True)


def test_codes_cannot_be_tried_without_end(db):
    client = PageClient()
    answers = [pair("SALAH123", client)[1] for _n in range(21)]
    assert "Terlalu banyak kode dicoba dari sini." not in answers[19].content.decode()
    assert "Terlalu banyak kode dicoba dari sini." in answers[20].content.decode()


def test_a_revoked_device_is_a_stranger_at_once(anjungan):
    kiosk, _answer = pair(actions.offer_code(anjungan, by=None))
    actions.revoke(anjungan, by=None)
    assert kiosk.get("/antrean/anjungan/").url == PAIR
    assert kiosk.post("/antrean/anjungan/karcis/1/ya/").url == PAIR


def test_paired_anew_the_old_browser_is_out(anjungan):
    old, _answer = pair(actions.offer_code(anjungan, by=None))
    new, _answer = pair(actions.offer_code(anjungan, by=None))
    assert old.get("/antrean/anjungan/").url == PAIR
    assert new.get("/antrean/anjungan/").status_code == 200


def test_a_device_of_a_mall_that_rests_is_out(anjungan):
    kiosk, _answer = pair(actions.offer_code(anjungan, by=None))
    anjungan.mpp.aktif = False
    anjungan.mpp.save()
    assert kiosk.get("/antrean/anjungan/").url == PAIR


def test_a_display_goes_on_to_its_floor(hall):
    layar = factories.Perangkat(mpp=hall.mpp, jenis="layar", lantai=2, token="")
    display, answer = pair(actions.offer_code(layar, by=None))
    assert answer.url == f"/antrean/layar/{hall.mpp.slug}/?lantai=2"
    assert display.get(answer.url).status_code == 200
    assert display.get("/antrean/anjungan/").url == PAIR  # a display is no kiosk


def test_contact_is_written_at_most_once_in_a_while(anjungan, django_assert_num_queries):
    kiosk, _answer = pair(actions.offer_code(anjungan, by=None))
    perangkat = Perangkat.objects.get()
    with django_assert_num_queries(0):
        actions.seen(perangkat)
    long_ago = timezone.now() - timedelta(hours=1)
    Perangkat.objects.update(last_seen_at=long_ago)
    kiosk.get("/antrean/anjungan/")
    assert Perangkat.objects.get().last_seen_at > long_ago


def admin_page(hall, *, data=None):
    client = staff("pengelola", mpp=hall.mpp)
    url = reverse("admin:antrean_perangkat_changelist")
    answer = client.post(url, data, follow=True) if data else client.get(url)
    return " ".join(answer.content.decode().split())


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"token": ""}, "Belum dipasang"),
        ({"last_seen_at": NINE + timedelta(days=9000), "kertas": "habis"}, ", kertas habis"),
        ({"last_seen_at": NINE - timedelta(days=900)}, "Diam: terakhir terdengar 2 tahun"),
    ],
    ids=["new", "paper", "silent"],
)
def test_the_list_says_in_words_how_a_device_is(hall, given, said):
    factories.Perangkat(mpp=hall.mpp, **given)
    assert said in admin_page(hall)


def test_a_pengelola_makes_a_code_and_revokes(hall):
    row = factories.Perangkat(mpp=hall.mpp)
    chosen = {"_selected_action": row.pk}
    page = admin_page(hall, data={"action": "offer_code", **chosen})
    code = page.split(": kode ")[1][:9]
    assert "Menunggu kode diketik di perangkatnya" in page
    assert pair(code)[1].status_code == 302
    assert "1 perangkat dicabut" in admin_page(hall, data={"action": "revoke", **chosen})
    assert Perangkat.objects.get(pk=row.pk).token == ""


def test_a_device_of_another_mall_is_not_theirs(hall):
    other = factories.Perangkat()
    page = admin_page(hall, data={"action": "revoke", "_selected_action": other.pk})
    assert str(other) not in page
    assert Perangkat.objects.get(pk=other.pk).token


def test_a_new_device_gets_its_code_at_once_and_only_a_kiosk_a_printer_of_its_mall(hall):
    foreign = factories.Perangkat(jenis="cetak")
    own = factories.Perangkat(mpp=hall.mpp, jenis="cetak")
    client = staff("pengelola", mpp=hall.mpp)
    url = reverse("admin:antrean_perangkat_add")
    data = {"mpp": hall.mpp.pk, "jenis": "anjungan", "nama": "Pintu utama", "pencetak": own.pk}
    refused = client.post(url, data | {"pencetak": foreign.pk})
    assert "pencetak" in refused.context["adminform"].form.errors
    refused = client.post(url, data | {"jenis": "layar"})
    assert refused.context["adminform"].form.errors == {"pencetak": ["Hanya anjungan yang memakai pencetak karcis."]}
    made = client.post(url, data, follow=True)
    assert "Pintu utama: kode " in made.content.decode()


def test_silent_devices_stand_on_the_first_page(hall):
    factories.Perangkat(mpp=hall.mpp, nama="Anjungan sayap timur", last_seen_at=NINE - timedelta(days=1))
    page = staff("pengelola", mpp=hall.mpp).get(reverse("admin:index")).content.decode()
    assert "1 perangkat perlu dilihat" in page
    assert "Anjungan sayap timur" in page
