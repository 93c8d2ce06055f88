"""The worklist and a report's page for those who handle it: what they may do is there, everything else is not."""

import pytest
from django.test import Client
from django.urls import reverse

from mpp_portal.models import Peristiwa
from pengaduan import actions
from pengaduan.models import Disposisi, Laporan
from tests import factories
from tests.client import PageClient

from .conftest import MONDAY, days, fresh

pytestmark = pytest.mark.django_db
LIST = "/pengaduan/kerja/"


def text(response) -> str:
    return " ".join(response.content.decode().split())


def at(user) -> Client:
    client = PageClient()
    client.force_login(user)
    return client


def page_of(laporan, step="") -> str:
    return reverse("pengaduan:work_step" if step else "pengaduan:work", args=[laporan.kode, *([step] if step else [])])


def verify(laporan, meja, **given):
    return {"verifikasi-klasifikasi": "tidak_berkadar", "verifikasi-urgensi": "rutin",
            "verifikasi-kepada": [str(meja.gerai[0].pk)]} | given  # fmt: skip


def part(laporan, slug, words, n=0):
    row = Disposisi.objects.current().filter(laporan=laporan)[n]
    return {"bagian": row.pk, f"{slug}-{row.pk}-teks": words}


def test_the_whole_way_over_the_pages(meja):
    sent = meja.send()
    laporan, desk, office = sent.laporan, at(meja.koordinator), at(meja.penghubung[0])
    assert laporan.judul in text(desk.get(LIST))
    assert laporan.judul not in text(office.get(LIST))
    assert office.get(page_of(laporan)).status_code == 404
    assert desk.post(page_of(laporan, "verifikasi"), verify(laporan, meja)).status_code == 302
    assert "Jawab pelapor" in text(office.get(page_of(laporan)))
    assert "Jawab pelapor" not in text(desk.get(page_of(laporan)))
    office.post(page_of(laporan, "tindak-lanjut"), part(laporan, "tindak-lanjut", "Sedang diperiksa."))
    office.post(page_of(laporan, "jawab"), part(laporan, "jawab", "Sudah diperbaiki."))
    assert fresh(laporan).status == "ditanggapi"
    assert "tutup laporan" not in text(office.get(page_of(laporan)))
    assert at(meja.rekan).post(page_of(laporan, "tutup")).status_code == 302
    assert fresh(laporan).status == "selesai"


def test_what_is_refused_keeps_the_words_and_says_why(meja):
    laporan, desk = meja.send().laporan, at(meja.koordinator)
    answer = desk.post(page_of(laporan, "verifikasi"), verify(laporan, meja, **{
        "verifikasi-urgensi": "genting", "verifikasi-pesan": "Tolong hari ini."}))  # fmt: skip
    assert answer.status_code == 409
    assert "Tulis alasan mengapa" in text(answer)
    assert "Tolong hari ini." in text(answer)
    empty = desk.post(page_of(laporan, "tanya"), {"tanya-teks": ""})
    assert empty.status_code == 422
    assert "Tulis dulu isinya." in text(empty)
    assert fresh(laporan).status == "diterima"


def test_a_step_that_is_not_theirs_changes_nothing(meja):
    laporan = meja.routed()
    desk, office = at(meja.koordinator), at(meja.penghubung[0])
    assert desk.post(page_of(laporan, "jawab"), part(laporan, "jawab", "Beres.")).status_code == 302
    assert office.post(page_of(laporan, "arsip"), {"arsip-teks": "Bosan."}).status_code == 302
    assert fresh(laporan).status == "didisposisikan"
    assert desk.post(page_of(laporan, "entah")).status_code == 404


def test_notes_stand_apart_from_answers(meja):
    laporan = meja.routed()
    office = at(meja.penghubung[0])
    office.post(page_of(laporan, "catatan"), {"catatan-teks": "Tanya kepala seksi."})
    page = text(office.get(page_of(laporan)))
    notes = page.index("Catatan internal: pelapor tidak membacanya")
    assert page.index("Tanya kepala seksi.") > notes > page.index("Yang dibaca pelapor")


def test_an_anonymous_name_reaches_no_handler(meja):
    laporan = meja.routed(anonim=True, nama="Nama Sungguhan", kontak="orang@contoh.id")
    for user in (meja.koordinator, meja.penghubung[0]):
        page = text(at(user).get(page_of(laporan)))
        assert "Anonim" in page
        assert "Nama Sungguhan" not in page
        assert "orang@contoh.id" not in page


def test_reading_a_confidential_report_leaves_a_trace(meja):
    secret, plain = meja.send(rahasia=True).laporan, meja.send().laporan
    desk = at(meja.koordinator)
    for laporan in (secret, plain):
        desk.get(page_of(laporan))
    traces = Peristiwa.objects.filter(jenis="laporan.dibaca")
    assert [(row.subjek_id, row.oleh) for row in traces] == [(secret.pk, meja.koordinator)]


def test_urgent_first_then_what_is_due_first_and_late_is_said(meja):
    late, critical, fine = (meja.routed(at=MONDAY - days(60)), meja.send().laporan, meja.routed())
    actions.verify(critical, klasifikasi="tidak_berkadar", urgensi="genting", alasan="Pasien.", gerai=meja.gerai[:1],
                   by=meja.koordinator)  # fmt: skip
    rows = Laporan.objects.readable_by(meja.koordinator).open().by_urgency()
    assert list(rows) == [critical, late, fine]
    assert "Terlambat" in text(at(meja.koordinator).get(LIST))


def test_the_worklist_asks_as_much_for_one_report_as_for_three(meja, django_assert_num_queries):
    desk = at(meja.koordinator)
    meja.routed()
    desk.get(LIST)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as first:
        desk.get(LIST)
    for _ in range(2):
        meja.routed()
    with django_assert_num_queries(len(first)):
        desk.get(LIST)


def test_staff_find_their_work_and_others_have_none(meja, monkeypatch):
    meja.routed()
    assert "1 laporan berjalan" in text(at(meja.koordinator).get("/petugas/"))
    monkeypatch.setattr("pengaduan.portal.MOST", 0)
    assert "lebih dari 0 laporan berjalan" in text(at(meja.koordinator).get("/petugas/"))
    greeter = factories.Penugasan(peran="petugas_informasi", mpp=meja.mpp).pengguna
    assert "Laporan warga" not in text(at(greeter).get("/petugas/"))
    assert at(greeter).get(LIST).status_code == 404
    assert Client().get(LIST).status_code == 302
