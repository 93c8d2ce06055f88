"""The life of a report, the clocks that run on it, and the classes that set the longest of them."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class JenisTenggat(models.TextChoices):
    """What is promised by a date. `penyelesaian` alone has one length per class of report."""

    VERIFIKASI = "verifikasi", _("verifikasi")
    TINDAK_LANJUT = "tindak_lanjut", _("tindak lanjut pertama")
    PENYELESAIAN = "penyelesaian", _("penyelesaian")
    PENINJAUAN = "peninjauan", _("penyaluran ulang")
    KELENGKAPAN = "kelengkapan", _("kelengkapan dari pelapor")
    HENING = "hening", _("menunggu pelapor")


MENUNGGU_PELAPOR = [JenisTenggat.KELENGKAPAN.value, JenisTenggat.HENING.value]


class Klasifikasi(models.TextChoices):
    PERMINTAAN_INFORMASI = "permintaan_informasi", _("permintaan informasi")
    TIDAK_BERKADAR = "tidak_berkadar", _("tidak berkadar pengawasan")
    BERKADAR = "berkadar", _("berkadar pengawasan")


class Tema(models.TextChoices):
    """What a report is about, whichever office it is about; given when it is verified."""

    WAKTU_TUNGGU = "waktu_tunggu", _("antrean dan waktu tunggu")
    SIKAP = "sikap", _("sikap petugas")
    SYARAT = "syarat", _("persyaratan dan prosedur")
    BIAYA = "biaya", _("biaya dan pungutan")
    JADWAL = "jadwal", _("jam buka dan kehadiran petugas")
    HASIL = "hasil", _("hasil layanan")
    SARANA = "sarana", _("ruang dan sarana")
    DARING = "daring", _("layanan daring dan sistem")
    LAINNYA = "lainnya", _("lainnya")


class Status(models.TextChoices):
    DITERIMA = "diterima", pgettext_lazy("laporan", "diterima")
    PERLU_DILENGKAPI = "perlu_dilengkapi", _("perlu dilengkapi")
    DIDISPOSISIKAN = "didisposisikan", _("didisposisikan")
    DIPROSES = "diproses", _("diproses")
    DITANGGAPI = "ditanggapi", _("ditanggapi")
    SELESAI = "selesai", pgettext_lazy("laporan", "selesai")
    DIBUKA_KEMBALI = "dibuka_kembali", _("dibuka kembali")
    BUKAN_KEWENANGAN = "bukan_kewenangan", _("bukan kewenangan")
    DITERUSKAN = "diteruskan", _("diteruskan")
    DIGABUNG = "digabung", _("digabung")
    DIARSIPKAN = "diarsipkan", _("diarsipkan")
    DIBATALKAN = "dibatalkan", _("dibatalkan")


BERAKHIR = [
    Status.SELESAI.value,
    Status.DITERUSKAN.value,
    Status.DIGABUNG.value,
    Status.DIARSIPKAN.value,
    Status.DIBATALKAN.value,
]
BERJALAN = [status for status in Status.values if status not in BERAKHIR]
DI_INSTANSI = [Status.DIDISPOSISIKAN.value, Status.DIPROSES.value, Status.DITANGGAPI.value, Status.DIBUKA_KEMBALI.value]
DAPAT_DIPECAH = [Status.DITERIMA.value, *DI_INSTANSI, Status.BUKAN_KEWENANGAN.value]

_AT_OFFICES = {Status.DITANGGAPI, Status.BUKAN_KEWENANGAN, Status.DIGABUNG, Status.DIBATALKAN}
NEXT: dict[str, set[str]] = {
    Status.DITERIMA: {
        Status.PERLU_DILENGKAPI,
        Status.DIDISPOSISIKAN,
        Status.DITERUSKAN,
        Status.DIGABUNG,
        Status.DIARSIPKAN,
        Status.DIBATALKAN,
    },
    Status.PERLU_DILENGKAPI: {Status.DITERIMA, Status.DIARSIPKAN, Status.DIBATALKAN},
    # From here to `dibuka_kembali` the state follows from the disposisi (actions/_steps.py: derive).
    Status.DIDISPOSISIKAN: _AT_OFFICES | {Status.DIPROSES},
    Status.DIPROSES: _AT_OFFICES | {Status.DIDISPOSISIKAN},
    Status.DITANGGAPI: {Status.SELESAI, Status.DIBUKA_KEMBALI, Status.DIPROSES},
    Status.DIBUKA_KEMBALI: _AT_OFFICES | {Status.DIPROSES},
    Status.BUKAN_KEWENANGAN: {
        Status.DIDISPOSISIKAN,
        Status.DITERUSKAN,
        Status.DIGABUNG,
        Status.DIARSIPKAN,
        Status.DIBATALKAN,
    },
    # Back to where it was: what its disposisi say.
    Status.DIGABUNG: {
        Status.DITERIMA,
        Status.DIDISPOSISIKAN,
        Status.DIPROSES,
        Status.DIBUKA_KEMBALI,
        Status.BUKAN_KEWENANGAN,
    },
    Status.SELESAI: {Status.DIBUKA_KEMBALI},
    Status.DITERUSKAN: set(),
    Status.DIARSIPKAN: set(),
    Status.DIBATALKAN: set(),
}

# What SP4N-LAPOR! and Open311 GeoReport v2 call the same state.
LAPOR: dict[str, str] = {
    Status.DITERIMA: "Belum Terverifikasi",
    Status.PERLU_DILENGKAPI: "Tertunda",
    Status.DIDISPOSISIKAN: "Terdisposisi Belum Ditindaklanjuti",
    Status.DIPROSES: "Sedang Diproses",
    Status.DITANGGAPI: "Sedang Diproses",
    Status.DIBUKA_KEMBALI: "Sedang Diproses",
    Status.BUKAN_KEWENANGAN: "Belum Terverifikasi",
    Status.SELESAI: "Selesai",
    Status.DITERUSKAN: "Selesai",
    Status.DIGABUNG: "Arsip",
    Status.DIARSIPKAN: "Arsip",
    Status.DIBATALKAN: "Arsip",
}
OPEN311: dict[str, str] = {status: "closed" if status in BERAKHIR else "open" for status in Status.values}


class StatusDisposisi(models.TextChoices):
    DIDISPOSISIKAN = "didisposisikan", _("didisposisikan")
    DIPROSES = "diproses", _("diproses")
    DITANGGAPI = "ditanggapi", _("ditanggapi")
    DIBUKA_KEMBALI = "dibuka_kembali", _("dibuka kembali")
    DIKEMBALIKAN = "dikembalikan", _("dikembalikan")


NEXT_DISPOSISI: dict[str, set[str]] = {
    StatusDisposisi.DIDISPOSISIKAN: {
        StatusDisposisi.DIPROSES,
        StatusDisposisi.DITANGGAPI,
        StatusDisposisi.DIKEMBALIKAN,
    },
    StatusDisposisi.DIPROSES: {StatusDisposisi.DIPROSES, StatusDisposisi.DITANGGAPI, StatusDisposisi.DIKEMBALIKAN},
    StatusDisposisi.DITANGGAPI: {StatusDisposisi.DIBUKA_KEMBALI},
    StatusDisposisi.DIBUKA_KEMBALI: {
        StatusDisposisi.DIPROSES,
        StatusDisposisi.DITANGGAPI,
        StatusDisposisi.DIKEMBALIKAN,
    },
    StatusDisposisi.DIKEMBALIKAN: set(),
}


class StatusLarangan(models.TextChoices):
    MENUNGGU = "menunggu", _("menunggu ditinjau")
    DISAHKAN = "disahkan", _("disahkan")
    DICABUT = "dicabut", _("dicabut")


class Saluran(models.TextChoices):
    """How a report reached the desk."""

    LANGSUNG = "langsung", _("datang langsung")
    TELEPON = "telepon", pgettext_lazy("saluran", "telepon")
    SURAT = "surat", pgettext_lazy("saluran", "surat")


class JawabLewat(models.TextChoices):
    """How the person at the desk wants to be told."""

    KABAR = "kabar", _("WhatsApp atau surel")
    TELEPON = "telepon", pgettext_lazy("saluran", "telepon")
    SURAT = "surat", pgettext_lazy("saluran", "surat")
    DIAMBIL = "diambil", _("melihat sendiri dengan kode dan PIN")


class JenisLampiran(models.TextChoices):
    FOTO = "foto", _("foto")
    PDF = "pdf", "PDF"


class Urgensi(models.TextChoices):
    GENTING = "genting", _("genting")
    MENDESAK = "mendesak", _("mendesak")
    RUTIN = "rutin", _("rutin")
