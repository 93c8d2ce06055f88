"""Home says of each mall whether it is open now: what its own page says, for the cost of three queries."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from layanan.models import Mpp
from layanan.opening import calendars
from layanan.views.now import now, of_malls
from tests import factories
from tests.client import PageClient

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 23, 2, tzinfo=UTC)  # 09.00 WIB, 10.00 WITA, 11.00 WIT


def mall(zona="Asia/Makassar", **hours):
    mpp = factories.Mpp(zona=zona)
    for hari in range(5):
        factories.JamBuka(mpp=mpp, hari=hari, **{"buka": time(8), "tutup": time(15, 30), **hours})
    return mpp


@pytest.fixture
def malls():
    """One of each kind of day, among them everything that could leak from one mall to another."""
    found = {
        "buka": mall(),
        "istirahat": mall("Asia/Jayapura", istirahat_mulai=time(10, 30), istirahat_selesai=time(11, 30)),
        "belum buka": mall("Asia/Jakarta", buka=time(10)),
        "libur": mall(),
        "tetap buka": mall(),
        "ditutup": mall(),
        "tanpa jam": factories.Mpp(),
        "gerai saja": factories.Mpp(),
    }
    factories.JamBuka(mpp=None, gerai=factories.Gerai(mpp=found["gerai saja"]), hari=0)
    factories.HariLibur(mpp=found["libur"], tanggal=MONDAY.date(), nama="Hari jadi kota")
    factories.Penutupan(mpp=found["ditutup"], mulai=MONDAY - timedelta(hours=1), selesai=MONDAY + timedelta(hours=1))
    factories.Penutupan(mpp=None, gerai=factories.Gerai(mpp=found["buka"]), mulai=MONDAY - timedelta(hours=1),
                        selesai=MONDAY + timedelta(hours=1))  # fmt: skip
    return found


def told(malls, at):
    return dict(of_malls(list(Mpp.objects.filter(pk__in=[mpp.pk for mpp in malls.values()])), at))


def test_home_says_of_each_mall_what_its_own_page_says(malls):
    answers = told(malls, MONDAY)
    assert {name: answers[mpp].kind for name, mpp in malls.items()} == {
        "buka": "buka",
        "istirahat": "istirahat",
        "belum buka": "tutup",
        "libur": "tutup",
        "tetap buka": "buka",
        "ditutup": "tutup",
        "tanpa jam": "tutup",
        "gerai saja": "tutup",
    }
    assert answers == {mpp: now(calendars(mpp, since=MONDAY)[None], MONDAY) for mpp in malls.values()}


def test_a_national_day_off_closes_all_but_the_mall_that_stays_open(malls):
    factories.HariLibur(mpp=None, tanggal=MONDAY.date(), nama="Hari besar")
    factories.HariLibur(mpp=malls["tetap buka"], tanggal=MONDAY.date(), nama="Hari besar", tetap_buka=True)
    answers = told(malls, MONDAY)
    assert [name for name, mpp in malls.items() if answers[mpp].kind != "tutup"] == ["tetap buka"]
    assert answers == {mpp: now(calendars(mpp, since=MONDAY)[None], MONDAY) for mpp in malls.values()}


def test_it_costs_three_queries_however_many_malls(malls):
    for rows in (list(Mpp.objects.select_related("wilayah")), list(Mpp.objects.select_related("wilayah")[:1])):
        with CaptureQueriesContext(connection) as queries:
            of_malls(rows, MONDAY)
        assert len(queries) == 3


def test_the_home_page_shows_it():
    mpp = factories.Mpp()
    factories.open_always(mpp)
    assert "Buka sekarang" in PageClient().get("/").content.decode()
    factories.Penutupan(mpp=mpp, alasan="Listrik padam", mulai=timezone.now() - timedelta(hours=1))
    page = PageClient().get("/").content.decode()
    assert "Buka sekarang" not in page
    assert "Listrik padam." in page
