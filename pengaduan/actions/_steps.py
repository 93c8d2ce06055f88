"""The private steps that every action is made of. One lock: the Laporan's row, taken first and held to the commit."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from mpp_portal.actions import Refused
from mpp_portal.models import record

from ..models import Disposisi, KebijakanTenggat, Laporan, Tanggapan, Tenggat
from ..states import BERAKHIR, NEXT, NEXT_DISPOSISI, JenisTenggat, Status, StatusDisposisi
from ..workdays import Due, Workdays


def lock(laporan: Laporan) -> Laporan:
    """The report as it is under its lock."""
    rows = Laporan.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("mpp__wilayah", "gerai").get(pk=laporan.pk)


def lock_both(laporan: Laporan, other: Laporan) -> tuple[Laporan, Laporan]:
    """Two reports under their locks, taken in one order whoever comes first."""
    found = {pk: lock(Laporan(pk=pk)) for pk in sorted((laporan.pk, other.pk))}
    return found[laporan.pk], found[other.pk]


def move(laporan: Laporan, status: Status, *, at: datetime, by: Any = None, kind: str = "", **fields: Any) -> None:
    """Walk one step and leave its trace, named after the state or `kind`; whoever follows the report is told. The
    caller holds the lock."""
    if status not in NEXT[laporan.status]:
        raise Refused(
            _("Laporan %(kode)s sudah %(status)s. Muat ulang halaman untuk melihat keadaan terbaru.")
            % {"kode": laporan.kode, "status": laporan.get_status_display()}
        )
    before, laporan.status = laporan.status, status
    fields["ended_at"] = at if status in BERAKHIR else None
    for name, value in fields.items():
        setattr(laporan, name, value)
    laporan.save(update_fields=["status", *fields])
    if status in BERAKHIR:
        drop(laporan, *JenisTenggat.values, at=at)
    tell(laporan, kind or status, by=by, at=at, dari=before)


def tell(laporan: Laporan, kind: str, *, at: datetime, by: Any = None, dari: str = "") -> None:
    record(f"laporan.{kind}", laporan, mpp_id=laporan.told_mpp_id, by=by, about=laporan, at=at, dari=dari,
           ke=laporan.status)  # fmt: skip


def derive(laporan: Laporan, *, at: datetime, by: Any = None) -> None:
    """Walk to the state that follows from the disposisi, with its clocks."""
    status = derived(laporan)
    if status == laporan.status:
        return
    move(laporan, status, at=at, by=by)
    if status == Status.DITANGGAPI:
        meet(laporan, JenisTenggat.PENYELESAIAN, at=at)
        start(laporan, JenisTenggat.HENING, at=at)
        Laporan.objects.filter(pk=laporan.pk, answered_at=None).update(answered_at=at)
        for child in laporan.anak.all():
            tell(child, "induk_ditanggapi", at=at, by=by)
    else:
        drop(laporan, JenisTenggat.HENING, at=at)
    if status == Status.BUKAN_KEWENANGAN:
        start(laporan, JenisTenggat.PENINJAUAN, at=at)


def derived(laporan: Laporan) -> Status:
    """The report's state follows from its disposisi: answered only when every one that was not returned is."""
    found = set(Disposisi.objects.current().filter(laporan=laporan).values_list("status", flat=True))
    if not found:
        return Status.BUKAN_KEWENANGAN
    if found == {StatusDisposisi.DITANGGAPI}:
        return Status.DITANGGAPI
    if StatusDisposisi.DIBUKA_KEMBALI in found:
        return Status.DIBUKA_KEMBALI
    return Status.DIDISPOSISIKAN if found == {StatusDisposisi.DIDISPOSISIKAN} else Status.DIPROSES


def step(disposisi: Disposisi, status: StatusDisposisi, *, at: datetime, by: Any = None, **fields: Any) -> None:
    """Walk one step of one office's part. The caller holds the report's lock."""
    if status not in NEXT_DISPOSISI[disposisi.status]:
        raise Refused(
            _("Bagian %(office)s sudah %(status)s. Muat ulang halaman untuk melihat keadaan terbaru.")
            % {"office": disposisi.office, "status": disposisi.get_status_display()}
        )
    before, disposisi.status = disposisi.status, status
    for name, value in fields.items():
        setattr(disposisi, name, value)
    disposisi.save(update_fields=["status", *fields])
    record(f"disposisi.{status}", disposisi, mpp_id=disposisi.laporan.told_mpp_id, by=by, at=at, dari=before, ke=status)


def say(laporan: Laporan, jenis: str, teks: str, *, at: datetime, by: Any = None, disposisi: Any = None) -> Tanggapan:
    if not teks.strip():
        raise Refused(_("Tulis dulu isinya."))
    return Tanggapan.objects.create(
        laporan=laporan, disposisi=disposisi, jenis=jenis, teks=teks.strip(), oleh=by, at=at
    )


# --- Clocks -----------------------------------------------------------------------------------------------------------
def start(
    laporan: Laporan,
    jenis: JenisTenggat,
    *,
    at: datetime,
    klasifikasi: str = "",
    disposisi: Disposisi | None = None,
    jeda: list[list[str]] | None = None,
) -> Tenggat:
    """A new clock from `at`, by the figure in force on that day; `jeda` are pauses it has behind it already."""
    policy = KebijakanTenggat.objects.of(jenis, klasifikasi, on=laporan.mpp.today(at))
    clock = Tenggat(laporan=laporan, disposisi=disposisi, jenis=jenis, kebijakan=policy, mulai=at, jeda=jeda or [])
    _set_due(clock)
    clock.save()
    note_next(laporan)
    return clock


def meet(laporan: Laporan, jenis: JenisTenggat, *, at: datetime, disposisi: Disposisi | None = None) -> None:
    rows = Tenggat.objects.running().filter(laporan=laporan, jenis=jenis, disposisi=disposisi)
    rows.update(met_at=at, paused_at=None)
    note_next(laporan)


def drop(laporan: Laporan, *jenis: str, at: datetime, disposisi: Disposisi | None = None) -> None:
    """These clocks have nothing left to promise."""
    rows = Tenggat.objects.running().filter(laporan=laporan, jenis__in=jenis)
    if disposisi:
        rows = rows.filter(disposisi=disposisi)
    rows.update(dropped_at=at, paused_at=None)
    note_next(laporan)


def pause(laporan: Laporan, *jenis: str, at: datetime) -> None:
    Tenggat.objects.running().filter(laporan=laporan, jenis__in=jenis, paused_at=None).update(paused_at=at)
    note_next(laporan)


def resume(laporan: Laporan, *, at: datetime) -> None:
    for clock in Tenggat.objects.running().filter(laporan=laporan, paused_at__isnull=False):
        clock.jeda = [*clock.jeda, [clock.paused_at.isoformat(), at.isoformat()]]  # type: ignore[union-attr]
        clock.paused_at = None
        clock.laporan = laporan
        _set_due(clock)
        clock.save()
    note_next(laporan)


def note_next(laporan: Laporan) -> None:
    """After every change of its clocks."""
    Laporan.objects.filter(pk=laporan.pk).note_next()


def _set_due(clock: Tenggat) -> None:
    pauses = [(datetime.fromisoformat(begin), datetime.fromisoformat(end)) for begin, end in clock.jeda]
    due: Due = Workdays.of(clock.laporan.mpp).due(clock.mulai, clock.kebijakan.hari_kerja, pauses)
    clock.jatuh, clock.due_at = due.tanggal, due.at
    clock.dilewati = [day.stored() for day in due.skipped]
