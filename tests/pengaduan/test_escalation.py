"""The ladder: each rung once, to whom it concerns, in working hours; genting at any hour."""

from datetime import timedelta

import pytest

from mpp_portal.models import Peristiwa
from mpp_portal.notifikasi import registry
from mpp_portal.notifikasi.models import Langganan, Pesan
from pengaduan import actions
from pengaduan.models import Eskalasi
from tests import factories

from .conftest import MONDAY, clocks, days, fresh

pytestmark = pytest.mark.django_db


@pytest.fixture
def meja(meja, settings):
    """Everybody has an address."""
    settings.KABAR_KANAL = settings.KABAR_KANAL | {"surel": "coba"}
    for person in [meja.koordinator, meja.rekan, meja.inspektur, *meja.penghubung]:
        person.email = f"{person.username}@contoh.id"
        person.save()
    return meja


def told():
    """(kind, who, how many) of the ladder's messages so far."""
    rows = Pesan.objects.filter(subjek="mpp_portal.pengguna").order_by("pk").select_related("peristiwa")
    return {(row.peristiwa.jenis.removeprefix("laporan."), row.subjek_id, row.peristiwa.ke) for row in rows}


def boss(meja, n=0):
    person = factories.Penugasan(peran="admin_instansi", gerai=meja.gerai[n]).pengguna
    person.email = f"{person.username}@contoh.id"
    person.save()
    return person


def test_the_holder_then_the_one_above_then_the_koordinator_and_each_once(meja):
    above = boss(meja)
    laporan = meja.routed(at=MONDAY)
    clock = clocks(laporan)["tindak_lanjut"]
    assert actions.escalate(now=MONDAY) == 0
    assert actions.escalate(now=clock.due_at - days(1) + timedelta(hours=9)) == 1
    holder = ("pengingat", meja.penghubung[0].pk, "1")
    assert told() == {holder}
    assert actions.escalate(now=clock.due_at - days(1) + timedelta(hours=10)) == 0
    late = clock.due_at + timedelta(hours=9)
    while late.weekday() > 4:
        late += days(1)
    assert actions.escalate(now=late) == 1
    assert told() == {holder, ("atasan", above.pk, "1")}
    assert actions.escalate(now=late + days(7)) == 1
    ours = {("koordinator", person.pk, "1") for person in (meja.koordinator, meja.rekan)}
    assert told() == {holder, ("atasan", above.pk, "1"), *ours}
    assert actions.escalate(now=late + days(7)) == 0
    assert Eskalasi.objects.count() == 3


def test_many_reports_are_one_message(meja):
    for _ in range(3):
        meja.send()
    late = MONDAY + days(7)
    assert actions.escalate(now=late) == 3
    assert told() == {("koordinator", person.pk, "3") for person in (meja.koordinator, meja.rekan)}


@pytest.mark.parametrize("hours", [-3, 8, 5 * 24, 24 * 31])
def test_nobody_is_reminded_at_night_or_on_a_day_off(meja, hours):
    """06.00 and 17.00 on a Monday; a Saturday; 24 December, which is cuti bersama."""
    meja.send(at=MONDAY - days(14))
    assert actions.escalate(now=MONDAY + timedelta(hours=hours)) == 0
    assert actions.escalate(now=MONDAY) == 1


def test_a_paused_or_met_clock_climbs_nothing(meja):
    actions.ask(meja.send().laporan, "Loket mana?", by=meja.koordinator, now=MONDAY)
    meja.answer(meja.routed(), at=MONDAY)
    assert actions.escalate(now=MONDAY + days(14)) == 0


def test_genting_wakes_the_holders_at_any_hour_and_in_the_same_transaction(meja):
    night = MONDAY + timedelta(hours=14)
    laporan = meja.send(at=night).laporan
    given = {"klasifikasi": "tidak_berkadar", "urgensi": "genting", "by": meja.koordinator, "now": night}
    with pytest.raises(actions.Refused):
        actions.verify(laporan, alasan="", gerai=meja.gerai[:1], **given)
    assert told() == set()
    actions.verify(laporan, alasan="Pasien.", gerai=meja.gerai[:1], **given)
    assert told() == {("genting", meja.penghubung[0].pk, laporan.kode)}
    assert Pesan.objects.get(subjek="mpp_portal.pengguna").segera
    assert registry.kind("laporan.genting").make(Peristiwa.objects.get(jenis="laporan.genting")).values == {
        "kode": laporan.kode, "tempat": meja.mpp.nama}  # fmt: skip


def test_whom_a_confidential_complaint_is_about_hears_nothing_of_it(meja):
    factories.Penugasan(peran="petugas_loket", gerai=meja.gerai[0], pengguna=meja.rekan)
    meja.send(rahasia=True)
    meja.send(gerai=None, tentang_pengelola=True)
    assert actions.escalate(now=MONDAY + days(7)) == 2
    assert told() == {("koordinator", meja.koordinator.pk, "1"), ("koordinator", meja.inspektur.pk, "1")}


def test_who_stopped_the_reminders_gets_none_and_a_new_address_replaces_the_old(meja):
    meja.send()
    actions.escalate(now=MONDAY + days(7))
    own = Langganan.objects.get(subjek="mpp_portal.pengguna", subjek_id=meja.rekan.pk)
    own.stopped_at = own.started_at
    own.save()
    meja.koordinator.email = "baru@contoh.id"
    meja.koordinator.save()
    meja.send(at=MONDAY + days(1))
    before = told()
    assert actions.escalate(now=MONDAY + days(9)) == 1
    assert Pesan.objects.filter(langganan=own).count() == 1
    assert told() == before  # the same person and count: to another address
    assert Langganan.objects.current().get(subjek="mpp_portal.pengguna").tujuan == "baru@contoh.id"


def test_after_sixty_days_the_reporter_hears_of_the_ombudsman_once(meja):
    waiting, answered = meja.routed(), meja.answer(meja.routed())
    actions.dispute(answered, "Belum.", now=MONDAY + days(1))
    actions.escalate(now=MONDAY + days(59))
    assert not Eskalasi.objects.filter(tingkat="ombudsman").exists()
    for _ in range(2):
        actions.escalate(now=MONDAY + days(63))
    assert Eskalasi.objects.get(tingkat="ombudsman").laporan == fresh(waiting)
    assert Pesan.objects.filter(peristiwa__jenis="laporan.ombudsman").count() == 1
