"""All that is kept of one report and its reporter, as data that they can take elsewhere."""

from typing import Any

from mpp_portal.notifikasi.models import Langganan

from . import timeline
from .models import Laporan, Penerimaan

FIELDS = ("kode", "jenis", "judul", "isi", "pokok", "lokasi", "terjadi_pada", "anonim", "rahasia", "nama", "kanal",
          "kontak", "status", "klasifikasi", "urgensi", "created_at", "ended_at", "alasan_akhir", "judul_publik",
          "isi_publik", "published_at")  # fmt: skip


def of(laporan: Laporan) -> dict[str, Any]:
    """Without notes between handlers, and without hashes that open the report."""
    told = Langganan.objects.about(laporan._meta.label_lower, laporan.pk)
    moments = [
        {"pada": row.at, "apa": str(row.title), "siapa": row.who, "isi": row.text} for row in timeline.of(laporan)
    ]
    return {
        "laporan": {name: getattr(laporan, name) for name in FIELDS}
        | {"mpp": laporan.mpp.nama, "gerai": laporan.gerai.instansi.nama if laporan.gerai else ""},
        "perjalanan": moments,
        "tenggat": list(laporan.tenggat.values("jenis", "mulai", "jatuh", "met_at", "dropped_at")),
        "penilaian": list(laporan.penilaian.values("putaran", "nilai", "alasan", "at")),
        "berkas": list(laporan.lampiran.values("nama", "ukuran", "created_at")),
        "diterima_di_meja": list(
            Penerimaan.objects.filter(laporan=laporan).values("saluran", "tanggal", "jawab_lewat", "alamat", "told_at")
        ),
        "dikabari_lewat": list(told.values("kanal", "tujuan", "started_at", "stopped_at")),
    }
