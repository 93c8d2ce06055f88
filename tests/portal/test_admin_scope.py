"""In the admin a person finds their own places: others do not exist, cannot be chosen, and cannot be saved into."""

import pytest
from django.urls import reverse

from layanan.admin.access import Access
from layanan.models import Gerai, JamBuka, Layanan, Loket, Penugasan, Penutupan
from mpp_portal.models import Pengguna
from tests import factories
from tests.client import PageClient, typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def own():
    return factories.Gerai()


@pytest.fixture
def foreign():
    return factories.Gerai()


def client_of(peran, gerai):
    place = {"gerai": gerai} if peran == "admin_instansi" else {"mpp": gerai.mpp}
    client = PageClient()
    client.force_login(factories.Penugasan(peran=peran, **place).pengguna)
    return client


def change(model, row):
    return reverse(f"admin:layanan_{model}_change", args=[row.pk])


@pytest.mark.parametrize("peran", ["pengelola", "admin_instansi"])
def test_lists_hold_own_rows_and_foreign_rows_do_not_exist(peran, own, foreign):
    mine, theirs = factories.Layanan(gerai=own), factories.Layanan(gerai=foreign)
    client = client_of(peran, own)
    page = client.get(reverse("admin:layanan_layanan_changelist"))
    assert list(page.context["cl"].result_list) == [mine]
    assert client.get(change("layanan", mine)).status_code == 200
    for name in ("change", "delete", "history"):
        answer = client.get(reverse(f"admin:layanan_layanan_{name}", args=[theirs.pk]))
        assert (answer.status_code, answer.url) == (302, reverse("admin:index"))
    client.post(reverse("admin:layanan_layanan_delete", args=[theirs.pk]), {"post": "yes"})
    assert Layanan.objects.filter(pk=theirs.pk).exists()


def test_colleague_in_the_same_mall_does_not_see_the_other_gerai(own):
    neighbour = factories.Layanan(gerai=factories.Gerai(mpp=own.mpp))
    page = client_of("admin_instansi", own).get(reverse("admin:layanan_layanan_changelist"))
    assert list(page.context["cl"].result_list) == []
    assert list(Layanan.objects.managed_by(client_of_user("pengelola", own))) == [neighbour]


def client_of_user(peran, gerai):
    return factories.Penugasan(peran=peran, mpp=gerai.mpp).pengguna


@pytest.mark.parametrize("peran", ["pengelola", "admin_instansi"])
def test_choices_and_suggestions_are_own_places(peran, own, foreign):
    client = client_of(peran, own)
    ask = {"app_label": "layanan", "model_name": "layanan", "field_name": "gerai", "term": ""}
    found = client.get(reverse("admin:autocomplete"), ask).json()["results"]
    assert [row["id"] for row in found] == [str(own.pk)]


@pytest.mark.parametrize("peran", ["pengelola", "admin_instansi"])
def test_saving_into_a_foreign_gerai_is_refused_with_a_sentence(peran, own, foreign):
    mine = factories.Layanan(gerai=own)
    client = client_of(peran, own)
    form = typed(client.get(change("layanan", mine)), "layanan_form", gerai=foreign.pk)
    answer = client.post(change("layanan", mine), form)
    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors == {"gerai": ["Tempat ini bukan di bawah pengelolaan Anda."]}
    mine.refresh_from_db()
    assert mine.gerai == own


def test_server_refuses_what_a_form_forgot(own, foreign):
    who = Access.of(client_of_user("pengelola", own))
    assert who.may("change", Layanan, factories.Layanan(gerai=own))
    assert not who.may("change", Layanan, factories.Layanan(gerai=foreign))
    assert not who.may("change", Layanan, Layanan())


