"""What people are told about their number while they are away: its place, its time, its link, and nothing else."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mpp_portal.models import Peristiwa
from mpp_portal.notifikasi import registry
from mpp_portal.templatetags.mpp import day_name, in_words

from . import kalender, slots
from .models import DaftarTunggu, Kunjungan, Panggilan, Pemesanan, Tiket

TEXTS = registry.texts_in(Path(__file__).with_name("data") / "pesan.json")
SAMPLE: dict[str, Any] = {
    "nomor": "A-012",
    "tempat": "MPP Kota Contoh",
    "waktu": _("Senin, 23 November 2026, pukul 09.40 WITA"),
}
APPOINTMENT = {name: SAMPLE[name] for name in ("tempat", "waktu")} | {"gerai": "Disdukcapil"}
AT_LOKET = SAMPLE | {"loket": _("Loket 3"), "lantai": "2"}


@registry.message("tiket.dipanggil", texts=TEXTS, sample=AT_LOKET, urgent=True, useful_for=timedelta(minutes=30))
def called(peristiwa: Peristiwa) -> registry.Message | None:
    """To which loket stands on the call of that instant: the ticket itself may have moved on since."""
    calls = Panggilan.objects.filter(tiket=peristiwa.subjek_id, at=peristiwa.at).select_related("loket__gerai")
    call = calls.first()
    if call is None:
        return None
    return _about(peristiwa, loket=str(call.loket), lantai=str(call.loket.gerai.lantai))


@registry.message("tiket.tidak_hadir", texts=TEXTS, sample=SAMPLE, urgent=True, useful_for=timedelta(minutes=30))
@registry.message("tiket.terlewat", texts=TEXTS, sample=SAMPLE, urgent=True, useful_for=timedelta(hours=6))
@registry.message("tiket.ditutup", texts=TEXTS, sample=SAMPLE, urgent=True, useful_for=timedelta(hours=6))
@registry.message("tiket.tidak_terlayani", texts=TEXTS, sample=SAMPLE)
@registry.message("tiket.hangus", texts=TEXTS, sample=SAMPLE)
def about_number(peristiwa: Peristiwa) -> registry.Message | None:
    return _about(peristiwa)


@registry.message(
    "tiket.mendekat", texts=TEXTS, sample=SAMPLE | {"orang": "3"}, urgent=True, useful_for=timedelta(minutes=20)
)
def near(peristiwa: Peristiwa) -> registry.Message | None:
    """With the number of people that the person chose to be told at."""
    visits = Kunjungan.objects.filter(tiket=peristiwa.subjek_id)
    return _about(peristiwa, orang=str(visits.values_list("kabari_sisa", flat=True).first()))


@registry.message(
    "tiket.selesai", texts=TEXTS, sample=SAMPLE | {"pengaduan": "https://…/pengaduan/"}, delay=timedelta(seconds=10)
)
def thanks(peristiwa: Peristiwa) -> registry.Message | None:
    return _about(peristiwa, pengaduan=f"{settings.PORTAL_URL}{reverse('pengaduan:home')}")


def _about(peristiwa: Peristiwa, **more: str) -> registry.Message | None:
    tiket = Tiket.objects.select_related("kunjungan__mpp__wilayah").filter(pk=peristiwa.subjek_id).first()
    if tiket is None:
        return None
    mpp = tiket.kunjungan.mpp
    values = {"nomor": tiket.label, "tempat": mpp.nama, "waktu": in_words(peristiwa.at, mpp)}
    return registry.Message(values | more, url=tiket.kunjungan.get_absolute_url(), zone=mpp.zone)


@registry.message(
    "pemesanan.dipesan",
    texts=TEXTS,
    sample=APPOINTMENT | {"bawaan": _("- KTP-el asli\n- Salinan Kartu Keluarga"), "kalender": "https://…/kalender.ics"},
    urgent=True,
)
def booked(peristiwa: Peristiwa) -> registry.Message | None:
    """With what to bring and the entry for one's calendar."""
    row = _booking(peristiwa)
    if row is None:
        return None
    calendar = reverse("antrean:calendar", args=[row.kunjungan.rahasia, row.pk])
    bring = kalender.to_bring(*row.services)
    return _of(row, bawaan=bring, kalender=f"{settings.PORTAL_URL}{calendar}")


