"""A program with a key sends a report: it goes the way of every report, once, and its sender sees how it stands."""

import pytest
from django.test import Client
from django.urls import reverse

from pengaduan import actions
from pengaduan.models import Laporan
from pengaduan.open311.models import Kiriman, KunciApi
from tests import factories
from tests.client import PageClient

from .conftest import ROOT, get, said, send

pytestmark = pytest.mark.django_db
KEY = "0123456789abcdefghijkl"


def only(answer):
    assert answer.status_code == 201, answer.content
    (row,) = said(answer)
    return row, Laporan.objects.get(kode=row["service_request_id"])


def test_a_report_that_was_sent_is_a_report_like_any_other(meja, kunci):
    loket = factories.Loket(gerai=meja.gerai[1])
    row, laporan = only(send(**{
        "address_id": f"{meja.mpp.slug}/loket-{loket.nomor}", "attribute[judul]": "Loket  kosong",
        "attribute[terjadi_pada]": "2026-08-14", "attribute[rahasia]": "ya", "first_name": "Warga",
        "last_name": "Contoh", "email": "warga@CONTOH.id", "media_url": "https://contoh.id/foto.jpg",
        "address_string": "", "jurisdiction_id": meja.mpp.slug,
    }))  # fmt: skip
    assert (laporan.judul, laporan.isi) == (
        "Loket kosong",
        "Pukul dua sudah kosong.\nSemua.\n\nhttps://contoh.id/foto.jpg",
    )
    assert (laporan.gerai, laporan.lokasi, str(laporan.terjadi_pada)) == (meja.gerai[1], str(loket), "2026-08-14")
    assert (laporan.nama, laporan.kontak, laporan.anonim, laporan.rahasia) == (
        "Warga Contoh", "warga@contoh.id", False, True)  # fmt: skip
    assert laporan.tenggat.get().jenis == "verifikasi"
    pin = row["service_notice"].rstrip(".")[-8:]
    assert actions.enter(laporan.kode, pin) == laporan
    assert reverse("pengaduan:status", args=[laporan.kode]) in row["service_notice"]


def test_without_a_name_it_is_anonymous_and_about_the_mall_it_passes_the_koordinator(meja, kunci):
    _row, laporan = only(
        send(**{"attribute[instansi]": "pengelola", "lat": "-3.3", "long": "114.6", "phone": "0812 3456 7890"})
    )
    assert (laporan.anonim, laporan.tentang_pengelola, laporan.gerai) == (True, True, None)
    assert (laporan.judul, laporan.lokasi) == ("Pukul dua sudah kosong. Semua.", "lantai 2; -3.3, 114.6")
    assert (laporan.kanal, laporan.kontak) == ("whatsapp", "+6281234567890")
    assert not Laporan.objects.steered_by(meja.koordinator).exists()


def test_the_same_idempotency_key_is_the_same_report_and_answers_who_lost_the_answer(meja, kunci):
    first, laporan = only(send(headers={"idempotency-key": KEY}))
    again, _same = only(send(headers={"idempotency-key": KEY}))
    assert again == first
    assert Laporan.objects.count() == Kiriman.objects.count() == 1
    assert said(get(f"tokens/{KEY}.json")) == [{"service_request_id": laporan.kode, "token": KEY}]
    other = send(headers={"idempotency-key": KEY}, description="Lain")
    assert (other.status_code, Laporan.objects.count()) == (400, 1)
    factories.KunciApi(mpp=meja.mpp, kunci="kunci-kedua")
    foreign = send(headers={"idempotency-key": KEY}, api_key="kunci-kedua")
    assert "sudah dipakai" in said(foreign)[0]["description"]
    assert send(headers={"idempotency-key": "pendek"}).status_code == 400


def test_its_sender_sees_how_an_unpublished_report_stands_and_nobody_else(meja, kunci):
    _row, laporan = only(send())
    factories.KunciApi(mpp=meja.mpp, kunci="kunci-kedua")
    path = f"requests/{laporan.kode}.json"
    (row,) = said(get(path, api_key="kunci-aplikasi"))
    assert (row["status"], row["status_notes"], row["description"]) == ("open", "diterima", None)
    assert get(path).status_code == get(path, api_key="kunci-kedua").status_code == 404
    assert [row["service_request_id"] for row in said(get("requests.json", api_key="kunci-aplikasi"))] == [laporan.kode]


