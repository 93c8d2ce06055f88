"""Who read a confidential report stands where inspektorat and pengelola look, by code and without its words."""

import pytest
from django.urls import reverse

from pengaduan import actions
from tests import factories

from .test_pages_work import at, page_of, text

pytestmark = pytest.mark.django_db
PAGE = "/pengaduan/dibaca/"


@pytest.fixture
def pengelola(meja):
    return factories.Penugasan(peran="pengelola", mpp=meja.mpp).pengguna


def listed(user, **asked):
    """Who and which code, newest first."""
    return [(row.oleh, laporan.kode) for row, laporan in at(user).get(PAGE, asked).context["page"]]


def test_every_way_to_read_one_is_listed_with_who_and_when(meja, pengelola):
    secret, plain = meja.send(rahasia=True, gerai=meja.gerai[1]).laporan, meja.send().laporan
    at(meja.koordinator).get(page_of(secret))
    at(meja.koordinator).get(page_of(plain))
    refused = at(meja.rekan).post(page_of(secret, "arsip"), {"arsip-teks": ""})  # the page again, with an error
    assert refused.status_code == 422
    factories.Lampiran(laporan=secret)
    file = reverse("pengaduan:work_lampiran", args=[secret.kode, secret.lampiran.get().pk])
    b"".join(at(meja.inspektur).get(file))
    for user in (meja.inspektur, pengelola):
        assert listed(user) == [
            (person, secret.kode) for person in (meja.inspektur, meja.rekan, meja.koordinator)]  # fmt: skip
    page = text(at(pengelola).get(PAGE))
    assert str(meja.koordinator) in page
    assert "WITA" in page
    for word in (secret.judul, secret.isi, secret.nama):
        assert word not in page


def test_it_is_found_by_its_code_as_people_type_it(meja):
    one, other = (meja.send(rahasia=True).laporan for _ in range(2))
    for laporan in (one, other, one):
        at(meja.koordinator).get(page_of(laporan))
    assert listed(meja.inspektur, kode=one.kode.lower().replace("-", " ")) == [(meja.koordinator, one.kode)] * 2
    assert "belum pernah dibuka" in text(at(meja.inspektur).get(PAGE, {"kode": "MPP-2611-9999"}))


def test_the_pengelola_is_not_told_of_those_about_the_mall_s_own_people(meja, pengelola):
    laporan = meja.send(gerai=None, tentang_pengelola=True, rahasia=True).laporan
    at(meja.inspektur).get(page_of(laporan))
    assert listed(meja.inspektur) == [(meja.inspektur, laporan.kode)]
    assert listed(pengelola) == []
    assert "Belum ada laporan rahasia yang dibuka." in text(at(pengelola).get(PAGE))


def test_nobody_sees_who_read_what_is_about_their_own_office(meja, pengelola):
    factories.Penugasan(peran="admin_instansi", gerai=meja.gerai[0], pengguna=pengelola)
    about = meja.send(rahasia=True).laporan
    actions.note(about, "Periksa.", by=meja.koordinator)
    at(meja.koordinator).get(page_of(about))
    assert listed(pengelola) == []
    assert len(listed(meja.inspektur)) == 1


def test_other_malls_and_other_roles_see_nothing(meja):
    at(meja.koordinator).get(page_of(meja.send(rahasia=True).laporan))
    assert listed(factories.Penugasan(peran="inspektorat").pengguna) == []
    closed = [at(user).get(PAGE).status_code for user in (meja.koordinator, meja.penghubung[0], factories.Pengguna())]
    assert closed == [404, 404, 404]
    assert "Siapa membaca" in text(at(meja.inspektur).get("/petugas/"))


def test_the_list_asks_as_much_for_one_view_as_for_three(meja, django_assert_max_num_queries):
    desk = at(meja.inspektur)
    for _ in range(3):
        at(meja.koordinator).get(page_of(meja.send(rahasia=True).laporan))
    desk.get(PAGE)
    with django_assert_max_num_queries(8):
        desk.get(PAGE)
