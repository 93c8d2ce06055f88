"""Times in the admin are those of the mall: typed, shown and listed on its clock, wherever the server stands."""

from datetime import UTC, datetime, time

import pytest
from django.urls import reverse
from django.utils import translation

from layanan.models import Penugasan, Penutupan
from tests import factories
from tests.client import PageClient, typed

pytestmark = pytest.mark.django_db
EIGHT_TO_NOON = {"mulai_0": "2026-12-01", "mulai_1": "08:00", "selesai_0": "2026-12-01", "selesai_1": "12:00"}
ZONES = [("Asia/Jakarta", 1, "WIB"), ("Asia/Makassar", 0, "WITA"), ("Asia/Jayapura", 23, "WIT")]


def login(user):
    client = PageClient()
    client.force_login(user)
    return client


@pytest.mark.parametrize("superuser", [True, False])
@pytest.mark.parametrize(("zona", "utc_hour", "label"), ZONES)
def test_closure_typed_as_eight_begins_at_eight_there(zona, utc_hour, label, superuser):
    mpp = factories.Mpp(zona=zona)
    user = factories.Pengguna(is_superuser=True)
    client = login(user if superuser else factories.Penugasan(peran="pengelola", mpp=mpp).pengguna)
    client.post(reverse("admin:layanan_penutupan_add"), EIGHT_TO_NOON | {"mpp": mpp.pk, "alasan": "Rapat"})
    closure = Penutupan.objects.get()
    assert closure.mulai == datetime(
        2026, 11 if utc_hour == 23 else 12, 30 if utc_hour == 23 else 1, utc_hour, tzinfo=UTC
    )
    assert mpp.local(closure.mulai).hour == 8

    url = reverse("admin:layanan_penutupan_change", args=[closure.pk])
    form = typed(client.get(url), "penutupan_form")
    assert form["mulai_1"] == ["08.00"]
    client.post(url, form)
    assert Penutupan.objects.get().mulai == closure.mulai
    assert f"08.00 {label}" in client.get(reverse("admin:layanan_penutupan_changelist")).content.decode()


def test_closure_of_a_layanan_follows_the_mall_of_its_gerai():
    layanan = factories.Layanan(gerai=factories.Gerai(mpp=factories.Mpp(zona="Asia/Jayapura")))
    client = login(factories.Pengguna(is_superuser=True))
    client.post(reverse("admin:layanan_penutupan_add"), EIGHT_TO_NOON | {"layanan": layanan.pk, "alasan": "Rapat"})
    assert Penutupan.objects.get().mulai == datetime(2026, 11, 30, 23, tzinfo=UTC)


def test_duty_that_ends_at_four_ends_at_four_there():
    gerai = factories.Gerai()
    person = factories.Penugasan(peran="petugas_loket", gerai=gerai).pengguna
    client = login(factories.Penugasan(peran="pengelola", mpp=gerai.mpp).pengguna)
    url = reverse("admin:layanan_penugasan_change", args=[person.penugasan.get().pk])
    end = {"selesai_0": "2026-12-31", "selesai_1": "16:00"}
    client.post(url, typed(client.get(url), "penugasan_form", **end))
    ended = Penugasan.objects.get(pengguna=person)
    assert ended.selesai == datetime(2026, 12, 31, 8, tzinfo=UTC)
    assert ended.mulai == datetime(2020, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("prefix", "hours", "written"), [("", "08.00–15.30 WIT", "09.05"), ("/en", "08:00–15:30 WIT", "09:05")]
)
def test_each_language_writes_the_clock_in_its_own_way(prefix, hours, written):
    mpp = factories.Mpp(zona="Asia/Jayapura")
    factories.JamBuka(mpp=mpp, hari=mpp.today().weekday(), buka=time(8), tutup=time(15, 30), musim="khusus",
                      dari=mpp.today(), sampai=mpp.today())  # fmt: skip
    window = factories.JamBuka(mpp=mpp, hari=2, buka=time(9, 5), tutup=time(12), istirahat_mulai=None,
                               istirahat_selesai=None)  # fmt: skip
    factories.Peristiwa(mpp_id=None, at=datetime(2026, 11, 23, 2, 5, tzinfo=UTC))
    client = login(factories.Pengguna(is_superuser=True))
    assert hours in client.get(f"{prefix}/admin/layanan/mpp/").content.decode()
    log = client.get(f"{prefix}/admin/mpp_portal/peristiwa/").content.decode()
    assert f"2026, {'' if prefix else 'pukul '}{written}" in log
    with translation.override("en" if prefix else "id"):
        assert str(window).endswith(f"{written}–12{written[2]}00")


@pytest.mark.parametrize(("zona", "hour", "label"), [("Asia/Jakarta", 8, "WIB"), ("Asia/Makassar", 9, "WITA")])
def test_when_somebody_asked_to_be_told_is_on_the_clock_of_their_mall_in_list_and_page(zona, hour, label):
    mpp = factories.Mpp(zona=zona)
    row = factories.Langganan(subjek_id=1, mpp_id=mpp.pk, started_at=datetime(2026, 12, 1, 1, 0, tzinfo=UTC))
    client = login(factories.Pengguna(is_superuser=True))
    for url in (
        reverse("admin:notifikasi_langganan_changelist"),
        reverse("admin:notifikasi_langganan_change", args=[row.pk]),
    ):
        assert f"1 Desember 2026, pukul 0{hour}.00 {label}" in client.get(url).content.decode()
