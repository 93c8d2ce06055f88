"""Every promise of the queue that the database keeps, broken by name: not even a stray `.update()` can lie."""

from datetime import time
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from antrean import triggers
from antrean.models import Rehat, Sesi, Tiket
from tests import factories
from tests.antrean.conftest import NINE, minutes
from tests.constraints import assert_breaks, named

ALL = named("antrean")


def waiting(**change: Any):
    """Write this change over a waiting ticket."""
    tiket = factories.Tiket()
    return lambda: Tiket.objects.filter(pk=tiket.pk).update(**change)


def at_loket(status: str = "dipanggil", **given: Any) -> Tiket:
    times = {"called_at": NINE} | ({"started_at": NINE} if status == "dilayani" else {})
    tiket = factories.Tiket(**{k: v for k, v in given.items() if k != "loket"})
    loket = given.get("loket") or factories.Loket(gerai=tiket.sesi.antrean.gerai)
    Tiket.objects.filter(pk=tiket.pk).update(status=status, loket=loket, **times)
    return Tiket.objects.get(pk=tiket.pk)


def second_at_the_same_loket():
    first = at_loket()
    return lambda: at_loket(antrean=first.sesi.antrean, loket=first.loket)


def same_person_at_two_loket():
    first = at_loket()
    other = factories.Antrean(gerai=first.sesi.antrean.gerai)
    return lambda: at_loket(antrean=other, kunjungan=first.kunjungan)


def another_active_number():
    first = factories.Tiket()
    return lambda: factories.Tiket(sesi=first.sesi, kunjungan=first.kunjungan)


def same(factory: Any, *fields: str, **given: Any):
    """One more row that equals the first in these fields."""
    first = factory(**given)
    return lambda: factory(**given, **{field: getattr(first, field) for field in fields})


def same_sesi():
    first = factories.Sesi()
    return lambda: Sesi.objects.create(antrean=first.antrean, tanggal=first.tanggal)


def change(row: Any, **values: Any):
    return lambda: type(row).objects.filter(pk=row.pk).update(**values)


def unserved_end(**values: Any):
    return change(at_loket("dilayani"), **values)


def moved_to_the_same_number():
    new = factories.Tiket()
    end = {"status": "dialihkan", "ended_at": NINE, "pengganti": new}
    Tiket.objects.filter(pk=at_loket().pk).update(**end)
    return change(at_loket(), **end)


def its_own_predecessor():
    tiket = factories.Tiket()
    return change(tiket, prasyarat=tiket)


def pause(**given: Any):
    jaga = factories.Jaga()
    times = {"alasan": "rapat", "started_at": NINE, "ended_at": NINE}
    return lambda: Rehat.objects.create(jaga=jaga, **times | given)


def booked(**change: Any):
    """Write this change over a confirmed booking."""
    row = factories.Pemesanan()
    return lambda: type(row).objects.filter(pk=row.pk).update(**change)


def waits(**change: Any):
    """Write this change over somebody who waits for a full day."""
    row = factories.DaftarTunggu()
    return lambda: type(row).objects.filter(pk=row.pk).update(**change)


def printer_of_a_printer():
    first = factories.Perangkat(jenis="cetak")
    return change(factories.Perangkat(jenis="cetak"), pencetak=first)


def second_paper_at_once():
    first = factories.Cetakan()
    return lambda: factories.Cetakan(tiket=first.tiket, anjungan=first.anjungan, salinan=1)


