"""Every list, form and history of the admin opens, for a superuser and for a pengelola with one row of each kind."""

import pytest
from django.contrib import admin
from django.urls import reverse

from tests import factories
from tests.client import PageClient

pytestmark = pytest.mark.django_db


@pytest.fixture
def mall():
    """One mall with one row of every model the admin shows."""
    gerai = factories.Gerai()
    layanan = factories.Layanan(gerai=gerai, pengaduan="Meja informasi", contoh=True, sumber_tempat="Kab. Contoh")
    loket = factories.Loket(gerai=gerai)
    antrean = factories.Antrean(gerai=gerai, layanan=[layanan], loket=[loket])
    tiket = factories.Tiket(antrean=antrean)
    factories.Panggilan(tiket=tiket, loket=loket)
    factories.Jaga(loket=loket)
    factories.Perangkat(mpp=gerai.mpp)
    factories.AngkaLuar(antrean=antrean)
    factories.Pemesanan(slot=factories.Slot(antrean=antrean), layanan=layanan)
    factories.DaftarTunggu(antrean=antrean, layanan=layanan)
    factories.Aturan(mpp=gerai.mpp)
    factories.KunciApi(mpp=gerai.mpp)
    factories.Sambungan(gerai=gerai)
    factories.JamBuka(mpp=gerai.mpp)
    factories.Penutupan(mpp=gerai.mpp)
    factories.HariLibur(mpp=gerai.mpp)
    factories.Peristiwa(mpp_id=gerai.mpp.pk, subjek_id=gerai.mpp.pk)
    factories.Pesan(peristiwa__mpp_id=gerai.mpp.pk)
    factories.Webhook(mpp_id=gerai.mpp.pk)
    factories.JawabanBaku(gerai=gerai)
    factories.KebijakanSimpan()
    factories.Templat(mpp_id=gerai.mpp.pk)
    return gerai.mpp


def statuses(user):
    """URL name → status of the list, the form and the history of one row of every model in the admin."""
    client = PageClient()
    client.force_login(user)
    found = {"admin:index": client.get(reverse("admin:index")).status_code}
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        row = model._default_manager.first()
        found[f"{name}_changelist"] = client.get(reverse(f"{name}_changelist")).status_code
        for page in ("change", "history"):
            found[f"{name}_{page}"] = client.get(reverse(f"{name}_{page}", args=[row.pk])).status_code
    return found


def test_every_page_opens_for_a_superuser(mall):
    found = statuses(factories.Pengguna(is_superuser=True))
    assert len(found) == 97
    assert {name for name, status in found.items() if status != 200} == set()


NATIONAL = ("layanan_wilayah", "pengaduan_kebijakantenggat", "pengaduan_kebijakansimpan")


def test_every_page_of_the_mall_opens_for_its_pengelola_and_national_wilayah_does_not(mall):
    found = statuses(factories.Penugasan(peran="pengelola", mpp=mall).pengguna)
    assert len(found) == 97
    closed = {f"admin:{name}_{page}" for name in NATIONAL
              for page in ("changelist", "change", "history")}  # fmt: skip
    assert {name for name, status in found.items() if status != 200} == closed
