"""Clocks, reports and what is said about them."""

from datetime import date, timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from pengaduan import models as pengaduan
from pengaduan.open311 import models as open311
from pengaduan.open311.titipan import models as titipan
from pengaduan.sp4n import models as sp4n

from .tempat import Gerai, Mpp, Pengguna


class KebijakanTenggat(DjangoModelFactory):
    """A figure from the first of 2027 on, beside those that the portal ships with."""

    class Meta:
        model = pengaduan.KebijakanTenggat

    jenis = "verifikasi"
    hari_kerja = 2
    berlaku_sejak = date(2027, 1, 1)
    sumber = "Keputusan contoh"


class KebijakanSimpan(DjangoModelFactory):
    class Meta:
        model = pengaduan.KebijakanSimpan

    hari = 365
    berlaku_sejak = date(2027, 1, 1)
    sumber = "Keputusan contoh"


class Laporan(DjangoModelFactory):
    """A report just received, without its clocks; `actions.submit` makes a whole one."""

    class Meta:
        model = pengaduan.Laporan

    mpp = factory.SubFactory(Mpp)
    kode = factory.Sequence(lambda n: f"MPP-2001-{n:04d}")
    sidik_rahasia = factory.Sequence(lambda n: f"{n:064x}")
    kunci = factory.Sequence(lambda n: f"{n:064x}")
    pin = "!"
    jenis = "pengaduan"
    judul = "Loket tutup lebih awal"
    isi = "Pukul dua siang loket sudah kosong, padahal jam tutupnya setengah empat."
    nama = "Warga Contoh"


class Aturan(DjangoModelFactory):
    """A rule in use that suggests the inspektorat; `Aturan(kepada=gerai, mpp=gerai.mpp)` that office."""

    class Meta:
        model = pengaduan.Aturan

    mpp = factory.SubFactory(Mpp)
    urutan = factory.Sequence(lambda n: n + 1)
    nama = factory.Sequence(lambda n: f"Aturan {n}")
    kata = "loket"
    aktif = True


class Disposisi(DjangoModelFactory):
    class Meta:
        model = pengaduan.Disposisi

    laporan = factory.SubFactory(Laporan)
    gerai = factory.SubFactory(Gerai, mpp=factory.SelfAttribute("..laporan.mpp"))
    penyalur = factory.SubFactory(Pengguna)


class Tanggapan(DjangoModelFactory):
    class Meta:
        model = pengaduan.Tanggapan

    laporan = factory.SubFactory(Laporan)
    jenis = "jawaban"
    teks = "Sudah kami perbaiki."
    oleh = factory.SubFactory(Pengguna)


class Catatan(DjangoModelFactory):
    class Meta:
        model = pengaduan.Catatan

    laporan = factory.SubFactory(Laporan)
    teks = "Hubungi kepala seksi."
    oleh = factory.SubFactory(Pengguna)


class Dukungan(DjangoModelFactory):
    class Meta:
        model = pengaduan.Dukungan

    laporan = factory.SubFactory(Laporan)
    sidik = "0" * 64


class Kata(DjangoModelFactory):
    class Meta:
        model = pengaduan.Kata

    laporan = factory.SubFactory(Laporan)
    kata = "loket"


class Eskalasi(DjangoModelFactory):
    class Meta:
        model = pengaduan.Eskalasi

    laporan = factory.SubFactory(Laporan)
    tingkat = "ombudsman"


class JawabanBaku(DjangoModelFactory):
    class Meta:
        model = pengaduan.JawabanBaku

    gerai = factory.SubFactory("tests.factories.Gerai")
    judul = "Berkas lengkap"
    teks = "Berkas Anda sudah lengkap."


class Lampiran(DjangoModelFactory):
    class Meta:
        model = pengaduan.Lampiran

    laporan = factory.SubFactory(Laporan)
    nama = "foto.jpg"
    jenis = "foto"
    ukuran = 3
    berkas = factory.django.FileField(filename="foto.jpg", data=b"foo")