BREAK = {
    "antrean_huruf_unik_per_mpp": lambda: same(factories.Antrean, "gerai", "huruf"),
    "antrean_huruf_kapital": lambda: change(factories.Antrean(), huruf="a"),
    "antrean_menit_positif": lambda: change(factories.Antrean(), menit_layanan=0),
    "antrean_mode_dikenal": lambda: change(factories.Antrean(), mode="entah"),
    "sesi_satu_per_hari": same_sesi,
    "kunjungan_sisa_dikenal": lambda: change(factories.Kunjungan(), kabari_sisa=4),
    "kunjungan_kode_unik_per_hari": lambda: same(factories.Kunjungan, "mpp", "tanggal", "kode"),
    "kunjungan_satu_per_tamu_per_hari": lambda: same(factories.Kunjungan, "mpp", "tanggal", tamu="a" * 64),
    "tiket_nomor_unik_per_sesi": lambda: same(factories.Tiket, "sesi", "nomor"),
    "tiket_satu_aktif_per_antrean": another_active_number,
    "tiket_satu_per_loket": second_at_the_same_loket,
    "tiket_satu_per_orang": same_person_at_two_loket,
    "tiket_kode_luar_sekali": lambda: same(factories.Tiket, "sesi", kode_luar="AB1234"),
    "angka_luar_satu_per_hari": lambda: same(factories.AngkaLuar, "antrean", "tanggal"),
    "tiket_status_dikenal": lambda: waiting(status="entah"),
    "tiket_prioritas_dikenal": lambda: waiting(prioritas="pejabat"),
    "tiket_nomor_mulai_satu": lambda: waiting(nomor=0),
    "tiket_di_loket_tercatat": lambda: waiting(status="dipanggil"),
    "tiket_menunggu_tanpa_loket": lambda: change(at_loket(), status="menunggu"),
    "tiket_dilayani_sejak": lambda: change(at_loket(), status="dilayani"),
    "tiket_berakhir_pada": lambda: waiting(status="batal"),
    "tiket_terlewat_dua_kali": lambda: waiting(status="terlewat"),
    "tiket_waktu_urut": lambda: unserved_end(started_at=NINE - minutes(1)),
    "tiket_ditunda_sejak": lambda: waiting(status="ditunda"),
    "tiket_dialihkan_berpengganti": lambda: waiting(pengganti=factories.Tiket()),
    "tiket_pengganti_unik": moved_to_the_same_number,
    "tiket_sesudah_yang_lain": its_own_predecessor,
    "tiket_selesai_berhasil": lambda: unserved_end(status="selesai", ended_at=NINE),
    "tiket_cetak_dikenal": lambda: waiting(cetak="entah"),
    "tiket_dipanggil_sesudah_keluar": lambda: change(at_loket(), cetak="ditunggu"),
    "perangkat_nama_unik_per_mpp": lambda: same(factories.Perangkat, "mpp", "nama"),
    "perangkat_jenis_dikenal": lambda: change(factories.Perangkat(), jenis="entah"),
    "perangkat_kertas_dikenal": lambda: change(factories.Perangkat(), kertas="entah"),
    "perangkat_kode_unik": lambda: same(factories.Perangkat, kode="k", kode_until=NINE),
    "perangkat_token_unik": lambda: same(factories.Perangkat, "token"),
    "perangkat_kode_berbatas": lambda: change(factories.Perangkat(), kode="k"),
    "perangkat_terpasang_bertoken": lambda: change(factories.Perangkat(), token=""),
    "perangkat_pencetak_milik_anjungan": printer_of_a_printer,
    "perangkat_bahasa_dikenal": lambda: change(factories.Perangkat(jenis="layar"), bahasa="jw"),
    "perangkat_bahasa_milik_layar": lambda: change(factories.Perangkat(), bahasa="en"),
    "cetakan_salinan_unik": lambda: same(factories.Cetakan, "tiket", status="gagal", ended_at=NINE),
    "cetakan_satu_berjalan": second_paper_at_once,
    "cetakan_status_dikenal": lambda: change(factories.Cetakan(), status="entah"),
    "cetakan_dikerjakan_berbatas": lambda: change(factories.Cetakan(), status="dikerjakan"),
    "cetakan_berakhir_pada": lambda: change(factories.Cetakan(), status="gagal"),
    "cetakan_sebab_dikenal": lambda: change(factories.Cetakan(), sebab="entah"),
    "pola_mulai_unik": lambda: same(factories.PolaJadwal, "antrean", "hari", "mulai"),
    "pola_hari_dikenal": lambda: change(factories.PolaJadwal(), hari=7),
    "pola_mulai_sebelum_selesai": lambda: change(factories.PolaJadwal(), selesai=time(9)),
    "pola_menit_wajar": lambda: change(factories.PolaJadwal(), menit=4),
    "pola_persen_wajar": lambda: change(factories.PolaJadwal(), persen_langsung=101),
    "pola_hari_wajar": lambda: change(factories.PolaJadwal(), hari_ke_depan=0),
    "slot_mulai_unik": lambda: same(factories.Slot, "antrean", "mulai"),
    "slot_mulai_sebelum_selesai": lambda: change(factories.Slot(mulai=NINE), selesai=NINE),
    "slot_tidak_melebihi_kapasitas": lambda: change(factories.Slot(), terisi=3),
    "pemesanan_status_dikenal": lambda: booked(status="entah", ended_at=NINE),
    "pemesanan_berlaku_beridentitas": lambda: booked(nama=""),
    "pemesanan_hadir_bertiket": lambda: booked(status="hadir"),
    "pemesanan_pindah_berpengganti": lambda: booked(status="dijadwalkan_ulang", ended_at=NINE),
    "pemesanan_berakhir_pada": lambda: booked(status="batal"),
    "pemesanan_prioritas_dikenal": lambda: booked(prioritas="pejabat"),
    "pemesanan_paling_banyak_empat": lambda: booked(urut_kontak=5),
    "pemesanan_satu_per_orang": lambda: same(factories.Pemesanan, "slot", "layanan", "orang"),
    "pemesanan_urut_kontak_unik": lambda: same(factories.Pemesanan, "slot", "sidik_kontak"),
    "pemesanan_satu_tempat_per_kunjungan": lambda: same(factories.Pemesanan, "kunjungan", "tanggal"),
    "pemesanan_dilupakan_kosong": lambda: booked(forgotten_at=NINE),
    "tunggu_dilupakan_kosong": lambda: waits(forgotten_at=NINE),
    "tunggu_status_dikenal": lambda: waits(status="entah", ended_at=NINE),
    "tunggu_ditawari_bertempat": lambda: waits(status="ditawari"),
    "tunggu_berakhir_pada": lambda: waits(status="batal"),
    "tunggu_prioritas_dikenal": lambda: waits(prioritas="pejabat"),
    "tunggu_paling_banyak_empat": lambda: waits(urut_kontak=5),
    "tunggu_satu_per_orang": lambda: same(factories.DaftarTunggu, "tanggal", "layanan", "orang"),
    "tunggu_urut_kontak_unik": lambda: same(factories.DaftarTunggu, "tanggal", "sidik_kontak"),
    "jaga_satu_per_loket": lambda: same(factories.Jaga, "loket"),
    "jaga_satu_per_petugas": lambda: same(factories.Jaga, "petugas"),
    "jaga_buka_sebelum_tutup": lambda: change(factories.Jaga(opened_at=NINE), closed_at=NINE - minutes(1)),
    "jaga_rehat_dikenal": lambda: change(factories.Jaga(), rehat="entah", paused_at=NINE),
    "jaga_rehat_sejak": lambda: change(factories.Jaga(), rehat="rapat"),
    "rehat_alasan_dikenal": lambda: pause(alasan=""),
    "rehat_mulai_sebelum_berakhir": lambda: pause(ended_at=NINE - minutes(1)),
    "panggilan_sebab_dikenal": lambda: change(factories.Panggilan(), sebab="entah"),
    "panggilan_urut_unik_per_mpp": lambda: same(factories.Panggilan, "tiket", "urut"),
}


