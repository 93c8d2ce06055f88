"""Figures of a mall's queue over some days: waiting, walking and service time, no-shows, bookings, loket hours.

Every figure has one definition (`MEASURES`), which goes along wherever the figure goes.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from statistics import median, quantiles
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from layanan.models import Loket, Mpp
from mpp_portal.angka import Measure

from .models import Antrean, Jaga, Pemesanan, Rehat, Tiket
from .states import Hasil, Status, StatusPesan


@dataclass
class Group:
    """The tickets of one line, loket or hour. Times in minutes."""

    name: str
    given: int = 0
    booked: int = 0
    served: int = 0
    failed: int = 0
    no_show: int = 0
    waits: list[float] = field(default_factory=list)
    past: list[float] = field(default_factory=list)  # minutes after the promised time, of whose turn that was
    walks: list[float] = field(default_factory=list)
    services: list[float] = field(default_factory=list)
    hours: float | None = None  # of loket only

    def count(self, row: Any) -> None:
        self.given += 1
        self.booked += row.asal == Tiket.Asal.PESAN
        self.no_show += row.absent_at is not None and row.status in (Status.TERLEWAT, Status.HANGUS)
        if row.started_at is None or row.status != Status.SELESAI:
            return
        self.served += 1
        self.failed += row.hasil != Hasil.TUNTAS
        since = max(filter(None, [row.created_at, row.prasyarat__ended_at]))
        self.waits.append(max(_minutes(row.called_at - since), 0.0))
        if row.jadwal and row.jadwal == row.giliran_pada:
            self.past.append(max(_minutes(row.called_at - row.jadwal), 0))
        self.walks.append(_minutes(row.started_at - row.called_at))
        self.services.append(_minutes(row.ended_at - row.started_at))

    @property
    def summary(self) -> str:
        return ngettext("%d orang dilayani", "%d orang dilayani", self.served) % self.served

    @property
    def values(self) -> list[tuple[Measure, float | None]]:
        return [(measure, measure.value(self)) for measure in MEASURES]


def _minutes(span: timedelta) -> float:
    return span.total_seconds() / 60


def _middle(values: list[float]) -> float | None:
    return round(median(values), 1) if values else None


def _p85(values: list[float]) -> float | None:
    if len(values) < 2:
        return round(values[0], 1) if values else None
    return round(quantiles(values, n=20, method="inclusive")[16], 1)


MINUTES, PEOPLE, HOURS = gettext_lazy("menit"), gettext_lazy("orang"), gettext_lazy("jam")
MEASURES = [
    Measure(
        "nomor",
        gettext_lazy("Nomor"),
        PEOPLE,
        gettext_lazy("Nomor yang diberikan, tanpa pindahan. Untuk beberapa layanan sekaligus: dihitung sekali."),
        lambda g: g.given,
    ),
    Measure(
        "jadwal",
        gettext_lazy("Dari pemesanan"),
        PEOPLE,
        gettext_lazy("Nomor milik orang yang memesan jam; sisanya datang langsung."),
        lambda g: g.booked,
    ),
    Measure(
        "dilayani", gettext_lazy("Dilayani"), PEOPLE, gettext_lazy("Nomor yang selesai dilayani."), lambda g: g.served
    ),
    Measure(
        "tidak_tuntas",
        gettext_lazy("Tidak tuntas"),
        PEOPLE,
        gettext_lazy("Dilayani dengan hasil berkas kurang, diarahkan, atau tidak dapat dilayani."),
        lambda g: g.failed,
    ),
    Measure(
        "tidak_hadir",
        gettext_lazy("Tidak hadir"),
        PEOPLE,
        gettext_lazy("Nomor yang dipanggil, tidak datang, dan tidak kembali hari itu."),
        lambda g: g.no_show,
    ),
    Measure(
        "tunggu",
        gettext_lazy("Tunggu, tengah"),
        MINUTES,
        gettext_lazy(
            "Dari nomor diberikan, atau nomor yang dahulu selesai, sampai panggilan terakhir; separuh orang menunggu "
            "lebih sebentar."
        ),
        lambda g: _middle(g.waits),
    ),
    Measure(
        "tunggu_p85",
        gettext_lazy("Tunggu, 85%"),
        MINUTES,
        gettext_lazy("85 dari 100 orang menunggu paling lama sekian."),
        lambda g: _p85(g.waits),
    ),
    Measure(
        "lewat_jadwal",
        gettext_lazy("Lewat dari jadwal, 85%"),
        MINUTES,
        gettext_lazy(
            "85 dari 100 orang yang memesan dan datang tepat waktu dipanggil paling lama sekian sesudah jamnya."
        ),
        lambda g: _p85(g.past),
    ),
    Measure(
        "jalan",
        gettext_lazy("Berjalan, tengah"),
        MINUTES,
        gettext_lazy("Dari panggilan terakhir sampai mulai dilayani."),
        lambda g: _middle(g.walks),
    ),
    Measure(
        "layanan",
        gettext_lazy("Pelayanan, tengah"),
        MINUTES,
        gettext_lazy("Dari mulai sampai selesai dilayani."),
        lambda g: _middle(g.services),
    ),
    Measure(
        "layanan_p85",
        gettext_lazy("Pelayanan, 85%"),
        MINUTES,
        gettext_lazy("85 dari 100 pelayanan paling lama sekian."),
        lambda g: _p85(g.services),
    ),
    Measure(
        "jam_loket",
        gettext_lazy("Jam loket"),
        HOURS,
        gettext_lazy("Lama loket terbuka dikurangi rehat; hanya menurut loket."),
        lambda g: None if g.hours is None else round(g.hours, 1),
    ),
]


@dataclass(frozen=True)
class Figures:
    """`parts`: title → groups; `scope` and `cut_off` say what and until when was counted."""

    mpp: Mpp
    since: date
    until: date
    scope: str
    cut_off: datetime
    parts: dict[str, list[Group]]
    unclaimed: int


def figures(lines: Iterable[Antrean], mpp: Mpp, since: date, until: date, *, now: datetime | None = None) -> Figures:
    """What is counted of these lines of one mall from `since` to `until`, both included."""
    now = now or timezone.now()
    known = {line.pk: line for line in lines}
    days = Q(sesi__tanggal__gte=since, sesi__tanggal__lte=until)
    rows = Tiket.objects.going_on().filter(days, sesi__antrean__in=known)
    loket = {row.pk: str(row) for row in Loket.objects.filter(antrean__in=known).distinct().order_by("nomor")}
    total = Group(_("Semua"))
    by_way = {True: Group(_("Memesan jadwal")), False: Group(_("Datang langsung"))}
    by_line = {pk: Group(str(line)) for pk, line in known.items()}
    by_loket = {pk: Group(name) for pk, name in loket.items()}
    by_hour = {hour: Group(f"{hour:02d}.00–{hour:02d}.59") for hour in range(24)}
    names = ("sesi__antrean_id", "loket_id", "asal", "status", "hasil", "created_at", "called_at", "started_at",
             "ended_at", "absent_at", "jadwal", "giliran_pada", "prasyarat__ended_at")  # fmt: skip
    for row in rows.values_list(*names, named=True).iterator():
        way = by_way[row.asal == Tiket.Asal.PESAN]
        groups = [total, way, by_line[row.sesi__antrean_id], by_hour[mpp.local(row.created_at).hour]]
        for group in [*groups, by_loket.get(row.loket_id)]:
            if group:
                group.count(row)
    for pk, hours in _hours(list(by_loket), mpp, since, until, now):
        by_loket[pk].hours = (by_loket[pk].hours or 0) + hours
    unclaimed = Pemesanan.objects.filter(
        slot__antrean__in=known, tanggal__gte=since, tanggal__lte=until, status=StatusPesan.HANGUS, told_at__isnull=True
    ).exclude(nama="")
    parts = {
        _("Seluruhnya"): [total],
        _("Menurut cara datang"): list(by_way.values()),
        _("Menurut antrean"): list(by_line.values()),
        _("Menurut loket"): list(by_loket.values()),
        _("Menurut jam nomor diberikan"): [group for group in by_hour.values() if group.given],
    }
    scope = ", ".join(sorted({str(line.gerai.instansi.singkatan) for line in known.values()}))
    return Figures(mpp, since, until, f"{mpp.nama}: {scope}", now, parts, unclaimed.count())


def _hours(loket: list[int], mpp: Mpp, since: date, until: date, now: datetime) -> Iterator[tuple[int, float]]:
    """Hours of each duty that began in these days, less its pauses; one that goes on counts until now."""
    start = datetime.combine(since, datetime.min.time(), mpp.zone)
    end = datetime.combine(until + timedelta(days=1), datetime.min.time(), mpp.zone)
    duties = list(Jaga.objects.filter(loket__in=loket, opened_at__gte=start, opened_at__lt=end))
    pauses: dict[int, float] = {}
    for pause in Rehat.objects.filter(jaga__in=duties):
        pauses[pause.jaga_id] = pauses.get(pause.jaga_id, 0) + _minutes(pause.ended_at - pause.started_at)
    for duty in duties:
        going = duty.paused_at or now
        yield duty.loket_id, (_minutes((duty.closed_at or going) - duty.opened_at) - pauses.get(duty.pk, 0)) / 60
