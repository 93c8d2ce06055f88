"""The life of a ticket, as a table. `actions` walks it, one step at a time; nothing else changes a status."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Status(models.TextChoices):
    MENUNGGU = "menunggu", _("menunggu")
    DIPANGGIL = "dipanggil", _("dipanggil")
    DILAYANI = "dilayani", _("dilayani")
    SELESAI = "selesai", pgettext_lazy("tiket", "selesai")
    DITUNDA = "ditunda", _("ditunda")
    DIALIHKAN = "dialihkan", _("dialihkan")
    TERLEWAT = "terlewat", _("terlewat")
    BATAL = "batal", _("dibatalkan")
    HANGUS = "hangus", _("hangus")


DI_LOKET = [Status.DIPANGGIL.value, Status.DILAYANI.value]
TANPA_LOKET = [Status.MENUNGGU.value, Status.DITUNDA.value]
AKTIF = [*TANPA_LOKET, *DI_LOKET]
BELUM = [*TANPA_LOKET, Status.TERLEWAT.value]  # not served yet, and not at a loket
BERAKHIR = [Status.SELESAI.value, Status.DIALIHKAN.value, Status.BATAL.value, Status.HANGUS.value]

NEXT: dict[str, set[str]] = {
    # Absent once: back in line, to be called again; a spoken call is returned, not undone.
    Status.MENUNGGU: {Status.DIPANGGIL, Status.DITUNDA, Status.BATAL, Status.HANGUS},
    Status.DIPANGGIL: {Status.DILAYANI, Status.MENUNGGU, Status.DITUNDA, Status.DIALIHKAN, Status.TERLEWAT},
    Status.DILAYANI: {Status.SELESAI, Status.DITUNDA, Status.DIALIHKAN},
    # The same day, the person may come back.
    Status.DITUNDA: {Status.MENUNGGU, Status.BATAL, Status.HANGUS},
    Status.TERLEWAT: {Status.MENUNGGU, Status.HANGUS},
    Status.DIALIHKAN: set(),  # goes on as another ticket, with the same label
    Status.SELESAI: set(),
    Status.BATAL: set(),
    Status.HANGUS: set(),
}


class Hasil(models.TextChoices):
    """What came of it for who was served."""

    TUNTAS = "tuntas", _("tuntas")
    BERKAS_KURANG = "berkas_kurang", _("berkas kurang")
    DIARAHKAN = "diarahkan", _("diarahkan ke tempat lain")
    TIDAK_DAPAT = "tidak_dapat", _("tidak dapat dilayani")


class AlasanRehat(models.TextChoices):
    """Why an open loket calls nobody for a while."""

    TANPA = "", _("tidak rehat")
    ISTIRAHAT = "istirahat", _("istirahat")
    IBADAH = "ibadah", _("salat atau ibadah")
    RAPAT = "rapat", _("rapat")
    GANGGUAN = "gangguan", _("gangguan sistem")
    LAIN = "lain", _("keperluan lain")


class Sebab(models.TextChoices):
    """Why a number was called out of its turn."""

    GILIRAN = "", _("menurut gilirannya")
    KEMBALI = "kembali", _("orangnya sudah kembali")
    LANJUTAN = "lanjutan", _("melanjutkan urusan tadi")
    DARURAT = "darurat", _("tidak dapat menunggu")
    KELIRU = "keliru", _("tadi keliru dilewati")


class StatusPesan(models.TextChoices):
    """The life of a booking. It holds a place of its slot as `ditahan`, `dipesan` and `hadir`."""

    DITAHAN = "ditahan", _("sedang diisi")
    DIPESAN = "dipesan", _("dipesan")
    HADIR = "hadir", _("hadir")
    BATAL = "batal", _("dibatalkan")
    HANGUS = "hangus", _("hangus")
    DIJADWALKAN_ULANG = "dijadwalkan_ulang", _("dijadwalkan ulang")


MEMEGANG = [StatusPesan.DITAHAN.value, StatusPesan.DIPESAN.value, StatusPesan.HADIR.value]
BERLAKU = [StatusPesan.DIPESAN.value, StatusPesan.HADIR.value]

NEXT_PESAN: dict[str, set[str]] = {
    StatusPesan.DITAHAN: {StatusPesan.DIPESAN, StatusPesan.BATAL, StatusPesan.HANGUS},
    StatusPesan.DIPESAN: {
        StatusPesan.HADIR,
        StatusPesan.BATAL,
        StatusPesan.HANGUS,
        StatusPesan.DIJADWALKAN_ULANG,
    },
    StatusPesan.HADIR: set(),
    StatusPesan.BATAL: set(),
    StatusPesan.HANGUS: {StatusPesan.DIPESAN},  # a hold that ran out while its form was filled in, with room left
    StatusPesan.DIJADWALKAN_ULANG: set(),
}


class StatusTunggu(models.TextChoices):
    """The life of somebody's wait for a place on a full day."""

    MENUNGGU = "menunggu", pgettext_lazy("daftar tunggu", "menunggu")
    DITAWARI = "ditawari", _("ditawari tempat")
    TERPENUHI = "terpenuhi", _("mendapat tempat")
    TERLEWAT = "terlewat", pgettext_lazy("daftar tunggu", "tawarannya lewat")
    BATAL = "batal", _("dibatalkan")
    HANGUS = "hangus", _("hangus")


