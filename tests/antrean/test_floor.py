"""The penyelia's hall: every line and loket, what needs somebody now, and a loket that serves another line."""

import pytest
from django.urls import reverse

from antrean import actions, floor
from antrean.models import Antrean
from tests import factories
from tests.antrean.conftest import NINE, minutes
from tests.antrean.hall import staff


def text(response) -> str:
    return " ".join(response.content.decode().split())


@pytest.fixture
def penyelia(hall):
    return staff("penyelia", mpp=hall.mpp)


def test_a_line_that_waits_without_a_loket_and_one_over_its_limit_are_alarms(aula):
    aula.take()
    aula.line("H")
    aula.line("K")
    seen = floor.floor(aula.mpp, now=NINE + minutes(61))
    assert seen["waiting"] == 1
    assert [(row.line.antrean.huruf, row.minutes, row.late) for row in seen["rows"]] == [
        ("A", 61, True),
        ("H", 0, False),
        ("K", 0, False),
    ]
    assert seen["alarms"] == [
        "A · Antrean A: 1 orang menunggu dan tidak ada loket yang buka.",
        "A · Antrean A: ada yang sudah menunggu 61 menit.",
        "Jam buka, tetapi belum ada loket yang buka untuk antrean H, K.",
    ]
    assert floor.floor(aula.mpp, now=NINE + minutes(60))["rows"][0].late is False


def test_an_open_loket_that_calls_nobody_while_people_wait_is_idle_but_not_in_its_pause(aula):
    aula.open()
    aula.take()
    aula.serve()
    aula.take()

    def idle(at: int) -> bool:
        return floor.floor(aula.mpp, now=NINE + minutes(at))["desks"][0].idle

    assert (idle(10), idle(11)) == (False, True)
    assert floor.floor(aula.mpp, now=NINE + minutes(11))["alarms"] == [
        "Loket 1 buka dan kosong, padahal antreannya menunggu."
    ]
    aula.do("pause", alasan="rapat", at=NINE + minutes(12))
    assert not idle(30)
    aula.do("resume", at=NINE + minutes(30))
    assert (idle(40), idle(41)) == (False, True)
    aula.do("call_next", at=NINE + minutes(42))
    assert not idle(60)


def test_a_loket_with_nobody_to_call_is_not_idle(aula):
    aula.open()
    assert not floor.floor(aula.mpp, now=NINE + minutes(40))["desks"][0].idle


def test_the_page_shows_every_loket_and_whose_it_is(hall, penyelia):
    hall.open()
    hall.ticket()
    hall.do("call_next")
    factories.Loket(gerai=hall.gerai)
    page = text(penyelia.get(reverse("antrean:hall", args=[hall.mpp.slug])))
    assert "Tidak ada. Semua antrean berjalan." in page
    assert str(hall.petugas) in page
    assert "A-001" in page
    assert "Belum dibuka" in page
    fragment = text(penyelia.get(reverse("antrean:hall_now", args=[hall.mpp.slug])))
    assert fragment.startswith('<section id="aula"')
    assert f"mpp-{hall.mpp.pk} gerai-{hall.gerai.pk}" in fragment


def test_an_empty_hall_has_words(db):
    mpp = factories.Mpp()
    page = text(staff("pengelola", mpp=mpp).get(reverse("antrean:hall", args=[mpp.slug])))
    assert "Belum ada antrean di MPP ini." in page


def test_a_loket_is_given_another_line_of_its_gerai(hall, penyelia):
    other = factories.Antrean(gerai=hall.gerai, huruf="H", layanan=[factories.Layanan(gerai=hall.gerai)])
    stranger = factories.Antrean(gerai=factories.Gerai(mpp=hall.mpp), huruf="K")
    url = reverse("antrean:loket_lines", args=[hall.mpp.slug, hall.loket.pk])
    page = text(penyelia.get(url))
    assert str(other) in page
    assert str(stranger) not in page
    assert "Pilih paling sedikit satu antrean." in text(penyelia.post(url, {}))
    assert "Pilih antrean dari daftar ini." in text(penyelia.post(url, {"antrean": stranger.pk}))
    assert "mulai panggilan berikutnya" in text(penyelia.post(url, {"antrean": other.pk}, follow=True))
    assert set(hall.loket.antrean.all()) == {other}
    line = Antrean.objects.giving().get(pk=other.pk)
    actions.take(line, other.layanan.get(), sender="meja", key="k", asal="meja")
    hall.open()
    assert hall.do("call_next").label == "H-001"


def test_the_hall_of_another_mall_does_not_exist(hall):
    url = reverse("antrean:hall", args=[hall.mpp.slug])
    for client in (staff("penyelia", mpp=factories.Mpp()), staff("petugas_loket", gerai=hall.gerai)):
        assert client.get(url).status_code == 404
    elsewhere = factories.Loket()
    own = reverse("antrean:loket_lines", args=[hall.mpp.slug, elsewhere.pk])
    assert staff("penyelia", mpp=hall.mpp).get(own).status_code == 404


def test_the_hall_costs_the_same_with_one_line_and_with_three(hall, penyelia, django_assert_num_queries):
    url = reverse("antrean:hall_now", args=[hall.mpp.slug])
    hall.open()
    hall.ticket()
    penyelia.get(url)
    with django_assert_num_queries(15):
        penyelia.get(url)
    for huruf in "HK":
        gerai = factories.Gerai(mpp=hall.mpp)
        loket = factories.Loket(gerai=gerai)
        line = factories.Antrean(gerai=gerai, huruf=huruf, layanan=[factories.Layanan(gerai=gerai)], loket=[loket])
        factories.Tiket(antrean=line)
        factories.Jaga(loket=loket)
    with django_assert_num_queries(15):
        assert text(penyelia.get(url)).count('scope="row"') == 3
