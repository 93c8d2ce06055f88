"""The hall's display, and what the queue shows on the catalogue's pages and to staff at the start."""

import re

from django.conf import settings
from django.core.cache import cache
from django.test import Client, RequestFactory
from django.urls import reverse

from antrean import actions
from antrean.models import Perangkat
from layanan.models import Mpp
from mpp_portal import portal
from tests import factories
from tests.antrean.test_devices import pair


def text(response) -> str:
    return " ".join(response.content.decode().split())


def shown(hall) -> str:
    return text(Client().get(reverse("antrean:calls", args=[hall.mpp.slug])))


def current(page: str) -> list[int]:
    return [int(urut) for urut in re.findall(r'data-mpp-call="(\d+)"', page)]


def test_an_empty_hall_has_words(hall):
    page = text(Client().get(reverse("antrean:display", args=[hall.mpp.slug])))
    assert "Belum ada panggilan hari ini." in page
    assert "Belum ada loket yang buka." in page


def test_a_call_stands_on_the_stage_with_loket_and_floor(hall):
    hall.open()
    hall.ticket(prioritas="hamil")
    hall.do("call_next")
    page = text(Client().get(reverse("antrean:display", args=[hall.mpp.slug])))
    stage = page[page.index("data-mpp-stage") : page.index("</section>")]
    assert "A-001" in stage
    assert "<strong>Loket 1</strong> <span>lantai 2</span>" in stage
    assert hall.gerai.instansi.singkatan in stage


def test_nothing_personal_is_shown(hall):
    hall.open()
    tiket = hall.ticket(prioritas="hamil")
    hall.do("call_next")
    page = text(Client().get(reverse("antrean:display", args=[hall.mpp.slug]))) + shown(hall)
    personal = [hall.layanan.jenis.nama, "hamil", tiket.kunjungan.kode, tiket.kunjungan.rahasia, str(hall.petugas)]
    assert [word for word in personal if word in page] == []


def test_only_calls_that_still_hold_can_be_announced_each_by_its_last_number(hall):
    hall.open()
    hall.ticket()
    hall.ticket()
    hall.do("call_next")
    hall.do("recall")
    assert current(shown(hall)) == [2]
    assert 'data-mpp-newest="2"' in shown(hall)
    hall.do("start")
    assert current(shown(hall)) == []
    hall.do("finish_and_next")
    assert current(shown(hall)) == [3]


def test_a_loket_that_pauses_is_on_break_and_not_closed(hall):
    hall.open()
    hall.do("pause", alasan="gangguan")
    page = shown(hall)
    assert '<span class="tabular">istirahat</span>' in page
    assert "tutup" not in page.lower()
    assert "gangguan" not in page


def test_calls_that_were_missed_come_in_their_order(hall):
    hall.open()
    second = factories.Loket(gerai=hall.gerai)
    hall.antrean.loket.add(second)
    colleague = factories.Penugasan(peran="petugas_loket", gerai=hall.gerai).pengguna
    actions.open_loket(second, by=colleague)
    hall.ticket()
    hall.ticket()
    hall.do("call_next")
    actions.call_next(second, by=colleague)
    assert current(shown(hall)) == [1, 2]
    assert shown(hall).index("A-001") < shown(hall).rindex("A-002")


def test_a_display_shows_its_own_mall_only(hall):
    other = factories.Mpp()
    hall.open()
    hall.ticket()
    hall.do("call_next")
    page = text(Client().get(reverse("antrean:calls", args=[other.slug])))
    assert current(page) == []
    assert "A-001" not in page


def test_the_display_costs_the_same_with_one_call_and_with_three(hall, django_assert_num_queries):
    hall.open()
    hall.ticket()
    hall.do("call_next")
    with django_assert_num_queries(3):
        shown(hall)
    for _n in range(2):
        hall.ticket()
        loket = factories.Loket(gerai=hall.gerai)
        hall.antrean.loket.add(loket)
        petugas = factories.Penugasan(peran="petugas_loket", gerai=hall.gerai).pengguna
        actions.open_loket(loket, by=petugas)
        actions.call_next(loket, by=petugas)
    with django_assert_num_queries(2):  # the mall itself is known by now
        assert current(shown(hall)) == [1, 2, 3]


def test_nothing_new_costs_an_empty_answer(hall):
    client, url = Client(), reverse("antrean:calls", args=[hall.mpp.slug])
    first = client.get(url)
    assert client.get(url, headers={"If-None-Match": first["ETag"]}).status_code == 304


def test_a_services_page_leads_to_the_number(hall):
    hall.ticket()
    page = text(Client().get(hall.layanan.get_absolute_url()))
    assert "1 orang menunggu · perkiraan tunggu 5–15 menit" in page
    assert "Ambil nomor di aula" in page
    here = text(hall.phone().get(hall.layanan.get_absolute_url()))
    assert f'href="{hall.url("take")}"' in here
    assert "Ambil nomor di aula" not in here


def test_a_services_page_without_a_line_says_so(hall):
    other = factories.Layanan(gerai=hall.gerai)
    assert "tidak memakai nomor antrean dari portal ini" in text(Client().get(other.get_absolute_url()))


