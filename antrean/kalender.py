"""A booking as people keep it: an entry for their own calendar, and what to bring in their own language."""

from datetime import UTC, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event

from layanan.models import Layanan
from layanan.opening import said

from .models import Pemesanan
from .states import StatusPesan

BEFORE = timedelta(hours=2)  # when the calendar reminds: time enough to look for the papers


def to_bring(*services: Layanan) -> str:
    """A line for each thing, once if several ask for it; or the sentence that says that nobody has written it down."""
    lines = [f"- {said(need, 'teks')}" for layanan in services for need in layanan.persyaratan.all()]
    return "\n".join(dict.fromkeys(lines)) or _("Persyaratannya belum dicantumkan. Tanyakan kepada petugas informasi.")


def ics(row: Pemesanan) -> bytes:
    """A file with one entry. One that replaces it after a move, or a cancellation, carries the same UID."""
    first, changes = _origin(row)
    cancelled = row.status == StatusPesan.BATAL
    gerai, mpp = row.slot.antrean.gerai, row.kunjungan.mpp
    link = f"{settings.PORTAL_URL}{row.kunjungan.get_absolute_url()}"
    event = Event()
    event.add("uid", f"pemesanan-{first.pk}@{urlsplit(settings.PORTAL_URL).hostname}")
    event.add("sequence", changes + cancelled)
    event.add("dtstamp", (row.ended_at or row.created_at).astimezone(UTC))
    event.add("dtstart", row.slot.mulai.astimezone(UTC))
    event.add("dtend", row.slot.selesai.astimezone(UTC))
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    services = [row.layanan, *row.sekaligus.select_related("jenis")]
    what = f"{' + '.join(said(layanan.jenis, 'nama') for layanan in services)}, {gerai.instansi.singkatan}"
    event.add("summary", what)
    event.add("location", ", ".join(filter(None, (_("lantai %s") % gerai.lantai, mpp.nama, mpp.alamat))))
    code = _("Kode kunjungan: %s") % row.kunjungan.kode
    event.add("description", "\n".join([code, link, "", _("Wajib dibawa:"), to_bring(*services)]))
    event.add("url", link)
    if not cancelled:
        event.add_component(_reminder(what))
    file = Calendar()
    file.add("prodid", "-//Mal Pelayanan Publik//mpp-portal//ID")
    file.add("version", "2.0")
    file.add("method", "CANCEL" if cancelled else "PUBLISH")
    file.add_component(event)
    return file.to_ical()


def _reminder(words: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", words)
    alarm.add("trigger", -BEFORE)
    return alarm


def _origin(row: Pemesanan) -> tuple[Pemesanan, int]:
    """The booking that this one was before all its moves, and how many they were."""
    moves = 0
    while earlier := Pemesanan.objects.filter(pengganti=row).first():
        row, moves = earlier, moves + 1
    return row, moves
