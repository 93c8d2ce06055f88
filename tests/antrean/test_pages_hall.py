"""From the QR on the wall to a number: who is there gets one, everybody else gets a next step."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from antrean import actions, lines, presence
from antrean.models import Antrean, Sesi, Tiket
from tests import factories
from tests.antrean.hall import staff


def text(response) -> str:
    return response.content.decode()


def form_key(response) -> str:
    return re.search(r'name="kunci" value="([^"]+)"', text(response))[1]


def test_the_hall_qr_leads_to_the_lines_of_that_mall(hall):
    phone = Client()
    response = phone.get(reverse("antrean:arrive", args=[presence.code(hall.mpp)]))
    assert response.url == reverse("antrean:pick", args=[hall.mpp.slug])
    assert {name: cookie["httponly"] for name, cookie in phone.cookies.items()} == {"aula": True, "perangkat": True}
    page = text(phone.get(response.url))
    assert "Nomor dibagikan" in page
    assert hall.url("take") in page
    assert "Nomor diambil di aula" not in page


def test_a_code_that_has_turned_says_what_to_do(hall, monkeypatch):
    old = presence.code(hall.mpp)
    monkeypatch.setattr(presence.time, "time", lambda: timezone.now().timestamp() + presence.CODE_AGE + 61)
    response = Client().get(reverse("antrean:arrive", args=[old]))
    assert response.status_code == 410
    assert "Kode ini sudah berganti" in text(response)
    assert "Pindai lagi layar di aula" in text(response)


def test_a_forged_code_admits_nobody(hall):
    other = factories.Mpp()
    forged = presence.code(hall.mpp).replace(str(hall.mpp.pk), str(other.pk), 1)
    phone = Client()
    assert phone.get(reverse("antrean:arrive", args=[forged])).status_code == 410
    assert not phone.cookies


def test_the_code_stays_the_same_within_a_minute_and_turns_then(hall, monkeypatch):
    minute = 60 * 29_000_000
    codes = []
    for second in (0, 59, 60):
        monkeypatch.setattr(presence.time, "time", lambda at=minute + second: at)
        codes.append(presence.code(hall.mpp))
    assert codes[0] == codes[1] != codes[2]


def test_who_wished_for_a_service_before_scanning_comes_back_to_it(hall):
    phone = Client()
    page = phone.get(hall.url("take"))
    assert "Sudah di aula MPP?" in text(page)
    assert "Pindai kode QR" in text(page)
    assert phone.get(reverse("antrean:arrive", args=[presence.code(hall.mpp)])).url == hall.url("take")


@pytest.mark.parametrize(
    "next_url", ["https://example.org/antrean/x/ambil/", "//example.org/antrean/ambil/", "/admin/"]
)
def test_the_way_on_never_leads_out_of_the_hall(hall, next_url):
    response = Client().get(reverse("antrean:arrive", args=[presence.code(hall.mpp)]), {"next": next_url})
    assert response.url == reverse("antrean:pick", args=[hall.mpp.slug])


def test_a_number_is_taken_with_one_button(hall):
    factories.Persyaratan(layanan=hall.layanan, teks="Kartu Keluarga asli")
    phone = hall.phone()
    page = phone.get(hall.url("take"))
    assert text(page).index("Wajib dibawa") < text(page).index("Perlu didahulukan?")
    assert "Kartu Keluarga asli" in text(page)
    response = phone.post(hall.url("take"), {"kunci": form_key(page), "prioritas": "lansia"})
    tiket = Tiket.objects.select_related("kunjungan").get()
    assert response.url == tiket.kunjungan.get_absolute_url()
    assert (tiket.label, tiket.prioritas, tiket.asal, tiket.layanan) == ("A-001", "lansia", "aula", hall.layanan)
    assert tiket.kunjungan.tamu not in text(phone.get(response.url))


def test_the_second_tap_shows_the_first_number(hall):
    phone = hall.phone()
    key = form_key(phone.get(hall.url("take")))
    answers = [phone.post(hall.url("take"), {"kunci": key}).url for _tap in range(2)]
    assert answers[0] == answers[1]
    assert Sesi.objects.get().nomor_terakhir == 1


def test_who_holds_a_number_in_this_line_is_led_to_it(hall):
    phone = hall.phone()
    first = phone.post(hall.url("take"), {"kunci": "satu"}).url
    response = phone.post(hall.url("take"), {"kunci": "dua"}, follow=True)
    assert response.redirect_chain == [(first, 302)]
    assert "Anda sudah memegang nomor di antrean ini." in text(response)
    assert Tiket.objects.count() == 1


def test_a_further_line_joins_the_same_visit(hall):
    other = factories.Layanan(gerai=hall.gerai)
    factories.Antrean(gerai=hall.gerai, huruf="F", layanan=[other], loket=[hall.loket])
    phone = hall.phone()
    urls = {
        phone.post(hall.url("take", layanan), {"kunci": layanan.jenis.slug}).url for layanan in (hall.layanan, other)
    }
    assert len(urls) == 1
    page = text(phone.get(urls.pop()))
    assert "A-001" in page
    assert "F-001" in page


def test_without_the_hall_nothing_is_given(hall):
    response = Client().post(hall.url("take"), {"kunci": "satu"})
    assert response.status_code == 403
    assert "Sudah di aula MPP?" in text(response)
    assert not Tiket.objects.exists()


def test_presence_ends_after_an_hour(hall, monkeypatch):
    phone = hall.phone()
    assert "Ambil nomor</button>" in text(phone.get(hall.url("take")))
    later = timezone.now().timestamp() + 3601
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    assert "Sudah di aula MPP?" in text(phone.get(hall.url("take")))


def test_presence_in_one_mall_is_none_in_another(hall):
    other = factories.Mpp()
    factories.open_always(other)
    phone = Client()
    phone.get(reverse("antrean:arrive", args=[presence.code(other)]))
    assert "Sudah di aula MPP?" in text(phone.get(hall.url("take")))


@pytest.mark.parametrize("given", [{}, {"kunci": ""}, {"kunci": "x" * 65}, {"kunci": "satu", "prioritas": "raja"}])
def test_a_form_with_errors_keeps_what_was_chosen_and_gives_nothing(hall, given):
    response = hall.phone().post(hall.url("take"), {"prioritas": "hamil"} | given)
    assert response.status_code == 200
    assert "Ambil nomor</button>" in text(response)
    assert form_key(response)
    if given.get("prioritas") is None:
        assert re.search(r'<input[^>]*checked[^>]*value="hamil"|value="hamil"[^>]*checked', text(response))
        assert "Formulir ini tidak lengkap terkirim" in text(response)
    assert not Tiket.objects.exists()


def test_a_post_without_csrf_is_refused(hall):
    phone = Client(enforce_csrf_checks=True)
    phone.get(reverse("antrean:arrive", args=[presence.code(hall.mpp)]))
    assert phone.post(hall.url("take"), {"kunci": "satu"}).status_code == 403
    assert not Tiket.objects.exists()


def test_a_used_form_with_other_content_is_refused_with_a_new_key(hall):
    phone = hall.phone()
    phone.post(hall.url("take"), {"kunci": "satu"})
    response = phone.post(hall.url("take"), {"kunci": "satu", "prioritas": "lansia"})
    assert response.status_code == 409
    assert "sudah dipakai untuk nomor lain" in text(response)
    assert form_key(response) != "satu"


def test_a_closed_gerai_says_why_and_when(hall):
    now = timezone.now()
    factories.Penutupan(
        mpp=None,
        gerai=hall.gerai,
        mulai=now - timedelta(hours=1),
        selesai=now + timedelta(days=2),
        alasan="Listrik padam",
    )
    phone = hall.phone()
    page = text(phone.get(hall.url("take")))
    assert "Listrik padam." in page
    assert "Dibagikan lagi" in page
    assert "Lihat gerai lain" in page
    response = phone.post(hall.url("take"), {"kunci": "satu"})
    assert response.status_code == 409
    assert "Listrik padam" in text(response)
    assert not Tiket.objects.exists()


def test_a_mall_without_hours_says_whom_to_ask(hall):
    hall.mpp.jam.all().delete()
    page = text(hall.phone().get(hall.url("take")))
    assert "Jam buka belum diisi, tanyakan kepada petugas informasi." in page
    assert "Ambil nomor</button>" not in page


def test_numbers_are_given_in_a_break_and_the_page_says_so(hall):
    now = hall.mpp.local()
    if not 1 <= now.hour <= 22:
        now = now.replace(hour=10)
    pause = {"istirahat_mulai": now.replace(minute=0).time(), "istirahat_selesai": now.replace(minute=59).time()}
    hall.mpp.jam.update(**pause)
    line = lines.of_layanan(hall.layanan, now=now.replace(minute=30))
    assert line.answer.yes is True
    assert line.serving.yes is False
    assert line.serving.reason.startswith("Istirahat")


def test_a_service_without_a_line_says_where_to_go(hall):
    other = factories.Layanan(gerai=hall.gerai)
    page = text(hall.phone().get(hall.url("take", other)))
    assert "tidak memakai nomor antrean dari portal ini" in page
    assert "Ambil nomor</button>" not in page
    assert hall.phone().post(hall.url("take", other), {"kunci": "satu"}).status_code == 409
    assert not Tiket.objects.exists()


def test_a_line_kept_elsewhere_gives_nothing_here(hall):
    Antrean.objects.update(mode="luar")
    phone = hall.phone()
    page = text(phone.get(hall.url("take")))
    assert f"dibagikan oleh {hall.gerai.instansi} sendiri: minta di gerainya di lantai 2" in page
    assert "Ambil nomor</button>" not in page
    assert phone.post(hall.url("take"), {"kunci": "satu"}).status_code == 409
    assert not Tiket.objects.exists()


def test_a_gerai_that_rests_says_so(hall):
    hall.gerai.aktif = False
    hall.gerai.save()
    phone = hall.phone()
    assert "sedang tidak melayani di sini" in text(phone.get(hall.url("take")))
    assert phone.post(hall.url("take"), {"kunci": "satu"}).status_code == 409
    assert not Tiket.objects.exists()


@pytest.mark.parametrize("name", ["pick", "poster", "display"])
def test_an_unknown_mall_or_one_only_listed_is_not_found(hall, name):
    listed = factories.Mpp(aktif=False)
    for slug in ("tidak-ada", listed.slug):
        assert Client().get(reverse(f"antrean:{name}", args=[slug])).status_code == 404


def test_an_unknown_service_is_not_found(hall):
    url = reverse("antrean:take", args=[hall.mpp.slug, hall.gerai.instansi.slug, "tidak-ada"])
    assert hall.phone().get(url).status_code == 404


def test_one_device_cannot_take_without_end(hall):
    phone = hall.phone()
    for n in range(presence.HOURLY):
        actions.cancel(
            Tiket.objects.get(
                kunjungan__rahasia=phone.post(hall.url("take"), {"kunci": str(n)}).url.split("/")[3], status="menunggu"
            )
        )
    response = phone.post(hall.url("take"), {"kunci": "lagi"})
    assert response.status_code == 409
    assert "sudah sering meminta nomor" in text(response)
    assert Sesi.objects.get().nomor_terakhir == presence.HOURLY
    cache.clear()
    assert phone.post(hall.url("take"), {"kunci": "lagi-2"}).status_code == 302


def test_the_list_finds_services_by_the_words_people_have(hall):
    hall.layanan.jenis.sinonim = ["KTP hilang"]
    hall.layanan.jenis.save()
    other = factories.Layanan(gerai=hall.gerai)
    page = text(hall.phone().get(reverse("antrean:pick", args=[hall.mpp.slug]), {"q": "ktp ilang"}))
    assert hall.url("take") in page
    assert hall.url("take", other) not in page
    page = text(hall.phone().get(reverse("antrean:pick", args=[hall.mpp.slug]), {"q": "zzzzz"}))
    assert "Tidak ada layanan dengan kata itu" in page


def test_the_list_costs_the_same_with_one_line_and_with_three(
    hall, django_assert_num_queries, django_assert_max_num_queries
):
    phone, url = hall.phone(), reverse("antrean:pick", args=[hall.mpp.slug])
    with django_assert_max_num_queries(10) as first:
        phone.get(url)
    for huruf in "FH":
        gerai = factories.Gerai(mpp=hall.mpp)
        layanan = [factories.Layanan(gerai=gerai) for _ in range(2)]
        factories.Antrean(gerai=gerai, huruf=huruf, layanan=layanan, loket=[factories.Loket(gerai=gerai)])
    hall.ticket()
    with django_assert_num_queries(len(first)):
        page = phone.get(url)
    assert text(page).count("Nomor dibagikan") == 3


def test_the_poster_is_for_the_malls_own_people_outside_the_demo(hall, settings):
    url = reverse("antrean:poster", args=[hall.mpp.slug])
    assert "Portal contoh" in text(Client().get(url))
    settings.DEMO = False
    assert Client().get(url).url == f"{reverse('account_login')}?next={url}"
    own, other = staff("petugas_informasi", mpp=hall.mpp), staff("petugas_informasi", mpp=factories.Mpp())
    assert own.get(url).status_code == 200
    assert "Portal contoh" not in text(own.get(url))
    assert other.get(url).status_code == 404
    assert staff("petugas_loket", gerai=hall.gerai).get(url).status_code == 404


def test_the_poster_fragment_is_the_same_as_on_the_page(hall):
    page, fragment = (
        text(Client().get(reverse(f"antrean:{name}", args=[hall.mpp.slug]))) for name in ("poster", "poster_code")
    )
    assert fragment.strip() in page
    assert "<svg" in fragment