@pytest.mark.parametrize(("given", "status", "sentence"), [
    ({"api_key": ""}, 403, "api_key ini tidak berlaku"),
    ({"api_key": "palsu"}, 403, "api_key ini tidak berlaku"),
    ({"service_code": ""}, 400, "Kirim service_code"),
    ({"service_code": "006"}, 404, "Tidak ada service_code"),
    ({"jurisdiction_id": "entah"}, 404, "Tidak ada jurisdiction_id"),
    ({"description": ""}, 400, "Ceritakan apa yang terjadi"),
    ({"description": "a" * 4001}, 400, "description:"),
    ({"description": "a\x00b"}, 400, "description:"),
    ({"address_string": ""}, 400, "address_id: Kirim tempatnya"),
    ({"address_id": "mpp-lain/loket-1"}, 400, "Tempat ini bukan di"),
    ({"lat": "91", "long": "0"}, 400, "lat:"),
    ({"lat": "1"}, 400, "Kirim lat dan long bersama-sama"),
    ({"lat": "nan", "long": "0"}, 400, "lat:"),
    ({"email": "entah"}, 400, "email: Alamat surel terdiri"),
    ({"phone": "123"}, 400, "phone: Nomor WhatsApp"),
    ({"media_url": "entah entah"}, 400, "media_url:"),
    ({"attribute[terjadi_pada]": "2999-01-01"}, 400, "belum terjadi"),
    ({"attribute[terjadi_pada]": "kemarin"}, 400, "Tulis tanggal"),
    ({"attribute[terjadi_pada]": "0001-01-01T00:00:00+14:00"}, 400, "Tulis tanggal"),
    ({"attribute[instansi]": "entah"}, 400, "instansi:"),
    ({"attribute[warna]": "merah"}, 400, "attribute[warna] tidak dikenal"),
])  # fmt: skip
def test_a_wrong_report_is_refused_in_a_sentence_and_nothing_is_kept(meja, kunci, given, status, sentence):
    answer = send(**given)
    assert answer.status_code == status, answer.content
    assert sentence in said(answer)[0]["description"]
    assert Laporan.objects.count() == 0


def test_a_place_of_the_mall_that_is_not_there(meja, kunci):
    for place in ("loket-99", "entah", "loket-"):
        assert "Tidak ada gerai atau loket" in send(address_id=f"{meja.mpp.slug}/{place}").content.decode()
    both = send(**{"address_id": f"{meja.mpp.slug}/{meja.gerai[0].instansi.slug}",
                   "attribute[instansi]": meja.gerai[1].instansi.slug})  # fmt: skip
    assert "menunjuk instansi yang berbeda" in both.content.decode()


def test_each_key_has_its_own_limit(meja, kunci):
    KunciApi.objects.update(batas=2)
    factories.KunciApi(mpp=meja.mpp, kunci="kunci-kedua")
    assert [send().status_code for _n in range(3)] == [201, 201, 429]
    assert send().headers["Retry-After"] == "3600"
    assert send(api_key="kunci-kedua").status_code == 201


def test_keys_are_given_and_taken_back_in_the_admin(meja):
    desk = PageClient()
    desk.force_login(factories.Penugasan(peran="pengelola", mpp=meja.mpp).pengguna)
    typed = {"mpp": meja.mpp.pk, "nama": "Kota Kita", "batas": 60, "aktif": "on"}
    page = desk.post(reverse("admin:open311_kunciapi_add"), typed, follow=True)
    key = str(next(iter(page.context["messages"]))).partition(": ")[2].partition(".")[0]
    kunci = KunciApi.objects.get()
    assert key not in kunci.sidik
    assert send(api_key=key).status_code == 201
    listed = reverse("admin:open311_kunciapi_changelist")
    desk.post(listed, {"action": "renew", "_selected_action": kunci.pk})
    assert send(api_key=key).status_code == 403
    desk.post(reverse("admin:open311_kunciapi_change", args=[kunci.pk]), typed | {"aktif": ""})
    assert KunciApi.objects.get().aktif is False


def test_a_key_serves_its_own_mall_only(meja, kunci):
    elsewhere = factories.Mpp()
    assert send(jurisdiction_id=elsewhere.slug).status_code == 403
    assert Client().post(f"{ROOT}services.json").status_code == 405
