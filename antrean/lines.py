"""What the pages say of a line at this moment: are numbers given, how many wait, and how long. Nothing is locked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from django.db import connection, models
from django.db.models import Count, Exists, IntegerField, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from layanan.models import Gerai, Layanan, Loket, Mpp, Wilayah
from layanan.opening import Answer, Calendar, calendars

from . import order
from .actions.numbers import numbers_given
from .estimates import Wait, wait
from .models import AngkaLuar, Antrean, Jaga, PolaJadwal, Sesi, Tiket

M = TypeVar("M", bound=models.Model)


@dataclass(frozen=True)
class Line:
    antrean: Antrean
    answer: Answer  # are numbers given here now; if not, why
    hall: Answer
    serving: Answer
    waiting: int
    wait: Wait  # of somebody who takes a number now
    unmanned: bool  # loket should serve now, and none of them is open
    paused: bool  # all open ones pause

    @property
    def numbered(self) -> bool:
        """Numbers are given here, at a gerai that serves: now, or at another hour."""
        return self.antrean.mode != Antrean.Mode.LUAR and self.antrean.gerai.aktif

    @property
    def appointed(self) -> bool:
        """For those whom the instansi's own system gave a time."""
        return self.numbered and self.antrean.mode == Antrean.Mode.JADWAL_LUAR

    @property
    def reason(self) -> str:
        return f"{self.answer.reason.rstrip('.')}."


def staffed(rows: QuerySet[Antrean]) -> QuerySet[Antrean]:
    """Lines with `all_loket`, and how many of them are open and on a break now, for `rostered` and `manning`."""
    loket = Loket.objects.filter(antrean=OuterRef("pk"), aktif=True)
    on_duty = Exists(Jaga.objects.open().filter(loket=OuterRef("pk")))
    paused = Exists(Jaga.objects.open().filter(loket=OuterRef("pk")).exclude(rehat=""))
    return rows.annotate(
        open_loket=_count(loket.filter(on_duty), "antrean"),
        paused_loket=_count(loket.filter(paused), "antrean"),
        all_loket=_count(loket, "antrean"),
    )


def standing(rows: QuerySet[Antrean], tanggal: date) -> QuerySet[Antrean]:
    """Lines with `sesi_id`, `given`, `waiting`, `last` (key) of a day, who staffs them, and `bookable`."""
    day = Sesi.objects.filter(antrean=OuterRef("pk"), tanggal=tanggal)
    waiting = Tiket.objects.waiting().filter(sesi__antrean=OuterRef("pk"), sesi__tanggal=tanggal)
    return staffed(rows).annotate(
        sesi_id=Subquery(day.values("pk")),
        given=Coalesce(Subquery(day.values("nomor_terakhir")), 0),
        waiting=_count(waiting, "sesi"),
        last=Subquery(waiting.walk_ins().order_by().values("sesi").annotate(last=Max("giliran_pada")).values("last")),
        bookable=Exists(PolaJadwal.objects.filter(antrean=OuterRef("pk"))),
    )


def _told(rows: QuerySet[Antrean]) -> QuerySet[Antrean]:
    """With `told` and `told_on`: how many the instansi last said that it served in a line of its own, and when."""
    newest = AngkaLuar.objects.filter(antrean=OuterRef("pk")).order_by("-tanggal")
    return rows.annotate(told=Subquery(newest.values("dilayani")[:1]), told_on=Subquery(newest.values("tanggal")[:1]))


def _count(rows: QuerySet[Any], group: str) -> Coalesce:
    counted = rows.order_by().values(group).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def rostered(antrean: Any) -> int:
    """Loket that work for a line from `staffed`: those open now, or all of its own while none is open yet."""
    return max(antrean.open_loket or antrean.all_loket, 1)


def manning(antrean: Any, hours: Calendar, now: datetime) -> dict[str, bool]:
    """`unmanned` and `paused` of a line from `staffed`."""
    return {
        "unmanned": not antrean.open_loket and bool(hours.serving(now)),
        "paused": 0 < antrean.open_loket == antrean.paused_loket,
    }


def of_mpp(mpp: Mpp, *, hours: dict[int | None, Calendar] | None = None, now: datetime | None = None) -> list[Line]:
    """The lines of a mall that people can stand in, in the order of its floors; `hours` if the caller knows them."""
    now = now or timezone.now()
    rows = Antrean.objects.filter(mpp=mpp, aktif=True, gerai__aktif=True).select_related("gerai__instansi")
    found = list(_told(standing(rows, mpp.today(now))).order_by("gerai__lantai", "huruf"))
    hours = hours or calendars(mpp, _gerai(found, mpp), since=now)
    booked = order.promised([antrean.pk for antrean in found], mpp.today(now))
    return [_line(antrean, hours[antrean.gerai_id], now, booked[antrean.pk]) for antrean in found]


def of_layanan(layanan: Layanan, *, hours: Calendar | None = None, now: datetime | None = None) -> Line | None:
    """The line for a layanan; None where there is none."""
    now = now or timezone.now()
    gerai = layanan.gerai
    rows = Antrean.objects.filter(layanan=layanan, aktif=True, gerai=gerai)
    antrean = min(_told(standing(rows, gerai.mpp.today(now))), key=_own_numbers_first, default=None)
    if antrean is None:
        return None
    antrean.gerai = gerai
    booked = order.booked(antrean.pk, gerai.mpp.today(now))
    return _line(antrean, hours or calendars(gerai.mpp, [gerai], layanan, since=now)[gerai.pk], now, booked)


