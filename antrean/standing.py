"""Where a person's tickets stand right now: the sentence, people ahead, who is served, how long."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, F, IntegerField, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from layanan.opening import calendars

from . import lines
from .estimates import Wait, wait
from .models import Antrean, Kunjungan, Tiket
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


def of(kunjungan: Kunjungan, *, now: datetime | None = None) -> list[Standing]:
    """A visit's tickets, those that ask something of the person first. The same few queries for any number of them."""
    now = now or timezone.now()
    tickets = list(_tickets(kunjungan))
    past = kunjungan.tanggal < kunjungan.mpp.today(now)
    serving = _serving(tickets)
    waits = {} if past else _waits(kunjungan, tickets, now)
    return [
        Standing(
            tiket=tiket,
            ahead=tiket.ahead,
            serving=serving.get(tiket.sesi_id, ""),
            wait=waits.get(tiket.pk),
            lapsed=past and tiket.status in (Status.MENUNGGU, Status.TERLEWAT),
        )
        for tiket in tickets
    ]


def _tickets(kunjungan: Kunjungan) -> Any:
    earlier = Q(giliran_pada__lt=OuterRef("giliran_pada")) | Q(
        giliran_pada=OuterRef("giliran_pada"), nomor__lt=OuterRef("nomor")
    )
    ahead = Tiket.objects.waiting().filter(earlier, sesi=OuterRef("sesi")).order_by().values("sesi")
    urgency = Case(*(When(status=status, then=n) for n, status in enumerate(NOTABLE)), default=len(NOTABLE))
    return (
        Tiket.objects.filter(kunjungan=kunjungan)
        .select_related("sesi__antrean__gerai__instansi", "layanan__jenis", "layanan__gerai__instansi", "loket")
        .annotate(
            ahead=Coalesce(Subquery(ahead.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0),
            urgency=urgency,
        )
        .order_by("urgency", F("created_at").desc())
    )


def _serving(tickets: list[Tiket]) -> dict[int, str]:
    """For each line, the label that was called last and is still at a loket."""
    rows = Tiket.objects.filter(sesi__in={tiket.sesi_id for tiket in tickets}, status__in=DI_LOKET)
    return dict(rows.order_by("called_at").values_list("sesi", "label"))


def _waits(kunjungan: Kunjungan, tickets: list[Any], now: datetime) -> dict[int, Wait]:
    waiting = [tiket for tiket in tickets if tiket.status == Status.MENUNGGU]
    if not waiting:
        return {}
    hours = calendars(kunjungan.mpp, {tiket.sesi.antrean.gerai for tiket in waiting})
    rows = Antrean.objects.filter(pk__in={tiket.sesi.antrean_id for tiket in waiting})
    known = {antrean.pk: antrean for antrean in lines.standing(rows, kunjungan.tanggal)}
    return {
        tiket.pk: wait(
            known[tiket.sesi.antrean_id],
            hours[tiket.sesi.antrean.gerai_id],
            ahead=tiket.ahead,
            loket=lines.rostered(known[tiket.sesi.antrean_id]),
            now=now,
        )
        for tiket in waiting
    }
