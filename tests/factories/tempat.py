"""People, what they are told, and the places of the catalogue."""

from datetime import UTC, date, datetime, time, timedelta

import factory
from factory.django import DjangoModelFactory

from layanan import models as layanan
from mpp_portal import models as portal
from mpp_portal.notifikasi import models as kabar

OFFICES_ONLY = {"petugas_loket", "admin_instansi", "pejabat_penghubung"}


class Pengguna(DjangoModelFactory):
    class Meta:
        model = portal.Pengguna

    username = factory.Sequence(lambda n: f"orang.{n}")
    nama = factory.Sequence(lambda n: f"Orang Contoh {n}")
    password = "!"


class Peristiwa(DjangoModelFactory):
    class Meta:
        model = portal.Peristiwa

    jenis = "contoh"
    subjek = "layanan.mpp"
    subjek_id = 1


class Langganan(DjangoModelFactory):
    """Somebody who is told by e-mail about a visit; `Langganan(subjek_id=kunjungan.pk)`."""

    class Meta:
        model = kabar.Langganan

    subjek = "antrean.kunjungan"
    kanal = kabar.Kanal.SUREL
    tujuan = factory.Sequence(lambda n: f"orang.{n}@contoh.id")
    sidik = factory.LazyAttribute(lambda row: kabar.fingerprint(row.tujuan))
    bahasa = "id"


class Pesan(DjangoModelFactory):
    """A waiting message; `Pesan(peristiwa__mpp_id=mpp.pk)` in a mall."""

    class Meta:
        model = kabar.Pesan

    peristiwa = factory.SubFactory(Peristiwa)
    langganan = factory.SubFactory(
        Langganan, subjek_id=factory.Sequence(lambda n: n), mpp_id=factory.SelfAttribute("..peristiwa.mpp_id")
    )
    kanal = factory.SelfAttribute("langganan.kanal")
    tujuan = factory.SelfAttribute("langganan.sidik")
    subjek = factory.SelfAttribute("langganan.subjek")
    subjek_id = factory.SelfAttribute("langganan.subjek_id")
    segera = True


class Webhook(DjangoModelFactory):
    class Meta:
        model = kabar.Webhook

    nama = "Dasbor kota"
    url = factory.Sequence(lambda n: f"https://sistem-{n}.contoh.id/masuk")
    jenis = ["tiket.dipanggil"]


class Templat(DjangoModelFactory):
    class Meta:
        model = kabar.Templat

    jenis = "tiket.dipanggil"
    kelompok = kabar.Templat.Kelompok.PENDEK
    bahasa = "id"
    judul = "{nomor}"
    isi = "{nomor} ke {loket}"


class Wilayah(DjangoModelFactory):
    """A province; `Kota` makes one below it."""

    class Meta:
        model = layanan.Wilayah
        django_get_or_create = ["kode"]

    kode = "63"
    nama = "Kalimantan Selatan"
    zona = layanan.Wilayah.Zona.WITA


class Kota(DjangoModelFactory):
    class Meta:
        model = layanan.Wilayah

    induk = factory.SubFactory(Wilayah)
    kode = factory.LazyAttributeSequence(lambda row, n: f"{row.induk.kode}.{n % 100:02d}")
    nama = factory.Sequence(lambda n: f"Kota Nomor {n}")
    zona = factory.SelfAttribute("induk.zona")


class Mpp(DjangoModelFactory):
    """A mall that runs on the portal, in WITA; `Mpp(zona="Asia/Jakarta")` puts it into another zone."""

    class Meta:
        model = layanan.Mpp

    class Params:
        zona = layanan.Wilayah.Zona.WITA

    slug = factory.Sequence(lambda n: f"kota-{n}")
    nama = factory.Sequence(lambda n: f"MPP Kota {n}")
    aktif = True
    wilayah = factory.LazyAttribute(lambda row: Wilayah(**PROVINCES[row.zona], zona=row.zona))


PROVINCES = {
    "Asia/Jakarta": {"kode": "33", "nama": "Jawa Tengah"},
    "Asia/Makassar": {"kode": "63", "nama": "Kalimantan Selatan"},
    "Asia/Jayapura": {"kode": "81", "nama": "Maluku"},
}


