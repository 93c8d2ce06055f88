"""A verified report reaches the other side once, whatever goes wrong there, on the way, or here."""

import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from django.core.checks import run_checks
from django.utils import timezone

from mpp_portal.models import Peristiwa
from mpp_portal.notifikasi import sending
from mpp_portal.notifikasi.models import Pesan
from pengaduan import actions as reports
from pengaduan.models import Laporan
from pengaduan.sp4n import upstream, views
from pengaduan.sp4n.models import Rujukan, leaving
from pengaduan.sp4n.sending import _report
from tests import factories
from tests.client import PageClient
from tests.portal.notifikasi.conftest import later, states
from tests.portal.notifikasi.test_worker_killed import database_url
from tests.portal.siaran.servers import eventually
from tests.servers import ROOT, free_port

from ..conftest import MONDAY
from .conftest import book

pytestmark = pytest.mark.django_db


def errors():
    return list(Pesan.objects.order_by("pk").values_list("last_error", flat=True))


def test_a_report_leaves_when_it_is_verified_and_its_tracking_id_comes_back(meja, gateway):
    laporan = meja.send().laporan
    assert states() == []
    reports.verify(laporan, klasifikasi="tidak_berkadar", urgensi="rutin", gerai=meja.gerai, by=meja.koordinator,
                   now=MONDAY)  # fmt: skip
    assert states() == [("menunggu", 0)]
    sending.drain()
    assert states() == [("terkirim", 1)]
    assert gateway.stored == {laporan.kode: {
        "rujukan": laporan.kode, "mpp": meja.mpp.slug, "tanggal": "2026-11-23", "jenis": "pengaduan",
        "klasifikasi": "tidak_berkadar", "nama": "Warga Contoh", "judul": "Loket tutup lebih awal",
        "isi": "Pukul dua sudah kosong.", "instansi": [gerai.instansi.singkatan for gerai in meja.gerai],
    }}  # fmt: skip
    assert (gateway.asked, gateway.keys, gateway.tokens) == ([laporan.kode], [laporan.kode], {"Bearer kunci-gerbang"})
    assert Rujukan.objects.get().tracking_id == "88-0"
    assert Peristiwa.objects.filter(jenis="rujukan.dirujuk", mpp_id=meja.mpp.pk).count() == 1
    assert "Warga" not in str(list(Pesan.objects.values()) + list(Peristiwa.objects.values()))


def test_it_leaves_once_whatever_becomes_of_it_later(meja, gateway):
    laporan = meja.routed()
    sending.drain()
    reports.give_back(meja.part(laporan), "Bukan kami.", by=meja.penghubung[0])
    reports.dispatch(laporan, gerai=meja.gerai[1:], by=meja.koordinator)
    assert Peristiwa.objects.filter(jenis="laporan.didisposisikan").count() == 2
    assert states() == [("terkirim", 1)]


def test_a_report_that_came_from_there_is_not_sent_back(meja, gateway, desk):
    laporan = meja.send().laporan
    Rujukan.objects.create(laporan=laporan, tracking_id="8812345", per=MONDAY.date())
    reports.verify(laporan, klasifikasi="tidak_berkadar", urgensi="rutin", gerai=meja.gerai[:1], by=meja.koordinator)
    assert states() == []


def test_what_may_not_leave_does_not_and_who_is_anonymous_has_no_name(meja, gateway):
    meja.routed(rahasia=True, gerai=meja.gerai[1])
    own = meja.send(tentang_pengelola=True, gerai=None).laporan
    reports.verify(own, klasifikasi="berkadar", urgensi="rutin", gerai=[], inspektorat=True, by=meja.inspektur)
    hidden = meja.routed(anonim=True)
    nameless = meja.routed(nama="warga@contoh.id")
    withdrawn = meja.routed()
    reports.withdraw(withdrawn)
    sending.drain()
    assert list(gateway.stored) == [hidden.kode, nameless.kode]
    assert {told["nama"] for told in gateway.stored.values()} == {""}
    assert "warga@contoh.id" not in str(gateway.stored)
    assert states() == [("terkirim", 1), ("terkirim", 1), ("batal", 1)]
    assert errors() == ["", "", "Laporan ini ditarik, atau tidak boleh keluar lagi."]


def test_a_report_with_a_data_leak_does_not_leave_until_it_turns_out_to_be_none(meja, gateway, desk):
    laporan = meja.routed()
    reports.mark_leak(laporan, by=meja.koordinator)
    sending.drain()
    assert (states(), gateway.stored) == ([("batal", 1)], {})
    assert not leaving().exists()
    reports.drop_leak(laporan, "Bukan data pribadi.", by=meja.koordinator)
    assert leaving().get() == laporan


