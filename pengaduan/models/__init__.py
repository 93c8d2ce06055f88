"""Reports, who has them, what was said, and by when. Every promise is a constraint."""

from .aturan import Aturan
from .dukungan import Dukungan
from .eskalasi import Eskalasi
from .jawaban_baku import JawabanBaku
from .kata import Kata
from .kebijakan import KebijakanSimpan, KebijakanTenggat
from .kebocoran import Kebocoran
from .lampiran import Lampiran
from .laporan import Laporan, UrutanLaporan
from .larangan import Larangan
from .penanganan import LOW, Catatan, Disposisi, Penilaian, Tanggapan
from .penerimaan import Penerimaan, desks_of
from .tenggat import Tenggat

__all__ = [
    "LOW",
    "Aturan",
    "Catatan",
    "Disposisi",
    "Dukungan",
    "Eskalasi",
    "JawabanBaku",
    "Kata",
    "KebijakanSimpan",
    "KebijakanTenggat",
    "Kebocoran",
    "Lampiran",
    "Laporan",
    "Larangan",
    "Penerimaan",
    "Penilaian",
    "Tanggapan",
    "Tenggat",
    "UrutanLaporan",
    "desks_of",
]
