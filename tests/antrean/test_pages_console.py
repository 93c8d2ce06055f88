"""The petugas' console: one key each, refusals as sentences, and only one's own loket."""

import pytest
from django.test import Client
from django.urls import reverse

from antrean.models import Jaga, Tiket
from antrean.views.loket import STEPS
from tests import factories
from tests.antrean.hall import logged_in, staff


def text(response) -> str:
    return " ".join(response.content.decode().split())


@pytest.fixture
def desk(hall):
    return logged_in(hall.petugas)


def press(client, hall, step: str, **more) -> str:
    return text(
        client.post(reverse("antrean:step", args=[hall.loket.pk, step]), headers={"HX-Request": "true"}, **more)
    )


def test_the_whole_service_of_one_person_without_leaving_the_page(hall, desk):
    factories.Persyaratan(layanan=hall.layanan, teks="Surat pengantar RT")
    hall.ticket(prioritas="lansia")
    hall.ticket()
    page = text(desk.post(reverse("antrean:open_loket", args=[hall.loket.pk]), follow=True))
    assert "Tidak ada nomor di loket ini" in page
    assert "Prioritas lansia" in page
    assert "2 menunggu" in page

    called = press(desk, hall, "panggil")
    assert '<p class="konsol-nomor">A-001</p>' in called
    assert "Didahulukan:" in called
    assert "Surat pengantar RT" in called
    for keys in ('data-mpp-keys="m enter"', 'data-mpp-keys="u"', 'data-mpp-keys="t"', 'data-mpp-keys="k"'):
        assert keys in called
    assert 'data-mpp-keys="b enter"' in press(desk, hall, "mulai")
    assert '<p class="konsol-nomor">A-002</p>' in press(desk, hall, "lanjut")
    press(desk, hall, "mulai")
    assert "Tidak ada nomor di loket ini" in press(desk, hall, "selesai")
    assert list(Tiket.objects.values_list("status", flat=True)) == ["selesai", "selesai"]


def test_every_key_does_its_own(hall, desk):
    hall.open()
    tiket = hall.ticket()
    press(desk, hall, "panggil")
    press(desk, hall, "ulang")
    assert tiket.panggilan_set.count() == 2
    press(desk, hall, "kembalikan")
    tiket.refresh_from_db()
    assert (tiket.status, tiket.absent_at) == ("menunggu", None)
    press(desk, hall, "panggil")
    press(desk, hall, "tidak-hadir")
    assert "Panggilan kedua" in press(desk, hall, "panggil")
    press(desk, hall, "tidak-hadir")
    tiket.refresh_from_db()
    assert tiket.status == "terlewat"


def test_a_pause_a_number_by_name_and_its_reason(hall, desk):
    hall.open()
    hall.ticket()
    second = hall.ticket(pendampingan=True)
    resting = press(desk, hall, "rehat", data={"alasan": "gangguan"})
    assert "gangguan sistem" in resting
    assert 'data-mpp-keys="l enter"' in resting
    assert "sedang rehat" in press(desk, hall, "panggil")
    free = press(desk, hall, "lanjutkan")
    for keys in ('data-mpp-keys="n"', 'data-mpp-keys="p"', 'data-mpp-keys="r"'):
        assert keys in free
    called = press(desk, hall, "panggil-nomor", data={"nomor": "a2", "sebab": "darurat"})
    assert f'<p class="konsol-nomor">{second.label}</p>' in called
    assert "Perlu pendampingan" in called


def test_what_was_typed_stays_when_a_key_is_refused(hall, desk):
    hall.open()
    for headers in ({"HX-Request": "true"}, {}):
        page = text(
            desk.post(
                reverse("antrean:step", args=[hall.loket.pk, "panggil-nomor"]),
                {"nomor": "A-099", "sebab": "keliru"},
                headers=headers,
            )
        )
        assert "A-099 tidak menunggu di antrean loket ini hari ini." in page
        assert 'value="A-099"' in page
        assert '<option value="keliru" selected>' in page
        assert '<details class="konsol-lain" id="konsol-nomor" open>' in page
    hall.ticket()
    press(desk, hall, "panggil")
    long = press(desk, hall, "catat", data={"catatan": "x" * 201})
    assert "Catatan paling panjang 200 huruf." in long
    assert "x" * 201 in long


