"""Pages of lines that follow an instansi's own system: where to go, what is typed on arrival, what the petugas sees."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from antrean import actions
from antrean.models import Antrean, Tiket
from tests import factories
from tests.antrean.hall import logged_in, staff
from tests.antrean.test_devices import pair

LINK = "https://paspor.example/"


def text(response) -> str:
    return " ".join(response.content.decode().split())


@pytest.fixture
def paspor(hall):
    Antrean.objects.update(mode="jadwal_luar", tautan=LINK)
    hall.antrean.refresh_from_db()
    return hall


def proof(hall, ahead: int = 5, **changes) -> dict[str, str]:
    """What somebody types whose time is in so many minutes."""
    at = hall.mpp.local(timezone.now() + timedelta(minutes=ahead))
    typed = {"tanggal": f"{at:%Y-%m-%d}", "jam": f"{at:%H.%M}", "kode": "m-paspor 1234", "kunci": "satu"}
    return typed | changes


def test_the_service_page_leads_to_the_instansis_own_site(paspor):
    page = text(Client().get(paspor.layanan.get_absolute_url()))
    assert f"Jadwalnya dari {paspor.gerai.instansi.singkatan} sendiri." in page
    assert f'href="{LINK}"' in page
    assert "Pesan jadwal di situs" in page
    assert Client().get(paspor.url("book")).status_code == 404


def test_a_phone_in_the_hall_enters_the_time_and_sees_it_on_the_ticket(paspor):
    phone = paspor.phone()
    form = text(phone.get(paspor.url("take")))
    assert all(f'name="{name}"' in form for name in ("tanggal", "jam", "kode"))
    assert f'value="{paspor.mpp.today():%Y-%m-%d}"' in form
    response = phone.post(paspor.url("take"), proof(paspor), follow=True)
    tiket = Tiket.objects.get()
    assert (tiket.kode_luar, tiket.giliran_pada, tiket.keeps_time) == ("MPASPOR1234", tiket.jadwal, True)
    assert f"Jadwal {paspor.gerai.instansi.singkatan}" in text(response)
    assert "sudah lewat, maka" not in text(response)


def test_who_is_late_reads_that_the_turn_follows_the_arrival(paspor):
    response = paspor.phone().post(paspor.url("take"), proof(paspor, ahead=-11), follow=True)
    assert "Jam itu sudah lewat, maka gilirannya menurut waktu datang." in text(response)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"jam": "besok"}, "Tulis jam dan menitnya. Contoh: 09.30."),
        ({"jam": ""}, "Tulis jam di bukti jadwal Anda. Contoh: 09.30."),
        ({"jam": "25.61"}, "Tulis jam dan menitnya."),
        ({"tanggal": "kemarin"}, "Tulis tanggalnya seperti di bukti jadwal Anda."),
        ({"kode": "?!"}, "Kode jadwal terdiri dari 4–30 huruf dan angka"),
        ({"kode": ""}, "Tulis kode di bukti jadwal Anda"),
        ({"kunci": ""}, "Formulir ini tidak lengkap terkirim"),
    ],
)
def test_what_cannot_be_read_gets_a_sentence_and_nothing_typed_is_lost(paspor, typed, sentence):
    given = proof(paspor) | typed
    page = text(paspor.phone().post(paspor.url("take"), given))
    assert sentence in page
    for name in ("tanggal", "jam", "kode"):
        assert given[name] == "" or f'value="{given[name]}"' in page
    assert not Tiket.objects.exists()


def test_a_time_of_another_day_is_refused_with_the_day(paspor):
    tomorrow = paspor.mpp.today() + timedelta(days=1)
    response = paspor.phone().post(paspor.url("take"), proof(paspor, tanggal=f"{tomorrow:%Y-%m-%d}"))
    assert response.status_code == 409
    assert f"Jadwal itu untuk {date_format(tomorrow, 'l, j F Y')}" in text(response)
    assert 'value="m-paspor 1234"' in text(response)


def test_a_code_used_by_another_phone_is_refused(paspor):
    paspor.phone().post(paspor.url("take"), proof(paspor))
    response = paspor.phone().post(paspor.url("take"), proof(paspor, kunci="dua"))
    assert response.status_code == 409
    assert "sudah dipakai mengambil nomor hari ini" in text(response)
    assert Tiket.objects.count() == 1


def test_the_desk_enters_it_for_a_guest(paspor):
    greeter = staff("petugas_informasi", mpp=paspor.mpp)
    assert 'name="kode"' in text(greeter.get(paspor.url("give")))
    paper = text(greeter.post(paspor.url("give"), proof(paspor), follow=True))
    assert Tiket.objects.get().kode_luar == "MPASPOR1234"
    assert f"Jadwal {paspor.gerai.instansi.singkatan}" in paper


def test_a_kiosk_has_keys_for_the_code_and_works_without_javascript(paspor):
    kiosk = pair(actions.offer_code(factories.Perangkat(mpp=paspor.mpp, token=""), by=None))[0]
    url = reverse("antrean:kiosk_take", args=[paspor.gerai.instansi.slug, paspor.layanan.jenis.slug])
    assert 'value="Z"' in text(kiosk.get(url))
    typed = proof(paspor, kode="AB12")
    assert 'value="AB123"' in text(kiosk.post(url, typed | {"ketik": "3"}))
    assert 'value="AB1"' in text(kiosk.post(url, typed | {"ketik": "hapus"}))
    assert not Tiket.objects.exists()
    kiosk.post(url, typed)
    tiket = Tiket.objects.get()
    assert (tiket.kode_luar, tiket.asal, tiket.cetak) == ("AB12", "anjungan", "ditunggu")


def test_the_console_shows_whose_time_it_is_and_corrects_it(paspor):
    paspor.phone().post(paspor.url("take"), proof(paspor))
    paspor.open()
    paspor.do("call_next")
    client = logged_in(paspor.petugas)
    page = text(client.get(reverse("antrean:console", args=[paspor.loket.pk])))
    assert "MPASPOR1234" in page
    assert "Cocokkan dengan sistem instansi." in page
    step = reverse("antrean:step", args=[paspor.loket.pk, "jadwal"])
    assert "Tulis jam dan menitnya" in text(client.post(step, {"jam": "nanti"}))
    client.post(step, {"jam": ""})
    assert Tiket.objects.get().jadwal is None
    assert "belum ada jadwal, maka gilirannya menurut waktu datang" in text(
        client.get(reverse("antrean:console", args=[paspor.loket.pk]))
    )


def test_a_line_that_the_instansi_keeps_says_where_to_go_everywhere(hall):
    Antrean.objects.update(mode="luar", tautan=LINK)
    factories.AngkaLuar(antrean=hall.antrean, dilayani=84)
    factories.AngkaLuar(antrean=hall.antrean, tanggal=hall.mpp.today() - timedelta(days=1), dilayani=12)
    sentence = f"dibagikan oleh {hall.gerai.instansi} sendiri: di situsnya, atau di gerainya di lantai 2"
    kiosk = pair(actions.offer_code(factories.Perangkat(mpp=hall.mpp, token=""), by=None))[0]
    greeter = staff("petugas_informasi", mpp=hall.mpp)
    slugs = [hall.gerai.instansi.slug, hall.layanan.jenis.slug]
    pages = [
        Client().get(hall.layanan.get_absolute_url()),
        hall.phone().get(hall.url("take")),
        greeter.get(hall.url("give")),
        kiosk.get(reverse("antrean:kiosk_take", args=slugs)),
        kiosk.get(reverse("antrean:kiosk_services", args=slugs[:1])),
        Client().get(reverse("antrean:pick", args=[hall.mpp.slug])),
    ]
    for page in map(text, pages):
        assert sentence in page
        assert LINK in page
        assert f"Menurut {hall.gerai.instansi.singkatan}: 84 orang dilayani" in page
        assert "Gerainya buka sampai" in page
        assert "Ambil nomor</button>" not in page
    assert f'href="{LINK}"' not in text(pages[3])  # nobody browses on a kiosk
    assert greeter.post(hall.url("give"), {"kunci": "satu"}).status_code == 200
    assert not Tiket.objects.exists()
