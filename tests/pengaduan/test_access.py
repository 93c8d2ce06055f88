"""Who finds which report: what one may not see does not exist."""

import pytest

from mpp_portal.models import Peristiwa
from pengaduan import actions
from pengaduan.models import Disposisi, Laporan
from tests import factories


def sees(user):
    return set(Laporan.objects.readable_by(user))


def test_an_ordinary_report_is_for_the_koordinator_and_the_office_that_has_it(meja):
    laporan = meja.routed(1)
    elsewhere = factories.Penugasan(peran="koordinator").pengguna
    found = {name: sees(user) == {laporan} for name, user in {
        "koordinator": meja.koordinator, "right office": meja.penghubung[1], "wrong office": meja.penghubung[0],
        "inspektorat": meja.inspektur, "other mall": elsewhere, "stranger": factories.Pengguna(),
        "pimpinan": factories.Penugasan(peran="pimpinan", mpp=meja.mpp).pengguna,
    }.items()}  # fmt: skip
    assert found == {"koordinator": True, "right office": True, "wrong office": False, "inspektorat": False,
                     "other mall": False, "stranger": False, "pimpinan": False}  # fmt: skip


def test_an_office_that_gave_it_back_does_not_see_it_any_more(meja):
    laporan = meja.routed()
    actions.give_back(meja.part(laporan), "Urusan gerai lain.", by=meja.penghubung[0])
    assert sees(meja.penghubung[0]) == set()


def test_a_confidential_complaint_is_kept_from_the_unit_it_is_about(meja):
    factories.Penugasan(peran="petugas_loket", gerai=meja.gerai[0], pengguna=meja.rekan)
    laporan = meja.send(rahasia=True).laporan
    assert sees(meja.koordinator) == sees(meja.inspektur) == {laporan}
    assert sees(meja.rekan) == set()  # a koordinator who works at the reported counter too
    with pytest.raises(actions.Refused, match="tidak disalurkan kepada unit yang dilaporkan"):
        actions.verify(laporan, klasifikasi="berkadar", urgensi="rutin", gerai=meja.gerai[:1], by=meja.koordinator)
    actions.verify(laporan, klasifikasi="berkadar", urgensi="rutin", gerai=[], inspektorat=True, by=meja.koordinator)
    assert list(Disposisi.objects.handled_by(meja.inspektur)) == list(Disposisi.objects.all())
    assert sees(meja.penghubung[0]) == set()


def test_even_a_disposisi_made_by_hand_does_not_show_it_to_the_reported_unit(meja):
    laporan = meja.send(rahasia=True).laporan
    Disposisi.objects.create(laporan=laporan, gerai=meja.gerai[0], penyalur=meja.koordinator)
    assert sees(meja.penghubung[0]) == set()
    assert not Disposisi.objects.handled_by(meja.penghubung[0]).exists()


def test_a_report_about_the_mall_s_own_people_goes_past_the_koordinator(meja):
    laporan = meja.send(gerai=None, tentang_pengelola=True).laporan
    assert sees(meja.koordinator) == set()
    assert sees(meja.inspektur) == {laporan}


def test_nobody_of_the_reported_unit_closes(meja):
    factories.Penugasan(peran="admin_instansi", gerai=meja.gerai[0], pengguna=meja.rekan)
    laporan = meja.routed()
    assert Laporan.objects.steered_by(meja.rekan).get() == laporan
    assert not Laporan.objects.closable_by(meja.rekan).exists()
    assert Laporan.objects.closable_by(meja.koordinator).get() == laporan


def test_a_person_whose_assignment_has_ended_sees_nothing(meja):
    laporan = meja.routed()
    user = meja.penghubung[0]
    assert sees(user) == {laporan}
    user.penugasan.update(selesai=user.penugasan.get().mulai.replace(year=2021))
    assert sees(user) == set()


def test_the_mall_s_own_log_does_not_know_what_is_confidential_or_about_its_people(meja):
    actions.verify(
        meja.send(rahasia=True).laporan, klasifikasi="berkadar", urgensi="rutin", gerai=meja.gerai[1:],
        by=meja.koordinator,
    )  # fmt: skip
    meja.send(gerai=None, tentang_pengelola=True)
    assert Peristiwa.objects.count() == 3
    assert not Peristiwa.objects.filter(mpp_id=meja.mpp.pk).exists()
    meja.send()
    assert Peristiwa.objects.filter(mpp_id=meja.mpp.pk).count() == 1
