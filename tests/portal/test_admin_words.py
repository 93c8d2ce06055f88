"""The admin speaks to people: names instead of ids and codes, in both languages."""

import ast

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils import translation

from antrean.models import Tiket
from antrean.states import Status
from layanan.admin import kabar, riwayat
from mpp_portal.notifikasi import registry
from tests import factories
from tests.client import PageClient
from tests.test_consistency import OWN_APPS, ROOT, own_models, python_files

STEPS = {("Tiket dipanggil ulang", "Ticket called again"): "tiket.dipanggil_ulang",
         ("Tiket kembali menunggu", "Ticket back in line"): "tiket.menunggu",
         ("Jam buka diubah", "Opening hours changed"): "jambuka.diubah",
         ("Loket dibuka", "Counter opened"): "loket.dibuka"}  # fmt: skip


@pytest.fixture
def client():
    client = PageClient()
    client.force_login(factories.Pengguna(nama="Sari Dewi", is_superuser=True))
    return client


def written_kinds():
    """What `record` and `move` are called with in the code, as far as it stands there as plain text."""
    for path in (path for path in python_files() if path.relative_to(ROOT).parts[0] in OWN_APPS):
        for call in (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)):
            name = getattr(call.func, "id", getattr(call.func, "attr", ""))
            if name == "record" and call.args and isinstance(call.args[0], ast.Constant):
                yield call.args[0].value
            if name == "move":
                yield from (f"tiket.{word.value.value}" for word in call.keywords if word.arg == "event")


def test_everything_that_is_recorded_has_words():
    kinds = {*written_kinds(), *(kind.jenis for kind in registry.kinds()), *(f"tiket.{status}" for status in Status)}
    assert {kind for kind in kinds if kind.partition(".")[2] not in riwayat.VERBS} == set()
    assert {"loket.dibuka", "tiket.diambil", "tiket.tidak_hadir", "pesan.dicoba_lagi", "tiket.hangus"} <= kinds


@pytest.mark.parametrize("said", STEPS)
def test_a_step_is_said_in_the_language_of_the_page(said):
    assert riwayat.words(STEPS[said]) == said[0]
    with translation.override("en"):
        assert riwayat.words(STEPS[said]) == said[1]


def test_a_webhook_is_offered_events_in_the_language_of_the_page():
    with translation.override("en"):
        offered = dict(kabar.kind_choices())
    assert offered["tiket.dipanggil"] == "Ticket called"
    assert offered["tiket.tidak_hadir"] == "Ticket absent"


@pytest.mark.django_db
def test_history_of_a_ticket_names_its_states(client):
    tiket = factories.Tiket()
    for dari, ke in (("", "menunggu"), ("menunggu", "dipanggil")):
        factories.Peristiwa(jenis=f"tiket.{ke}", subjek="antrean.tiket", subjek_id=tiket.pk, dari=dari, ke=ke)
    page = client.get(f"/en/admin/antrean/tiket/{tiket.pk}/history/").content.decode()
    assert "Ticket back in line: waiting" in page
    assert "Ticket called: waiting → called" in page


def test_names_of_many_rows_are_plural_in_english():
    with translation.override("en"):
        names = {model.__name__: (model._meta.verbose_name, model._meta.verbose_name_plural) for model in own_models()}
        same = {name for name, (one, many) in names.items() if str(one) == str(many)}
        assert [str(name) for name in names["Penutupan"]] == ["closure", "closures"]
    assert same == {"JamBuka", "Persyaratan"}  # "opening hours" and "requirements" are many already
    assert len(names) >= 26


@pytest.mark.django_db
def test_a_page_about_deleting_names_what_goes_along(client):
    gerai = factories.Gerai()
    layanan, loket = factories.Layanan(gerai=gerai), factories.Loket(gerai=gerai, nomor=7)
    antrean = factories.Antrean(gerai=gerai, huruf="K", nama="Kartu", layanan=[layanan], loket=[loket])
    page = client.get(reverse("admin:antrean_antrean_delete", args=[antrean.pk])).content.decode()
    assert "K · Kartu – Loket 7" in page
    assert f"K · Kartu – {layanan}" in page
    assert " object (" not in page


def test_no_join_table_is_left_without_words():
    joins = [model for model in apps.get_models(include_auto_created=True) if model._meta.auto_created]
    assert {model for model in joins if model.__str__ is Tiket.__base__.__str__} == set()
    assert len(joins) >= 4


@pytest.mark.django_db
def test_the_menu_names_who_is_logged_in(client):
    assert "Sari Dewi" in client.get(reverse("admin:index")).content.decode()
    nameless = factories.Pengguna(nama="", username="loket.tiga")
    assert (nameless.get_full_name(), nameless.get_short_name()) == ("loket.tiga", "loket.tiga")
