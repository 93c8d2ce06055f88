"""Reports that are long over: who sent them and what was said is forgotten, that and when they were handled is not."""

from collections.abc import Callable
from datetime import datetime

from django.db.models import Model, Q
from django.utils import timezone

from mpp_portal.actions import action

from ..models import Catatan, Disposisi, Lampiran, Laporan, Larangan, Penerimaan, Penilaian, Tanggapan
from ._steps import lock
from .attaching import remove

GONE = "Dihapus menurut masa simpan"
also: list[Callable[[Laporan], object]] = []  # an app above that keeps words of a report adds how it forgets them


def forget(*, dry: bool = False, now: datetime | None = None) -> int:
    """Empty the reports that ended longer ago than they are kept; returns how many. What was published stays: it
    names nobody."""
    now = now or timezone.now()
    rows = Laporan.objects.forgettable(now)
    return rows.count() if dry else sum(_forget(row, now) for row in rows.order_by("pk").iterator())


@action
def _forget(laporan: Laporan, now: datetime) -> bool:
    """One report. Its link, its PIN and the form it came from lead nowhere afterwards."""
    laporan = lock(laporan)
    own = Laporan.objects.filter(pk=laporan.pk).forgettable(now)  # under the lock: it may just have been reopened
    found = own.update(
        nama="", kanal="", kontak="", judul=GONE, isi="", pokok="", lokasi="", terjadi_pada=None, pin="!",
        forgotten_at=now, sidik_perangkat="", sidik_rahasia=f"dilupakan-{laporan.pk}", kunci=f"dilupakan-{laporan.pk}",
    )  # fmt: skip
    if not found:
        return False
    remove(Lampiran.objects.filter(laporan=laporan))
    Tanggapan.objects.filter(laporan=laporan).delete()
    Catatan.objects.filter(laporan=laporan).delete()
    Larangan.objects.filter(laporan=laporan).delete()
    for model, name in ((Laporan, "alasan_akhir"), (Laporan, "alasan_urgensi"), (Disposisi, "pesan"),
                        (Disposisi, "alasan_kembali"), (Penilaian, "alasan"), (Penerimaan, "alamat")):  # fmt: skip
        _blank(model, name, laporan)
    for step in also:
        step(laporan)
    return True


def _blank(model: type[Model], name: str, laporan: Laporan) -> None:
    """What had to be given stays given, in words that say nothing."""
    own = Q(pk=laporan.pk) if model is Laporan else Q(laporan=laporan)
    model._default_manager.filter(own).exclude(**{name: ""}).update(**{name: GONE})