class Instansi(DjangoModelFactory):
    class Meta:
        model = layanan.Instansi

    slug = factory.Sequence(lambda n: f"dinas-{n}")
    nama = factory.Sequence(lambda n: f"Dinas Urusan {n}")
    singkatan = factory.Sequence(lambda n: f"Dinas {n}")
    jenis = layanan.Instansi.Jenis.PERANGKAT_DAERAH


class Gerai(DjangoModelFactory):
    class Meta:
        model = layanan.Gerai

    mpp = factory.SubFactory(Mpp)
    instansi = factory.SubFactory(Instansi)


class Loket(DjangoModelFactory):
    class Meta:
        model = layanan.Loket

    gerai = factory.SubFactory(Gerai)
    nomor = factory.LazyAttribute(lambda row: layanan.Loket.objects.filter(mpp=row.gerai.mpp).count() + 1)


class JenisLayanan(DjangoModelFactory):
    class Meta:
        model = layanan.JenisLayanan

    slug = factory.Sequence(lambda n: f"surat-{n}")
    nama = factory.Sequence(lambda n: f"Surat Nomor {n}")
    instansi = factory.SubFactory(Instansi)
    peristiwa_hidup = layanan.PeristiwaHidup.IDENTITAS


class Layanan(DjangoModelFactory):
    class Meta:
        model = layanan.Layanan

    gerai = factory.SubFactory(Gerai)
    jenis = factory.SubFactory(JenisLayanan, instansi=factory.SelfAttribute("..gerai.instansi"))
    ditinjau_pada = date(2026, 7, 1)


class Persyaratan(DjangoModelFactory):
    class Meta:
        model = layanan.Persyaratan

    layanan = factory.SubFactory(Layanan)
    urutan = factory.Sequence(lambda n: n % 30_000 + 1)
    teks = "Salinan Kartu Keluarga"


class Langkah(DjangoModelFactory):
    class Meta:
        model = layanan.Langkah

    layanan = factory.SubFactory(Layanan)
    urutan = factory.Sequence(lambda n: n % 30_000 + 1)
    teks = "Ambil nomor di meja informasi"


class JamBuka(DjangoModelFactory):
    """Monday 08.00–15.30 with a break from 12.00 to 13.00, of a mall; `JamBuka(mpp=None, gerai=…)` of a gerai."""

    class Meta:
        model = layanan.JamBuka

    mpp = factory.SubFactory(Mpp)
    hari = layanan.JamBuka.Hari.SENIN
    buka = time(8)
    tutup = time(15, 30)
    istirahat_mulai = time(12)
    istirahat_selesai = time(13)


class HariLibur(DjangoModelFactory):
    class Meta:
        model = layanan.HariLibur

    tanggal = date(2026, 8, 17)
    nama = "Hari Kemerdekaan"
    jenis = layanan.HariLibur.Jenis.LIBUR_NASIONAL


class Penutupan(DjangoModelFactory):
    """A closure of a mall; `Penutupan(mpp=None, gerai=…)` or `(mpp=None, layanan=…)` of something in it."""

    class Meta:
        model = layanan.Penutupan

    mpp = factory.SubFactory(Mpp)
    mulai = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
    selesai = factory.LazyAttribute(lambda row: row.mulai + timedelta(days=1))
    alasan = "Listrik padam"


class Penugasan(DjangoModelFactory):
    """`Penugasan(peran="penyelia", mpp=mpp)`, `Penugasan(peran="petugas_loket", gerai=gerai)`; a place is made if
    none is given."""

    class Meta:
        model = layanan.Penugasan

    pengguna = factory.SubFactory(Pengguna)
    peran = layanan.Peran.PETUGAS_LOKET
    gerai = factory.Maybe(factory.LazyAttribute(lambda row: row.peran in OFFICES_ONLY), factory.SubFactory(Gerai), None)
    mpp = factory.Maybe(factory.LazyAttribute(lambda row: row.peran in OFFICES_ONLY), None, factory.SubFactory(Mpp))
    mulai = datetime(2020, 1, 1, tzinfo=UTC)


def open_always(mpp: layanan.Mpp) -> None:
    """Open around the clock for years, holidays too, so that a test holds on whatever day it runs."""
    for hari in layanan.JamBuka.Hari.values:
        JamBuka(
            mpp=mpp,
            musim=layanan.JamBuka.Musim.KHUSUS,
            dari=date(2000, 1, 1),
            sampai=date(2100, 1, 1),
            hari=hari,
            buka=time.min,
            tutup=time.max,
            istirahat_mulai=None,
            istirahat_selesai=None,
        )
