"""Every change made in the admin is a Peristiwa that names fields and never values; the history page shows it."""

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from layanan.models import Langkah, Layanan, Loket, Persyaratan
from mpp_portal.models import Peristiwa
from tests import factories
from tests.client import PageClient, typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def gerai():
    return factories.Gerai()


@pytest.fixture
def pengelola(gerai):
    return factories.Penugasan(peran="pengelola", mpp=gerai.mpp).pengguna


@pytest.fixture
def client(pengelola):
    client = PageClient()
    client.force_login(pengelola)
    return client


def steps():
    return list(Peristiwa.objects.order_by("pk").values_list("jenis", "subjek_id", "mpp_id", "ke", "oleh"))


def test_create_change_and_delete_are_recorded(client, gerai, pengelola):
    client.post(reverse("admin:layanan_loket_add"), {"gerai": gerai.pk, "nomor": 4, "aktif": "on"})
    loket = Loket.objects.get()
    url = reverse("admin:layanan_loket_change", args=[loket.pk])
    client.post(url, {"gerai": gerai.pk, "nomor": 5})
    client.post(url, {"gerai": gerai.pk, "nomor": 5})
    client.post(reverse("admin:layanan_loket_delete", args=[loket.pk]), {"post": "yes"})
    mpp, by = gerai.mpp_id, pengelola.pk
    assert steps() == [
        ("loket.dibuat", loket.pk, mpp, "", by),
        ("loket.diubah", loket.pk, mpp, "nomor, aktif", by),
        ("loket.dihapus", loket.pk, mpp, "", by),
    ]
    assert not LogEntry.objects.exists()


def test_change_of_requirements_is_recorded_on_the_layanan_without_their_text(client, gerai):
    layanan = factories.Layanan(gerai=gerai)
    url = reverse("admin:layanan_layanan_change", args=[layanan.pk])
    rows = {"persyaratan-TOTAL_FORMS": 1, "persyaratan-0-teks": "KTP-el", "persyaratan-0-urutan": 1}
    client.post(url, typed(client.get(url), "layanan_form", biaya="Gratis", **rows))
    assert [step[0::3] for step in steps()] == [("layanan.diubah", "biaya, persyaratan")]
    page = client.get(reverse("admin:layanan_layanan_history", args=[layanan.pk])).content.decode()
    assert "Layanan diubah: biaya, persyaratan" in page


def test_password_is_recorded_as_changed_and_nothing_else(client, gerai):
    person = factories.Penugasan(peran="petugas_loket", gerai=gerai).pengguna
    url = reverse("admin:auth_user_password_change", args=[person.pk])
    new = {"usable_password": "true", "password1": "kata-sandi-panjang-7", "password2": "kata-sandi-panjang-7"}
    client.post(url, new)
    assert [step[0::3] for step in steps()] == [("pengguna.diubah", "password")]
    person.refresh_from_db()
    assert person.check_password("kata-sandi-panjang-7")


def test_log_of_the_mall_is_read_by_its_pengelola_alone(client, gerai):
    layanan = factories.Layanan(gerai=gerai)
    here = factories.Peristiwa(
        jenis="layanan.diubah", subjek="layanan.layanan", subjek_id=layanan.pk, mpp_id=gerai.mpp_id
    )
    gone = factories.Peristiwa(jenis="loket.dihapus", subjek="layanan.loket", subjek_id=987, mpp_id=gerai.mpp_id)
    factories.Peristiwa(mpp_id=factories.Mpp().pk)
    page = client.get(reverse("admin:mpp_portal_peristiwa_changelist"))
    assert list(page.context["cl"].result_list) == [gone, here]
    text = page.content.decode()
    assert f"Layanan: {layanan}" in text
    assert "Loket (sudah dihapus)" in text
    url = reverse("admin:mpp_portal_peristiwa_change", args=[here.pk])
    assert client.post(url, {"jenis": "x"}).status_code == 403


def test_deleting_what_others_need_gives_a_sentence(client, gerai):
    loket = factories.Loket(gerai=gerai)
    factories.Jaga(loket=loket)
    url = reverse("admin:layanan_loket_delete", args=[loket.pk])
    for answer in (client.get(url), client.post(url, {"post": "yes"})):
        assert answer.status_code == 200
        assert answer.context["protected"]
    assert Loket.objects.exists()
    assert steps() == []


def test_rows_that_swap_places_are_numbered_from_one(client, gerai):
    layanan = factories.Layanan(gerai=gerai)
    first = factories.Persyaratan(layanan=layanan, urutan=1, teks="Satu")
    second = factories.Persyaratan(layanan=layanan, urutan=2, teks="Dua")
    factories.Langkah(layanan=layanan, urutan=7, teks="Datang")
    url = reverse("admin:layanan_layanan_change", args=[layanan.pk])
    rows = {"persyaratan-0-urutan": 2, "persyaratan-1-urutan": 1, "persyaratan-TOTAL_FORMS": 3}
    rows |= {"persyaratan-2-urutan": 1, "persyaratan-2-teks": "Baru"}
    answer = client.post(url, typed(client.get(url), "layanan_form", **rows))
    assert answer.status_code == 302
    order = list(Persyaratan.objects.filter(layanan=layanan).values_list("urutan", "teks"))
    assert order == [(1, "Dua"), (2, "Baru"), (3, "Satu")]
    assert {first.pk, second.pk} < set(Persyaratan.objects.values_list("pk", flat=True))
    assert list(Langkah.objects.values_list("urutan", flat=True)) == [7]


def test_open_pages_of_the_mall_are_woken(client, gerai, monkeypatch, django_capture_on_commit_callbacks):
    sent = []
    monkeypatch.setattr("mpp_portal.siaran.bus.publish", lambda channels: sent.append(set(channels)))
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("admin:layanan_loket_add"), {"gerai": gerai.pk, "nomor": 4})
    assert sent == [{f"mpp-{gerai.mpp_id}"}]
    assert not Layanan.objects.exists()
