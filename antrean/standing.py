"""Where a person's tickets stand right now: the sentence, people ahead, who is served, how long."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, F, When
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from layanan.opening import calendars
from mpp_portal.siaran import fragments

from . import lines
from .estimates import Wait, wait
from .models import Antrean, Kunjungan, Sesi, Tiket
from .states import AKTIF, DI_LOKET, Status

NOTABLE = [Status.DIPANGGIL, Status.DILAYANI, Status.MENUNGGU, Status.TERLEWAT, Status.SELESAI, Status.BATAL]


@dataclass(frozen=True)
class Standing:
    """One ticket as its holder sees it. `wait` only for who waits; `serving` is the label now at a loket."""

    tiket: Tiket
    ahead: int
    serving: str
    wait: Wait | None
    lapsed: bool

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


def _called(standing: Standing) -> str:
    place = {"loket": standing.tiket.loket, "lantai": standing.tiket.sesi.antrean.gerai.lantai}
    return _("Silakan menuju %(loket)s, lantai %(lantai)s.") % place


def _served(standing: Standing) -> str:
    return _("Anda sedang dilayani di %s.") % standing.tiket.loket


def _waiting(standing: Standing) -> str:
    if standing.tiket.absent_at:
        return _("Tadi nomor Anda dipanggil. Sebentar lagi dipanggil sekali lagi: tunggu di dekat loket.")
    if not standing.ahead:
        return _("Giliran Anda berikutnya. Tunggu di dekat loket.")
    people = ngettext("%(n)s orang di depan Anda.", "%(n)s orang di depan Anda.", standing.ahead)
    return people % {"n": standing.ahead}


SENTENCES: dict[str, Callable[[Standing], str]] = {
    Status.DIPANGGIL: _called,
    Status.DILAYANI: _served,
    Status.MENUNGGU: _waiting,
    Status.SELESAI: lambda _standing: _("Selesai dilayani. Terima kasih sudah datang."),
    Status.TERLEWAT: lambda _standing: _("Nomor Anda sudah dua kali dipanggil. Sudah di sini? Tekan tombol di bawah."),
    Status.BATAL: lambda _standing: _("Nomor ini sudah dibatalkan."),
    Status.HANGUS: lambda _standing: _("Nomor ini hanya berlaku pada harinya. Silakan ambil nomor baru."),
}


@dataclass(frozen=True)
class Row:
    """What all who wait in a line share: the label now at a loket; for each ticket the people ahead and the wait."""

    serving: str
    places: dict[int, tuple[int, Wait]]


def of(kunjungan: Kunjungan, tickets: list[Tiket] | None = None, *, now: datetime | None = None) -> list[Standing]:
    """A visit's tickets, those that ask something of the person first; or these of them, if they are at hand.

    The same few queries for any number of them.
    """
    now = now or timezone.now()
    tickets = list(_tickets(kunjungan)) if tickets is None else tickets
    past = kunjungan.tanggal < kunjungan.mpp.today(now)
    rows = {} if past else _rows(kunjungan, tickets, now)
    found = []
    for tiket in tickets:
        row = rows.get(tiket.sesi_id)
        ahead, wait_ = row.places.get(tiket.pk, (0, None)) if row else (0, None)
        lapsed = past and tiket.status in (Status.MENUNGGU, Status.TERLEWAT)
        found.append(Standing(tiket, ahead, row.serving if row else "", wait_, lapsed))
    return found


def _tickets(kunjungan: Kunjungan) -> Any:
    urgency = Case(*(When(status=status, then=n) for n, status in enumerate(NOTABLE)), default=len(NOTABLE))
    return (
        Tiket.objects.filter(kunjungan=kunjungan)
        .select_related("sesi__antrean__gerai__instansi", "layanan__jenis", "layanan__gerai__instansi", "loket")
        .annotate(urgency=urgency)
        .order_by("urgency", F("created_at").desc())
    )


def _rows(kunjungan: Kunjungan, tickets: list[Tiket], now: datetime) -> dict[int, Row]:
    """The lines of these tickets by their Sesi; computed for everybody once per change (siaran.fragments)."""
    by_channel = {f"sesi-{tiket.sesi_id}": tiket for tiket in tickets}

    def make(channels: list[str]) -> dict[str, Row]:
        return _standing_of([by_channel[channel].sesi for channel in channels], kunjungan, now)

    return {by_channel[channel].sesi_id: row for channel, row in fragments.each(by_channel, "baris", make).items()}


def _standing_of(sesi: list[Sesi], kunjungan: Kunjungan, now: datetime) -> dict[str, Row]:
    hours = calendars(kunjungan.mpp, {row.antrean.gerai for row in sesi})
    known = {line.pk: line for line in lines.standing(Antrean.objects.filter(sesi__in=sesi), kunjungan.tanggal)}
    in_line = Tiket.objects.filter(sesi__in=sesi, status__in=[Status.MENUNGGU, *DI_LOKET])
    order = list(in_line.order_by("giliran_pada", "nomor"))
    found = {}
    for row in sesi:
        line, open_hours = known[row.antrean_id], hours[row.antrean.gerai_id]
        at_loket = [tiket for tiket in order if tiket.sesi_id == row.pk and tiket.status in DI_LOKET]
        waiting = [tiket.pk for tiket in order if tiket.sesi_id == row.pk and tiket.status == Status.MENUNGGU]
        newest = max(at_loket, key=lambda tiket: tiket.called_at or tiket.created_at, default=None)
        waits = (
            wait(line, open_hours, ahead=ahead, loket=lines.rostered(line), now=now) for ahead in range(len(waiting))
        )
        found[f"sesi-{row.pk}"] = Row(newest.label if newest else "", dict(zip(waiting, enumerate(waits), strict=True)))
    return found
