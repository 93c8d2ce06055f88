"""What reporters are told while they are away: the code, how it stands, by when; never a word of the report."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from layanan.models import Mpp
from mpp_portal.models import Pengguna, Peristiwa
from mpp_portal.notifikasi import registry
from mpp_portal.templatetags.mpp import in_words

from .models import Disposisi, Kebocoran, Laporan, Tenggat
from .states import JenisTenggat

TEXTS = registry.texts_in(Path(__file__).with_name("data") / "pesan.json")
SAMPLE: dict[str, Any] = {"kode": "MPP-2611-0007", "tempat": "MPP Kota Contoh"}
DATED = SAMPLE | {"tanggal": _("Kamis, 26 November 2026")}
COUNTED: dict[str, Any] = {"jumlah": "3", "tempat": "MPP Kota Contoh"}
LEAK = SAMPLE | {"batas": _("Kamis, 26 November 2026, pukul 09.00 WITA")}
OFFICES = DATED | {"instansi": "Disdukcapil"}
# By which clock the date in a message goes.
CLOCK = {
    "laporan.diterima": JenisTenggat.VERIFIKASI,
    "laporan.perlu_dilengkapi": JenisTenggat.KELENGKAPAN,
    "laporan.didisposisikan": JenisTenggat.PENYELESAIAN,
    "laporan.klasifikasi_diubah": JenisTenggat.PENYELESAIAN,
    "laporan.ditanggapi": JenisTenggat.HENING,
}


@registry.message("laporan.diproses", texts=TEXTS, sample=SAMPLE)
@registry.message("laporan.digabung", texts=TEXTS, sample=SAMPLE)
@registry.message("laporan.dipisahkan", texts=TEXTS, sample=SAMPLE)
@registry.message("laporan.dipecah", texts=TEXTS, sample=SAMPLE)
@registry.message("laporan.induk_ditanggapi", texts=TEXTS, sample=SAMPLE)
@registry.message("laporan.selesai", texts=TEXTS, sample=SAMPLE)
@registry.message("laporan.diteruskan", texts=TEXTS, sample=SAMPLE)
@registry.message("laporan.diarsipkan", texts=TEXTS, sample=SAMPLE)
def about_report(peristiwa: Peristiwa) -> registry.Message | None:
    return _about(peristiwa)


@registry.message("laporan.diterima", texts=TEXTS, sample=DATED)
@registry.message("laporan.perlu_dilengkapi", texts=TEXTS, sample=DATED)
@registry.message("laporan.klasifikasi_diubah", texts=TEXTS, sample=DATED)
@registry.message("laporan.ditanggapi", texts=TEXTS, sample=DATED)
def with_date(peristiwa: Peristiwa) -> registry.Message | None:
    return _about(peristiwa, tanggal=_date(peristiwa))


@registry.message("laporan.didisposisikan", texts=TEXTS, sample=OFFICES)
def routed(peristiwa: Peristiwa) -> registry.Message | None:
    rows = Disposisi.objects.filter(laporan=peristiwa.subjek_id, created_at__lte=peristiwa.at)
    offices = [row.office for row in rows.select_related("gerai__instansi")]
    return _about(peristiwa, tanggal=_date(peristiwa), instansi=", ".join(offices))


@registry.message("laporan.ombudsman", texts=TEXTS, sample=SAMPLE)
def too_long(peristiwa: Peristiwa) -> registry.Message | None:
    return _about(peristiwa)


@registry.message("laporan.pengingat", texts=TEXTS, sample=COUNTED)
@registry.message("laporan.atasan", texts=TEXTS, sample=COUNTED)
@registry.message("laporan.koordinator", texts=TEXTS, sample=COUNTED)
def ladder(peristiwa: Peristiwa) -> registry.Message | None:
    """To one officer: how many reports have reached this rung; which they are stands on the worklist."""
    mpp = Mpp.objects.select_related("wilayah").filter(pk=peristiwa.mpp_id or 0).first()
    page = "figures" if peristiwa.jenis == "laporan.atasan" else "worklist"
    values = {"jumlah": peristiwa.ke, "tempat": mpp.nama if mpp else ""}
    return registry.Message(values, url=reverse(f"pengaduan:{page}"), zone=mpp.zone) if mpp else None


@registry.message("laporan.genting", texts=TEXTS, sample=SAMPLE, urgent=True)
def critical(peristiwa: Peristiwa) -> registry.Message | None:
    laporan = Laporan.objects.select_related("mpp__wilayah").filter(kode=peristiwa.ke).first()
    if laporan is None:
        return None
    values = {"kode": laporan.kode, "tempat": laporan.mpp.nama}
    return registry.Message(values, url=reverse("pengaduan:work", args=[laporan.kode]), zone=laporan.mpp.zone)


@registry.message("laporan.bocor", texts=TEXTS, sample=LEAK, urgent=True)
def leaked(peristiwa: Peristiwa) -> registry.Message | None:
    row = Kebocoran.objects.select_related("laporan__mpp__wilayah").filter(laporan__kode=peristiwa.ke).first()
    if row is None:
        return None
    mpp = row.laporan.mpp
    values = {
        "kode": row.laporan.kode,
        "tempat": mpp.nama,
        "batas": in_words(row.due_at, mpp),
    }
    return registry.Message(values, url=reverse("pengaduan:leaks"), zone=mpp.zone)


def _date(peristiwa: Peristiwa) -> str:
    clocks = Tenggat.objects.filter(laporan=peristiwa.subjek_id, jenis=CLOCK[peristiwa.jenis], mulai__lte=peristiwa.at)
    clock = clocks.order_by("-pk").first()
    return date_format(clock.jatuh, "l, j F Y") if clock else "–"


def _about(peristiwa: Peristiwa, **more: str) -> registry.Message | None:
    laporan = Laporan.objects.select_related("mpp__wilayah").filter(pk=peristiwa.subjek_id).first()
    if laporan is None:
        return None
    values = {"kode": laporan.kode, "tempat": laporan.mpp.nama}
    return registry.Message(values | more, url=laporan.get_absolute_url(), zone=laporan.mpp.zone)


def finished(ids: Iterable[int], before: datetime) -> set[int]:
    """Reports that had ended by then, or that are gone."""
    ids = set(ids)
    running = Laporan.objects.filter(pk__in=ids).exclude(ended_at__lt=before)
    return ids - set(running.values_list("pk", flat=True))


def gone(ids: Iterable[int], _before: datetime) -> set[int]:
    """People who no longer log in."""
    return set(ids) - set(Pengguna.objects.filter(pk__in=ids, is_active=True).values_list("pk", flat=True))


registry.subject("pengaduan.laporan", over=finished)
registry.subject("mpp_portal.pengguna", over=gone)