def test_role_of_one_mall_gives_nothing_in_the_other(own, foreign):
    """Pengelola here and admin instansi there: there only what an admin instansi may."""
    person = client_of_user("pengelola", own)
    factories.Penugasan(pengguna=person, peran="admin_instansi", gerai=foreign)
    client = PageClient()
    client.force_login(person)
    answer = client.post(reverse("admin:layanan_loket_add"), {"gerai": foreign.pk, "nomor": 7, "aktif": "on"})
    assert answer.context["adminform"].form.errors == {"__all__": ["Tempat ini bukan di bawah pengelolaan Anda."]}
    client.post(reverse("admin:layanan_loket_add"), {"gerai": own.pk, "nomor": 7, "aktif": "on"})
    assert list(Loket.objects.values_list("gerai", "nomor")) == [(own.pk, 7)]


def test_admin_instansi_sets_hours_and_telephone_and_not_where_the_gerai_stands(own):
    client = client_of("admin_instansi", own)
    form = typed(
        client.get(change("gerai", own)),
        "gerai_form",
        telepon="0511 123456",
        lantai="9",
        **{
            "jam-TOTAL_FORMS": 1,
            "jam-0-hari": 0,
            "jam-0-buka": "08:00",
            "jam-0-tutup": "12:00",
            "jam-0-musim": "biasa",
        },
    )
    client.post(change("gerai", own), form)
    own.refresh_from_db()
    assert (own.telepon, own.lantai) == ("0511 123456", 1)
    assert [str(row) for row in JamBuka.objects.filter(gerai=own)] == ["Senin 08.00–12.00"]


def test_pengelola_cannot_rename_the_mall_or_its_address_on_the_web(own):
    client = client_of("pengelola", own)
    form = typed(client.get(change("mpp", own.mpp)), "mpp_form", slug="lain", nama="Lain", alamat="Jalan Baru 1")
    client.post(change("mpp", own.mpp), form)
    before = own.mpp.slug
    own.mpp.refresh_from_db()
    assert (own.mpp.slug, own.mpp.alamat) == (before, "Jalan Baru 1")


@pytest.mark.parametrize(
    ("peran", "given"),
    [
        ("petugas_informasi", True),
        ("koordinator", True),
        ("pengelola", False),
        ("inspektorat", False),
        ("pimpinan", False),
    ],
)
def test_pengelola_gives_roles_that_work_under_them(peran, given, own):
    person = factories.Penugasan(peran="penyelia", mpp=own.mpp).pengguna
    answer = client_of("pengelola", own).post(
        reverse("admin:layanan_penugasan_add"),
        {"pengguna": person.pk, "peran": peran, "mpp": own.mpp.pk, "mulai_0": "2026-01-01", "mulai_1": "08:00"},
    )
    assert (answer.status_code == 302) is given
    assert Penugasan.objects.filter(pengguna=person, peran=peran).exists() is given


def test_pengelola_makes_an_account_that_works_in_their_mall(own):
    client = client_of("pengelola", own)
    url = reverse("admin:mpp_portal_pengguna_add")
    form = typed(
        client.get(url),
        "pengguna_form",
        username="loket.baru",
        nama="Petugas Baru",
        password1="kata-sandi-panjang-7",
        password2="kata-sandi-panjang-7",
        is_superuser="on",
        is_staff="on",
    )
    without_place = client.post(url, form)
    assert without_place.status_code == 200
    place = {"penugasan-0-peran": "petugas_loket", "penugasan-0-gerai": own.pk}
    start = {"penugasan-0-mulai_0": "2026-01-01", "penugasan-0-mulai_1": "08:00"}
    client.post(url, form | place | start)
    made = Pengguna.objects.get(username="loket.baru")
    assert (made.nama, made.is_superuser, made.is_staff, made.penugasan.get().gerai) == (
        "Petugas Baru",
        False,
        False,
        own,
    )


