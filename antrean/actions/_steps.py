"""The private steps that every action is made of. Lock order: Slot, Sesi (by pk) → Loket → Kunjungan → call counter."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from layanan.models import Layanan, Loket
from mpp_portal.actions import Refused
from mpp_portal.models import record
from mpp_portal.rows import insert
from mpp_portal.siaran.bus import wake

from ..models import Antrean, Kunjungan, Panggilan, Sesi, Tiket, UrutanPanggilan
from ..states import BERAKHIR, DI_LOKET, NEXT, Status

# Of who is in the line again.
BACK: dict[str, Any] = {"absent_at": None, "absent_panggilan": None, "called_at": None, "parked_at": None}


def next_number(antrean: Antrean, tanggal: date) -> tuple[int, int]:
    """Id of the line's Sesi and its next number, in one round trip; the row stays locked until the commit."""
    table = Sesi._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (antrean_id, tanggal, nomor_terakhir, panggilan, sejak_prioritas)"  # noqa: S608
            " VALUES (%s, %s, 1, 0, 2) ON CONFLICT (antrean_id, tanggal)"
            f" DO UPDATE SET nomor_terakhir = {table}.nomor_terakhir + 1 RETURNING id, nomor_terakhir",
            [antrean.pk, tanggal],
        )
        row = cursor.fetchone()
        return row[0], row[1]


def issue(
    antrean: Antrean, visit: Kunjungan, layanan: Layanan, *, sesi: int, nomor: int, by: Any, at: datetime, **fields: Any
) -> Tiket:
    """The ticket of a number just drawn, with its trace. `fields`: asal, prioritas, kunci, giliran_pada …"""
    tiket = Tiket(
        sesi_id=sesi,
        nomor=nomor,
        kunjungan=visit,
        layanan=layanan,
        created_at=at,
        **{"label": f"{antrean.huruf}-{nomor:03d}", **fields},
    )
    insert(tiket)
    record("tiket.diambil", tiket, mpp_id=visit.mpp_id, by=by, ke=Status.MENUNGGU, at=at)
    wake(f"sesi-{sesi}", f"gerai-{antrean.gerai_id}", visit.channel)
    return tiket


def visit_of(mpp_id: int, tanggal: date, tamu: str, *, at: datetime) -> Kunjungan:
    """The device's visit of today, made if there is none. One that is there is not locked: the line comes first."""
    made = Kunjungan(mpp_id=mpp_id, tanggal=tanggal, tamu=tamu, created_at=at)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {Kunjungan._meta.db_table} (mpp_id, tanggal, kode, rahasia, tamu, created_at)"  # noqa: S608
            " VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (mpp_id, tanggal, tamu) WHERE NOT (tamu = '')"
            " DO NOTHING RETURNING id",
            [mpp_id, tanggal, made.kode, made.rahasia, tamu, at],
        )
        row = cursor.fetchone()
    if row is None:
        return Kunjungan.objects.get(mpp=mpp_id, tanggal=tanggal, tamu=tamu)
    made.pk, made._state.adding = row[0], False
    return made


def _next_call(mpp_id: int) -> int:
    table = UrutanPanggilan._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (mpp_id, terakhir) VALUES (%s, 1) ON CONFLICT (mpp_id)"  # noqa: S608
            f" DO UPDATE SET terakhir = {table}.terakhir + 1 RETURNING terakhir",
            [mpp_id],
        )
        return int(cursor.fetchone()[0])


def lock_lines(sesi: Iterable[int]) -> list[Sesi]:
    """Lock these lines, always in the order of their pk."""
    rows = Sesi.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=list(sesi)).order_by("pk")
    return list(rows.select_related("antrean"))


def lock_days(lines: Iterable[Antrean], tanggal: date) -> list[Sesi]:
    """Lock these lines on a day; their rows are made, in the same order by everybody, where nobody has come yet."""
    made = [Sesi.objects.get_or_create(antrean_id=pk, tanggal=tanggal)[0] for pk in sorted({line.pk for line in lines})]
    return lock_lines(sesi.pk for sesi in made)


def lock_loket(loket: Loket) -> Loket:
    """The loket's row serialises two clicks, and a click with the closing of the loket."""
    return Loket.objects.select_for_update(no_key=True, of=("self",)).select_related("mpp__wilayah").get(pk=loket.pk)


def lock_person(tiket: Tiket) -> bool:
    """Lock the visit of a ticket that is about to be called; False if another loket has called the person meanwhile."""
    tiket.kunjungan = Kunjungan.objects.select_for_update(no_key=True).get(pk=tiket.kunjungan_id)
    return not Tiket.objects.filter(kunjungan=tiket.kunjungan_id, status__in=DI_LOKET).exists()


def move(tiket: Tiket, status: Status, *, by: Any = None, at: datetime, event: str = "", **fields: Any) -> None:
    """Walk one step and leave its trace, as `event` where the new state does not say what happened.

    The caller holds the line's lock and has read the ticket under it.
    """
    if status not in NEXT[tiket.status]:
        raise already(tiket)
    before, tiket.status = tiket.status, status
    for name, value in fields.items():
        setattr(tiket, name, value)
    tiket.save(update_fields=["status", *fields])
    kunjungan = tiket.kunjungan
    record(
        f"tiket.{event or status}",
        tiket,
        mpp_id=kunjungan.mpp_id,
        by=by,
        about=kunjungan,
        dari=before,
        ke=status,
        at=at,
    )
    wake(kunjungan.channel)
    if status != Status.DILAYANI:  # who is called stays the line's last call when they come to the loket
        wake(f"sesi-{tiket.sesi_id}")
    if status in BERAKHIR or (before in DI_LOKET and status not in DI_LOKET):
        _wake_others(tiket)


def _wake_others(tiket: Tiket) -> None:
    """Where else the person waits they can be called now."""
    others = Tiket.objects.waiting().filter(kunjungan=tiket.kunjungan_id).exclude(pk=tiket.pk)
    wake(*(f"sesi-{pk}" for pk in others.values_list("sesi_id", flat=True)))


def require_own(antrean: Antrean, layanan: Layanan, also: Collection[Layanan]) -> None:
    """Raise Refused unless these are other layanan of the same line."""
    asked = {row.pk for row in also}
    if asked and asked != set(antrean.layanan.exclude(pk=layanan.pk).filter(pk__in=asked).values_list("pk", flat=True)):
        raise Refused(_("Layanan yang ikut diurus tidak lagi di antrean ini. Pilih sekali lagi."))


def not_before(now: datetime, *earlier: datetime | None) -> datetime:
    """A server whose clock was set back ends nothing before it began."""
    return max([now, *filter(None, earlier)])


def already(tiket: Tiket) -> Refused:
    """What is said when the ticket has gone on meanwhile."""
    return Refused(
        _("Nomor %(nomor)s sudah %(status)s. Muat ulang halaman untuk melihat keadaan terbaru.")
        % {"nomor": tiket.label, "status": tiket.get_status_display()}
    )


def announce(tiket: Tiket, loket: Loket, *, at: datetime, again: bool = False, sebab: str = "") -> Panggilan:
    """Put the call on the display and on the person's page."""
    call = Panggilan(
        mpp_id=loket.mpp_id, urut=_next_call(loket.mpp_id), tiket=tiket, loket=loket, ulang=again, sebab=sebab, at=at
    )
    insert(call)
    wake(f"mpp-{loket.mpp_id}", tiket.kunjungan.channel)
    return call
