"""The queue: lines and days, visits, bookings and tickets, opened loket, calls. Every promise is a constraint."""

from .antrean import Antrean, Sesi, is_today
from .cetakan import Cetakan
from .jadwal import Pemesanan, PolaJadwal, Slot
from .loket import Jaga, Panggilan, Rehat, UrutanPanggilan
from .luar import AngkaLuar
from .perangkat import Perangkat
from .tiket import ALFABET, SISA, Kunjungan, Status, Tiket, TiketQuerySet, new_code, new_secret
from .tunggu import DaftarTunggu

__all__ = [
    "ALFABET",
    "SISA",
    "AngkaLuar",
    "Antrean",
    "Cetakan",
    "DaftarTunggu",
    "Jaga",
    "Kunjungan",
    "Panggilan",
    "Pemesanan",
    "Perangkat",
    "PolaJadwal",
    "Rehat",
    "Sesi",
    "Slot",
    "Status",
    "Tiket",
    "TiketQuerySet",
    "UrutanPanggilan",
    "is_today",
    "new_code",
    "new_secret",
]
