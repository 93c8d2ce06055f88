"""The ladder: who is told when a report's clock is about to run out, has run out, and goes on running.

Reminders are counted together, one message for each person and rung at a time; they go out in the mall's working hours
only. Genting goes at any hour, at once, to those who are to act.
"""

from collections import Counter
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from layanan.models import Mpp, Penugasan, Peran
from mpp_portal.actions import action
from mpp_portal.models import Pengguna, record
from mpp_portal.notifikasi import actions as kabar
from mpp_portal.notifikasi.models import Kanal, Langganan, fingerprint

from ..models import Disposisi, Eskalasi, Laporan, Tenggat
from ..states import JenisTenggat, StatusDisposisi
from ..workdays import Workdays
from ._steps import lock, tell

Tingkat = Eskalasi.Tingkat
BEGIN, END = time(8), time(16)  # working hours, on the mall's own clock
BEFORE, AFTER = 1, 3  # working days: the reminder before the last day, the koordinator after it
OMBUDSMAN = timedelta(days=60)
AT_ONCE = 500  # the next look goes on
STEERING = [JenisTenggat.VERIFIKASI.value, JenisTenggat.PENINJAUAN.value]


def escalate(*, now: datetime | None = None) -> int:
    """Climb wherever a rung is reached, in malls whose working hours these are; returns how many rungs."""
    now = now or timezone.now()
    malls = Mpp.objects.filter(Exists(Laporan.objects.open().filter(mpp=OuterRef("pk")))).select_related("wilayah")
    return sum(_climb(days, now) + _hint(days.mpp, now) for days in map(Workdays.of, malls) if _working(days, now))


def _working(days: Workdays, now: datetime) -> bool:
    local = days.mpp.local(now)
    return days.skipped(local.date()) is None and BEGIN <= local.time() < END


@action
def _climb(days: Workdays, now: datetime) -> int:
    """One rung for each clock, the highest that it has reached: what was missed meanwhile is not told one by one."""
    told: Counter[tuple[int, str]] = Counter()
    at_top = Eskalasi.objects.filter(tenggat=OuterRef("pk"), tingkat=Tingkat.KOORDINATOR)
    clocks = Tenggat.objects.running().ours().filter(laporan__mpp=days.mpp, paused_at=None)
    clocks = clocks.filter(~Exists(at_top), due_at__lte=days.due(now, BEFORE).at)
    reached = set(Eskalasi.objects.filter(tenggat__in=clocks).values_list("tenggat", "tingkat"))
    rows = clocks.select_related("laporan").order_by("due_at", "pk")
    new = [(clock, rung) for clock in rows if (clock.pk, rung := _rung(clock, days, now)) not in reached]
    climbed = 0
    for clock, rung in new[:AT_ONCE]:
        given = {"laporan": clock.laporan, "at": now}
        _row, first = Eskalasi.objects.get_or_create(tenggat=clock, tingkat=rung, defaults=given)
        climbed += first
        if first:
            told.update((pk, rung.value) for pk in set(_told(clock, rung, now).values_list("pengguna", flat=True)))
    people = Pengguna.objects.in_bulk({pk for pk, _kind in told})
    for (pk, kind), count in sorted(told.items()):
        send(people[pk], f"laporan.{kind}", mpp_id=days.mpp.pk, ke=str(count), now=now)
    return climbed


def _rung(clock: Tenggat, days: Workdays, now: datetime) -> Tingkat:
    if now < clock.due_at:
        return Tingkat.PENGINGAT
    if clock.jenis in STEERING or -days.left(now, clock.jatuh) > AFTER:
        return Tingkat.KOORDINATOR
    return Tingkat.ATASAN


def _told(clock: Tenggat, rung: Tingkat, now: datetime) -> Any:
    """The Penugasan of those who hear of it; never somebody of the unit that a confidential complaint is about."""
    laporan = clock.laporan
    rows = not_of_reported(Penugasan.objects.in_force(now).filter(pengguna__is_active=True), laporan)
    if rung == Tingkat.KOORDINATOR or clock.jenis in STEERING:
        role = Peran.INSPEKTORAT if laporan.tentang_pengelola else Peran.KOORDINATOR
        return rows.filter(peran=role, mpp=laporan.mpp_id)
    parts = Disposisi.objects.current().filter(laporan=laporan).exclude(status=StatusDisposisi.DITANGGAPI)
    if clock.disposisi_id:
        parts = parts.filter(pk=clock.disposisi_id)
    return rows.filter(_holding(parts.values_list("gerai", flat=True), laporan, above=rung == Tingkat.ATASAN))


def not_of_reported(rows: Any, laporan: Laporan) -> Any:
    """These Penugasan without people of the unit that a confidential report is about."""
    if not laporan.rahasia or not laporan.gerai_id:
        return rows
    return rows.exclude(pengguna__in=rows.filter(gerai=laporan.gerai_id).values("pengguna"))


def _holding(gerai: Any, laporan: Laporan, *, above: bool = False) -> Q:
    """Those who hold these parts (None: the inspektorat's), or those above them."""
    places = list(gerai)
    role = Peran.ADMIN_INSTANSI if above else Peran.PEJABAT_PENGHUBUNG
    holders = Q(peran=role, gerai__in=[place for place in places if place])
    return holders | Q(peran=Peran.INSPEKTORAT, mpp=laporan.mpp_id) if None in places else holders


def wake_holders(laporan: Laporan, gerai: Any, now: datetime) -> None:
    """Genting: those who now hold it hear of it at once, in the transaction that gave it to them."""
    rows = Penugasan.objects.in_force(now).filter(_holding(gerai, laporan), pengguna__is_active=True)
    for person in Pengguna.objects.filter(pk__in=rows.values("pengguna")).order_by("pk"):
        send(person, "laporan.genting", mpp_id=laporan.told_mpp_id, ke=laporan.kode, now=now)


def send(person: Pengguna, kind: str, *, mpp_id: int | None, ke: str, now: datetime) -> None:
    _listen(person, mpp_id)
    record(kind, person, mpp_id=mpp_id, about=person, ke=ke, at=now)


def _listen(person: Pengguna, mpp_id: int | None) -> None:
    """At the address of the account, unless the person has stopped it there; an earlier address is let go."""
    label = person._meta.label_lower
    known = Langganan.objects.about(label, person.pk).filter(kanal=Kanal.SUREL)
    sidik = fingerprint(person.email)
    for row in known.current().exclude(sidik=sidik):
        kabar.stop(row)
    if person.email and not known.filter(sidik=sidik).exists():
        kabar.subscribe(label, person.pk, mpp_id=mpp_id, kanal=Kanal.SUREL, tujuan=person.email, bahasa="id")


def _hint(mpp: Mpp, now: datetime) -> int:
    """Tell reporters who have waited too long for any answer that the Ombudsman is there for them."""
    hinted = Eskalasi.objects.filter(laporan=OuterRef("pk"), tingkat=Tingkat.OMBUDSMAN)
    rows = Laporan.objects.open().filter(~Exists(hinted), mpp=mpp, answered_at=None, created_at__lte=now - OMBUDSMAN)
    return sum(_hint_one(row, now) for row in rows.order_by("pk")[:AT_ONCE])


@action
def _hint_one(laporan: Laporan, now: datetime) -> bool:
    laporan = lock(laporan)
    if laporan.answered_at or laporan.ended_at:
        return False
    _row, new = Eskalasi.objects.get_or_create(laporan=laporan, tingkat=Tingkat.OMBUDSMAN, defaults={"at": now})
    if new:
        tell(laporan, Tingkat.OMBUDSMAN, at=now)
    return new