@pytest.mark.parametrize(
    ("step", "sentence"),
    [
        ("panggil-nomor", "Tulis nomor yang dipanggil"),
        ("rehat", "Pilih alasan rehatnya."),
        ("alihkan", "Pilih layanan tujuannya."),
    ],
)
def test_a_key_without_what_it_needs_is_refused_with_a_sentence(hall, desk, step, sentence):
    hall.open()
    assert sentence in press(desk, hall, step)


def test_park_move_note_and_outcome(hall, desk):
    other = factories.Antrean(
        gerai=hall.gerai, huruf="H", layanan=[factories.Layanan(gerai=hall.gerai)], loket=[hall.loket]
    )
    hall.open()
    hall.ticket()
    press(desk, hall, "panggil")
    assert "Hanya petugas yang membacanya" in press(desk, hall, "catat", data={"catatan": "KK lama"})
    assert "Ditunda:" in press(desk, hall, "tunda")
    assert "KK lama" in press(desk, hall, "panggil-nomor", data={"nomor": "A-001", "sebab": "kembali"})
    press(desk, hall, "alihkan", data={"layanan": other.layanan.get().pk})
    assert list(Tiket.objects.order_by("pk").values_list("label", "status", "sesi__antrean__huruf")) == [
        ("A-001", "dialihkan", "A"),
        ("A-001", "menunggu", "H"),
    ]
    assert '<p class="konsol-nomor">A-001</p>' in press(desk, hall, "panggil")
    press(desk, hall, "mulai")
    press(desk, hall, "selesai", data={"hasil": "berkas_kurang"})
    assert Tiket.objects.get(status="selesai").hasil == "berkas_kurang"


def test_a_service_of_another_mall_is_no_place_to_move_to(hall, desk):
    elsewhere = factories.Antrean(layanan=[factories.Layanan()]).layanan.get()
    hall.open()
    hall.ticket()
    press(desk, hall, "panggil")
    assert "Pilih layanan tujuannya." in press(desk, hall, "alihkan", data={"layanan": elsewhere.pk})
    assert Tiket.objects.get().status == "dipanggil"


def test_a_refusal_is_a_sentence_in_the_fragment(hall, desk):
    hall.open()
    answer = press(desk, hall, "panggil")
    assert 'role="alert"' in answer
    assert "Belum ada yang menunggu." in answer
    hall.ticket()
    press(desk, hall, "panggil")
    assert "A-001 masih di loket ini. Selesaikan dahulu." in press(desk, hall, "panggil")


def test_without_javascript_every_key_is_a_form_that_comes_back(hall, desk):
    hall.open()
    hall.ticket()
    url = reverse("antrean:step", args=[hall.loket.pk, "panggil"])
    response = desk.post(url, follow=True)
    assert response.redirect_chain == [(reverse("antrean:console", args=[hall.loket.pk]), 302)]
    assert '<p class="konsol-nomor">A-001</p>' in text(response)
    assert "masih di loket ini" in text(desk.post(url, follow=True))


def test_the_loket_is_closed_when_nobody_stands_there(hall, desk):
    hall.open()
    hall.ticket()
    press(desk, hall, "panggil")
    url = reverse("antrean:close", args=[hall.loket.pk])
    assert "Nomor A-001 masih di loket ini." in text(desk.post(url, follow=True))
    press(desk, hall, "kembalikan")
    assert "Loket 1 ditutup." in text(desk.post(url, follow=True))
    assert not Jaga.objects.open().exists()
    assert "Loket ini belum dibuka" in text(desk.get(reverse("antrean:console", args=[hall.loket.pk])))


