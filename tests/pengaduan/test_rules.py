"""Rules name the office a report should go to, a dry run says how often people agreed, and a person decides."""

import pytest
from django.urls import reverse

from pengaduan import actions, rules
from pengaduan.models import Aturan, Disposisi
from tests import factories
from tests.client import PageClient

from .conftest import MONDAY, fresh
from .test_pages_work import LIST, at, page_of, text

pytestmark = pytest.mark.django_db


def rule(meja, n, kepada=None, **given):
    return factories.Aturan(mpp=meja.mpp, urutan=n, kepada=kepada, **{"kata": "", **given})


def suggested(laporan):
    fit = rules.first(Aturan.objects.read_for(laporan.mpp), laporan)
    return fit and (fit.aturan.urutan, fit.why)


def test_the_first_rule_that_fits_in_all_its_conditions_is_taken(meja):
    one, other = meja.gerai
    rule(meja, 3, other, kata="antri, tutup LEBIH")
    rule(meja, 2, one, kata="tutup", jenis="aspirasi")
    rule(meja, 1, one, tema="biaya")
    rule(meja, 4, None, gerai=one)
    laporan = meja.send().laporan
    assert suggested(laporan) == (3, "kata „tutup LEBIH“")
    laporan.jenis = "aspirasi"
    assert suggested(laporan) == (2, "aspirasi, kata „tutup“")
    laporan.tema = "biaya"
    assert suggested(laporan) == (1, "tema biaya dan pungutan")
    about = meja.send(judul="Kursi", isi="Kurang.").laporan
    assert suggested(about) == (4, f"tentang {one.instansi.singkatan}")
    assert suggested(meja.send(judul="Kursi", isi="Kurang.", gerai=None).laporan) is None


def test_words_are_whole_beginnings_spelt_as_a_search_spells_them(meja):
    rule(meja, 1, kata="KTP, , kartu antrian")
    found = [suggested(meja.send(judul=judul, isi="x").laporan) is not None
             for judul in ("e-KTPnya salah", "Kartu antrean hilang", "Aktpx", "kartu lain, antrean")]  # fmt: skip
    assert found == [True, True, False, False]


def test_a_confidential_complaint_is_not_suggested_to_whom_it_is_about(meja):
    rule(meja, 1, meja.gerai[0], kata="loket")
    rule(meja, 2, None, kata="loket")
    assert suggested(meja.send().laporan)[0] == 1
    secret = meja.send(rahasia=True).laporan
    assert suggested(secret)[0] == 2
    Aturan.objects.filter(urutan=2).update(aktif=False)
    page = at(meja.koordinator).get(page_of(secret))
    assert " checked" not in text(page)[text(page).index("Salurkan kepada") :].split("</fieldset>")[0]


def ticked(page, laporan):
    """What the dispatch sheet has ticked already."""
    sheet = next(sheet for sheet in page.context["sheets"] if sheet["slug"] in ("verifikasi", "salurkan"))
    return sheet["form"]["kepada"].value()


def test_the_form_ticks_the_suggestion_says_why_and_sends_nothing(meja):
    laporan, desk = meja.send().laporan, at(meja.koordinator)
    page = desk.get(page_of(laporan))
    assert ticked(page, laporan) == [str(meja.gerai[0].pk)]
    assert "Pelapor menyebut instansi yang dicentang." in text(page)
    idle = rule(meja, 1, meja.gerai[1], nama="Jam buka", kata="loket", aktif=False)
    assert ticked(desk.get(page_of(laporan)), laporan) == [str(meja.gerai[0].pk)]
    Aturan.objects.filter(pk=idle.pk).update(aktif=True)
    page = desk.get(page_of(laporan))
    assert ticked(page, laporan) == [str(meja.gerai[1].pk)]
    assert "Saran aturan „Jam buka“ (kata „loket“). Anda yang memutuskan." in text(page)
    assert (fresh(laporan).status, Disposisi.objects.count()) == ("diterima", 0)
    actions.verify(laporan, klasifikasi="berkadar", urgensi="rutin", gerai=meja.gerai[1:], by=meja.koordinator)
    assert ticked(desk.get(page_of(laporan)), laporan) == [str(meja.gerai[0].pk)]  # the other has it already