def before(antrean: Antrean, layanan: Layanan) -> list[tuple[Antrean, Layanan]]:
    """What the same mall gives numbers for now that yields something which `layanan` requires, at another line."""
    rows = Layanan.objects.yielding_for(layanan).select_related("jenis", "gerai__mpp__wilayah", "gerai__instansi")
    known = [(line, row) for row in rows.order_by("jenis__nama") if (line := of_layanan(row)) and line.answer]
    own = Antrean.Mode.MILIK_MPP  # of the instansi's own times more would have to be asked
    return [(line.antrean, row) for line, row in known if line.antrean.mode == own and line.antrean.pk != antrean.pk]


# Asked for every number. Composing it by ORM takes the web process longer than PostgreSQL needs for it.
_NUMBERED = """
SELECT antrean.*, layanan.id AS layanan_id, mpp.wilayah_id, wilayah.zona FROM layanan_gerai AS gerai
JOIN layanan_mpp AS mpp ON mpp.id = gerai.mpp_id
JOIN layanan_wilayah AS wilayah ON wilayah.id = mpp.wilayah_id
JOIN layanan_instansi AS instansi ON instansi.id = gerai.instansi_id
JOIN layanan_layanan AS layanan ON layanan.gerai_id = gerai.id
JOIN layanan_jenislayanan AS jenis ON jenis.id = layanan.jenis_id
JOIN antrean_antrean_layanan AS link ON link.layanan_id = layanan.id
JOIN antrean_antrean AS antrean ON antrean.id = link.antrean_id AND antrean.gerai_id = gerai.id
WHERE mpp.slug = %s AND instansi.slug = %s AND jenis.slug = %s AND mpp.aktif AND gerai.aktif AND layanan.tampil
    AND antrean.aktif AND antrean.mode <> %s
ORDER BY antrean.mode = 'milik_mpp' DESC, antrean.huruf LIMIT 1
"""


def numbered(mpp: str, instansi: str, jenis: str) -> tuple[Antrean, Layanan] | None:
    """The line that gives numbers here for a layanan, both by its slugs; None where there is none.

    Of gerai, MPP and layanan only the keys and the zone are read; whatever else is asked of them is fetched then.
    """
    found: Any = Antrean.objects.raw(_NUMBERED, [mpp, instansi, jenis, Antrean.Mode.LUAR])
    for antrean in found:
        gerai = _partly(Gerai, id=antrean.gerai_id, mpp_id=antrean.mpp_id)
        gerai.mpp = _partly(Mpp, id=antrean.mpp_id, wilayah_id=antrean.wilayah_id)
        gerai.mpp.wilayah = _partly(Wilayah, id=antrean.wilayah_id, zona=antrean.zona)
        layanan = _partly(Layanan, id=antrean.layanan_id, gerai_id=gerai.pk)
        antrean.gerai = layanan.gerai = gerai
        return antrean, layanan
    return None


def _partly(model: type[M], **columns: Any) -> M:
    """A row of which these columns are known; Django fetches the others when they are asked for."""
    return model.from_db(connection.alias, list(columns), list(columns.values()))


def _own_numbers_first(antrean: Antrean) -> tuple[bool, str]:
    return antrean.mode != Antrean.Mode.MILIK_MPP, antrean.huruf


def _gerai(rows: Iterable[Antrean], mpp: Mpp) -> list[Gerai]:
    for antrean in rows:
        antrean.gerai.mpp = mpp
    return list({antrean.gerai_id: antrean.gerai for antrean in rows}.values())


def _line(antrean: Any, hours: Calendar, now: datetime, booked: list[datetime]) -> Line:
    loket = rostered(antrean)
    turn = order.walk_in_turn(
        antrean, hours, now, waiting=antrean.waiting, last=antrean.last, loket=loket, booked=booked
    )
    ahead = antrean.waiting + order.due(booked, now, by=turn)
    answer = _elsewhere(antrean)
    if answer is None:
        own_time = antrean.mode == Antrean.Mode.JADWAL_LUAR
        answer = numbers_given(antrean, hours, now, turn=None if own_time else turn, given=antrean.given)
    return Line(
        antrean=antrean,
        answer=answer,
        hall=hours.hall(now),
        serving=hours.serving(now),
        waiting=antrean.waiting,
        wait=wait(antrean, hours, ahead=ahead, loket=loket, now=now),
        **manning(antrean, hours, now),
    )


def _elsewhere(antrean: Antrean) -> Answer | None:
    place = {"instansi": antrean.gerai.instansi, "lantai": antrean.gerai.lantai}
    if not antrean.gerai.aktif:
        return Answer(False, _("Gerai %(instansi)s sedang tidak melayani di sini.") % place)
    if antrean.mode != Antrean.Mode.LUAR:
        return None
    if antrean.tautan:
        where = _(
            "Nomor untuk layanan ini dibagikan oleh %(instansi)s sendiri: di situsnya, atau di gerainya di "
            "lantai %(lantai)s."
        )
    else:
        where = _(
            "Nomor untuk layanan ini dibagikan oleh %(instansi)s sendiri: minta di gerainya di lantai %(lantai)s."
        )
    return Answer(False, where % place)
