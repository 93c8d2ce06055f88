"""The queue: lines and days, visits, bookings and tickets, opened loket, calls. Every promise is a constraint."""

from .cetakan import Cetakan
from .jadwal import Pemesanan, PolaJadwal, Slot
from .loket import Jaga, Panggilan, Rehat, UrutanPanggilan
from .luar import AngkaLuar
from .perangkat import Perangkat
from .tiket import (
    ALFABET,
    Antrean,
    Kunjungan,
    Sesi,
    Status,
    Tiket,
    TiketQuerySet,
    is_today,
    new_code,
    new_secret,
)
from .tunggu import DaftarTunggu

__all__ = [
    "ALFABET",
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
