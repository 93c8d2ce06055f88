"""Each promise of the reports that the database keeps is broken here, by name."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests import factories
from tests.constraints import assert_breaks, named

ALL = named("pengaduan")


def change(row: Any, **values: Any):
    return lambda: type(row).objects.filter(pk=row.pk).update(**values)


def policy(**values: Any):
    return change(factories.KebijakanTenggat(), **values)


def report(**values: Any):
    return change(factories.Laporan(), **values)


def part(**values: Any):
    return change(factories.Disposisi(), **values)


def clock(**values: Any):
    return change(factories.Tenggat(), **values)


def second(factory: Any, **given: Any):
    factory(**given)
    return lambda: factory(**given)


def second_office():
    row = factories.Disposisi()
    return lambda: factories.Disposisi(laporan=row.laporan, gerai=row.gerai)


def second_clock_of_an_office():
    row = factories.Disposisi()
    return second(factories.Tenggat, laporan=row.laporan, disposisi=row, jenis="tindak_lanjut")


def answered_by_who_routed():
    row = factories.Disposisi()
    return change(row, penjawab=row.penyalur)


def closed_by_who_answered():
    row = factories.Disposisi(penjawab=factories.Pengguna(), answered_at=timezone.now(), status="ditanggapi")
    return change(row, penutup=row.penjawab)


def its_own_parent():
    row = factories.Laporan()
    return change(row, status="digabung", ended_at=timezone.now(), induk=row)


def split_from_itself():
    row = factories.Laporan()
    return change(row, asal=row)


def reviewed_by_who_banned():
    row = factories.Larangan()
    return change(row, status="disahkan", reviewed_at=timezone.now(), peninjau=row.oleh)


def told_and_dropped():
    words = dict.fromkeys(("data", "kejadian", "upaya"), "x")
    row = factories.Kebocoran(notified_at=timezone.now(), pemberi_tahu=factories.Pengguna(), **words)
    return change(row, dropped_at=timezone.now(), alasan_gugur="x")


def rung_twice():
    clock = factories.Tenggat()
    return second(factories.Eskalasi, laporan=clock.laporan, tenggat=clock, tingkat="atasan")


BREAK = {
    "kebocoran_berbatas": lambda: change(factories.Kebocoran(), due_at=timezone.now() - timedelta(days=1)),
    "kebocoran_diberitahukan_lengkap": lambda: change(factories.Kebocoran(), notified_at=timezone.now()),
    "kebocoran_satu_akhir": told_and_dropped,
    "kebocoran_gugur_beralasan": lambda: change(factories.Kebocoran(), dropped_at=timezone.now()),
    "larangan_bersidik": lambda: change(factories.Larangan(), sidik_kontak=""),
    "larangan_beralasan": lambda: change(factories.Larangan(), alasan=""),
    "larangan_berakhir": lambda: change(factories.Larangan(), sampai=timezone.now() - timedelta(days=1)),
    "larangan_peninjau_orang_lain": reviewed_by_who_banned,
    "larangan_ditinjau_tercatat": lambda: change(factories.Larangan(), status="disahkan"),
    "aturan_urutan_unik": lambda: second(factories.Aturan, mpp=factories.Mpp(), urutan=1),
    "aturan_bersyarat": lambda: change(factories.Aturan(), kata=""),
    "aturan_jenis_dikenal": lambda: change(factories.Aturan(), jenis="entah"),
    "aturan_tema_dikenal": lambda: change(factories.Aturan(), tema="entah"),
    "eskalasi_sekali_per_tenggat": rung_twice,
    "eskalasi_sekali_per_laporan": lambda: second(factories.Eskalasi, laporan=factories.Laporan()),
    "eskalasi_tenggat_menurut_tingkat": lambda: change(factories.Eskalasi(), tingkat="atasan"),
    "laporan_dilupakan_kosong": lambda: change(factories.Laporan(), forgotten_at=timezone.now()),
    "jawaban_baku_judul_unik": lambda: second(factories.JawabanBaku, gerai=factories.Gerai()),
    "jawaban_baku_berisi": lambda: change(factories.JawabanBaku(), teks=""),
    "kata_satu_per_laporan": lambda: second(factories.Kata, laporan=factories.Laporan()),
    "simpan_satu_per_tanggal": lambda: second(factories.KebijakanSimpan),
    "simpan_paling_sedikit_sehari": lambda: change(factories.KebijakanSimpan(), hari=0),
    "kebijakan_satu_per_tanggal": lambda: second(factories.KebijakanTenggat, berlaku_sejak=date(2027, 1, 1)),
    "kebijakan_jenis_dikenal": lambda: policy(jenis="entah"),
    "kebijakan_klasifikasi_penyelesaian": lambda: policy(klasifikasi="berkadar"),
    "kebijakan_paling_sedikit_sehari": lambda: policy(hari_kerja=0),
    "laporan_status_dikenal": lambda: report(status="entah"),
    "laporan_jenis_dikenal": lambda: report(jenis="entah"),
    "laporan_tema_dikenal": lambda: report(tema="entah"),
    "laporan_anonim_atau_bernama": lambda: report(nama=""),
    "laporan_kontak_berkanal": lambda: report(kontak="a@contoh.id"),
    "laporan_satu_terlapor": lambda: change(factories.Laporan(gerai=factories.Gerai()), tentang_pengelola=True),
    "laporan_disalurkan_terverifikasi": lambda: report(status="diproses"),
    "laporan_urgensi_beralasan": lambda: report(urgensi="genting"),
    "laporan_tertunda_sudah_ditanya": lambda: report(status="perlu_dilengkapi"),
    "laporan_berakhir_pada": lambda: report(status="dibatalkan"),
    "laporan_arsip_beralasan": lambda: report(status="diarsipkan", ended_at=timezone.now()),
    "laporan_diteruskan_bertujuan": lambda: report(status="diteruskan", ended_at=timezone.now()),
    "disposisi_status_dikenal": lambda: part(status="entah"),
    "disposisi_satu_per_gerai": second_office,
    "disposisi_satu_inspektorat": lambda: second(factories.Disposisi, laporan=factories.Laporan(), gerai=None),
    "disposisi_ditanggapi_tercatat": lambda: part(status="ditanggapi"),
    "disposisi_kembali_beralasan": lambda: part(status="dikembalikan"),
    "disposisi_penjawab_bukan_penyalur": answered_by_who_routed,
    "disposisi_penutup_bukan_penjawab": closed_by_who_answered,
    "tanggapan_berisi": lambda: change(factories.Tanggapan(), teks=""),
    "tanggapan_oleh_menurut_jenis": lambda: change(factories.Tanggapan(), oleh=None),
    "catatan_berisi": lambda: change(factories.Catatan(), teks=""),
    "laporan_terbit_lengkap": lambda: report(published_at=timezone.now()),
    "laporan_digabung_berinduk": lambda: report(status="digabung", ended_at=timezone.now()),
    "laporan_bukan_induk_sendiri": its_own_parent,
    "laporan_bukan_asal_sendiri": split_from_itself,
    "dukungan_satu_per_perangkat": lambda: second(factories.Dukungan, laporan=factories.Laporan()),
    "lampiran_jenis_dikenal": lambda: change(factories.Lampiran(), jenis="video"),
    "lampiran_berpemilik": lambda: change(factories.Lampiran(), laporan=None),
    "lampiran_berisi": lambda: change(factories.Lampiran(), ukuran=0),
    "penerimaan_saluran_dikenal": lambda: change(factories.Penerimaan(), saluran="entah"),
    "penerimaan_alamat_menurut_jawaban": lambda: change(factories.Penerimaan(), alamat=""),
    "penerimaan_disampaikan_tercatat": lambda: change(factories.Penerimaan(), told_at=timezone.now()),
    "penilaian_satu_per_putaran": lambda: second(factories.Penilaian, laporan=factories.Laporan()),
    "penilaian_satu_sampai_lima": lambda: change(factories.Penilaian(), nilai=6),
    "penilaian_rendah_beralasan": lambda: change(factories.Penilaian(), nilai=2),
    "tenggat_jenis_dikenal": lambda: clock(jenis="entah"),
    "tenggat_satu_berjalan": lambda: second(factories.Tenggat, laporan=factories.Laporan()),
    "tenggat_satu_per_disposisi": second_clock_of_an_office,
    "tenggat_disposisi_menurut_jenis": lambda: clock(jenis="tindak_lanjut"),
    "tenggat_mulai_sebelum_jatuh": lambda: clock(due_at=timezone.now() - timedelta(days=1)),
    "tenggat_satu_akhir": lambda: clock(met_at=timezone.now(), dropped_at=timezone.now()),
    "tenggat_jeda_selagi_berjalan": lambda: clock(met_at=timezone.now(), paused_at=timezone.now()),
}


def test_every_constraint_of_the_reports_is_broken_here():
    assert set(BREAK) == set(ALL)
    assert len(ALL) == 69


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(BREAK))
def test_the_database_refuses(name):
    assert_breaks(name, BREAK[name](), ALL[name])