@registry.message("pemesanan.diingatkan", texts=TEXTS, sample=APPOINTMENT)
@registry.message("pemesanan.dibuka_lagi", texts=TEXTS, sample=APPOINTMENT, urgent=True)
@registry.message("pemesanan.batal", texts=TEXTS, sample=APPOINTMENT)
@registry.message("pemesanan.hangus", texts=TEXTS, sample=APPOINTMENT)
def about_booking(peristiwa: Peristiwa) -> registry.Message | None:
    row = _booking(peristiwa)
    return _of(row) if row else None


@registry.message("pemesanan.ditutup", texts=TEXTS, sample=APPOINTMENT | {"alasan": _("Listrik padam")}, urgent=True)
def closed(peristiwa: Peristiwa) -> registry.Message | None:
    """With the reason as it is now; nothing where loket serve again before it could be said."""
    row = _booking(peristiwa)
    why = row and slots.why_unserved(row, at=max(row.slot.mulai, peristiwa.at))
    return _of(row, alasan=why) if row and why else None


def _booking(peristiwa: Peristiwa) -> Pemesanan | None:
    rows = Pemesanan.objects.select_related("slot__antrean__gerai__instansi", "kunjungan__mpp__wilayah", "layanan")
    return rows.filter(pk=peristiwa.subjek_id).first()


def _of(row: Pemesanan, **more: str) -> registry.Message:
    mpp = row.kunjungan.mpp
    values = {
        "waktu": in_words(row.slot.mulai, mpp),
        "tempat": mpp.nama,
        "gerai": row.slot.antrean.gerai.instansi.singkatan,
    }
    return registry.Message(values | more, url=row.kunjungan.get_absolute_url(), zone=mpp.zone)


WAITED = {"tempat": SAMPLE["tempat"], "gerai": "Disdukcapil", "hari": _("Senin, 23 November 2026")}
OFFERED = APPOINTMENT | {"batas": _("pukul 09.10 WITA")}


@registry.message("tunggu.menunggu", texts=TEXTS, sample=WAITED, urgent=True)
@registry.message("tunggu.diingatkan", texts=TEXTS, sample=WAITED)
@registry.message("tunggu.hangus", texts=TEXTS, sample=WAITED)
def about_waiting(peristiwa: Peristiwa) -> registry.Message | None:
    row = _waiting(peristiwa)
    if row is None:
        return None
    mpp, gerai = row.kunjungan.mpp, row.antrean.gerai.instansi.singkatan
    values = {"hari": day_name(row.tanggal), "tempat": mpp.nama, "gerai": gerai}
    return registry.Message(values, url=row.kunjungan.get_absolute_url(), zone=mpp.zone)


@registry.message("tunggu.ditawari", texts=TEXTS, sample=OFFERED, useful_for=timedelta(hours=12))
@registry.message("tunggu.terlewat", texts=TEXTS, sample=OFFERED)
def offered(peristiwa: Peristiwa) -> registry.Message | None:
    """The place that was held, and until when; at night both wait for the morning."""
    row = _waiting(peristiwa)
    if row is None or row.pemesanan is None:
        return None
    return _of(row.pemesanan, batas=in_words(row.pemesanan.held_until, row.kunjungan.mpp))


def _waiting(peristiwa: Peristiwa) -> DaftarTunggu | None:
    rows = DaftarTunggu.objects.select_related(
        "antrean__gerai__instansi",
        "kunjungan__mpp__wilayah",
        "pemesanan__slot__antrean__gerai__instansi",
        "pemesanan__kunjungan__mpp__wilayah",
    )
    return rows.filter(pk=peristiwa.subjek_id).first()


def finished(ids: Iterable[int], before: datetime) -> set[int]:
    """Visits whose day had passed by then, or that are gone."""
    ids = set(ids)
    running = Kunjungan.objects.filter(pk__in=ids, tanggal__gte=before.date())
    return ids - set(running.values_list("pk", flat=True))


registry.subject("antrean.kunjungan", over=finished)
