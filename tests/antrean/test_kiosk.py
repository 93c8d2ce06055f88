"""The kiosk: from a touch to a number, priority without papers, a booking's code, and what it refuses."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from antrean import actions
from antrean.models import Cetakan, Pemesanan, Tiket
from mpp_portal.models import Peristiwa
from tests import factories
from tests.antrean.conftest import minutes
from tests.antrean.hall import staff
from tests.antrean.test_devices import pair
from tests.client import Page

pytestmark = pytest.mark.django_db
START = "/antrean/anjungan/"


@pytest.fixture
def kiosk(hall):
    """The browser of a paired kiosk whose own browser prints."""
    anjungan = factories.Perangkat(mpp=hall.mpp, token="", nama="Pintu utama")
    return pair(actions.offer_code(anjungan, by=None))[0]


def take_url(hall):
    return reverse("antrean:kiosk_take", args=[hall.gerai.instansi.slug, hall.layanan.jenis.slug])


def take(kiosk, hall, **changes):
    """Press the button of the form as the page shows it."""
    (form,) = Page(kiosk.get(take_url(hall)).content.decode()).forms
    fields = {name: value[0] for name, value in form["fields"].items() if value} | changes
    return kiosk.post(take_url(hall), fields)


def text(response):
    return " ".join(response.content.decode().split())


def answer(kiosk, tiket, jawab):
    return kiosk.post(reverse("antrean:kiosk_answer", args=[tiket.pk, jawab]), follow=True)


def test_from_the_start_to_a_number(kiosk, hall):
    factories.Persyaratan(layanan=hall.layanan, teks="Fotokopi kartu keluarga")
    services = reverse("antrean:kiosk_services", args=[hall.gerai.instansi.slug])
    assert f'href="{services}"' in text(kiosk.get(START))
    assert f'href="{take_url(hall)}"' in text(kiosk.get(services))
    page = text(kiosk.get(take_url(hall)))
    assert page.index("Fotokopi kartu keluarga") < page.index("Ambil nomor</button>")

    given = take(kiosk, hall, prioritas="lansia", pendampingan="on")
    tiket = Tiket.objects.get()
    assert given.url == reverse("antrean:kiosk_paper", args=[tiket.pk])
    assert (tiket.label, tiket.asal, tiket.prioritas, tiket.cetak) == ("A-001", "anjungan", "lansia", "ditunggu")
    assert tiket.pendampingan
    assert "Nomor Anda A-001" in text(kiosk.get(given.url))


def test_everybody_at_the_kiosk_is_a_new_visitor(kiosk, hall):
    take(kiosk, hall)
    take(kiosk, hall)
    assert list(Tiket.objects.order_by("nomor").values_list("label", flat=True)) == ["A-001", "A-002"]
    assert len(set(Tiket.objects.values_list("kunjungan"))) == 2


def test_the_same_form_twice_is_one_number_on_one_paper(kiosk, hall):
    key = {"kunci": "sama"}
    assert take(kiosk, hall, **key).url == take(kiosk, hall, **key).url
    assert (Tiket.objects.count(), Cetakan.objects.count()) == (1, 1)


def test_a_form_that_is_not_whole_and_a_closed_line_get_a_sentence_and_no_number(kiosk, hall):
    assert "tidak lengkap terkirim" in text(kiosk.post(take_url(hall), {"prioritas": "lansia"}))
    factories.Penutupan(
        mpp=None, gerai=hall.gerai, alasan="Sistem pusat mati",
        mulai=timezone.now() - minutes(60), selesai=timezone.now() + minutes(60),
    )  # fmt: skip
    refused = kiosk.post(take_url(hall), {"kunci": "k", "prioritas": "lansia"})
    assert (refused.status_code, "Sistem pusat mati" in text(refused)) == (409, True)
    (form,) = Page(refused.content.decode()).forms
    assert form["fields"]["prioritas"] == ["lansia"]
    assert not Tiket.objects.exists()


def test_a_number_is_called_once_its_paper_is_out(kiosk, hall):
    take(kiosk, hall)
    hall.open()
    with pytest.raises(actions.Refused, match="Belum ada yang menunggu"):
        hall.do("call_next")
    tiket = Tiket.objects.get()
    assert "Ambil karcis Anda" in text(answer(kiosk, tiket, "ya"))
    assert hall.do("call_next") == tiket
    assert [row.jenis for row in Peristiwa.objects.about(tiket.cetakan.get())] == [
        "cetakan.diminta",
        "cetakan.tercetak",
    ]


def test_paper_that_did_not_come_is_printed_again_as_a_copy_twice_at_most(kiosk, hall):
    take(kiosk, hall)
    tiket = Tiket.objects.get()
    assert "SALINAN" not in text(kiosk.get(reverse("antrean:kiosk_paper", args=[tiket.pk])))
    assert "SALINAN 1" in text(answer(kiosk, tiket, "tidak"))
    assert "SALINAN 2" in text(answer(kiosk, tiket, "tidak"))
    last = answer(kiosk, tiket, "tidak")
    assert (last.status_code, "Karcis belum juga keluar." in text(last)) == (409, True)
    assert list(Cetakan.objects.order_by("salinan").values_list("salinan", "status")) == [
        (0, "gagal"),
        (1, "gagal"),
        (2, "menunggu"),
    ]
    answer(kiosk, tiket, "ya")
    tiket.refresh_from_db()
    assert tiket.cetak == "keluar"


def test_one_may_go_on_without_paper(kiosk, hall):
    take(kiosk, hall)
    tiket = Tiket.objects.get()
    assert "berlaku tanpa karcis" in text(answer(kiosk, tiket, "tanpa"))
    hall.open()
    assert hall.do("call_next") == tiket


def test_the_desk_hands_over_what_the_kiosk_did_not_print(kiosk, hall):
    take(kiosk, hall)
    tiket = Tiket.objects.get()
    desk = staff("petugas_informasi", mpp=hall.mpp)
    page = reverse("antrean:desk_tiket", args=[hall.mpp.slug, tiket.pk])
    assert "belum pasti keluar" in text(desk.get(page))
    done = desk.post(reverse("antrean:desk_hand_over", args=[hall.mpp.slug, tiket.pk]), follow=True)
    assert "Nomor A-001 dipanggil menurut gilirannya." in text(done)
    assert "belum pasti keluar" not in text(done)
    assert [row.jenis for row in Peristiwa.objects.about(tiket)] == ["tiket.diambil", "tiket.diserahkan"]
    assert Cetakan.objects.get().status == "gagal"  # nothing comes out of the kiosk later
    hall.open()
    assert hall.do("call_next") == tiket


def test_a_ticket_of_another_kiosk_is_not_shown(kiosk, hall):
    other = factories.Cetakan(tiket=factories.Tiket(antrean=hall.antrean))
    assert kiosk.get(reverse("antrean:kiosk_paper", args=[other.tiket_id])).status_code == 404
    assert answer(kiosk, other.tiket, "ya").status_code == 404


def test_a_kiosk_of_one_floor_offers_what_is_there(hall):
    upstairs = factories.Layanan(gerai=factories.Gerai(mpp=hall.mpp, lantai=5))
    anjungan = factories.Perangkat(mpp=hall.mpp, token="", lantai=5)
    page = text(pair(actions.offer_code(anjungan, by=None))[0].get(START))
    assert upstairs.gerai.instansi.singkatan in page
    assert f"<b>{hall.gerai.instansi.singkatan}</b>" not in page


@pytest.fixture
def booked(hall):
    mulai = timezone.now().replace(second=0, microsecond=0)
    slot = factories.Slot(antrean=hall.antrean, mulai=mulai)
    return factories.Pemesanan(slot=slot, layanan=hall.layanan, prioritas="hamil")


def typed(kiosk, **fields):
    return kiosk.post("/antrean/anjungan/jadwal/", fields)


def test_who_booked_types_the_code_and_gets_the_promised_turn(kiosk, hall, booked):
    code = booked.kunjungan.kode
    assert "Saya sudah datang" in text(typed(kiosk, kode=code.lower(), cari="1"))
    given = typed(kiosk, kode=code, datang=str(booked.pk))
    tiket = Pemesanan.objects.get().tiket
    assert given.url == reverse("antrean:kiosk_paper", args=[tiket.pk])
    assert (tiket.prioritas, tiket.giliran_pada, tiket.cetak) == ("hamil", booked.slot.mulai, "")
    hall.open()
    assert hall.do("call_next") == tiket  # its number stands on its holder's own page as well
    assert tiket.label in text(typed(kiosk, kode=code, cari="1"))


def test_a_scanner_types_the_link_of_the_visit(kiosk, booked):
    link = f"https://mpp.contoh.id{booked.kunjungan.get_absolute_url()}"
    assert f'value="{booked.pk}"' in text(typed(kiosk, kode=link, cari="1"))


def test_the_keypad_types_without_javascript(kiosk, booked):
    code = ""
    for letter in booked.kunjungan.kode:
        code = Page(typed(kiosk, kode=code, ketik=letter).content.decode()).forms[0]["fields"]["kode"][0]
    assert "Saya sudah datang" in text(typed(kiosk, kode=code, cari="1"))
    assert 'value="AC"' in text(typed(kiosk, kode="ACD", ketik="hapus"))


@pytest.mark.parametrize(
    ("code", "said"), [("", "yang masih kurang"), ("ACD", "yang masih kurang"), ("ACDEFH", "Tidak ada jadwal hari ini")]
)
def test_a_code_that_leads_nowhere_gets_a_sentence_and_stays(kiosk, booked, code, said):
    page = typed(kiosk, kode=code, cari="1")
    assert said in text(page)
    assert f'value="{code}"' in text(page)


def test_a_code_of_another_mall_leads_nowhere(kiosk):
    other = factories.Pemesanan()
    assert "Tidak ada jadwal hari ini" in text(typed(kiosk, kode=other.kunjungan.kode, cari="1"))
    assert typed(kiosk, kode=other.kunjungan.kode, datang=str(other.pk)).status_code == 200
    assert not Tiket.objects.exists()


def test_an_english_page_goes_back_to_the_indonesian_start(kiosk, hall):
    page = text(kiosk.get(f"/en{START}"))
    assert "Touch the office you have come for." in page
    assert f'data-mpp-idle-to="{START}"' in page


def test_no_page_of_the_kiosk_opens_elsewhere(hall):
    assert Client().get(take_url(hall)).url == "/antrean/perangkat/"


def test_the_start_costs_the_same_with_one_gerai_and_with_three(kiosk, hall, django_assert_max_num_queries):
    for _n in range(2):
        gerai = factories.Gerai(mpp=hall.mpp)
        factories.Antrean(gerai=gerai, layanan=[factories.Layanan(gerai=gerai)], loket=[factories.Loket(gerai=gerai)])
    with django_assert_max_num_queries(9):
        kiosk.get(START)
