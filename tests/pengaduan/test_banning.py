"""Who abuses reporting is kept out for a while: by contact and device, with a reason, an end, and a second person."""

import pytest
from django.urls import reverse

from pengaduan import actions
from pengaduan.models import Laporan, Larangan
from tests import factories
from tests.client import PageClient

from .conftest import MONDAY, days, fresh
from .test_pages_report import text, walk
from .test_pages_work import LIST, at, page_of

pytestmark = pytest.mark.django_db
PAGE = "/pengaduan/larangan/"
WHY = "Laporan palsu berulang kali."


def ban(laporan, meja, **given):
    return actions.ban(laporan, **{"alasan": WHY, "hari": 30, "by": meja.koordinator, "now": MONDAY} | given)


def refused(meja, **given):
    """Is a report with this refused? With the sentence why."""
    try:
        meja.send(**given)
    except actions.Refused as refusal:
        return str(refusal)
    return ""


def test_who_is_banned_reads_until_when_why_whom_to_ask_and_where_help_is(meja):
    meja.mpp.telepon = "0401 555 0000"
    meja.mpp.save()
    row = ban(meja.send().laporan, meja)
    actions.review_ban(row, confirm=True, by=meja.rekan, now=MONDAY)
    assert refused(meja, at=MONDAY + days(10)) == (
        "Laporan dari ponsel atau kontak ini tidak kami terima sampai Rabu, 23 Desember 2026. Alasannya: Laporan palsu "
        f"berulang kali. Keberatan? Tanyakan di meja informasi {meja.mpp.nama}, telepon 0401 555 0000. Keadaan "
        "darurat: telepon 112."
    )
    assert refused(meja, kontak="orang.lain@contoh.id", at=MONDAY + days(10)) == ""
    assert refused(meja, kanal="", kontak="", at=MONDAY + days(10)) == ""
    elsewhere = factories.Mpp()
    assert Larangan.objects.of_sender(elsewhere, device="", kontak="warga@contoh.id", now=MONDAY) is None
    assert refused(meja, at=MONDAY + days(30)) == ""  # it ends by itself


def test_without_a_second_person_it_lapses_after_three_days(meja):
    ban(meja.send().laporan, meja)
    assert "sampai Kamis, 26 November 2026" in refused(meja, at=MONDAY + days(2.9))
    assert refused(meja, at=MONDAY + days(3)) == ""


def test_a_second_person_confirms_or_lifts_and_never_the_one_who_banned(meja):
    row = ban(meja.send().laporan, meja)
    with pytest.raises(actions.Refused, match="tidak boleh meninjaunya sendiri"):
        actions.review_ban(row, confirm=True, by=meja.koordinator)
    actions.review_ban(row, confirm=True, by=meja.rekan, now=MONDAY)
    with pytest.raises(actions.Refused, match="sudah ditinjau"):
        actions.review_ban(row, confirm=True, by=meja.rekan)
    actions.review_ban(row, confirm=False, by=meja.rekan, now=MONDAY + days(4))
    assert refused(meja, at=MONDAY + days(4)) == ""
    with pytest.raises(actions.Refused, match="sudah ditinjau"):
        actions.review_ban(row, confirm=True, by=meja.rekan)


def test_the_same_phone_is_known_again_though_two_reports_of_it_cannot_be_put_together(meja):
    phone, other = PageClient(), PageClient()
    walk(phone, meja)
    walk(phone, meja)
    walk(other, meja)
    one, two, _third = Laporan.objects.order_by("pk")
    assert len({row.sidik_perangkat for row in (one, two, _third)}) == 3
    Laporan.objects.update(kanal="", kontak="")
    ban(fresh(one), meja, now=None)
    answer = walk(phone, meja)
    assert answer.status_code == 409
    page = text(answer)
    assert "tidak kami terima sampai" in page
    assert "tel:112" in page
    assert WHY.rstrip(".") in page
    assert walk(other, meja).status_code == 302
    assert Laporan.objects.count() == 4


def test_what_cannot_be_banned_is_refused_with_a_sentence(meja):
    nobody = meja.send(anonim=True, nama="", kanal="", kontak="").laporan
    with pytest.raises(actions.Refused, match="tidak menyebut kontak"):
        ban(nobody, meja)
    laporan = meja.send().laporan
    for wrong in ({"alasan": " "}, {"hari": 91}, {"hari": 0}):
        with pytest.raises(actions.Refused, match="paling lama 90 hari"):
            ban(laporan, meja, **wrong)
    ban(laporan, meja)
    with pytest.raises(actions.Refused, match="sudah dilarang"):
        ban(laporan, meja)


def test_the_way_over_the_pages(meja):
    laporan, desk, second = meja.send().laporan, at(meja.koordinator), at(meja.rekan)
    assert "Tidak ada yang dilarang melapor." in text(desk.get(PAGE))
    empty = desk.post(page_of(laporan, "larang"), {"larang-alasan": "", "larang-hari": "7"})
    assert empty.status_code == 422
    assert "Tulis alasannya." in text(empty)
    desk.post(page_of(laporan, "larang"), {"larang-alasan": WHY, "larang-hari": "7"})
    row = Larangan.objects.get()
    assert (row.oleh, row.status, (row.sampai - row.at).days) == (meja.koordinator, "menunggu", 7)
    assert "warga@contoh.id" not in row.sidik_kontak
    assert "Menunggu orang kedua" in text(desk.get(PAGE))
    assert "menunggu Anda tinjau" not in text(desk.get(LIST))
    assert "1 larangan melapor menunggu Anda tinjau" in text(second.get(LIST))
    address = reverse("pengaduan:ban_review", args=[row.pk])
    assert address in text(second.get(PAGE))
    assert "tidak boleh meninjaunya sendiri" in text(desk.post(address, {"keputusan": "sahkan"}, follow=True))
    assert "Larangan ditinjau." in text(second.post(address, {"keputusan": "sahkan"}, follow=True))
    row.refresh_from_db()
    assert (row.status, row.peninjau) == ("disahkan", meja.rekan)
    assert "Berlaku" in text(second.get(PAGE))


def test_others_see_no_bans_and_lift_none(meja):
    row = ban(meja.send().laporan, meja)
    address = reverse("pengaduan:ban_review", args=[row.pk])
    other = factories.Penugasan(peran="koordinator").pengguna
    assert [at(user).get(PAGE).status_code for user in (meja.penghubung[0], factories.Pengguna())] == [404, 404]
    assert [at(user).post(address).status_code for user in (meja.penghubung[0], other, meja.inspektur)] == [404] * 3
    assert at(other).get(PAGE).context["page"] == []


def test_it_is_forgotten_with_its_report(meja, settings):
    laporan = meja.send(at=MONDAY - days(settings.LAPORAN_SIMPAN_HARI + 10)).laporan
    ban(laporan, meja, now=MONDAY - days(settings.LAPORAN_SIMPAN_HARI + 9))
    actions.archive(laporan, "Palsu.", by=meja.koordinator, now=MONDAY - days(settings.LAPORAN_SIMPAN_HARI + 8))
    assert actions.forget(now=MONDAY) == 1
    assert not Larangan.objects.exists()
    assert fresh(laporan).sidik_perangkat == ""
