"""Where a person's tickets stand right now: the sentence, people ahead, who is served, how long."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from layanan.models import Layanan
from layanan.opening import Calendar, calendars
from mpp_portal.siaran import fragments

from . import lines, order
from .estimates import Wait, wait
from .models import Antrean, Kunjungan, Slot, Tiket
from .states import AKTIF, BELUM, DI_LOKET, Status

NOTABLE = ["dipanggil", "dilayani", "menunggu", "ditunda", "terlewat", "selesai", "batal", "hangus"]

OFFERED = 3
SHOWN = [  # every phone of a line asks often, so nothing more
    "label",
    "status",
    "prioritas",
    "kunjungan",
    "created_at",
    "absent_at",
    "giliran_pada",
    "jadwal",
    "kode_luar",
    "prasyarat",
    "sesi__tanggal",
    "sesi__antrean__gerai__lantai",
    "sesi__antrean__gerai__instansi__singkatan",
    "sesi__antrean__gerai__instansi__slug",
    "sesi__antrean__gerai__mpp",
    "layanan__jenis__slug",
    "layanan__jenis__nama",
    "layanan__jenis__nama_en",
    "loket__nomor",
]


@dataclass(frozen=True)
class Standing:
    """One ticket as its holder sees it. `wait` only for who waits; `serving` is the label now at a loket."""

    tiket: Tiket
    ahead: int
    serving: str
    wait: Wait | None
    lapsed: bool
    manning: str = ""  # of who waits: `unmanned`, `paused` or `closed`, where that is so
    offers: list[Slot] | None = None  # times on other days, for whom this day has no time left
    also: Sequence[Layanan] = ()  # what else the number is for

    @property
    def kind(self) -> str:
        """Which of the page's faces it has: a status, `hangus` also before the nightly tidying has come."""
        return Status.HANGUS.value if self.lapsed else self.tiket.status

    @property
    def active(self) -> bool:
        return self.kind in AKTIF

    @property
    def sentence(self) -> str:
        return str(SENTENCES[self.kind](self))

    @property
    def notice(self) -> str:
        """Why the line does not move just now."""
        return str(NOTICES[self.manning]) if self.manning else ""


def _called(standing: Standing) -> str:
    place = {"loket": standing.tiket.loket, "lantai": standing.tiket.sesi.antrean.gerai.lantai}
    return _("Silakan menuju %(loket)s, lantai %(lantai)s.") % place


def _served(standing: Standing) -> str:
    return _("Anda sedang dilayani di %s.") % standing.tiket.loket


def _waiting(standing: Standing) -> str:
    if standing.tiket.absent_at:
        return _("Tadi nomor Anda dipanggil. Sebentar lagi dipanggil sekali lagi: tunggu di dekat loket.")
    if standing.tiket.awaited:
        return _("Dipanggil sesudah %s selesai. Tempat Anda di antrean ini tetap.") % standing.tiket.awaited.label
    if not standing.ahead:
        return _("Giliran Anda berikutnya. Tunggu di dekat loket.")
    people = ngettext("%(n)s orang di depan Anda.", "%(n)s orang di depan Anda.", standing.ahead)
    return people % {"n": standing.ahead}


SENTENCES: dict[str, Callable[[Standing], str]] = {
    Status.DIPANGGIL: _called,
    Status.DILAYANI: _served,
    Status.MENUNGGU: _waiting,
    Status.SELESAI: lambda _standing: _("Selesai dilayani. Terima kasih sudah datang."),
    Status.DITUNDA: lambda _standing: _("Giliran Anda ditunda. Sudah kembali? Tekan tombol di bawah."),
    Status.TERLEWAT: lambda _standing: _("Nomor Anda sudah dua kali dipanggil. Sudah di sini? Tekan tombol di bawah."),
    Status.BATAL: lambda _standing: _("Nomor ini sudah dibatalkan."),
    Status.HANGUS: lambda _standing: _("Nomor ini hanya berlaku pada harinya. Silakan ambil nomor baru."),
}


NOTICES = {
    "unmanned": gettext_lazy("Belum ada petugas di loketnya. Penyelia aula melihatnya juga."),
    "paused": gettext_lazy("Loketnya sedang istirahat sebentar. Nomor Anda tetap."),
    "closed": gettext_lazy(
        "Gerainya tutup lebih awal hari ini. Nomor Anda masih dipanggil selama loketnya melayani; kalau tidak sempat, "
        "pilih hari lain."
    ),
}


@dataclass(frozen=True)
class Row:
    """What all who wait in a line share: the label now at a loket; for each ticket the people ahead and the wait."""

    serving: str
    manning: str
    places: dict[int, tuple[int, Wait]]


