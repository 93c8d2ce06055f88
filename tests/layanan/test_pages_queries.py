"""A page costs the same however much stands on it."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from layanan import search
from tests import factories
from tests.client import PageClient

pytestmark = pytest.mark.django_db
MOST = 10


def furnish(mall, count):
    """That many gerai with a layanan each; every layanan has five requirements that others yield."""
    rows = [factories.Layanan(gerai=factories.Gerai(mpp=mall)) for _ in range(count)]
    for row in rows:
        for yielding in rows[:5]:
            factories.Persyaratan(layanan=row, penghasil=yielding.jenis)
            factories.Langkah(layanan=row)
    return rows[-1]


def cost(url):
    cache.clear()
    with CaptureQueriesContext(connection) as queries:
        assert PageClient().get(url).status_code == 200
    return len(queries)


def test_pages_cost_the_same_with_one_and_twelve_gerai(monkeypatch):
    costs = {}
    for count in (1, 12):
        mall = factories.Mpp()
        factories.open_always(mall)
        layanan = furnish(mall, count)
        monkeypatch.setattr(search, "_catalogue", None)
        urls = {
            "beranda": "/",
            "mpps": "/mpp/",
            "mpp": mall.get_absolute_url(),
            "gerai": layanan.gerai.get_absolute_url(),
            "layanan": layanan.get_absolute_url(),
            "jenis": layanan.jenis.get_absolute_url(),
            "instansi": layanan.gerai.instansi.get_absolute_url(),
            "peristiwa": "/peristiwa/identitas/",
            "cari": "/cari/?q=surat",
            "saran": "/cari/saran/?q=surat",
        }
        costs[count] = {name: cost(url) for name, url in urls.items()}
    assert costs[1] == costs[12]
    assert max(costs[12].values()) <= MOST