@pytest.mark.parametrize("mode", ["mati", "coba"])
def test_nothing_leaves_while_it_is_off_or_a_dry_run(meja, gateway, settings, mode):
    settings.KABAR_KANAL = settings.KABAR_KANAL | {"sp4n": mode}
    laporan = meja.routed()
    sending.drain()
    assert gateway.asked == gateway.keys == []
    if mode == "coba":
        assert {name: Pesan.objects.get().salinan[name] for name in ("judul", "isi")} == {
            "judul": laporan.judul, "isi": laporan.kode}  # fmt: skip
    else:
        assert states() == []


@pytest.mark.parametrize("fault", ["hang", "lost", "garbage"])
def test_what_was_stored_there_without_our_knowing_is_found_and_not_sent_again(meja, gateway, fault):
    gateway.faults = [fault]
    laporan = meja.routed()
    sending.drain()
    assert (states(), Rujukan.objects.count()) == ([("menunggu", 1)], 0)
    later()
    assert (states(), Rujukan.objects.get().tracking_id) == ([("terkirim", 2)], "88-0")
    assert (gateway.keys, gateway.asked, len(gateway.stored)) == ([laporan.kode], [laporan.kode] * 2, 1)


@pytest.mark.parametrize("fault", ["drop", 500, 503, 429])
def test_what_was_not_stored_is_sent_again_under_the_same_key(meja, gateway, fault):
    gateway.faults = [fault]
    laporan = meja.routed()
    sending.drain()
    assert states() == [("menunggu", 1)]
    assert Pesan.objects.get().next_try_at > timezone.now() + timedelta(seconds=1)
    later()
    assert (states(), Rujukan.objects.get().tracking_id) == ([("terkirim", 2)], "88-0")
    assert set(gateway.keys) == {laporan.kode}


def test_the_same_key_twice_is_one_report_there(meja, gateway):
    """Even where the other side cannot be asked first."""
    laporan = meja.routed()
    sending.drain()
    Rujukan.objects.all().delete()
    assert upstream.chosen().submit(_report(laporan)) == "88-0"
    assert (gateway.keys, len(gateway.stored)) == ([laporan.kode] * 2, 1)


def test_a_server_that_is_away_waits_and_in_the_end_is_parked_for_people(meja, gateway, settings, desk):
    settings.SP4N_URL = f"http://127.0.0.1:{free_port()}/"
    meja.routed()
    sending.drain()
    for _attempt in range(11):
        later()
    assert states() == [("diparkir", 12)]
    page = desk.client.get(desk.path).content.decode()
    assert "Diparkir. Gerbang SP4N tidak menjawab." in page
    settings.SP4N_URL = gateway.url
    desk.client.post(f"{desk.path}sambungan/", {"nomor": Pesan.objects.get().pk, "langkah": "coba"})
    sending.drain()
    assert states() == [("terkirim", 1)]


@pytest.mark.parametrize(("status", "sentence"), [
    (400, "Gerbang SP4N menolak laporan ini. (HTTP 400)"),
    (401, "Gerbang SP4N tidak mengenal kunci kita: periksa SP4N_TOKEN. (HTTP 401)"),
    (409, "Gerbang SP4N sudah menyimpan laporan lain dengan rujukan ini. (HTTP 409)"),
    (422, "Gerbang SP4N menolak laporan ini. (HTTP 422)"),
])  # fmt: skip
def test_a_refusal_is_parked_with_a_sentence_that_names_nobody(meja, gateway, desk, status, sentence):
    gateway.faults = [status]
    laporan = meja.routed()
    sending.drain()
    assert (states(), errors()) == ([("diparkir", 1)], [sentence])
    page = desk.client.get(desk.path).content.decode()
    assert sentence in page
    assert laporan.kode in page
    desk.client.post(f"{desk.path}sambungan/", {"nomor": Pesan.objects.get().pk, "langkah": "batal"})
    assert states() == [("batal", 1)]
    assert sentence not in desk.client.get(desk.path).content.decode()


def test_a_tracking_id_of_another_report_is_nobodys(meja, gateway):
    other = factories.Rujukan(tracking_id="88-0")
    meja.routed()
    sending.drain()
    assert (states(), errors()) == (
        [("diparkir", 1)], [f"Tracking ID 88-0 sudah milik laporan {other.laporan.kode}."])  # fmt: skip


