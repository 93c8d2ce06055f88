"""The invented people who may log in, each with the one role they are there to show."""

from dataclasses import dataclass

from layanan.models import Peran

PASSWORD = "contoh-mpp-2026"  # noqa: S105  public by design: the command refuses outside the demo

CONTOH, TELADAN = "kota-contoh", "kabupaten-teladan"


@dataclass(frozen=True)
class Person:
    """`place` is the slug of a mall, or of a mall and an instansi: `kota-contoh/polres`; blank for the superuser."""

    username: str
    nama: str
    peran: str
    place: str
    path: str
    try_this: str


PEOPLE = (
    Person("loket.dukcapil", "Ani Contoh", Peran.PETUGAS_LOKET, f"{CONTOH}/disdukcapil", "/petugas/",
           "Buka loket, panggil antrean A"),
    Person("loket.dukcapil2", "Bayu Contoh", Peran.PETUGAS_LOKET, f"{CONTOH}/disdukcapil", "/petugas/",
           "Petugas kedua di gerai yang sama"),
    Person("loket.polres", "Citra Contoh", Peran.PETUGAS_LOKET, f"{CONTOH}/polres", "/petugas/",
           "Buka loket, panggil antrean R atau J"),
    Person("loket.bpjs", "Dodi Contoh", Peran.PETUGAS_LOKET, f"{CONTOH}/bpjs-kes", "/petugas/",
           "Buka loket, panggil antrean U"),
    Person("informasi", "Endah Contoh", Peran.PETUGAS_INFORMASI, CONTOH, "/petugas/",
           "Beri nomor kepada tamu tanpa ponsel"),
    Person("penyelia", "Fajar Contoh", Peran.PENYELIA, CONTOH, "/petugas/", "Lihat seluruh lantai"),
    Person("pimpinan", "Gita Contoh", Peran.PIMPINAN, CONTOH, "/petugas/", "Baca angka"),
    Person("admin.dukcapil", "Hadi Contoh", Peran.ADMIN_INSTANSI, f"{CONTOH}/disdukcapil", "/admin/",
           "Lengkapi standar layanan gerai sendiri"),
    Person("pengelola", "Indah Contoh", Peran.PENGELOLA, CONTOH, "/admin/", "Atur gerai, loket, dan jam buka"),
    Person("loket.teladan", "Joko Teladan", Peran.PETUGAS_LOKET, f"{TELADAN}/disdukcapil", "/petugas/",
           "Buka loket di MPP zona WIB"),
    Person("informasi.teladan", "Kartika Teladan", Peran.PETUGAS_INFORMASI, TELADAN, "/petugas/",
           "Beri nomor di MPP zona WIB"),
    Person("pengelola.teladan", "Lukman Teladan", Peran.PENGELOLA, TELADAN, "/admin/",
           "Hanya melihat MPP sendiri"),
    Person("admin", "Admin Contoh", "", "", "/admin/", "Semua tempat dan daftar nasional"),
)  # fmt: skip

ADMIN_ROLES = {Peran.ADMIN_INSTANSI, Peran.PENGELOLA}