def test_every_constraint_of_the_queue_is_broken_here():
    assert set(BREAK) == set(ALL)
    assert len(ALL) == 83


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(BREAK))
def test_the_database_refuses(name):
    assert_breaks(name, BREAK[name](), ALL[name])


def linked(factory: Any, **given: Any):
    """Join to a row a layanan that is of its line; returns the row and its links."""
    row = factory(**given)
    antrean = row.sesi.antrean if isinstance(row, Tiket) else row.slot.antrean
    own = factories.Layanan(gerai=antrean.gerai)
    antrean.layanan.add(row.layanan, own)
    row.sekaligus.add(own)
    return row, type(row).sekaligus.through.objects


def of_another_line(factory: Any):
    row, links = linked(factory)
    other = factories.Antrean(layanan=[factories.Layanan()])
    return [lambda: row.sekaligus.add(other.layanan.get()), lambda: links.update(layanan=other.layanan.get())]


def its_own_again(factory: Any):
    row, links = linked(factory)
    return [lambda: row.sekaligus.add(row.layanan), lambda: links.update(layanan=row.layanan)]


TOGETHER = {"tiket_sekaligus_seantrean": factories.Tiket, "pemesanan_sekaligus_seantrean": factories.Pemesanan}


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", [of_another_line, its_own_again])
@pytest.mark.parametrize("name", sorted(TOGETHER))
def test_only_what_is_of_the_same_line_is_arranged_together(name, wrong):
    assert set(TOGETHER) == set(triggers.RULES)
    for write in wrong(TOGETHER[name]):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            write()


@pytest.mark.django_db
def test_a_layanan_that_leaves_its_line_stays_with_those_who_were_promised_it():
    row, links = linked(factories.Tiket)
    row.sesi.antrean.layanan.clear()
    assert links.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(TOGETHER))
def test_a_migration_leaves_the_rules_as_they_were(name):
    for step in (triggers.drop, triggers.create, triggers.create):
        step(using="default")
    for write in of_another_line(TOGETHER[name]):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            write()
