"""The catalogue: places, standards, hours, and who works where."""

from .muatan import Muatan
from .orang import Penugasan, Peran
from .standar import JenisLayanan, Langkah, Layanan, PeristiwaHidup, Persyaratan
from .tempat import Gerai, Instansi, Loket, Mpp, Wilayah
from .waktu import HariLibur, JamBuka, Penutupan

__all__ = [
    "Gerai",
    "HariLibur",
    "Instansi",
    "JamBuka",
    "JenisLayanan",
    "Langkah",
    "Layanan",
    "Loket",
    "Mpp",
    "Muatan",
    "Penugasan",
    "Penutupan",
    "Peran",
    "PeristiwaHidup",
    "Persyaratan",
    "Wilayah",
]
