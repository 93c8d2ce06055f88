"""Our client against our own server, over HTTP: a report of one mall is a report of the other, once, and comes back."""

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from mpp_portal.notifikasi.models import Pesan
from pengaduan import actions
from pengaduan.models import Laporan
from pengaduan.open311.models import Kiriman
from pengaduan.open311.titipan.listening import listen
from pengaduan.open311.titipan.models import Sambungan, Titipan, Usulan
from tests import factories
from tests.client import PageClient

from .conftest import drained, due, only

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def there(meja, live_server):
    """Another mall, whose Open311 server takes the reports of the first one's office."""
    gerai = factories.Gerai()
    factories.KunciApi(mpp=gerai.mpp, kunci="kunci-sini")
    return gerai


@pytest.fixture(params=["json", "xml"])
def stored(request, meja, there, live_server) -> Sambungan:
    given = {
        "gerai": meja.gerai[0].pk, "url": f"{live_server.url}/open311/v2", "jurisdiction_id": there.mpp.slug,
        "kunci_api": "kunci-sini", "service_code": "pengaduan", "aktif": "on",
    }  # fmt: skip
    client = PageClient()
    client.force_login(meja.koordinator)
    assert client.post(reverse("admin:titipan_sambungan_add"), given).status_code == 302
    row = Sambungan.objects.get()
    assert row.bentuk == "json"
    row.bentuk = request.param
    row.save()
    return row


def received(there) -> Laporan:
    return Laporan.objects.get(mpp=there.mpp)


def test_there_and_back(meja, there, stored):
    ours = meja.routed(nama="Warga Contoh", kontak="warga@contoh.id")
    assert drained() == [("terkirim", "")]
    theirs = received(there)
    assert (theirs.nama, theirs.kontak, theirs.anonim, theirs.jenis) == ("", "", True, "pengaduan")
    assert theirs.isi.startswith(f"{ours.kode}/{meja.part(ours).pk}: {ours.judul}")
    assert (only().nomor, Kiriman.objects.get().token) == (theirs.kode, only().kunci)
    due()
    assert (listen(), only().keadaan, only().kata) == (1, "open", "diterima")

    koordinator = factories.Penugasan(peran="koordinator", mpp=there.mpp).pengguna
    actions.archive(theirs, "Sudah kami perbaiki hari itu juga.", by=koordinator)
    due()
    assert (listen(), only().keadaan) == (1, "closed")
    usulan = Usulan.objects.get()
    assert (usulan.jenis, usulan.teks) == ("jawaban", "diarsipkan")
    assert Laporan.objects.get(pk=ours.pk).status == "didisposisikan"


def test_killed_between_their_yes_and_our_note_it_is_found_by_its_key(meja, there, stored):
    meja.routed()
    assert drained() == [("terkirim", "")]
    # As the worker leaves it that is killed after the server took the report: tried, no number, its lease has ended.
    Titipan.objects.update(nomor="", filed_at=None, next_at=None, ragu=1, tried_at=timezone.now())
    Pesan.objects.update(status="menunggu", ended_at=None)
    assert drained() == [("terkirim", "")]
    assert (only().nomor, Laporan.objects.filter(mpp=there.mpp).count()) == (received(there).kode, 1)


def test_a_wrong_key_is_parked_with_their_sentence(meja, there, stored):
    stored.kunci_api = "salah"
    stored.save()
    meja.routed()
    said = "Server itu menolak (403): api_key ini tidak berlaku di sini. Mintalah kepada pengelola MPP-nya."
    assert drained() == [("diparkir", said)]


def test_the_key_is_stored_encrypted(stored):
    with connection.cursor() as cursor:
        cursor.execute("SELECT kunci_api FROM titipan_sambungan")
        assert "kunci-sini" not in cursor.fetchone()[0]
