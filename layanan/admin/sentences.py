"""What a person reads when a constraint refuses a form: its field ("" is the whole form) and the sentence."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_KIND = _("Pilih salah satu dari daftar.")

SENTENCES: dict[str, tuple[str, str | Promise]] = {
    "wilayah_zona_indonesia": ("zona", _("Zona waktu di Indonesia hanya WIB, WITA, atau WIT.")),
    "wilayah_induk_menurut_kode": (
        "induk",
        _("Kode dua angka adalah provinsi, tanpa induk. Kode seperti 63.72 perlu provinsinya."),
    ),
    "mpp_jenis_dikenal": ("jenis", _KIND),
    "mpp_contoh_tanpa_sumber": ("sumber_url", _("MPP contoh tidak punya sumber, karena bukan tempat nyata.")),
    "mpp_warna_tertulis": ("warna_utama", _("Tulis # dan enam angka atau huruf kecil a–f. Contoh: #1d4f7c.")),
    "gerai_satu_per_instansi": ("instansi", _("Instansi ini sudah punya gerai di MPP itu.")),
    "loket_nomor_unik_per_mpp": ("nomor", _("Nomor loket ini sudah dipakai di MPP itu.")),
    "loket_nomor_mulai_satu": ("nomor", _("Nomor loket mulai dari 1.")),
    "jenis_peristiwa_hidup_dikenal": ("peristiwa_hidup", _KIND),
    "layanan_satu_standar_per_gerai": ("jenis", _("Gerai ini sudah punya standar untuk jenis itu: ubah yang ada.")),
    "layanan_biaya_urut": ("biaya_maks", _("Biaya paling tinggi tidak boleh kurang dari biaya paling rendah.")),
    "layanan_gratis_tanpa_biaya": ("gratis", _("Layanan gratis: isi biaya paling rendah dan paling tinggi dengan 0.")),
    "layanan_contoh_menyebut_asal": ("sumber_tempat", _("Contoh harus menyebut standar dari mana.")),
    "layanan_kanal_dikenal": ("kanal", _KIND),
    "jam_milik_mpp_atau_gerai": ("", _("Jam buka milik satu MPP atau satu gerai.")),
    "jam_hari_dikenal": ("hari", _KIND),
    "jam_buka_sebelum_tutup": ("tutup", _("Jam tutup harus sesudah jam buka.")),
    "jam_istirahat_di_dalam": (
        "istirahat_mulai",
        _("Isi awal dan akhir istirahat, keduanya di antara jam buka dan jam tutup, atau kosongkan keduanya."),
    ),
    "jam_rentang_menurut_musim": (
        "dari",
        _("Jam Ramadan dan jam khusus perlu tanggal dari dan sampai. Jam tiap minggu tidak memakai tanggal."),
    ),
    "jam_mpp_unik": ("buka", _("Hari ini sudah punya jam yang mulai pada waktu itu.")),
    "jam_gerai_unik": ("buka", _("Hari ini sudah punya jam yang mulai pada waktu itu.")),
    "libur_satu_per_tanggal": ("tanggal", _("Tanggal ini sudah ada di daftar hari libur nasional.")),
    "libur_satu_per_tanggal_mpp": ("tanggal", _("Tanggal ini sudah ada di daftar hari libur MPP itu.")),
    "libur_tetap_buka_hanya_mpp": ("tetap_buka", _("Tetap buka hanya untuk satu MPP: pilih MPP-nya.")),
    "libur_jenis_dikenal": ("jenis", _KIND),
    "penutupan_mulai_sebelum_selesai": ("selesai", _("Waktu selesai harus sesudah waktu mulai.")),
    "penutupan_disetujui_orang_lain": ("", _("Penutupan disetujui oleh orang lain daripada yang membuatnya.")),
    "penutupan_satu_sasaran": ("", _("Pilih satu saja yang tutup: MPP, gerai, atau layanan.")),
    "penugasan_tempat_menurut_peran": (
        "peran",
        _(
            "Petugas loket, admin instansi, dan pejabat penghubung bertugas di satu gerai; peran lain di satu MPP. "
            "Isi yang sesuai dan kosongkan yang lain."
        ),
    ),
    "penugasan_mulai_sebelum_selesai": ("selesai", _("Waktu selesai harus sesudah waktu mulai.")),
}
