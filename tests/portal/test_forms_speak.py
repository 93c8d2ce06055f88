"""How every form asks: the label, what helps, what is wrong, and only then the field."""

import re

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory

from antrean.forms.warga import TakeForm
from tests.client import Page, PageClient


class Questions(forms.Form):
    nama = forms.CharField(label="Nama", help_text="Seperti di KTP.")
    jumlah = forms.TypedChoiceField(
        label="Berapa orang?",
        choices=[(1, "satu"), (1000, "seribu")],
        widget=forms.RadioSelect,
        help_text="Dengan bayi.",
    )
    kota = forms.ChoiceField(label="Kota", choices=[("a", "Kota A")])
    setuju = forms.BooleanField(label="Saya setuju", help_text="Boleh ditarik kembali.")
    kunci = forms.CharField(widget=forms.HiddenInput, required=False)


def shown(form):
    template = Template("{% load crispy_forms_tags %}{{ form|crispy }}")
    return template.render(Context({"form": form, "request": RequestFactory().get("/")}))


def in_order(text, *pieces):
    places = [text.index(piece) for piece in pieces]
    assert places == sorted(places), dict(zip(pieces, places, strict=True))


def test_help_and_faults_stand_between_the_label_and_the_field():
    text = shown(Questions({"kota": "b"}))
    in_order(text, ">Nama</label>", "Seperti di KTP.", 'id="id_nama_error"', '<input type="text" name="nama"')
    in_order(text, ">Berapa orang?</legend>", "Dengan bayi.", 'id="id_jumlah_error"', 'value="1"', 'value="1000"')
    in_order(text, ">Kota</label>", 'id="id_kota_error"', '<select name="kota"')
    in_order(text, "Boleh ditarik kembali.", 'id="id_setuju_error"', 'name="setuju"', ">Saya setuju</label>")


def test_a_field_names_its_help_and_its_fault():
    text = shown(Questions({}))
    page = Page(text)
    described = re.findall(r'aria-describedby="([^"]*)"', text)
    assert described == ["id_nama_helptext id_nama_error", "id_jumlah_helptext id_jumlah_error", "id_kota_error",
                         "id_setuju_helptext id_setuju_error"]  # fmt: skip
    assert {name for names in described for name in names.split()} <= set(page.ids)
    assert page.faults() == []


def test_a_refused_form_says_so_above_with_a_way_to_each_field():
    text = shown(Questions({"nama": "Sari"}))
    summary = text[: text.index(">Nama</label>")]
    assert re.findall(r'<a href="#(\w+)">([^<]+)</a>', summary) == [
        ("id_jumlah", "Berapa orang?"),
        ("id_kota", "Kota"),
        ("id_setuju", "Saya setuju"),
    ]
    assert all(target in Page(text).ids for target in ("id_jumlah", "id_kota", "id_setuju"))
    assert re.search(r'role="alert" tabindex="-1" autofocus', summary)


@pytest.mark.django_db
@pytest.mark.parametrize("url", ["/akun/login/", "/akun/password/reset/"])
def test_nothing_stands_where_staff_type(url):
    assert "placeholder=" not in PageClient().get(url).content.decode()


def test_an_untouched_form_has_nothing_to_complain_about():
    text = shown(Questions())
    assert "role=" not in text
    assert "_error" not in text


@pytest.mark.django_db
def test_the_priority_question_explains_itself_before_its_answers():
    form = TakeForm({"kunci": "x", "prioritas": "lansia"})
    text = shown(form)
    in_order(text, ">Perlu didahulukan?</legend>", "Cukup diberitahukan", 'value=""', 'value="lansia"')
    assert re.search(r'value="lansia" id="\w+" checked', text)
