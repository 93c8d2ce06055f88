"""Figures of the reports that came in over some days, as they stand now: each with one definition (`MEASURES`).

*Answered* and *resolved* are two figures and never one: an answer is what the offices said, resolved is what was closed
after it. The database counts groups of reports that are alike; here they are only added up.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, DurationField, ExpressionWrapper, Q, Sum
from django.db.models.functions import TruncDate, TruncMonth
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from layanan.models import Mpp
from mpp_portal.angka import Measure

from .models import Laporan, Penilaian
from .models.wewenang import Wewenang
from .states import Klasifikasi, Status, Tema


@dataclass
class Group:
    """Reports that have something in common. `waits`: days from submission to the full answer → how many took them."""

    name: str
    received: int = 0
    verified: int = 0
    answered: int = 0
    resolved: int = 0
    late: int = 0
    paused: int = 0
    ratings: int = 0
    stars: int = 0
    waits: Counter[int] = field(default_factory=Counter)

    def count(self, row: dict[str, Any]) -> None:
        for name in ("received", "verified", "answered", "resolved", "late", "paused"):
            setattr(self, name, getattr(self, name) + row[name])
        if row["wait"] is not None:
            self.waits[row["wait"].days] += row["answered"]

    def rate(self, row: dict[str, Any]) -> None:
        self.ratings += row["ratings"]
        self.stars += row["stars"]

    @property
    def summary(self) -> str:
        return ngettext("%d laporan", "%d laporan", self.received) % self.received

    @property
    def values(self) -> list[tuple[Measure, float | None]]:
        return [(measure, measure.value(self)) for measure in MEASURES]

    def within(self, share: float) -> int | None:
        """In how many days so large a share of the answered ones were answered."""
        left = share * sum(self.waits.values())
        for days in sorted(self.waits):
            left -= self.waits[days]
            if left <= 0:
                return days
        return None


REPORTS, DAYS, STARS = gettext_lazy("laporan"), gettext_lazy("hari"), gettext_lazy("dari 5")
MEASURES = [
    Measure(
        "diterima",
        gettext_lazy("Diterima"),
        REPORTS,
        gettext_lazy("Laporan yang dikirim pada hari-hari itu. Semua angka lain menghitung laporan-laporan ini saja."),
        lambda g: g.received,
    ),
    Measure(
        "diverifikasi",
        gettext_lazy("Diverifikasi"),
        REPORTS,
        gettext_lazy("Di antaranya yang sudah diperiksa dan diklasifikasikan koordinator."),
        lambda g: g.verified,
    ),
    Measure(
        "ditanggapi",
        gettext_lazy("Dijawab"),
        REPORTS,
        gettext_lazy("Semua instansi yang menangani pernah menjawab. Dijawab belum tentu selesai."),
        lambda g: g.answered,
    ),
    Measure(
        "selesai",
        gettext_lazy("Selesai"),
        REPORTS,
        gettext_lazy(
            "Ditutup sesudah dijawab, dan sekarang masih tertutup. Arsip, terusan, dan gabungan tidak dihitung."
        ),
        lambda g: g.resolved,
    ),
    Measure(
        "terlambat",
        gettext_lazy("Terlambat"),
        REPORTS,
        gettext_lazy("Paling sedikit satu tenggat instansi pernah lewat, walaupun sesudah itu dijawab."),
        lambda g: g.late,
    ),
    Measure(
        "dijeda",
        gettext_lazy("Pernah dijeda"),
        REPORTS,
        gettext_lazy("Pelapornya diminta melengkapi; selama menunggunya tenggat berhenti."),
        lambda g: g.paused,
    ),
    Measure(
        "jawab",
        gettext_lazy("Sampai dijawab, tengah"),
        DAYS,
        gettext_lazy(
            "Hari kalender dari dikirim sampai dijawab lengkap; separuh yang dijawab menunggu tidak lebih lama."
        ),
        lambda g: g.within(0.5),
    ),
    Measure(
        "jawab_p85",
        gettext_lazy("Sampai dijawab, 85%"),
        DAYS,
        gettext_lazy("85 dari 100 laporan yang dijawab menunggu paling lama sekian hari."),
        lambda g: g.within(0.85),
    ),
    Measure(
        "dinilai",
        gettext_lazy("Penilaian diberikan"),
        gettext_lazy("penilaian"),
        gettext_lazy("Nilai dari pelapor, satu setiap kali dijawab."),
        lambda g: g.ratings,
    ),
    Measure(
        "nilai",
        gettext_lazy("Nilai rata-rata"),
        STARS,
        gettext_lazy("Rata-rata nilai itu, dari 1 sampai 5."),
        lambda g: round(g.stars / g.ratings, 1) if g.ratings else None,
    ),
]


@dataclass(frozen=True)
class Figures:
    """`parts`: title → groups; `scope` and `cut_off` say of what and until when was counted."""

    scope: str
    since: date
    until: date
    cut_off: datetime
    parts: dict[str, list[Group]]


ALIKE = ("mpp__nama", "jenis", "klasifikasi", "tema", "gerai__instansi__singkatan", "month")


def figures_for(user: Any, since: date, until: date, *, now: datetime | None = None) -> Figures:
    """What is counted for this person, each mall by the days on its own clock."""
    now = now or timezone.now()
    reports, malls = Laporan.objects.counted_for(user), Laporan.objects.malls_counted_for(user)
    malls = list(malls.select_related("wilayah"))
    total, parts = Group(_("Semua")), _Parts()
    for zone in {mall.zone for mall in malls}:
        days = _days(since, until, zone)
        own = reports.filter(mpp__in=[mall.pk for mall in malls if mall.zone == zone], **days)
        for row in _counted(own, zone, now):
            for group in [total, *parts.of(row)]:
                group.count(row)
        rated = Penilaian.objects.filter(laporan__in=own).annotate(month=TruncMonth("laporan__created_at", tzinfo=zone))
        names = {name: f"laporan__{name}" if name != "month" else name for name in ALIKE}
        for found in rated.order_by().values(*names.values()).annotate(ratings=Count("pk"), stars=Sum("nilai")):
            row = found | {name: found[path] for name, path in names.items()}
            for group in [total, *parts.of(row)]:
                group.rate(row)
    return Figures(scope_of(user, malls), since, until, now, {_("Seluruhnya"): [total], **parts.sorted()})


def scope_of(user: Any, malls: Iterable[Mpp]) -> str:
    """Which reports `counted_for` counts, in words."""
    at = Wewenang.of(user)
    found = []
    for mall in malls:
        if mall.pk in at.pimpinan:
            found.append(_("%s: semua laporan") % mall.nama)
        elif mall.pk in at.koordinator:
            found.append(_("%s: semua laporan kecuali yang tentang pengelola MPP") % mall.nama)
        else:
            own = mall.gerai.filter(pk__in=at.admin).values_list("instansi__singkatan", flat=True)
            found.append(_("%(mpp)s: laporan tentang %(offices)s") % {"mpp": mall.nama, "offices": ", ".join(own)})
    if at.unit:
        found.append(_("tanpa pengaduan rahasia tentang tempat kerja Anda sendiri"))
    return "; ".join(found)


def _days(since: date, until: date, zone: Any) -> dict[str, datetime]:
    end = datetime.combine(until + timedelta(days=1), time.min, zone)
    return {"created_at__gte": datetime.combine(since, time.min, zone), "created_at__lt": end}


def _counted(reports: Any, zone: Any, now: datetime) -> Any:
    wait = TruncDate("answered_at", tzinfo=zone) - TruncDate("created_at", tzinfo=zone)
    late = Q(late_at__isnull=False) | Q(next_due__lte=now, ended_at__isnull=True)
    rows = reports.annotate(
        month=TruncMonth("created_at", tzinfo=zone), wait=ExpressionWrapper(wait, output_field=DurationField())
    )
    return (
        rows.order_by()
        .values(*ALIKE, "wait")
        .annotate(
            received=Count("pk"),
            verified=Count("verified_at"),
            answered=Count("answered_at"),
            resolved=Count("pk", filter=Q(status=Status.SELESAI)),
            late=Count("pk", filter=late),
            paused=Count("asked_at"),
        )
    )


class _Parts:
    """The groups of every kind, made as they are met; a part is shown in the order of its keys."""

    def __init__(self) -> None:
        self.groups: dict[str, dict[Any, Group]] = {}

    def of(self, row: dict[str, Any]) -> list[Group]:
        month = row["month"]
        theme = Tema(row["tema"]).label if row["tema"] else _("belum ditentukan")
        kind = Klasifikasi(row["klasifikasi"]).label if row["klasifikasi"] else _("belum diklasifikasikan")
        named = {
            _("Menurut jenis"): (row["jenis"], Laporan.Jenis(row["jenis"]).label),
            _("Menurut klasifikasi"): (row["klasifikasi"], kind),
            _("Menurut tema"): (row["tema"], theme),
            _("Menurut instansi yang dilaporkan"): (
                row["gerai__instansi__singkatan"] or "~",
                row["gerai__instansi__singkatan"] or _("tidak disebut"),
            ),
            _("Menurut MPP"): (row["mpp__nama"], row["mpp__nama"]),
            _("Menurut bulan dikirim"): (f"{month:%Y-%m}", date_format(month, "F Y")),
        }
        return [
            self.groups.setdefault(title, {}).setdefault(key, Group(str(name))) for title, (key, name) in named.items()
        ]

    def sorted(self) -> dict[str, list[Group]]:
        return {title: [found[key] for key in sorted(found)] for title, found in self.groups.items()}
