"""The queue: lines and days, visits, bookings and tickets, opened loket, calls. Every promise is a constraint."""

from .cetakan import Cetakan
from .jadwal import Pemesanan, PolaJadwal, Slot
from .loket import Jaga, Panggilan, Rehat, UrutanPanggilan
from .perangkat import Perangkat
from .tiket import (
    ALFABET,
    Antrean,
    Kunjungan,
    Sesi,
    Status,
    Tiket,
    TiketQuerySet,
    new_code,
    new_secret,
)

__all__ = [
    "ALFABET",
    "Antrean",
    "Cetakan",
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
    "new_code",
    "new_secret",
]