class Larangan(DjangoModelFactory):
    """Seven days, not looked at by a second person yet."""

    class Meta:
        model = pengaduan.Larangan

    laporan = factory.SubFactory(Laporan)
    sidik_kontak = "0" * 64
    garam = "0" * 64
    alasan = "Laporan palsu berulang kali."
    oleh = factory.SubFactory(Pengguna)
    at = factory.LazyFunction(timezone.now)
    sampai = factory.LazyAttribute(lambda row: row.at + timedelta(days=7))


class Penilaian(DjangoModelFactory):
    class Meta:
        model = pengaduan.Penilaian

    laporan = factory.SubFactory(Laporan)
    putaran = 1
    nilai = 4


class Tenggat(DjangoModelFactory):
    """A running clock; `Tenggat(disposisi=…, jenis="tindak_lanjut")` of one office."""

    class Meta:
        model = pengaduan.Tenggat

    laporan = factory.SubFactory(Laporan)
    jenis = "verifikasi"
    kebijakan = factory.LazyFunction(lambda: pengaduan.KebijakanTenggat.objects.first() or KebijakanTenggat())
    mulai = factory.LazyFunction(timezone.now)
    due_at = factory.LazyAttribute(lambda row: row.mulai + timedelta(days=3))
    jatuh = factory.LazyAttribute(lambda row: row.due_at.date())


class Kebocoran(DjangoModelFactory):
    class Meta:
        model = pengaduan.Kebocoran

    laporan = factory.SubFactory(Laporan)
    mulai = factory.LazyFunction(timezone.now)
    due_at = factory.LazyAttribute(lambda row: row.mulai + timedelta(hours=72))
    penanda = factory.SubFactory(Pengguna)


class KunciApi(DjangoModelFactory):
    """A key that a program holds; `KunciApi(kunci="rahasia")` is found by that word."""

    class Meta:
        model = open311.KunciApi

    class Params:
        kunci = factory.Sequence(lambda n: f"kunci-{n}")

    mpp = factory.SubFactory(Mpp)
    nama = factory.Sequence(lambda n: f"Aplikasi {n}")
    sidik = factory.LazyAttribute(lambda row: open311.fingerprint(row.kunci))


class Kiriman(DjangoModelFactory):
    class Meta:
        model = open311.Kiriman

    laporan = factory.SubFactory(Laporan)
    kunci = factory.SubFactory(KunciApi, mpp=factory.SelfAttribute("..laporan.mpp"))
    token = factory.Sequence(lambda n: f"{n:022d}")


class Rujukan(DjangoModelFactory):
    class Meta:
        model = sp4n.Rujukan

    laporan = factory.SubFactory(Laporan)
    tracking_id = factory.Sequence(lambda n: f"88{n:05d}")
    per = date(2026, 11, 20)


class Penerimaan(DjangoModelFactory):
    """A letter that is answered by letter."""

    class Meta:
        model = pengaduan.Penerimaan

    laporan = factory.SubFactory(Laporan)
    saluran = "surat"
    tanggal = date(2026, 11, 23)
    jawab_lewat = "surat"
    alamat = "Jalan Contoh 1"
    penerima = factory.SubFactory(Pengguna)


class Sambungan(DjangoModelFactory):
    class Meta:
        model = titipan.Sambungan

    gerai = factory.SubFactory(Gerai)
    url = factory.Sequence(lambda n: f"https://kota-{n}.contoh.id/open311/v2")
    kunci_api = "kunci-kota"
    service_code = "pengaduan"
    bentuk = "json"


class Titipan(DjangoModelFactory):
    """Not filed yet; `Titipan(nomor="17")` is, and asked about at once."""

    class Meta:
        model = titipan.Titipan

    disposisi = factory.SubFactory(Disposisi)
    sambungan = factory.SubFactory(Sambungan, gerai=factory.SelfAttribute("..disposisi.gerai"))
    nomor = ""
    filed_at = factory.LazyAttribute(lambda row: timezone.now() if row.nomor else None)
    next_at = factory.LazyAttribute(lambda row: row.filed_at)


class Usulan(DjangoModelFactory):
    class Meta:
        model = titipan.Usulan

    titipan = factory.SubFactory(Titipan, nomor=factory.Sequence(lambda n: f"{n}"))
    jenis = "tindak_lanjut"
    teks = "Petugas kami sudah ke sana."
    at = factory.LazyFunction(timezone.now)
