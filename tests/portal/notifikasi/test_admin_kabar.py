"""The office sees its own messages, steers them, and words them without breaking them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from layanan.models import Peran
from mpp_portal.models import Peristiwa
from mpp_portal.notifikasi import sending
from mpp_portal.notifikasi.models import Pesan, Templat, Webhook
from tests import factories
from tests.client import PageClient

from .conftest import states

LIST = "admin:notifikasi_pesan_changelist"
TEMPLAT = {"jenis": "tiket.dipanggil", "kelompok": "surel", "bahasa": "id", "judul": "{nomor}", "isi": "Ke {loket}."}


@pytest.fixture
def office(orang):
    """The pengelola of the mall that the person visits, logged in."""
    client = PageClient()
    mpp = orang.tiket.kunjungan.mpp
    client.force_login(factories.Penugasan(peran=Peran.PENGELOLA, mpp=mpp).pengguna)
    return client


def press(client, what, *rows):
    return client.post(reverse(LIST), {"action": what, "_selected_action": [row.pk for row in rows]}, follow=True)


def test_a_parked_message_is_seen_with_its_reason_and_sent_again(orang, office, mailbox):
    orang.asks()
    orang.hears("tiket.dipanggil")
    mailbox.conduct = "550 no such person"
    sending.drain()

    for page in (reverse("admin:index"), reverse(LIST)):
        text = office.get(page).content.decode()
        assert "550 no such person" in text
        assert "b•••@contoh.id" in text
        assert "budi@" not in text
    pesan = Pesan.objects.get()
    link = f"{reverse(LIST)}?id__exact={pesan.pk}"  # only lists have the buttons
    assert link in office.get(reverse("admin:index")).content.decode()
    assert "550 no such person" in office.get(link).content.decode()
    page = office.get(reverse("admin:notifikasi_pesan_change", args=[pesan.pk])).content.decode()
    assert "diparkir" in page
    assert "diparkir&#x27;" not in page
    assert "Tiket dipanggil · surel b•••@contoh.id" in page

    mailbox.conduct = "ok"
    press(office, "retry", Pesan.objects.get())
    assert states() == [("menunggu", 0)]
    sending.drain()
    assert len(mailbox.received) == 1
    assert Peristiwa.objects.filter(jenis="pesan.dicoba_lagi", subjek_id=Pesan.objects.get().pk).count() == 1


def test_a_cancelled_message_is_not_sent_and_a_sent_one_cannot_be_cancelled(orang, office, mailbox):
    orang.asks()
    orang.hears("tiket.dipanggil")
    press(office, "cancel", Pesan.objects.get())
    assert states() == [("batal", 0)]
    assert sending.drain() == 0

    orang.hears("tiket.terlewat")
    sending.drain()
    sent = Pesan.objects.latest("pk")
    answer = press(office, "cancel", sent)
    assert "Hanya pesan yang menunggu atau diparkir yang dapat dibatalkan." in answer.content.decode()
    assert Pesan.objects.get(pk=sent.pk).status == "terkirim"


def test_messages_of_another_mall_do_not_exist(orang, live):
    live("surel")
    orang.asks()
    orang.hears("tiket.dipanggil")
    stranger = PageClient()
    stranger.force_login(factories.Penugasan(peran=Peran.PENGELOLA).pengguna)

    assert "contoh.id" not in stranger.get(reverse(LIST)).content.decode()
    press(stranger, "cancel", Pesan.objects.get())
    assert states() == [("menunggu", 0)]


def test_the_list_asks_the_same_number_of_questions_however_long(orang, office, live):
    live("surel")

    def queries():
        with CaptureQueriesContext(connection) as captured:
            office.get(reverse(LIST))
        return len(captured)

    orang.asks()
    orang.hears("tiket.dipanggil")
    office.get(reverse(LIST))
    one = queries()
    orang.asks(tujuan="b@contoh.id")
    orang.hears("tiket.terlewat")
    assert Pesan.objects.count() == 3
    assert queries() == one


def test_an_own_wording_is_used_in_its_mall_only(orang, office, mailbox):
    mpp = orang.tiket.kunjungan.mpp
    office.post(reverse("admin:notifikasi_templat_add"), TEMPLAT | {"mpp": mpp.pk})
    templat = Templat.objects.get()
    assert templat.mpp_id == mpp.pk
    page = office.get(reverse("admin:notifikasi_templat_change", args=[templat.pk])).content.decode()
    assert "Ke Loket 3." in page  # the preview, with sample values

    orang.asks()
    orang.hears("tiket.dipanggil")
    sending.drain()
    assert mailbox.received[0]["Subject"] == orang.tiket.label
    assert f"Ke {orang.loket}." in mailbox.received[0].get_payload(decode=True).decode()


@pytest.mark.parametrize(
    ("isi", "sentence"),
    [
        ("Halo {nama}", "{nama} tidak dikenal. Yang dapat dipakai: {lantai}, {loket}, {nomor}, {tautan}, {tempat}"),
        ("Halo {nomor.__class__}", "{nomor.__class__} tidak dikenal."),
        ("Halo {nomor!r}", "{nomor} tidak dikenal."),
        ("Halo {nomor", "Ada kurung kurawal yang belum berpasangan."),
        ("Halo {}", "{} tidak dikenal."),
    ],
)  # fmt: skip
def test_a_wording_that_cannot_work_is_not_saved(orang, office, isi, sentence):
    mpp = orang.tiket.kunjungan.mpp
    answer = office.post(reverse("admin:notifikasi_templat_add"), TEMPLAT | {"mpp": mpp.pk, "isi": isi})
    assert answer.status_code == 200
    (said,) = answer.context["adminform"].form.errors["isi"]
    assert said.startswith(sentence)
    assert Templat.objects.count() == 0


def test_a_pengelola_words_for_own_malls_only(orang, office):
    other = factories.Mpp()
    for mpp in (other.pk, ""):
        answer = office.post(reverse("admin:notifikasi_templat_add"), TEMPLAT | {"mpp": mpp})
        assert "mpp" in answer.context["adminform"].form.errors
    assert Templat.objects.count() == 0


def test_a_wording_broken_behind_the_forms_back_loses_nothing(orang, mailbox, caplog):
    Templat.objects.create(**TEMPLAT | {"isi": "Halo {nama}"})
    orang.asks()
    orang.hears("tiket.dipanggil")

    sending.drain()

    assert mailbox.received[0]["Subject"] == f"Nomor {orang.tiket.label}: silakan menuju {orang.loket}"
    assert Templat.objects.get().last_error.startswith("{nama} tidak dikenal.")
    assert "is broken" in caplog.text


def test_a_webhook_shows_its_key_and_goes_only_into_the_internet(orang, office):
    mpp = orang.tiket.kunjungan.mpp
    data = {"mpp": mpp.pk, "nama": "Dasbor", "jenis": ["tiket.dipanggil"], "aktif": "on"}
    answer = office.post(reverse("admin:notifikasi_webhook_add"), data | {"url": "http://10.0.0.1/"})
    assert answer.context["adminform"].form.errors == {
        "url": ["Alamat webhook memakai https:// dan berada di internet."]
    }

    office.post(reverse("admin:notifikasi_webhook_add"), data | {"url": "https://dasbor.contoh.id/masuk"})
    webhook = Webhook.objects.get()
    assert (webhook.jenis, webhook.mpp_id) == (["tiket.dipanggil"], mpp.pk)
    assert webhook.rahasia in office.get(reverse("admin:notifikasi_webhook_change", args=[webhook.pk])).content.decode()