def test_a_malls_page_shows_its_lines_at_the_same_cost(hall, django_assert_num_queries):
    request = RequestFactory().get("/")
    hall.ticket()
    with django_assert_num_queries(6):
        (panel,) = portal.panels("mpp", request, mpp_id=hall.mpp.pk)
    for huruf in "FH":
        gerai = factories.Gerai(mpp=hall.mpp)
        line = factories.Antrean(gerai=gerai, huruf=huruf, loket=[factories.Loket(gerai=gerai)])
    factories.Tiket(antrean=line)
    factories.Tiket(antrean=line)
    with django_assert_num_queries(6):
        (panel,) = portal.panels("mpp", request, mpp_id=hall.mpp.pk)
    assert panel.context["giving"] == 3
    assert [(line.antrean.huruf, line.waiting) for line in panel.context["waiting"]] == [("H", 2), ("A", 1)]
    assert "2 menunggu" in text(Client().get(hall.mpp.get_absolute_url()))


def test_a_mall_without_lines_has_no_panel(db):
    assert portal.panels("mpp", RequestFactory().get("/"), mpp_id=factories.Mpp().pk) == []


def test_staff_begin_with_what_is_theirs(hall):
    def titles(user) -> list[str]:
        return [entry.title for entry in portal.staff_entries(user)]

    at_desk = factories.Penugasan(peran="petugas_informasi", mpp=hall.mpp).pengguna
    manager = factories.Penugasan(peran="pengelola", mpp=hall.mpp).pengguna
    assert titles(hall.petugas) == ["Buka loket", "Tutup hari ini"]
    hall.open()
    assert titles(hall.petugas) == ["Loket 1", "Tutup hari ini"]
    assert titles(at_desk) == ["Meja informasi", "Layar panggilan", "Layar QR aula", "Terima laporan"]
    own = ["Angka antrean", "Layar panggilan", "Layar QR aula", "Tutup hari ini"]
    assert [title for title in titles(manager) if title in own] == own
    assert titles(factories.Pengguna()) == []


def test_a_display_of_one_floor_shows_that_floor_and_goes_on_asking_for_it(hall):
    hall.open()
    hall.ticket()
    hall.do("call_next")
    url = reverse("antrean:calls", args=[hall.mpp.slug])
    for floor, calls in (("2", [1]), ("3", []), ("", [1]), ("x", [1])):
        page = text(Client().get(f"{url}?lantai={floor}"))
        assert current(page) == calls, floor
        assert ("A-001" in page) is bool(calls)
        assert (f'data-mpp-fragment="{url}?lantai={floor}"' in page) is floor.isdigit()
    whole = text(Client().get(reverse("antrean:display", args=[hall.mpp.slug]) + "?lantai=3"))
    assert "lantai 3</h1>" in whole


def test_a_call_carries_what_is_said_of_it(hall):
    hall.open()
    hall.ticket()
    hall.do("call_next")
    assert 'data-mpp-spoken="A-001 1 2"' in shown(hall)


def test_calls_are_spoken_in_english_too_where_the_mall_wants_it(hall):
    url = reverse("antrean:display", args=[hall.mpp.slug])
    assert 'data-mpp-sound="id id"' in text(Client().get(url))
    hall.mpp.suara_inggris = True
    hall.mpp.save()
    assert 'data-mpp-sound="id id en"' in text(Client().get(url))


def test_a_display_says_and_shows_the_second_language_that_it_was_given(hall):
    hall.open()
    hall.ticket()
    hall.do("call_next")
    layar = factories.Perangkat(mpp=hall.mpp, jenis="layar", lantai=2, token="")
    display, answer = pair(actions.offer_code(layar, by=None))
    words = "Number A-001, please go to counter 1, floor 2"
    for mall, own, english in ((False, "", 0), (False, "en", 1), (True, "", 1), (True, "id", 0)):
        Perangkat.objects.update(bahasa=own)
        Mpp.objects.update(suara_inggris=mall)
        cache.clear()
        page = text(display.get(answer.url))
        assert (f'data-mpp-sound="id id{" en" * english}"' in page, page.count(words)) == (True, 2 * english)
        fragment = display.get(re.search(r'data-mpp-fragment="([^"]+layar[^"]+)"', page)[1].replace("&amp;", "&"))
        assert text(fragment).count(words) == english
        assert ("Open counters" in text(fragment)) is bool(english)
    in_english = text(Client().get(f"/en/antrean/layar/{hall.mpp.slug}/?bahasa=en"))
    assert 'data-mpp-sound="id id en"' in in_english
    assert words not in in_english  # it is all in English already


def test_what_is_no_language_is_the_malls_own(hall):
    url = reverse("antrean:display", args=[hall.mpp.slug])
    assert "bahasa=" not in text(Client().get(f"{url}?bahasa=jw"))


def test_every_word_a_call_needs_has_its_clip():
    """Letters, digits, and the words that numbers up to 999 are made of, in both languages."""
    same = {*"abcdefghijklmnopqrstuvwxyz0123456789", "10", "11", "nomor", "menuju", "lantai", "ratus"}
    own = {"id": {"belas", "puluh", "100"}, "en": {str(n) for n in (*range(12, 21), *range(30, 100, 10))}}
    for language, words in own.items():
        folder = settings.BASE_DIR / "static/suara" / language
        assert {path.stem for path in folder.glob("*.mp3")} == same | words
        assert all(path.stat().st_size > 1000 for path in folder.glob("*.mp3"))


def test_a_paired_display_is_heard_every_minute_and_a_visitors_is_not(hall):
    layar = factories.Perangkat(mpp=hall.mpp, jenis="layar", token="")
    display, _answer = pair(actions.offer_code(layar, by=None))
    page = reverse("antrean:display", args=[hall.mpp.slug])
    heard = f'data-mpp-fragment="{reverse("antrean:heard")}"'
    assert heard in text(display.get(page))
    assert heard not in text(Client().get(page))
    Perangkat.objects.update(last_seen_at=None)
    assert heard in text(display.get(reverse("antrean:heard")))
    assert Perangkat.objects.get().last_seen_at is not None
