"""What is long over is emptied, its figures stay; and what is kept of a report its reporter can take along."""

import json
from datetime import date, datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from pengaduan import actions, statistik
from pengaduan.models import Catatan, Lampiran, Laporan, Tanggapan
from tests import factories
from tests.client import PageClient

from .conftest import MONDAY, days, fresh
from .test_pages_report import follow, text

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(days=800)


def over(meja, **given):
    """A report of a whole life: answered, judged badly, answered again, closed."""
    laporan = meja.routed(**given)
    actions.note(laporan, "Catatan tentang pelapor.", by=meja.koordinator, now=MONDAY)
    factories.Lampiran(laporan=laporan)
    meja.answer(laporan, at=MONDAY + days(1))
    actions.rate(laporan, 1, "Ibu saya masih menunggu.", now=MONDAY + days(1))
    meja.answer(laporan, at=MONDAY + days(2))
    actions.close(laporan, by=meja.rekan, now=MONDAY + days(2))
    return fresh(laporan)


def test_what_is_long_over_is_emptied_and_still_counted(meja, django_capture_on_commit_callbacks):
    sent = meja.send(nama="Orang Sungguhan")
    archived = sent.laporan
    actions.archive(archived, "Sudah diselesaikan Orang Sungguhan.", by=meja.koordinator, now=MONDAY)
    done, open_one = over(meja, nama="Orang Sungguhan", kontak="orang@contoh.id"), meja.routed()
    actions.publish(done, judul="Loket", isi="Tutup.", by=meja.koordinator, now=MONDAY)
    file = Lampiran.objects.get(laporan=done).berkas
    before = statistik.figures_for(meja.koordinator, MONDAY.date(), MONDAY.date(), now=LATER).parts
    assert actions.forget(now=MONDAY + timedelta(days=731)) == 1  # the other ended two days later
    assert actions.forget(now=LATER, dry=True) == 1
    with django_capture_on_commit_callbacks(execute=True):
        assert actions.forget(now=LATER) == 1
    assert actions.forget(now=LATER) == 0
    for row in (fresh(done), fresh(archived)):
        kept = json.dumps([str(value) for value in vars(row).values()])
        assert "Orang" not in kept
        assert "orang@contoh.id" not in kept
        assert row.forgotten_at is not None
    assert not Tanggapan.objects.filter(laporan=done).exists()
    assert not Catatan.objects.filter(laporan=done).exists()
    assert done.penilaian.get().alasan == "Dihapus menurut masa simpan"
    assert fresh(done).judul_publik == "Loket"
    assert fresh(open_one).isi
    assert not Lampiran.objects.filter(laporan=done).exists()
    assert not file.storage.exists(file.name)
    assert statistik.figures_for(meja.koordinator, MONDAY.date(), MONDAY.date(), now=LATER).parts == before
    assert PageClient().get(follow(sent)).status_code == 404
    with pytest.raises(actions.Refused):
        actions.enter(archived.kode, sent.pin)


def test_who_is_merged_is_kept_while_the_other_is_still_handled(meja):
    parent, child = meja.routed(), meja.send().laporan
    actions.merge(child, parent, by=meja.koordinator, now=MONDAY)
    assert actions.forget(now=LATER) == 0
    meja.answer(parent, at=LATER)
    actions.close(parent, by=meja.rekan, now=LATER)
    assert actions.forget(now=LATER + days(1)) == 1
    assert Laporan.objects.filter(forgotten_at=None).get() == parent


def test_each_report_is_kept_by_the_policy_of_the_day_on_which_it_ended(meja):
    factories.KebijakanSimpan(hari=100, berlaku_sejak=date(2026, 12, 1))
    factories.KebijakanSimpan(hari=1000, berlaku_sejak=date(2027, 1, 1))
    zone = ZoneInfo("Asia/Jakarta")
    ends = {
        "setting": datetime(2026, 11, 30, 23, 59, tzinfo=zone),
        "short": datetime(2026, 12, 1, tzinfo=zone),
        "last short": datetime(2026, 12, 31, 23, 59, tzinfo=zone),
        "long": datetime(2027, 1, 1, tzinfo=zone),
    }
    kept = {name: meja.send(judul=name).laporan for name in ends}
    for name, laporan in kept.items():
        actions.withdraw(laporan, now=ends[name])
    found = {}
    for name, end in ends.items():
        for hari in (100, 730, 1000):
            for minutes in (-1, 1):
                rows = Laporan.objects.filter(pk=kept[name].pk)
                now = end + timedelta(days=hari, minutes=minutes)
                found[name, hari, minutes] = rows.forgettable(now).exists()
    first = {name: next(key[1:] for key, gone in found.items() if key[0] == name and gone) for name in ends}
    assert first == {"setting": (730, 1), "short": (100, 1), "last short": (100, 1), "long": (1000, 1)}


def test_a_policy_begins_tomorrow_at_the_earliest():
    for begin in (timezone.localdate(), timezone.localdate() - timedelta(days=400)):
        with pytest.raises(ValidationError, match="laporan lama tetap menurut kebijakannya"):
            factories.KebijakanSimpan.build(berlaku_sejak=begin).full_clean()
    factories.KebijakanSimpan.build(berlaku_sejak=timezone.localdate() + timedelta(days=1)).full_clean()


def test_the_command_counts_before_it_empties(meja, settings):
    settings.LAPORAN_SIMPAN_HARI = 1
    over(meja)
    Laporan.objects.update(ended_at=MONDAY - days(365))
    for words, arguments in (("Akan dikosongkan: 1 laporan.", ["--coba"]), ("Dikosongkan: 1 laporan.", [])):
        out = StringIO()
        call_command("rapikan_laporan", *arguments, stdout=out)
        assert out.getvalue().strip() == words


def test_the_reporter_takes_along_what_is_kept_and_nothing_of_the_handlers(meja):
    sent = meja.send(nama="Warga Contoh", kontak="warga@contoh.id")
    actions.note(sent.laporan, "Pelapor sering menelepon.", by=meja.koordinator)
    actions.ask(sent.laporan, "Loket mana?", by=meja.koordinator)
    answer = PageClient().get(reverse("pengaduan:copy", args=[sent.secret]))
    data = answer.json()
    assert (data["laporan"]["nama"], data["laporan"]["isi"]) == ("Warga Contoh", sent.laporan.isi)
    assert data["dikabari_lewat"][0]["tujuan"] == "warga@contoh.id"
    assert "Loket mana?" in [row["isi"] for row in data["perjalanan"]]
    assert "sering menelepon" not in answer.content.decode()
    assert fresh(sent.laporan).pin not in answer.content.decode()
    assert "Unduh semua data Anda" in text(PageClient().get(follow(sent)))
    assert PageClient().get(reverse("pengaduan:copy", args=["entah"])).status_code == 404
