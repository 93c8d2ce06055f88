"""What an office does with its part: say what is being done, answer, give it back."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from mpp_portal.actions import Refused, action

from ..attachments import Clean
from ..models import Disposisi, Laporan, Tanggapan
from ..states import JenisTenggat, StatusDisposisi
from ._steps import derive, drop, lock, meet, say, step
from .attaching import add


def _under_lock(disposisi: Disposisi) -> tuple[Laporan, Disposisi]:
    laporan = lock(disposisi.laporan)
    row = Disposisi.objects.select_related("gerai__instansi").get(pk=disposisi.pk)
    row.laporan = laporan
    return laporan, row


@action
def follow_up(disposisi: Disposisi, teks: str, *, by: Any, now: datetime | None = None) -> Disposisi:
    """Tell the reporter what is being done."""
    now = now or timezone.now()
    laporan, row = _under_lock(disposisi)
    step(row, StatusDisposisi.DIPROSES, at=now, by=by)
    say(laporan, Tanggapan.Jenis.TINDAK_LANJUT, teks, at=now, by=by, disposisi=row)
    meet(laporan, JenisTenggat.TINDAK_LANJUT, at=now, disposisi=row)
    derive(laporan, at=now, by=by)
    return row


@action
def answer(
    disposisi: Disposisi, teks: str, *, by: Any, files: Iterable[Clean] = (), now: datetime | None = None
) -> Disposisi:
    """The substantive answer. Who routed the report does not answer it."""
    now = now or timezone.now()
    laporan, row = _under_lock(disposisi)
    if row.penyalur_id == by.pk:
        raise Refused(_("Yang menyalurkan laporan tidak boleh menjawabnya. Minta rekan Anda."))
    step(row, StatusDisposisi.DITANGGAPI, at=now, by=by, penjawab=by, answered_at=now)
    said = say(laporan, Tanggapan.Jenis.JAWABAN, teks, at=now, by=by, disposisi=row)
    add(laporan, said, files, at=now)
    meet(laporan, JenisTenggat.TINDAK_LANJUT, at=now, disposisi=row)
    derive(laporan, at=now, by=by)
    return row


@action
def give_back(disposisi: Disposisi, alasan: str, *, by: Any, now: datetime | None = None) -> Disposisi:
    """Bukan kewenangan: this is another office's matter."""
    now = now or timezone.now()
    laporan, row = _under_lock(disposisi)
    if not alasan.strip():
        raise Refused(_("Tulis mengapa ini bukan kewenangan Anda, supaya koordinator dapat menyalurkannya lagi."))
    step(row, StatusDisposisi.DIKEMBALIKAN, at=now, by=by, returned_at=now, alasan_kembali=alasan.strip())
    drop(laporan, JenisTenggat.TINDAK_LANJUT, at=now, disposisi=row)
    derive(laporan, at=now, by=by)
    return row
