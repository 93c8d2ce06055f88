"""What happened to a report, oldest first, in words for its reporter: steps and what was said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mpp_portal.models import Peristiwa

from . import personal
from .models import Lampiran, Laporan, Tanggapan
from .states import Status

STEPS: dict[str, Promise] = {
    Status.DITERIMA: _("Laporan dikirim"),
    Status.PERLU_DILENGKAPI: _("Pelapor diminta melengkapi; tenggat dijeda"),
    Status.DIDISPOSISIKAN: _("Diverifikasi dan disalurkan ke instansi"),
    Status.DIPROSES: _("Instansi mulai mengerjakan"),
    Status.DITANGGAPI: _("Dijawab"),
    Status.SELESAI: _("Ditutup sebagai selesai"),
    Status.DIBUKA_KEMBALI: _("Dibuka kembali, tanpa tenggat baru"),
    Status.BUKAN_KEWENANGAN: _("Dikembalikan kepada koordinator untuk disalurkan lagi"),
    Status.DITERUSKAN: _("Diteruskan ke lembaga lain"),
    Status.DIGABUNG: _("Digabung dengan laporan lain tentang hal yang sama"),
    "dipisahkan": _("Dipisahkan lagi, dengan tenggat semula"),
    "induk_ditanggapi": _("Laporan yang digabungi sudah dijawab"),
    "dipecah": _("Memuat dua hal: bagian yang lain menjadi laporan tersendiri"),
    "pecahan": _("Menjadi laporan tersendiri, dengan tenggat sejak laporan semula dikirim"),
    Status.DIARSIPKAN: _("Diarsipkan"),
    Status.DIBATALKAN: _("Ditarik oleh pelapor"),
    "ombudsman": _("60 hari tanpa jawaban: Anda juga boleh melapor ke Ombudsman RI, telepon 137 atau ombudsman.go.id"),
    "klasifikasi_diubah": _("Klasifikasi diubah, tenggat dihitung ulang sejak dikirim"),
    "dinilai": _("Jawaban dinilai"),
    "disampaikan": _("Disampaikan kepada pelapor lewat telepon atau surat"),
    "diterbitkan": _("Diterbitkan tanpa nama pelapor"),
    "tidak_diterbitkan": _("Tidak diterbitkan lagi"),
}
COMPLETED = _("Dilengkapi; tenggat berjalan lagi")


@dataclass(frozen=True)
class Moment:
    at: datetime
    title: str | Promise
    who: str = ""
    text: str = ""
    files: Sequence[Lampiran] = ()


def of(laporan: Laporan) -> list[Moment]:
    """In four queries."""
    said = laporan.tanggapan.select_related("disposisi__gerai__instansi", "laporan").prefetch_related("lampiran")
    words = [
        Moment(row.at, row.get_jenis_display().capitalize(), _who(row), row.teks, list(row.lampiran.all()))
        for row in said
    ]
    return sorted(steps(laporan) + words, key=lambda moment: moment.at)


def steps(laporan: Laporan) -> list[Moment]:
    """Without what was said: this everybody may read of a published report."""
    return [
        Moment(row.at, COMPLETED if row.dari == Status.PERLU_DILENGKAPI and kind == Status.DITERIMA else STEPS[kind])
        for row in Peristiwa.objects.about(laporan)
        if (kind := row.jenis.removeprefix("laporan.")) in STEPS
    ]


def shared_answers(induk: Laporan) -> list[str]:
    """What the offices answered, for the reporters of the same matter: without what is the first reporter's own."""
    said = induk.tanggapan.filter(jenis=Tanggapan.Jenis.JAWABAN).values_list("teks", flat=True)
    return [personal.mask(text, induk.nama) for text in said]


def _who(row: Tanggapan) -> str:
    if row.oleh_id is None:
        return str(_("pelapor"))
    return row.disposisi.office if row.disposisi else str(_("koordinator pengaduan"))
