"""The invented malls. Their standards are real and say where they come from; everything else is made up.

Letters are chosen for the ear: the busy lines have A, R, W, U and N, and no two letters that rhyme stand side by side.
"""

from dataclasses import dataclass, field

from ..models import Antrean

Mode = Antrean.Mode


@dataclass(frozen=True)
class Line:
    """`serves` are slugs of types; empty means every service of the gerai that no other line serves."""

    huruf: str
    nama: str
    nama_en: str
    loket: tuple[int, ...] = ()
    serves: tuple[str, ...] = ()
    menit: int = 10
    kuota: int | None = None
    mode: str = Mode.MILIK_MPP
    tautan: str = ""


@dataclass(frozen=True)
class Office:
    """A gerai; it offers every example standard of its instansi. `walk_up` are services one needs no number for."""

    instansi: str
    lantai: int
    letak: str
    letak_en: str
    loket: tuple[int, ...] = ()
    lines: tuple[Line, ...] = ()
    walk_up: tuple[str, ...] = ()
    hours: str = ""  # "09.00–14.00" where the gerai differs from its mall
    aktif: bool = True


@dataclass(frozen=True)
class Mall:
    slug: str
    nama: str
    wilayah: str
    alamat: str
    offices: tuple[Office, ...] = field(default=())
    colours: tuple[str, str] = ("", "")


CARDS = ("ktp-el-baru", "ktp-el-rusak", "ktp-el-hilang", "ktp-el-cetak-cepat", "ktp-el-ubah-data", "ikd-aktivasi")
LICENCES = ("sim-a-perpanjangan", "sim-c-perpanjangan", "sim-d-perpanjangan")

KOTA_CONTOH = Mall(
    slug="kota-contoh",
    nama="MPP Kota Contoh",
    wilayah="63",
    alamat="Jalan Contoh Nomor 1, Kota Contoh (tempat rekaan)",
    offices=(
        Office(
            "disdukcapil",
            1,
            "kiri pintu utama",
            "left of the main door",
            (1, 2, 3, 4),
            (
                Line("A", "KTP dan IKD", "Identity cards", (1, 2, 3), CARDS, 8),
                Line("F", "KK, KIA, akta, dan pindah", "Family cards and certificates", (3, 4), menit=12),
            ),
        ),
        Office(
            "polres",
            1,
            "kanan pintu utama",
            "right of the main door",
            (5, 6, 7),
            (
                Line("R", "SKCK dan surat kehilangan", "Police clearance and loss reports", (5, 6)),
                Line("J", "Perpanjangan SIM", "Driving licences", (7,), LICENCES, 15, kuota=60),
            ),
            walk_up=("izin-keramaian",),
        ),
        Office(
            "samsat",
            1,
            "sayap timur",
            "east wing",
            (8, 9),
            (Line("W", "Pajak kendaraan dan STNK", "Vehicle tax and registration", (8, 9), menit=7),),
        ),
        Office(
            "bpjs-kes",
            1,
            "sayap timur, dekat lift",
            "east wing, near the lift",
            (10, 11),
            (Line("U", "Kepesertaan JKN", "JKN membership", (10, 11)),),
        ),
        Office("pengaduan-mpp", 1, "meja informasi", "information desk", (12,), walk_up=("pengaduan-langsung",)),
        Office(
            "imigrasi",
            2,
            "kiri tangga",
            "left of the stairs",
            (13, 14),
            (
                Line(
                    "M",
                    "Paspor",
                    "Passports",
                    (13, 14),
                    mode=Mode.JADWAL_LUAR,
                    menit=20,
                    tautan="https://paspor.example/",
                ),
            ),
        ),
        Office(
            "dpmptsp",
            2,
            "kanan tangga",
            "right of the stairs",
            (15, 16),
            (Line("N", "Perizinan", "Permits and licences", (15, 16), menit=20),),
        ),
        Office(
            "bpjs-tk",
            2,
            "sayap timur",
            "east wing",
            (17,),
            (Line("Z", "Klaim JHT", "Old-age savings claims", (17,), menit=15, kuota=40),),
        ),
        Office("bapenda", 2, "sayap barat", "west wing", (18,), (Line("H", "PBB-P2", "Land and building tax", (18,)),)),
        Office(
            "atr-bpn", 2, "sayap barat", "west wing", (19,), (Line("L", "Pertanahan", "Land office", (19,), menit=20),)
        ),
        Office(
            "disnaker", 2, "dekat lift", "near the lift", (20,), (Line("Y", "Kartu AK-1", "Job seeker's card", (20,)),)
        ),
        Office(
            "kpp-pratama",
            3,
            "kiri lift",
            "left of the lift",
            (21,),
            (Line("X", "Pajak dan NPWP", "Taxes and NPWP", (21,), mode=Mode.LUAR, tautan="https://pajak.example/"),),
        ),
        Office(
            "kejaksaan-negeri",
            3,
            "kanan lift",
            "right of the lift",
            (22,),
            (Line("S", "Tilang", "Traffic tickets", (22,), menit=5),),
        ),
        Office(
            "pengadilan-agama",
            3,
            "sayap barat",
            "west wing",
            (23,),
            (Line("Q", "Pendaftaran perkara", "Filing a case", (23,), menit=25),),
            hours="09.00–14.00",
        ),
        Office("dinsos", 3, "sayap barat", "west wing", aktif=False),
    ),
)

KABUPATEN_TELADAN = Mall(
    slug="kabupaten-teladan",
    nama="MPP Kabupaten Teladan",
    wilayah="33",
    alamat="Jalan Teladan Nomor 2, Kabupaten Teladan (tempat rekaan)",
    colours=("#5a2d6b", "#f0b93a"),
    offices=(
        Office(
            "disdukcapil",
            1,
            "kiri pintu masuk",
            "left of the entrance",
            (1, 2),
            (Line("A", "Dukcapil", "Civil registry", (1, 2)),),
        ),
        Office(
            "polres",
            1,
            "kanan pintu masuk",
            "right of the entrance",
            (3,),
            (Line("R", "SKCK, SIM, dan surat kehilangan", "Police services", (3,)),),
            walk_up=("izin-keramaian",),
        ),
        Office("samsat", 1, "sayap timur", "east wing", (4,), (Line("W", "Pajak kendaraan", "Vehicle tax", (4,)),)),
        Office(
            "bpjs-kes", 1, "sayap timur", "east wing", (5,), (Line("U", "Kepesertaan JKN", "JKN membership", (5,)),)
        ),
        Office("dpmptsp", 2, "dekat tangga", "near the stairs", (6,), (Line("N", "Perizinan", "Permits", (6,)),)),
        Office("kemenag", 2, "sayap timur", "east wing", (7,), (Line("H", "Haji", "Hajj", (7,), menit=15),)),
        Office("pengaduan-mpp", 1, "meja informasi", "information desk", (8,), walk_up=("pengaduan-langsung",)),
    ),
)

MALLS = (KOTA_CONTOH, KABUPATEN_TELADAN)