@pytest.mark.parametrize("beyond", ["superuser", "inspektorat", "elsewhere"])
def test_pengelola_cannot_take_over_an_account_with_more_power(beyond, own, foreign):
    person = factories.Penugasan(peran="petugas_loket", gerai=own).pengguna
    client = client_of("pengelola", own)
    password = reverse("admin:auth_user_password_change", args=[person.pk])
    assert client.get(password).status_code == 200
    if beyond == "superuser":
        Pengguna.objects.filter(pk=person.pk).update(is_superuser=True)
    elif beyond == "inspektorat":
        factories.Penugasan(pengguna=person, peran="inspektorat", mpp=own.mpp)
    else:
        factories.Penugasan(pengguna=person, peran="petugas_loket", gerai=foreign)
    assert client.get(password).status_code == 403
    page = reverse("admin:mpp_portal_pengguna_change", args=[person.pk])
    assert client.post(page, {"username": "x", "email": "x@contoh.id"}).status_code == 403
    person.refresh_from_db()
    assert person.email == ""


def test_role_that_has_ended_opens_nothing(own):
    client = client_of("pengelola", own)
    assert client.get(reverse("admin:index")).status_code == 200
    Penugasan.objects.update(selesai="2021-01-01T00:00:00Z")
    assert client.get(reverse("admin:index")).status_code == 302
    assert client.get(reverse("admin:login")).status_code == 403


def test_flags_on_the_account_open_nothing():
    client = PageClient()
    client.force_login(factories.Pengguna(is_staff=True))
    assert client.get(reverse("admin:login")).status_code == 403


def test_closure_of_a_whole_mall_is_not_an_admin_instansis(own):
    url = reverse("admin:layanan_penutupan_add")
    when = {
        "mulai_0": "2026-12-01",
        "mulai_1": "08:00",
        "selesai_0": "2026-12-01",
        "selesai_1": "12:00",
        "alasan": "Listrik",
    }
    client = client_of("admin_instansi", own)
    assert client.post(url, when | {"mpp": own.mpp.pk}).status_code == 200
    assert client.post(url, when | {"gerai": own.pk}).status_code == 302
    assert [(row.mpp, row.gerai) for row in Penutupan.objects.all()] == [(None, own)]


def test_secret_link_of_a_visit_is_not_reachable_through_the_admin(own):
    """Django's shortcut to any row's page would answer with the link that only the visitor knows."""
    from django.contrib.contenttypes.models import ContentType

    visit = factories.Kunjungan(mpp=own.mpp)
    client = client_of("pengelola", own)
    kind = ContentType.objects.get_for_model(visit)
    assert client.get(f"/admin/r/{kind.pk}/{visit.pk}/").status_code == 404
    page = client.get(reverse("admin:antrean_kunjungan_change", args=[visit.pk])).content.decode()
    assert visit.kode in page
    assert visit.rahasia not in page


def test_queue_cannot_be_moved_by_hand(own):
    tiket = factories.Tiket(antrean=factories.Antrean(gerai=own))
    client = PageClient()
    client.force_login(factories.Pengguna(is_superuser=True))
    url = reverse("admin:antrean_tiket_change", args=[tiket.pk])
    assert client.get(url).status_code == 200
    assert client.post(url, {"status": "selesai"}).status_code == 403
    assert client.post(reverse("admin:antrean_tiket_delete", args=[tiket.pk]), {"post": "yes"}).status_code == 403
    assert client.post(reverse("admin:antrean_tiket_add"), {}).status_code == 403
    tiket.refresh_from_db()
    assert tiket.status == "menunggu"


def test_national_lists_are_read_where_one_chooses_from_them_and_edited_by_superusers(own):
    jenis = factories.JenisLayanan()
    client = client_of("admin_instansi", own)
    assert client.get(change("jenislayanan", jenis)).status_code == 200
    assert client.post(change("jenislayanan", jenis), {"nama": "Lain"}).status_code == 403
    assert client.get(reverse("admin:layanan_wilayah_changelist")).status_code == 403
    assert Gerai.objects.count() == 1