def test_a_loket_of_a_colleague_is_seen_but_not_taken(hall, desk):
    hall.open()
    colleague = staff("petugas_loket", gerai=hall.gerai)
    assert f"sedang dibuka oleh {hall.petugas}" in text(colleague.get(reverse("antrean:console", args=[hall.loket.pk])))
    assert f"sedang dibuka oleh {hall.petugas}" in text(
        colleague.post(reverse("antrean:open_loket", args=[hall.loket.pk]), follow=True)
    )
    assert "belum Anda buka" in press(colleague, hall, "panggil")
    other = factories.Loket(gerai=hall.gerai)
    assert "Anda sedang membuka Loket 1." in text(
        desk.post(reverse("antrean:open_loket", args=[other.pk]), follow=True)
    )


def test_the_choice_shows_ones_own_gerai_only(hall, desk):
    factories.Loket(gerai=factories.Gerai(mpp=hall.mpp))
    hall.open()
    page = text(desk.get(reverse("antrean:counter")))
    assert page.count("loket-pilih") == 1
    assert "Lanjut di Loket 1" in page
    nobody = logged_in(factories.Pengguna())
    assert "Anda belum ditugaskan di loket mana pun" in text(nobody.get(reverse("antrean:counter")))


def test_other_loket_do_not_exist(hall):
    hall.open()
    strangers = [
        staff("petugas_loket", gerai=factories.Gerai(mpp=hall.mpp)),
        staff("petugas_informasi", mpp=hall.mpp),
        staff("admin_instansi", gerai=hall.gerai),
    ]
    for client in strangers:
        for name in ("console", "console_now"):
            assert client.get(reverse(f"antrean:{name}", args=[hall.loket.pk])).status_code == 404
        for name in ("open_loket", "close"):
            assert client.post(reverse(f"antrean:{name}", args=[hall.loket.pk])).status_code == 404
        for step in STEPS:
            assert client.post(reverse("antrean:step", args=[hall.loket.pk, step])).status_code == 404


def test_unknown_keys_and_plain_visits_to_them_do_nothing(hall, desk):
    assert desk.post(reverse("antrean:step", args=[hall.loket.pk, "hapus"])).status_code == 404
    assert desk.get(reverse("antrean:step", args=[hall.loket.pk, "panggil"])).status_code == 405


def test_an_ended_session_leads_to_the_login(hall):
    url = reverse("antrean:step", args=[hall.loket.pk, "panggil"])
    assert Client().post(url).url.startswith(reverse("account_login"))


def test_a_post_without_csrf_is_refused(hall):
    hall.open()
    hall.ticket()
    client = Client(enforce_csrf_checks=True)
    client.force_login(hall.petugas)
    assert client.post(reverse("antrean:step", args=[hall.loket.pk, "panggil"])).status_code == 403
    assert Tiket.objects.get().status == "menunggu"


def test_the_console_costs_the_same_with_one_waiting_and_with_three(hall, desk, django_assert_num_queries):
    hall.open()
    hall.ticket()
    url = reverse("antrean:console_now", args=[hall.loket.pk])
    desk.get(url)
    with django_assert_num_queries(11):
        desk.get(url)
    hall.ticket()
    hall.ticket()
    with django_assert_num_queries(11):
        assert "3 menunggu" in text(desk.get(url))


def test_the_choice_of_loket_costs_the_same_with_one_and_with_three(hall, desk, django_assert_num_queries):
    url = reverse("antrean:counter")
    desk.get(url)
    with django_assert_num_queries(4):
        desk.get(url)
    for _n in range(2):
        factories.Jaga(loket=factories.Loket(gerai=hall.gerai))
    with django_assert_num_queries(4):
        assert text(desk.get(url)).count("loket-pilih") == 3
