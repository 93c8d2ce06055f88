"""Lines, their days, visits, bookings and tickets."""

from datetime import time, timedelta
from typing import Any

import factory
from django.db.models import F
from django.utils import timezone
from factory.django import DjangoModelFactory

from antrean import models as antrean

from .tempat import Gerai, Layanan, Loket, Mpp, Penugasan


class Antrean(DjangoModelFactory):
    """A line; `Antrean(gerai=gerai, layanan=[…], loket=[…])` ties it to what it serves and where."""

    class Meta:
        model = antrean.Antrean
        skip_postgeneration_save = True

    gerai = factory.SubFactory(Gerai)
    huruf = factory.LazyAttribute(lambda row: LETTERS[antrean.Antrean.objects.filter(mpp=row.gerai.mpp).count()])
    nama = factory.LazyAttribute(lambda row: f"Antrean {row.huruf}")

    @factory.post_generation
    def layanan(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        if extracted:
            self.layanan.set(extracted)

    @factory.post_generation
    def loket(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        if extracted:
            self.loket.set(extracted)


LETTERS = "AFHJKLMNQRSUWXYBZ"


class Sesi(DjangoModelFactory):
    """Today's row of a line, on the clock of its mall."""

    class Meta:
        model = antrean.Sesi
        django_get_or_create = ["antrean", "tanggal"]

    antrean = factory.SubFactory(Antrean)
    tanggal = factory.LazyAttribute(lambda row: row.antrean.gerai.mpp.today())


class Kunjungan(DjangoModelFactory):
    class Meta:
        model = antrean.Kunjungan

    mpp = factory.SubFactory(Mpp)
    tanggal = factory.LazyAttribute(lambda row: row.mpp.today())


class Tiket(DjangoModelFactory):
    """A waiting ticket with the next number of its line; `Tiket(sesi=sesi)` or `Tiket(antrean=antrean)`.

    The line's counter moves along, as it does when a number is really taken.
    """

    class Meta:
        model = antrean.Tiket

    class Params:
        antrean = factory.SubFactory(Antrean)

    sesi = factory.LazyAttribute(lambda row: Sesi(antrean=row.antrean))
    nomor = factory.LazyAttribute(lambda row: _count(row.sesi))
    label = factory.LazyAttribute(lambda row: f"{row.sesi.antrean.huruf}-{row.nomor:03d}")
    kunjungan = factory.LazyAttribute(lambda row: Kunjungan(mpp=row.sesi.antrean.gerai.mpp, tanggal=row.sesi.tanggal))
    layanan = factory.LazyAttribute(
        lambda row: row.sesi.antrean.layanan.first() or Layanan(gerai=row.sesi.antrean.gerai)
    )
    asal = antrean.Tiket.Asal.MEJA
    kunci = factory.Sequence(lambda n: f"kunci-{n}")
    giliran_pada = factory.LazyFunction(timezone.now)


def _count(sesi: antrean.Sesi) -> int:
    sesi.nomor_terakhir += 1
    sesi.save(update_fields=["nomor_terakhir"])
    return sesi.nomor_terakhir


class AngkaLuar(DjangoModelFactory):
    """What the instansi says that it served today in a line of its own."""

    class Meta:
        model = antrean.AngkaLuar

    antrean = factory.SubFactory(Antrean, mode="luar")
    tanggal = factory.LazyAttribute(lambda row: row.antrean.gerai.mpp.today())
    dilayani = 84


class Perangkat(DjangoModelFactory):
    """A paired kiosk that has just been heard; `Perangkat(token="")` is not paired yet."""

    class Meta:
        model = antrean.Perangkat

    mpp = factory.SubFactory(Mpp)
    jenis = antrean.Perangkat.Jenis.ANJUNGAN
    nama = factory.Sequence(lambda n: f"Perangkat {n}")
    token = factory.Sequence(lambda n: f"token-{n}")
    paired_at = factory.LazyAttribute(lambda row: timezone.now() if row.token else None)
    last_seen_at = factory.LazyAttribute(lambda row: row.paired_at)


class Cetakan(DjangoModelFactory):
    """A paper that waits for the kiosk's own browser."""

    class Meta:
        model = antrean.Cetakan

    tiket = factory.SubFactory(Tiket)
    anjungan = factory.LazyAttribute(lambda row: Perangkat(mpp=row.tiket.sesi.antrean.gerai.mpp))


class Jaga(DjangoModelFactory):
    """A loket opened by a petugas who is assigned to its gerai."""

    class Meta:
        model = antrean.Jaga

    loket = factory.SubFactory(Loket)
    petugas = factory.LazyAttribute(lambda row: Penugasan(gerai=row.loket.gerai).pengguna)


class UrutanPanggilan(DjangoModelFactory):
    class Meta:
        model = antrean.UrutanPanggilan

    mpp = factory.SubFactory(Mpp)


class Panggilan(DjangoModelFactory):
    class Meta:
        model = antrean.Panggilan

    tiket = factory.SubFactory(Tiket)
    mpp = factory.SelfAttribute("tiket.sesi.antrean.gerai.mpp")
    loket = factory.LazyAttribute(lambda row: Loket(gerai=row.tiket.sesi.antrean.gerai))
    urut = factory.LazyAttribute(lambda row: antrean.Panggilan.objects.filter(mpp=row.mpp).count() + 1)


class PolaJadwal(DjangoModelFactory):
    """Mondays from 09.00 to 11.00, two slots of an hour; the line's mean of 10 minutes leaves 3 bookings for each."""

    class Meta:
        model = antrean.PolaJadwal

    antrean = factory.SubFactory(Antrean)
    hari = 0
    mulai = time(9)
    selesai = time(11)
    menit = 60


class Slot(DjangoModelFactory):
    """A place for two, tomorrow at this hour, bookable until then; `Slot(antrean=antrean, mulai=…)`."""

    class Meta:
        model = antrean.Slot

    antrean = factory.SubFactory(Antrean)
    mulai = factory.LazyFunction(lambda: timezone.now().replace(second=0, microsecond=0) + timedelta(days=1))
    tanggal = factory.LazyAttribute(lambda row: row.antrean.gerai.mpp.today(row.mulai))
    selesai = factory.LazyAttribute(lambda row: row.mulai + timedelta(minutes=30))
    kapasitas = 2
    opens_at = factory.LazyAttribute(lambda row: row.mulai - timedelta(days=14))
    closes_at = factory.LazyAttribute(lambda row: row.mulai)


class Pemesanan(DjangoModelFactory):
    """A confirmed booking; its slot counts it."""

    class Meta:
        model = antrean.Pemesanan
        skip_postgeneration_save = True

    slot = factory.SubFactory(Slot)
    tanggal = factory.LazyAttribute(lambda row: row.slot.tanggal)
    layanan = factory.LazyAttribute(
        lambda row: row.slot.antrean.layanan.first() or Layanan(gerai=row.slot.antrean.gerai)
    )
    kunjungan = factory.LazyAttribute(lambda row: Kunjungan(mpp=row.slot.antrean.gerai.mpp, tanggal=row.tanggal))
    status = "dipesan"
    nama = "Sari Contoh"
    kontak = "sari@contoh.id"
    orang = factory.Sequence(lambda n: f"orang-{n}")
    sidik_kontak = factory.Sequence(lambda n: f"kontak-{n}")
    urut_kontak = 1
    kunci = factory.Sequence(lambda n: f"pesan-{n}")
    held_until = factory.LazyAttribute(lambda row: row.slot.mulai)

    @factory.post_generation
    def counted(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        antrean.Slot.objects.filter(pk=self.slot_id).update(terisi=F("terisi") + 1)


class DaftarTunggu(DjangoModelFactory):
    """Somebody who waits for tomorrow, first of their contact."""

    class Meta:
        model = antrean.DaftarTunggu

    antrean = factory.SubFactory(Antrean)
    tanggal = factory.LazyAttribute(lambda row: row.antrean.gerai.mpp.today() + timedelta(days=1))
    layanan = factory.LazyAttribute(lambda row: row.antrean.layanan.first() or Layanan(gerai=row.antrean.gerai))
    kunjungan = factory.LazyAttribute(lambda row: Kunjungan(mpp=row.antrean.gerai.mpp, tanggal=row.tanggal))
    nama = "Budi Contoh"
    kontak = "budi@contoh.id"
    orang = factory.Sequence(lambda n: f"orang-{n}")
    sidik_kontak = factory.Sequence(lambda n: f"kontak-{n}")
    urut_kontak = 1
    kunci = factory.Sequence(lambda n: f"tunggu-{n}")