BERHARAP = [StatusTunggu.MENUNGGU.value, StatusTunggu.DITAWARI.value]

NEXT_TUNGGU: dict[str, set[str]] = {
    StatusTunggu.MENUNGGU: {
        StatusTunggu.DITAWARI,
        StatusTunggu.TERPENUHI,  # by another place, booked without waiting longer
        StatusTunggu.BATAL,
        StatusTunggu.HANGUS,
    },
    StatusTunggu.DITAWARI: {StatusTunggu.TERPENUHI, StatusTunggu.TERLEWAT, StatusTunggu.BATAL},
    StatusTunggu.TERPENUHI: set(),
    StatusTunggu.TERLEWAT: set(),
    StatusTunggu.BATAL: set(),
    StatusTunggu.HANGUS: set(),
}


class Cetak(models.TextChoices):
    """Of a ticket: must it be on paper before it is called? Stands beside the status."""

    TANPA = "", _("tanpa karcis kertas")
    DITUNGGU = "ditunggu", _("karcis belum pasti keluar")
    KELUAR = "keluar", _("karcis keluar")


class StatusCetak(models.TextChoices):
    """The life of one piece of paper."""

    MENUNGGU = "menunggu", _("menunggu dicetak")
    DIKERJAKAN = "dikerjakan", _("sedang dicetak")
    TERCETAK = "tercetak", _("tercetak")
    GAGAL = "gagal", _("gagal dicetak")


CETAK_SELESAI = [StatusCetak.TERCETAK.value, StatusCetak.GAGAL.value]

NEXT_CETAK: dict[str, set[str]] = {
    StatusCetak.MENUNGGU: {StatusCetak.DIKERJAKAN, StatusCetak.TERCETAK, StatusCetak.GAGAL},
    StatusCetak.DIKERJAKAN: {StatusCetak.TERCETAK, StatusCetak.GAGAL},
    StatusCetak.GAGAL: {StatusCetak.TERCETAK},  # it had come out after all, the news was late
    StatusCetak.TERCETAK: set(),
}


class Kertas(models.TextChoices):
    """What a ticket printer said of itself when it was last asked."""

    ADA = "ada", _("kertas ada")
    HAMPIR_HABIS = "hampir", _("kertas hampir habis")
    HABIS = "habis", _("kertas habis")
    TERBUKA = "terbuka", _("penutup terbuka")
    MACET = "macet", _("macet")
    MATI = "mati", _("pencetak mati")
