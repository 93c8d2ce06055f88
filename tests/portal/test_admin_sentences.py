"""A broken constraint is a sentence at its field, never a constraint's name and never a 500."""

import pytest
from django.contrib import admin
from django.urls import reverse

from layanan.admin.base import ReadOnlyAdmin
from layanan.admin.sentences import SENTENCES
from layanan.admin.standar import OrderedInline
from tests import factories
from tests.client import PageClient

pytestmark = pytest.mark.django_db


def edited_models():
    for model, page in admin.site._registry.items():
        if not isinstance(page, ReadOnlyAdmin):
            yield model
            yield from (inline.model for inline in page.inlines if not issubclass(inline, OrderedInline))


def test_every_constraint_that_a_form_can_break_has_a_sentence():
    names = {constraint.name for model in edited_models() for constraint in model._meta.constraints}
    assert names == set(SENTENCES)
    assert len(names) == 74


def post(url_name, **data):
    client = PageClient()
    client.force_login(factories.Pengguna(is_superuser=True))
    answer = client.post(reverse(f"admin:{url_name}"), data)
    assert answer.status_code == 200
    return answer.context["adminform"].form.errors


def test_loket_number_taken_elsewhere_in_the_mall():
    taken = factories.Loket()
    neighbour = factories.Gerai(mpp=taken.mpp)
    errors = post("layanan_loket_add", gerai=neighbour.pk, nomor=taken.nomor)
    assert errors == {"nomor": ["Nomor loket ini sudah dipakai di MPP itu."]}


def test_letter_taken_in_the_mall_and_services_of_another_gerai():
    line = factories.Antrean()
    gerai = factories.Gerai(mpp=line.mpp)
    other = factories.Layanan(gerai=line.gerai)
    sizes = {"menit_layanan": 10, "bobot_menit": 0, "batas_tunggu": 60, "ambil_sejak_menit": 60}
    data = {"gerai": gerai.pk, "huruf": line.huruf, "nama": "Lain", "mode": "milik_mpp"} | sizes
    assert post("antrean_antrean_add", **data) == {"huruf": ["Huruf ini sudah dipakai antrean lain di MPP itu."]}
    errors = post("antrean_antrean_add", **data | {"huruf": "Z", "layanan": other.pk})
    assert errors == {"layanan": [f"Pilih hanya yang ada di gerai {gerai}."]}


def test_closure_names_one_target_and_ends_after_it_begins():
    gerai = factories.Gerai()
    when = {"mulai_0": "2026-12-01", "mulai_1": "12:00", "selesai_0": "2026-12-01", "selesai_1": "08:00"}
    assert post("layanan_penutupan_add", mpp=gerai.mpp.pk, gerai=gerai.pk, alasan="Rapat", **when) == {
        "selesai": ["Waktu selesai harus sesudah waktu mulai."],
        "__all__": ["Pilih satu saja yang tutup: MPP, gerai, atau layanan."],
    }


def test_two_windows_of_a_day_that_begin_together():
    mpp = factories.Mpp()
    client = PageClient()
    client.force_login(factories.Penugasan(peran="pengelola", mpp=mpp).pengguna)
    window = {"hari": 0, "buka": "08:00", "tutup": "12:00", "musim": "biasa"}
    rows = {f"jam-{n}-{name}": value for n in range(2) for name, value in window.items()}
    data = {"jam-TOTAL_FORMS": 2, "jam-INITIAL_FORMS": 0} | rows
    answer = client.post(reverse("admin:layanan_mpp_change", args=[mpp.pk]), data)
    formset = answer.context["inline_admin_formsets"][0].formset
    assert formset.non_form_errors() == ["Dua baris punya hari dan jam buka yang sama."]
    answer = client.post(reverse("admin:layanan_mpp_change", args=[mpp.pk]), data | {"jam-TOTAL_FORMS": 1})
    assert answer.status_code == 302
    answer = client.post(reverse("admin:layanan_mpp_change", args=[mpp.pk]), data | {"jam-TOTAL_FORMS": 1})
    formset = answer.context["inline_admin_formsets"][0].formset
    assert formset.errors == [{"buka": ["Hari ini sudah punya jam yang mulai pada waktu itu."]}]
