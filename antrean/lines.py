"""What the pages say of a line at this moment: are numbers given, how many wait, and how long. Nothing is locked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, IntegerField, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from layanan.models import Gerai, Layanan, Loket, Mpp
from layanan.opening import Answer, Calendar, calendars

from . import order
from .actions.numbers import numbers_given
from .estimates import Wait, wait
from .models import Antrean, Jaga, Sesi, Tiket


@dataclass(frozen=True)
class Line:
    antrean: Antrean
    answer: Answer  # are numbers given here now; if not, why
    hall: Answer
    serving: Answer
    waiting: int
    wait: Wait  # of somebody who takes a number now

    @property
    def numbered(self) -> bool:
        """Numbers of our own, at a gerai that serves: now, or at another hour."""
        return self.antrean.mode == Antrean.Mode.MILIK_MPP and self.antrean.gerai.aktif

    @property
    def reason(self) -> str:
        return f"{self.answer.reason.rstrip('.')}."


def standing(rows: QuerySet[Antrean], tanggal: date) -> QuerySet[Antrean]:
    """Lines with `sesi_id`, `given`, `waiting`, `last` (key) of a day, and `rostered` loket."""
    day = Sesi.objects.filter(antrean=OuterRef("pk"), tanggal=tanggal)
    waiting = Tiket.objects.waiting().filter(sesi__antrean=OuterRef("pk"), sesi__tanggal=tanggal)
    loket = Loket.objects.filter(antrean=OuterRef("pk"), aktif=True)
    on_duty = Exists(Jaga.objects.open().filter(loket=OuterRef("pk")))
    return rows.annotate(
        sesi_id=Subquery(day.values("pk")),
        given=Coalesce(Subquery(day.values("nomor_terakhir")), 0),
        waiting=_count(waiting, "sesi"),
        last=Subquery(waiting.order_by().values("sesi").annotate(last=Max("giliran_pada")).values("last")),
        open_loket=_count(loket.filter(on_duty), "antrean"),
        all_loket=_count(loket, "antrean"),
    )


def _count(rows: QuerySet[Any], group: str) -> Coalesce:
    counted = rows.order_by().values(group).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def rostered(antrean: Any) -> int:
    """Loket that work for a line from `standing`: those open now, or all of its own while none is open yet."""
    return max(antrean.open_loket or antrean.all_loket, 1)


def of_mpp(mpp: Mpp, *, hours: dict[int | None, Calendar] | None = None, now: datetime | None = None) -> list[Line]:
    """The lines of a mall that people can stand in, in the order of its floors; `hours` if the caller knows them."""
    now = now or timezone.now()
    rows = Antrean.objects.filter(mpp=mpp, aktif=True, gerai__aktif=True).select_related("gerai__instansi")
    found = list(standing(rows, mpp.today(now)).order_by("gerai__lantai", "huruf"))
    hours = hours or calendars(mpp, _gerai(found, mpp))
    return [_line(antrean, hours[antrean.gerai_id], now) for antrean in found]


def of_layanan(layanan: Layanan, *, hours: Calendar | None = None, now: datetime | None = None) -> Line | None:
    """The line for a layanan; None where there is none."""
    now = now or timezone.now()
    gerai = layanan.gerai
    rows = Antrean.objects.filter(layanan=layanan, aktif=True, gerai=gerai)
    antrean = min(standing(rows, gerai.mpp.today(now)), key=_own_numbers_first, default=None)
    if antrean is None:
        return None
    antrean.gerai = gerai
    return _line(antrean, hours or calendars(gerai.mpp, [gerai], layanan)[gerai.pk], now)


def numbered(layanan: Layanan) -> Antrean | None:
    """The line that gives numbers of our own for a layanan, without its standing; None where there is none."""
    gerai = layanan.gerai
    rows = Antrean.objects.filter(layanan=layanan, gerai=gerai, aktif=True, mode=Antrean.Mode.MILIK_MPP)
    antrean = rows.order_by("huruf").first() if gerai.aktif else None
    if antrean:
        antrean.gerai = gerai
    return antrean


def _own_numbers_first(antrean: Antrean) -> tuple[bool, str]:
    return antrean.mode != Antrean.Mode.MILIK_MPP, antrean.huruf


def _gerai(rows: Iterable[Antrean], mpp: Mpp) -> list[Gerai]:
    for antrean in rows:
        antrean.gerai.mpp = mpp
    return list({antrean.gerai_id: antrean.gerai for antrean in rows}.values())


def _line(antrean: Any, hours: Calendar, now: datetime) -> Line:
    loket = rostered(antrean)
    turn = order.walk_in_turn(antrean, hours, now, waiting=antrean.waiting, last=antrean.last, loket=loket)
    answer = _elsewhere(antrean)
    if answer is None:
        answer = numbers_given(antrean, hours, now, turn=turn, given=antrean.given)
    return Line(
        antrean=antrean,
        answer=answer,
        hall=hours.hall(now),
        serving=hours.serving(now),
        waiting=antrean.waiting,
        wait=wait(antrean, hours, ahead=antrean.waiting, loket=loket, now=now),
    )


def _elsewhere(antrean: Antrean) -> Answer | None:
    instansi = {"instansi": antrean.gerai.instansi}
    if not antrean.gerai.aktif:
        return Answer(False, _("Gerai %(instansi)s sedang tidak melayani di sini.") % instansi)
    if antrean.mode == Antrean.Mode.LUAR:
        return Answer(False, _("Nomor antrean untuk layanan ini dibagikan oleh %(instansi)s sendiri.") % instansi)
    if antrean.mode == Antrean.Mode.JADWAL_LUAR:
        return Answer(False, _("Layanan ini memakai jadwal dari %(instansi)s, tanpa nomor dari aula.") % instansi)
    return None