def test_the_dry_run_counts_what_each_rule_caught_and_how_often_people_agreed(meja):
    rule(meja, 1, meja.gerai[0], nama="Loket", kata="loket")
    rule(meja, 2, meja.gerai[1], nama="Kursi", kata="kursi", aktif=False)
    agreed, elsewhere, open_ = meja.routed(0), meja.routed(1), meja.send().laporan
    stray = meja.send(judul="Toilet kotor", isi="Bau.", gerai=None).laporan
    back = meja.routed(0)
    actions.give_back(meja.part(back), "Bukan kami.", by=meja.penghubung[0], now=MONDAY)
    foreign = factories.Laporan()
    desk = at(meja.koordinator)
    page = desk.get(reverse("pengaduan:rules", args=[meja.mpp.slug]))
    found = [(row.aturan.nama, row.caught, row.sent, row.agreed, row.percent) for row in page.context["tallies"]]
    assert found == [("Loket", 4, 2, 1, 50), ("Kursi", 0, 0, 0, None)]
    assert page.context["shown"] == [stray]
    words = text(page)
    assert "50 %" in words
    assert "belum dipakai" in words
    assert "1 laporan tidak tertangkap aturan mana pun." in words
    assert {row.kode for row in (agreed, elsewhere, open_, foreign)} & set(words.split()) == set()
    assert reverse("pengaduan:rules", args=[meja.mpp.slug]) in text(desk.get(LIST))


def test_the_dry_run_asks_as_much_for_one_report_as_for_three(meja, django_assert_max_num_queries):
    rule(meja, 1, meja.gerai[0], kata="loket")
    address, desk = reverse("pengaduan:rules", args=[meja.mpp.slug]), at(meja.koordinator)
    for _ in range(3):
        meja.routed()
    desk.get(address)
    with django_assert_max_num_queries(9):
        desk.get(address)


def test_others_have_no_rules_of_this_mall(meja):
    other = factories.Penugasan(peran="koordinator").pengguna
    address = reverse("pengaduan:rules", args=[meja.mpp.slug])
    assert [at(user).get(address).status_code for user in (other, meja.inspektur, meja.penghubung[0])] == [404] * 3
    assert "Belum ada aturan" in text(at(meja.koordinator).get(address))


# --- In the admin -----------------------------------------------------------------------------------------------------
ADD = "/admin/pengaduan/aturan/add/"


def form(meja, **given):
    return {"mpp": meja.mpp.pk, "urutan": 1, "nama": "Loket", "kata": "loket", "kepada": meja.gerai[0].pk} | given


def test_koordinator_and_pengelola_write_the_rules_of_their_own_mall_only(meja):
    pengelola = factories.Penugasan(peran="pengelola", mpp=meja.mpp).pengguna
    theirs = factories.Aturan()
    for n, user in enumerate((meja.koordinator, pengelola), start=1):
        desk = PageClient()
        desk.force_login(user)
        assert desk.post(ADD, form(meja, urutan=n)).status_code == 302
        assert Aturan.objects.filter(mpp=meja.mpp).count() == n
        refused = desk.post(ADD, form(meja, urutan=9, mpp=theirs.mpp_id))
        assert refused.context["adminform"].form.errors["mpp"] == ["Tempat ini bukan di bawah pengelolaan Anda."]
        shown = desk.get("/admin/pengaduan/aturan/").context["cl"].result_list
        assert theirs not in shown
        assert desk.get(f"/admin/pengaduan/aturan/{theirs.pk}/change/").status_code == 302
    closed = [at(meja.koordinator).get(f"/admin/{page}/").status_code for page in ("layanan/mpp", "layanan/penugasan")]
    assert closed == [403, 403]


def test_a_rule_without_a_condition_or_with_an_office_of_another_mall_is_refused(meja):
    superuser = PageClient()
    superuser.force_login(factories.Pengguna(is_superuser=True))
    answer = superuser.post(ADD, form(meja, kata=""))
    assert answer.context["adminform"].form.errors == {"kata": [
        "Isi paling sedikit satu syarat: jenis, tema, gerai, atau kata."]}  # fmt: skip
    answer = superuser.post(ADD, form(meja, kepada=factories.Gerai().pk))
    assert answer.context["adminform"].form.errors == {"kepada": ["Pilih gerai di MPP yang sama."]}