def of(kunjungan: Kunjungan, tickets: list[Tiket] | None = None, *, now: datetime | None = None) -> list[Standing]:
    """A visit's tickets, those that ask something of the person first; or these of them, if they are at hand.

    The same few queries for any number of them.
    """
    now = now or timezone.now()
    whole_page = tickets is None
    tickets = _tickets(kunjungan) if tickets is None else tickets
    past = kunjungan.tanggal < kunjungan.mpp.today(now)
    also = together(tickets) if whole_page else {}
    rows = {} if past else _rows(kunjungan, [tiket for tiket in tickets if tiket.status == Status.MENUNGGU], now)
    found = []
    for tiket in tickets:
        row = rows.get(tiket.sesi_id)
        ahead, wait_ = row.places.get(tiket.pk, (0, None)) if row else (0, None)
        wait_ = None if tiket.awaited else wait_
        lapsed = past and tiket.status in BELUM
        serving, manning = (row.serving, row.manning) if row else ("", "")
        over = whole_page and (tiket.status == Status.HANGUS or lapsed or manning == "closed")
        offers = _offers(tiket, kunjungan, now) if over else None
        found.append(Standing(tiket, ahead, serving, wait_, lapsed, manning, offers, also.get(tiket.pk, ())))
    return found


def _tickets(kunjungan: Kunjungan) -> list[Tiket]:
    rows = Tiket.objects.filter(kunjungan=kunjungan).going_on().order_by("-created_at", "pk")
    rows = rows.select_related("sesi__antrean__gerai__instansi", "layanan__jenis", "loket").only(*SHOWN)
    return sorted(rows, key=lambda tiket: NOTABLE.index(tiket.status))


def together(tickets: list[Tiket]) -> dict[int, list[Layanan]]:
    """What else each number is for. Every phone asks at every call, few have any: one small query, no prefetch."""
    links = Tiket.sekaligus.through.objects.filter(tiket__in=[tiket.pk for tiket in tickets]).order_by("pk")
    found: dict[int, list[Layanan]] = {tiket.pk: [] for tiket in tickets}
    pairs = list(links.values_list("tiket", "layanan"))
    known = Layanan.objects.named().in_bulk({layanan for _tiket, layanan in pairs}) if pairs else {}
    for tiket, layanan in pairs:
        found[tiket].append(known[layanan])
    return found


def _offers(tiket: Tiket, kunjungan: Kunjungan, now: datetime) -> list[Slot]:
    """The first times of the next days that still have a place; the person chooses."""
    rows: Any = Slot.objects.ahead(tiket.sesi.antrean, now)
    rows = rows.filter(sisa__gt=0, opens_at__lte=now, closes_at__gt=now)
    return list(rows.filter(tanggal__gt=kunjungan.mpp.today(now)).order_by("mulai")[:OFFERED])


def _rows(kunjungan: Kunjungan, tickets: list[Tiket], now: datetime) -> dict[int, Row]:
    """The lines that these people wait in by their Sesi; made for everybody once per change (siaran.fragments)."""
    sesi = {f"sesi-{tiket.sesi_id}": tiket.sesi_id for tiket in tickets}

    def make(channels: list[str]) -> dict[str, Row]:
        return _standing_of([sesi[channel] for channel in channels], kunjungan, now)

    return {sesi[channel]: row for channel, row in fragments.each(sesi, "baris", make).items()}


def _standing_of(sesi: list[int], kunjungan: Kunjungan, now: datetime) -> dict[str, Row]:
    rows = lines.staffed(Antrean.objects.annotate(sesi_id=F("sesi")).filter(sesi_id__in=sesi))
    known: list[Any] = list(rows.select_related("gerai"))
    hours = calendars(kunjungan.mpp, {line.gerai for line in known}, since=now)
    in_line: dict[int, list[Any]] = {line.sesi_id: [] for line in known}
    tickets = Tiket.objects.filter(sesi__in=sesi, status__in=[Status.MENUNGGU, *DI_LOKET]).in_order()
    booked = order.promised([line.pk for line in known], kunjungan.tanggal)
    for row in tickets.values_list("sesi_id", "pk", "status", "label", "called_at", "giliran_pada", named=True):
        in_line[row.sesi_id].append(row)
    found = {}
    for line in known:
        open_hours, loket = hours[line.gerai_id], lines.rostered(line)
        queue = [row for row in in_line[line.sesi_id] if row.status == Status.MENUNGGU]
        waiting = [row.pk for row in queue]
        coming = [order.due(booked[line.pk], now, by=row.giliran_pada) for row in queue]
        waits = [wait(line, open_hours, ahead=n + due, loket=loket, now=now) for n, due in enumerate(coming)]
        at_loket = [row for row in in_line[line.sesi_id] if row.status != Status.MENUNGGU]
        newest = max(at_loket, key=attrgetter("called_at"), default=None)
        places = dict(zip(waiting, enumerate(waits), strict=True))
        found[f"sesi-{line.sesi_id}"] = Row(newest.label if newest else "", _manning(line, open_hours, now), places)
    return found


def _manning(line: Any, hours: Calendar, now: datetime) -> str:
    if hours.closed_early(now):
        return "closed"
    return next((name for name, so in lines.manning(line, hours, now).items() if so), "")
