"""A message is one report, or what its reporter adds to one, however often it comes and whatever is away."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from mpp_portal.models import Peristiwa
from mpp_portal.notifikasi import actions as kabar
from mpp_portal.notifikasi.channels import Permanent
from mpp_portal.notifikasi.models import Langganan, Pesan
from pengaduan import actions as reports
from pengaduan.models import Lampiran, Laporan, Tanggapan
from pengaduan.whatsapp import actions, reading
from pengaduan.whatsapp import graph as api
from pengaduan.whatsapp.models import WhatsappMasuk
from tests import factories
from tests.antrean.test_races import together
from tests.client import PageClient
from tests.portal.notifikasi.conftest import later, states

from ..conftest import days
from ..test_attachments import photo
from .conftest import PHONE, envelope, post

pytestmark = pytest.mark.django_db


def soon():
    """The time of what waits has come."""
    WhatsappMasuk.objects.update(next_try_at=None)
    reading.read_all()


def test_a_message_is_a_report_and_its_reply_opens_it(meja, ponsel, graph):
    reply = ponsel.writes("Loket tutup lebih awal\nPukul dua sudah kosong.")
    laporan = Laporan.objects.get()
    assert (laporan.judul, laporan.isi) == ("Loket tutup lebih awal", "Loket tutup lebih awal\nPukul dua sudah kosong.")
    assert (laporan.nama, laporan.kanal, laporan.kontak) == ("Warga Contoh", "whatsapp", f"+{PHONE}")
    pin = reply.split("PIN: ")[1].split("\n")[0]
    assert reports.enter(laporan.kode, pin) == laporan
    assert "We have received your report." in reply
    path = "/pengaduan/k/" + reply.split("https://mpp.contoh.id/pengaduan/k/")[1].split()[0]
    assert PageClient().get(path).status_code == 200
    assert {name: graph.sent[0][name] for name in ("messaging_product", "to", "type")} == {
        "messaging_product": "whatsapp", "to": PHONE, "type": "text"}  # fmt: skip
    assert (graph.asked, graph.tokens) == (["/v1/1065/messages"], {"Bearer kunci-graph"})
    assert Langganan.objects.get().tujuan == f"+{PHONE}"


def test_nothing_of_it_stays_but_the_report(meja, ponsel):
    ponsel.writes("Loket tutup")
    row = WhatsappMasuk.objects.get()
    assert (row.isi, row.balasan, row.laporan) == ("", "", Laporan.objects.get())
    told = str(list(Peristiwa.objects.values()) + list(Pesan.objects.values()))
    assert [word for word in (PHONE, "Loket", "Warga") if word in told] == []
    assert states() == [("terkirim", 1)]


def test_the_same_message_again_is_the_same_report(meja, ponsel, graph):
    for _ in range(3):
        ponsel.writes("Loket tutup", id="wamid.sama")
    assert (Laporan.objects.count(), len(graph.sent)) == (1, 1)


def test_a_worker_that_died_before_it_wrote_anything_loses_and_doubles_nothing(meja, ponsel, graph):
    post(envelope({"id": "wamid.1", "type": "text", "text": {"body": "Loket tutup"}}))
    row = WhatsappMasuk.objects.get()
    assert actions.take(row)  # and it dies before the broker hears of it: the task comes again, with the old row
    assert actions.take(row)
    ponsel.reads()
    assert (Laporan.objects.count(), len(graph.sent)) == (1, 1)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_take_a_message_once(meja, graph):
    post(envelope({"id": "wamid.1", "type": "text", "text": {"body": "Loket tutup"}}))
    row = WhatsappMasuk.objects.get()
    assert together(lambda: actions.take(row), lambda: actions.take(row)) == (True, True)
    assert (Laporan.objects.count(), Pesan.objects.count()) == (1, 1)


def test_a_photo_is_fetched_checked_and_cleaned(meja, ponsel, graph):
    graph.files = {"77": photo(), "78": b"\x1aE\xdf\xa3" + b"0" * 99}
    ponsel.writes(image={"id": "77", "caption": "Loket kosong", "mime_type": "image/jpeg"})
    assert Laporan.objects.get().isi == "Loket kosong"
    assert Lampiran.objects.get().laporan == Laporan.objects.get()
    assert graph.asked[:2] == ["/v1/77", "/berkas/77"]
    reply = ponsel.writes(document={"id": "78", "filename": "film.pdf"})
    assert "film.pdf: Video tidak dapat kami terima" in reply
    assert Lampiran.objects.count() == 1


def test_our_key_goes_to_no_other_host(meja, ponsel, graph, settings):
    graph.files = {"77": photo()}
    settings.WHATSAPP_HOST_BERKAS = ["lookaside.fbsbx.com"]
    reply = ponsel.writes(image={"id": "77", "caption": "Loket kosong"})
    assert "tidak dapat diambil dari WhatsApp" in reply
    assert graph.asked == ["/v1/77", "/v1/1065/messages"]
    assert (Laporan.objects.count(), Lampiran.objects.count()) == (1, 0)


@pytest.mark.parametrize("fault", ["hang", 500, 429])
def test_a_file_that_cannot_be_fetched_now_is_fetched_later(meja, ponsel, graph, fault):
    graph.files, graph.faults = {"77": photo()}, [fault]
    ponsel.writes(image={"id": "77", "caption": "Loket kosong"})
    assert (Laporan.objects.count(), WhatsappMasuk.objects.get().attempts) == (0, 1)
    assert WhatsappMasuk.objects.get().next_try_at > timezone.now()
    soon()
    assert (Laporan.objects.count(), Lampiran.objects.count()) == (1, 1)


def test_a_file_that_never_comes_keeps_no_report(meja, ponsel, graph):
    assert "WhatsApp menolaknya. (HTTP 404)" in ponsel.writes(image={"id": "77", "caption": "Loket kosong"})
    graph.faults = [500] * 20
    ponsel.writes(image={"id": "78", "caption": "BARU toilet rusak"})
    for _ in range(8):
        soon()
    assert sorted(Laporan.objects.values_list("isi", flat=True)) == ["Loket kosong", "toilet rusak"]


def test_a_file_that_kills_its_worker_keeps_no_other_and_is_left_out_in_the_end(meja, ponsel, graph, monkeypatch):
    class Killed(BaseException):
        pass

    def dies(_id):
        raise Killed

    monkeypatch.setattr(api, "fetch", dies)
    post(envelope({"id": "wamid.0", "type": "image", "image": {"id": "77", "caption": "Loket kosong"}}))
    for n in range(1, 9):
        with pytest.raises(Killed):
            soon()
        row = WhatsappMasuk.objects.get(handled_at=None)
        assert (row.attempts, row.next_try_at > timezone.now() + timedelta(minutes=9)) == (n, True)
        ponsel.writes(f"BARU hal ke-{n}", phone="6281299998888")
    soon()
    assert (Laporan.objects.latest("pk").isi, Lampiran.objects.count()) == ("Loket kosong", 0)


def test_a_message_is_claimed_by_one(meja, graph):
    post(envelope({"id": "wamid.1", "type": "text", "text": {"body": "Loket tutup"}}))
    first, second = WhatsappMasuk.objects.get(), WhatsappMasuk.objects.get()
    assert (actions.claim(first), actions.claim(second)) == (True, False)


@pytest.mark.parametrize("status", [401, 403])
def test_a_photo_waits_for_a_new_key_of_ours(meja, ponsel, graph, status):
    graph.files, graph.faults = {"77": photo()}, [status]
    ponsel.writes(image={"id": "77", "caption": "Loket kosong"})
    assert Laporan.objects.count() == 0
    soon()
    assert Lampiran.objects.count() == 1


@pytest.mark.parametrize("url", [
    "https://lain.id\\@127.0.0.1/x", "https://lain.id@127.0.0.1/x", "https://127.0.0.1@lain.id/x", "https://[", "", 3,
])  # fmt: skip
def test_an_odd_address_gets_no_key_of_ours(graph, settings, monkeypatch, url):
    monkeypatch.setattr(api, "_ask", lambda *given: {"url": url})
    with pytest.raises(Permanent, match="tidak dapat diambil dari WhatsApp"):
        api.fetch("77")
    assert graph.asked == []


def test_what_our_own_guard_refuses_is_said_in_our_words(graph, settings, monkeypatch):
    graph.files = {"77": photo()}
    monkeypatch.setattr(api, "MOST", 10)
    monkeypatch.setattr(api, "_ask", lambda *given: {"url": f"http://{graph.host}/berkas/77"})
    with pytest.raises(Permanent, match="Berkas paling besar 15 MB"):
        api.fetch("77")
    settings.KABAR_PRIVATE_HOSTS = []
    with pytest.raises(Permanent, match="tidak dapat diambil dari WhatsApp"):
        api.fetch("77")


@pytest.mark.parametrize(("part", "sentence"), [
    ({"teks": " "}, "Pesan Anda kosong."), ({"teks": "a" * 5001}, "lebih panjang dari 5.000"),
    ({"video": {"id": "1"}}, "Kami hanya dapat menerima tulisan, foto, dan PDF"),
    ({"audio": {"id": "1"}}, "We can only take text, photos and PDF"),
    ({"unsupported": {"type": "unknown"}}, "We can only take text, photos and PDF"),
])  # fmt: skip
def test_what_cannot_be_taken_gets_a_sentence(meja, ponsel, graph, part, sentence):
    assert sentence in ponsel.writes(**part)
    assert Laporan.objects.count() == 0
    assert WhatsappMasuk.objects.get().isi == ""


def test_what_is_written_next_belongs_to_the_report_of_just_now_unless_it_says_new(meja, ponsel, graph):
    ponsel.writes("Loket tutup")
    reply = ponsel.writes("Pukul dua siang.")
    laporan = Laporan.objects.get()
    assert f"kami tambahkan pada laporan {laporan.kode}. Laporan lain? Mulai dengan kata BARU." in reply
    assert Tanggapan.objects.get().teks == "Pukul dua siang."
    ponsel.writes("Baru: toilet rusak")
    assert Laporan.objects.latest("pk").isi == "toilet rusak"
    WhatsappMasuk.objects.update(handled_at=timezone.now() - timedelta(minutes=31))
    ponsel.writes("Parkir penuh")
    assert Laporan.objects.count() == 3


@pytest.mark.parametrize("words", ["Baru saja dipanggil loket 3", "Baru kali ini begini", "baru-baru ini", "Barusan"])
def test_an_ordinary_opening_is_no_new_report(meja, ponsel, words):
    ponsel.writes("Loket tutup")
    ponsel.writes(words)
    assert (Laporan.objects.count(), Tanggapan.objects.get().teks) == (1, words)
    WhatsappMasuk.objects.update(handled_at=timezone.now() - timedelta(minutes=31))
    ponsel.writes(words)
    assert Laporan.objects.latest("pk").isi == words


@pytest.mark.parametrize("begun", ["BARU ", "Baru: ", "baru, ", "Baru\n"])
def test_new_is_said_in_capitals_or_with_a_mark(meja, ponsel, begun):
    ponsel.writes("Loket tutup")
    ponsel.writes(f"{begun}toilet rusak")
    assert list(Laporan.objects.order_by("pk").values_list("isi", flat=True)) == ["Loket tutup", "toilet rusak"]


def test_a_code_or_an_answer_to_ours_names_the_report(meja, ponsel, graph):
    ponsel.writes("Loket tutup")
    first = Laporan.objects.get()
    reports.ask(first, "Loket berapa?", by=meja.koordinator)
    ponsel.writes("BARU toilet rusak")
    ponsel.writes(f"Loket 3. ({first.kode.lower()})")
    assert Tanggapan.objects.get(jenis="kelengkapan").laporan == first
    ponsel.writes("Yang kedua dari kiri.", answers="wamid.balasan1")
    assert Tanggapan.objects.get(jenis="tambahan").laporan == first
    assert Laporan.objects.count() == 2


@pytest.mark.parametrize("kanal", ["whatsapp", "surel"])
def test_nobody_else_adds_to_a_report_whose_code_they_know(meja, ponsel, kanal):
    kontak = "+6281299998888" if kanal == "whatsapp" else "warga@contoh.id"
    laporan = meja.send(kanal=kanal, kontak=kontak).laporan
    reply = ponsel.writes(f"Saya tarik {laporan.kode}")
    assert "tidak kami tambahkan" in reply
    assert "We have not added" in reply
    assert laporan.judul not in reply
    assert (Tanggapan.objects.count(), Laporan.objects.count()) == (0, 1)


def test_the_reporter_of_the_form_adds_from_the_same_number(meja, ponsel):
    laporan = meja.send(kanal="whatsapp", kontak=f"+{PHONE}").laporan
    ponsel.writes(f"{laporan.kode} masih begitu")
    assert Tanggapan.objects.get().laporan == laporan


def test_a_telephone_that_writes_very_often_waits(meja, ponsel):
    for n in range(11):
        ponsel.writes(f"BARU hal ke-{n}")
    assert (Laporan.objects.count(), WhatsappMasuk.objects.filter(handled_at=None).count()) == (10, 1)
    ponsel.writes("Loket tutup", phone="6281299998888")
    assert Laporan.objects.count() == 11
    past = timezone.now() - timedelta(minutes=61)
    Laporan.objects.update(created_at=past)
    soon()
    assert (Laporan.objects.count(), WhatsappMasuk.objects.get(handled_at=None).attempts) == (11, 0)
    WhatsappMasuk.objects.exclude(handled_at=None).update(handled_at=past)
    soon()
    assert Laporan.objects.count() == 12


def test_a_message_that_waited_starts_its_clock_when_it_came(meja, ponsel):
    post(envelope({"id": "wamid.1", "type": "text", "text": {"body": "Loket tutup"}}))
    WhatsappMasuk.objects.update(at=timezone.now() - timedelta(hours=30))
    ponsel.reads()
    laporan = Laporan.objects.get()
    assert laporan.created_at == laporan.tenggat.get().mulai == WhatsappMasuk.objects.get().at


def test_who_is_banned_reads_why_and_leaves_no_file(meja, ponsel, graph, monkeypatch):
    ponsel.writes("Loket tutup")
    reports.ban(Laporan.objects.get(), alasan="Laporan palsu.", hari=7, by=meja.koordinator)
    assert "Alasannya: Laporan palsu." in ponsel.writes("BARU lagi")
    graph.files = {"77": photo()}
    kept = []
    monkeypatch.setattr(actions, "store", lambda *given, **owner: kept.append(given))
    assert "Alasannya: Laporan palsu." in ponsel.writes(image={"id": "77", "caption": "BARU lagi"})
    assert (Laporan.objects.count(), kept) == (1, [])


def test_a_reply_waits_while_whatsapp_is_away_and_is_parked_when_it_says_no(meja, ponsel, graph):
    graph.faults = [503]
    ponsel.writes("Loket tutup")
    assert (states(), graph.sent) == ([("menunggu", 1)], [])
    later()
    assert (states(), len(graph.sent)) == ([("terkirim", 2)], 1)
    graph.faults = [400]
    ponsel.writes("Lagi")
    assert states()[1] == ("diparkir", 1)
    assert Pesan.objects.latest("pk").last_error == "WhatsApp menolaknya. (HTTP 400)"


def test_one_message_that_nobody_can_read_keeps_no_other_and_the_log_names_nobody(meja, ponsel, caplog):
    post(envelope({"id": "wamid.0", "type": "text", "text": {"body": "Loket tutup"}}))
    WhatsappMasuk.objects.update(isi='{"phone": "6281234567890"}')
    ponsel.writes("Toilet rusak")
    assert Laporan.objects.get().isi == "Toilet rusak"
    assert "TypeError" in caplog.text
    assert [word for word in (PHONE, "Loket") if word in caplog.text] == []


def test_the_command_deals_with_what_waits(meja, graph, capsys):
    post(envelope({"id": "wamid.1", "type": "text", "text": {"body": "Loket tutup"}}))
    call_command("baca_whatsapp")
    assert capsys.readouterr().out == "1 pesan selesai, 0 menunggu.\n"
    assert Laporan.objects.count() == 1


def test_a_forgotten_report_leaves_no_mark_and_what_became_nothing_goes_by_itself(meja, ponsel):
    ponsel.writes("Loket tutup")
    ponsel.writes(video={"id": "1"})
    reports.withdraw(Laporan.objects.get())
    assert actions.tidy(now=timezone.now() + days(31)) == 1
    Pesan.objects.update(ended_at=timezone.now() - days(40))
    assert kabar.tidy()["pesan"] == 2
    assert reports.forget(now=timezone.now() + days(731)) == 1
    assert WhatsappMasuk.objects.count() == 0


def test_the_koordinator_sees_that_messages_are_stuck_and_nobody_else(meja, ponsel, graph):
    post(envelope({"id": "wamid.1", "type": "text", "text": {"body": "Loket tutup"}}))
    titles = ("1 pesan WhatsApp belum menjadi laporan", "Semua pesan WhatsApp sudah dikerjakan.")

    def seen(user):
        page = PageClient()
        page.force_login(user)
        body = page.get("/admin/").content.decode()
        return [title in body for title in titles]

    assert seen(meja.koordinator) == [False, True]
    WhatsappMasuk.objects.update(attempts=4, at=timezone.now() - timedelta(hours=1))
    assert seen(meja.koordinator) == [True, False]
    assert "Loket tutup" not in str(seen(meja.koordinator))
    elsewhere = factories.Penugasan(peran="koordinator", mpp=factories.Mpp()).pengguna
    assert seen(elsewhere) == [False, True]
    reading.read_all()
    assert seen(meja.koordinator) == [False, True]