def test_a_table_that_was_faster_leaves_nothing_to_send(meja, gateway, desk):
    laporan = meja.routed()
    desk.take([1, "20-11-2026", "8812345", "", laporan.judul, "", "", laporan.kode])
    sending.drain()
    assert (states(), gateway.asked) == ([("terkirim", 1)], [])
    assert Rujukan.objects.get().tracking_id == "8812345"


def test_only_who_steers_a_report_sends_it_again(meja, gateway):
    gateway.faults = [422]
    meja.routed()
    sending.drain()
    stranger = factories.Penugasan(peran="koordinator", mpp=factories.Mpp()).pengguna
    for person in (stranger, meja.inspektur, meja.penghubung[0]):
        client = PageClient()
        client.force_login(person)
        asked = {"nomor": Pesan.objects.get().pk, "langkah": "coba"}
        assert client.post(f"/pengaduan/sp4n/{meja.mpp.slug}/sambungan/", asked).status_code == 404
    assert states() == [("diparkir", 1)]


def test_an_unknown_step_cancels_nothing(meja, gateway, desk):
    assert "Tidak ada yang menunggu dikirim." in desk.client.get(desk.path).content.decode()
    gateway.faults = [422]
    meja.routed()
    sending.drain()
    for step in ("", "lain"):
        asked = {"nomor": Pesan.objects.get().pk, "langkah": step}
        assert desk.client.post(f"{desk.path}sambungan/", asked).status_code == 404
    assert states() == [("diparkir", 1)]


def test_a_report_that_may_not_leave_any_more_while_the_page_is_made_is_left_out(meja, gateway, desk, monkeypatch):
    gateway.faults = [422]
    meja.routed()
    sending.drain()
    rows = Pesan.objects.order_by("pk")
    Laporan.objects.update(rahasia=True)
    monkeypatch.setattr(views.sending, "unsent", lambda user, mpp: rows)
    answer = desk.client.get(desk.path)
    assert (answer.status_code, answer.context["unsent"]) == (200, [])


@pytest.mark.django_db(transaction=True)
def test_a_process_killed_between_their_yes_and_our_note_of_it(meja, gateway):
    gateway.faults, gateway.wait = ["hang"], 5
    laporan = meja.routed()
    own = {
        "DATABASE_URL": database_url(),
        "SP4N_URL": gateway.url,
        "SP4N_TOKEN": "kunci-gerbang",
        "KABAR_SP4N": "hidup",
    }
    own |= {"KABAR_PRIVATE_HOSTS": "127.0.0.1", "DJANGO_SETTINGS_MODULE": "mpp_portal.settings"}
    work = "import django; django.setup(); from mpp_portal.notifikasi import sending; sending.drain()"
    process = subprocess.Popen([sys.executable, "-c", work], cwd=ROOT, env=os.environ | own, start_new_session=True)
    eventually(lambda: len(gateway.stored) == 1, within=60)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert (states(), Rujukan.objects.count()) == ([("dikirim", 1)], 0)
    Pesan.objects.update(lease_until=timezone.now() - timedelta(seconds=1))  # a minute and a half later
    sending.drain()
    assert (states(), Pesan.objects.get().deaths) == ([("terkirim", 2)], 1)
    assert (gateway.keys, Rujukan.objects.get().tracking_id) == ([laporan.kode], "88-0")


@pytest.mark.parametrize(("changed", "found"), [
    ({}, set()),
    ({"SP4N_URL": "http://gerbang.contoh.id"}, {"sp4n.E002"}),
    ({"SP4N_ADAPTER": "tidak.ada.Kelas", "SP4N_TOKEN": "", "SP4N_URL": ""}, {"sp4n.E001", "sp4n.E002", "sp4n.E003"}),
])  # fmt: skip
def test_a_connection_that_cannot_work_is_said_at_start(settings, gateway, changed, found):
    for name, value in changed.items():
        setattr(settings, name, value)
    assert {error.id for error in run_checks() if str(error.id).startswith("sp4n.")} == found


def test_the_table_and_the_connection_agree_on_what_is_given_away(meja, gateway, desk):
    laporan = meja.routed()
    sending.drain()
    line = [1, "23-11-2026", "88-0", "Warga Contoh", laporan.judul, "", "", f"{laporan.kode} · x"]
    judged = desk.upload(book(line), per=str(meja.mpp.today())).context["judged"]
    assert [str(one.nasib) for one in judged] == ["diperbarui"]
