"""What the reporter does: complete, judge the answer, dispute it, take the report back."""

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from mpp_portal.actions import Refused, action

from ..attachments import Clean
from ..models import LOW, Disposisi, Laporan, Penilaian, Tanggapan, Tenggat
from ..states import JenisTenggat, Status, StatusDisposisi
from ._steps import drop, lock, meet, move, note_next, resume, say, start, step, tell
from .attaching import add


@action
def complete(laporan: Laporan, teks: str, *, files: Iterable[Clean] = (), now: datetime | None = None) -> Laporan:
    """Answer what was asked; the clocks go on."""
    now = now or timezone.now()
    laporan = lock(laporan)
    move(laporan, Status.DITERIMA, at=now)
    said = say(laporan, Tanggapan.Jenis.KELENGKAPAN, teks, at=now)
    add(laporan, said, files, at=now)
    meet(laporan, JenisTenggat.KELENGKAPAN, at=now)
    resume(laporan, at=now)
    return laporan


@action
def supplement(laporan: Laporan, teks: str, *, files: Iterable[Clean] = (), now: datetime | None = None) -> Tanggapan:
    """What the reporter adds of their own accord. It answers a question that was asked; and who writes is not silent,
    so an answered report waits anew before it is closed."""
    now = now or timezone.now()
    laporan = lock(laporan)
    if laporan.is_over:
        raise Refused(_("Laporan %s sudah berakhir. Bila masih perlu, kirim laporan baru.") % laporan.kode)
    if laporan.status == Status.PERLU_DILENGKAPI:
        complete(laporan, teks, files=files, now=now)
        return laporan.tanggapan.get(jenis=Tanggapan.Jenis.KELENGKAPAN)
    said = say(laporan, Tanggapan.Jenis.TAMBAHAN, teks, at=now)
    add(laporan, said, files, at=now)
    if laporan.status == Status.DITANGGAPI:
        drop(laporan, JenisTenggat.HENING, at=now)
        start(laporan, JenisTenggat.HENING, at=now)
    tell(laporan, "ditambah", at=now)
    return said


@action
def rate(laporan: Laporan, nilai: int, alasan: str = "", *, now: datetime | None = None) -> Laporan:
    """One to five. Three and more accept the answer; less reopens the report, without a new deadline."""
    now = now or timezone.now()
    laporan = lock(laporan)
    if laporan.status not in (Status.DITANGGAPI, Status.SELESAI):
        raise Refused(_("Penilaian diberikan sesudah laporan dijawab."))
    if Penilaian.objects.filter(laporan=laporan, putaran=laporan.putaran).exists():
        raise Refused(_("Jawaban ini sudah Anda nilai. Terima kasih."))
    if nilai <= LOW and not alasan.strip():
        raise Refused(_("Tulis apa yang kurang, supaya instansi tahu apa yang harus diperbaiki."))
    Penilaian.objects.create(laporan=laporan, putaran=laporan.putaran, nilai=nilai, alasan=alasan.strip(), at=now)
    tell(laporan, "dinilai", at=now)
    if nilai <= LOW:
        _reopen(laporan, alasan, now)
    elif laporan.status == Status.DITANGGAPI:
        move(laporan, Status.SELESAI, at=now)
    return laporan


@action
def dispute(laporan: Laporan, teks: str, *, now: datetime | None = None) -> Laporan:
    """„Ini belum menjawab“: back to those who answered."""
    laporan = lock(laporan)
    if laporan.status != Status.DITANGGAPI:
        raise Refused(_("Sanggahan diberikan sesudah laporan dijawab dan sebelum ditutup."))
    _reopen(laporan, teks, now or timezone.now())
    return laporan


def _reopen(laporan: Laporan, teks: str, now: datetime) -> None:
    move(laporan, Status.DIBUKA_KEMBALI, at=now, putaran=laporan.putaran + 1)
    say(laporan, Tanggapan.Jenis.SANGGAHAN, teks, at=now)
    for row in Disposisi.objects.filter(laporan=laporan, status=StatusDisposisi.DITANGGAPI):
        row.laporan = laporan
        step(row, StatusDisposisi.DIBUKA_KEMBALI, at=now, penutup=None)
    Tenggat.objects.running().filter(laporan=laporan, jenis=JenisTenggat.HENING).update(dropped_at=now)
    # The same promise as before: it was met with an answer that did not answer.
    Tenggat.objects.filter(laporan=laporan, jenis=JenisTenggat.PENYELESAIAN).exclude(met_at=None).update(met_at=None)
    note_next(laporan)


@action
def withdraw(laporan: Laporan, *, now: datetime | None = None) -> Laporan:
    laporan = lock(laporan)
    move(laporan, Status.DIBATALKAN, at=now or timezone.now())
    return laporan
