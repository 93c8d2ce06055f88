"""A person's own page: what it says in every state, who may open it, and what it costs."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from antrean import actions, lines
from antrean.models import Kunjungan, Tiket
from mpp_portal import portal
from tests import factories


def text(response) -> str:
    return " ".join(response.content.decode().split())


def page_of(tiket: Tiket) -> str:
    return text(Client().get(tiket.kunjungan.get_absolute_url()))


def fragment_url(tiket: Tiket) -> str:
    return reverse("antrean:tiket", args=[tiket.kunjungan.rahasia])


def test_who_waits_reads_place_and_time(hall):
    hall.open()
    first, _second, own = hall.ticket(), hall.ticket(), hall.ticket()
    hall.do("call_next")
    page = page_of(own)
    assert own.label in page
    assert "1 orang di depan Anda." in page
    assert f'Sekarang dilayani</dt><dd class="tabular">{first.label}</dd>' in page
    assert "Perkiraan tunggu</dt><dd>5–15 menit</dd>" in page
    assert "lantai 2" in page


def test_who_is_next_reads_so(hall):
    assert "Giliran Anda berikutnya. Tunggu di dekat loket." in page_of(hall.ticket())


def test_who_waits_chooses_how_many_are_ahead_when_they_are_told(hall):
    tiket = hall.ticket()
    assert '<option value="3" selected>3 orang</option>' in page_of(tiket)
    Client().post(reverse("antrean:near", args=[tiket.kunjungan.rahasia]), {"sisa": "10"})
    assert '<option value="10" selected>10 orang</option>' in page_of(tiket)


def test_who_is_called_reads_the_loket_and_the_floor(hall):
    hall.open()
    tiket = hall.ticket()
    hall.do("call_next")
    page = page_of(tiket)
    assert f"<title>{tiket.label} → Loket 1" in page
    assert "Silakan menuju <strong>Loket 1</strong> lantai 2" in page
    assert f'data-mpp-say="{tiket.label}: Silakan menuju Loket 1, lantai 2."' in page
    assert "Tidak jadi" not in page


def test_every_further_state_has_its_words(hall):
    hall.open()
    tiket = hall.ticket()
    hall.do("call_next")
    hall.do("start")
    assert "Anda sedang dilayani di Loket 1." in page_of(tiket)
    hall.do("finish")
    page = page_of(tiket)
    assert "Selesai dilayani. Terima kasih sudah datang." in page
    assert reverse("pengaduan:home") in page


def test_absent_once_then_twice_then_back(hall):
    hall.open()
    tiket = hall.ticket()
    hall.do("call_next")
    hall.do("absent")
    assert "Sebentar lagi dipanggil sekali lagi" in page_of(tiket)
    hall.do("call_next")
    hall.do("absent")
    url = reverse("antrean:come_back", args=[tiket.kunjungan.rahasia, tiket.pk])
    assert url in page_of(tiket)
    assert "Saya sudah di sini" in text(Client().get(url))
    response = Client().post(url, follow=True)
    assert f"Anda kembali dalam antrean dengan nomor {tiket.label}." in text(response)
    tiket.refresh_from_db()
    assert tiket.status == "menunggu"


def test_cancelling_asks_first_and_then_frees_the_place(hall):
    tiket = hall.ticket()
    url = reverse("antrean:cancel", args=[tiket.kunjungan.rahasia, tiket.pk])
    assert url in page_of(tiket)
    assert "Tidak jadi memakai nomor" in text(Client().get(url))
    tiket.refresh_from_db()
    assert tiket.status == "menunggu"
    assert "Nomor ini sudah dibatalkan." in text(Client().post(url, follow=True))
    again = text(Client().post(url, follow=True))
    assert f"Nomor {tiket.label} sudah dibatalkan." in again


def test_stepping_out_asks_first_and_keeps_the_number(hall):
    hall.open()
    tiket = hall.ticket()
    url = reverse("antrean:postpone", args=[tiket.kunjungan.rahasia, tiket.pk])
    assert url in page_of(tiket)
    assert "Tunda sebentar nomor A-001?" in text(Client().get(url))
    answer = text(Client().post(url, follow=True))
    assert "Nomor A-001 ditunda." in answer
    assert "Giliran Anda ditunda." in answer
    assert reverse("antrean:come_back", args=[tiket.kunjungan.rahasia, tiket.pk]) in answer
    assert "sudah ditunda" in text(Client().post(url, follow=True))
    hall.ticket()
    assert hall.do("call_next").label == "A-002"


def test_yesterdays_number_says_that_it_is_over_before_anybody_tidied(hall):
    tiket = hall.ticket()
    yesterday = hall.mpp.today() - timedelta(days=1)
    Kunjungan.objects.update(tanggal=yesterday)
    page = page_of(tiket)
    assert "Nomor ini hanya berlaku pada harinya." in page
    assert "Tidak jadi" not in page
    assert "Tambah urusan lain" not in page


def test_the_page_is_kept_by_nobody_on_the_way(hall):
    response = Client().get(hall.ticket().kunjungan.get_absolute_url())
    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "same-origin"
    assert response["X-Robots-Tag"] == "noindex, nofollow"


def test_a_wrong_secret_or_somebody_elses_ticket_is_not_found(hall):
    own, other = hall.ticket(), hall.ticket()
    phone = Client()
    assert phone.get(reverse("antrean:kunjungan", args=["x" * 22])).status_code == 404
    for name in ("cancel", "come_back", "postpone", "position"):
        url = reverse(f"antrean:{name}", args=[own.kunjungan.rahasia, other.pk])
        assert phone.get(url).status_code == 404
    assert phone.post(reverse("antrean:cancel", args=[own.kunjungan.rahasia, other.pk])).status_code == 404
    other.refresh_from_db()
    assert other.status == "menunggu"


def test_the_fragment_is_what_the_page_shows_and_costs_little_when_nothing_changed(hall):
    hall.open()
    tiket, phone = hall.ticket(), Client()
    fragment = phone.get(fragment_url(tiket))
    assert text(fragment) in page_of(tiket)
    again = phone.get(fragment_url(tiket), headers={"If-None-Match": fragment["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    hall.do("call_next")
    changed = phone.get(fragment_url(tiket), headers={"If-None-Match": fragment["ETag"]})
    assert changed.status_code == 200
    assert "Silakan menuju" in text(changed)


def test_the_position_is_a_fragment_of_its_own_for_the_calm_wakes_of_the_line(hall):
    hall.ticket()
    own = hall.ticket()
    url = reverse("antrean:position", args=[own.kunjungan.rahasia, own.pk])
    fragment = text(Client().get(url))
    assert "1 orang di depan Anda." in fragment
    assert f'data-mpp-channels="sesi-{own.sesi_id}" data-mpp-calm' in fragment
    assert fragment in page_of(own)


def test_all_tickets_of_a_visit_stand_on_its_page_at_the_same_cost(hall, django_assert_num_queries):
    tiket = hall.ticket()
    url = fragment_url(tiket)
    with django_assert_num_queries(10):
        Client().get(url)
    for huruf in "FH":
        gerai = factories.Gerai(mpp=hall.mpp)
        line = factories.Antrean(gerai=gerai, huruf=huruf, loket=[factories.Loket(gerai=gerai)])
        factories.Tiket(antrean=line, kunjungan=tiket.kunjungan)
    with django_assert_num_queries(10):
        page = text(Client().get(url))
    assert [label in page for label in ("A-001", "F-001", "H-001")] == [True, True, True]


def test_a_code_alone_shows_the_state_and_never_the_way_to_change_it(hall):
    tiket = hall.ticket()
    for code in (tiket.kunjungan.kode, tiket.label, tiket.label.lower(), "a 1"):
        response = Client().get(reverse("lacak"), {"kode": code}, follow=True)
        page = text(response)
        assert response.redirect_chain[0][0].startswith(reverse("antrean:status", args=["X"]).removesuffix("X/"))
        assert tiket.label in page
        assert "Menunggu" in page
        assert tiket.kunjungan.rahasia not in page
        assert hall.layanan.jenis.nama not in page


def test_unknown_codes_and_those_of_other_days_are_not_found(hall):
    tiket = hall.ticket()
    assert Client().get(reverse("antrean:status", args=["B-777"])).status_code == 404
    tiket.sesi.tanggal -= timedelta(days=1)
    tiket.sesi.save()
    for code in (tiket.label, tiket.kunjungan.kode):
        assert portal.track(None, code) is None
        assert Client().get(reverse("antrean:status", args=[code])).status_code == 404


def test_the_wait_is_said_as_a_range_of_five_minutes(hall):
    hall.open()
    assert str(lines.of_layanan(hall.layanan).wait) == "paling lama 5 menit"
    for _n in range(4):
        hall.ticket()
    line = lines.of_layanan(hall.layanan)
    assert (line.waiting, line.wait) == (4, (25, 60))
    assert str(line.wait) == "25–60 menit"
    actions.close(hall.loket, by=hall.petugas)
    assert lines.of_layanan(hall.layanan).wait == (25, 60)


@pytest.mark.parametrize(("hour", "opens"), [(7, True), (6, False)])
def test_before_opening_the_wait_counts_from_the_opening(aula, hour, opens):
    from tests.antrean.conftest import NINE

    line = lines.of_layanan(aula.layanan, now=NINE.replace(hour=hour))
    assert line.answer.yes is opens
    assert line.wait == ((8 - hour) * 60, (8 - hour) * 60)
