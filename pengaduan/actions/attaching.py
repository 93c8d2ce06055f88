"""Files of a report: handed in with the form before it is sent, or with what is said later."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mpp_portal.actions import Refused, action

from ..attachments import Clean
from ..models import Lampiran, Laporan, Tanggapan
from .sending import form_key

PER_FORM = 5


@action
def attach(clean: Clean, *, sender: str, key: str, now: datetime | None = None) -> Lampiran:
    """Keep a file for the report that this form will send."""
    kunci = form_key(sender, key)
    if Laporan.objects.filter(kunci=kunci).exists():
        raise Refused(_("Laporan ini sudah terkirim. Muat ulang halaman untuk menulis laporan baru."))
    if Lampiran.objects.drafts(kunci).count() >= PER_FORM:
        raise Refused(_("Paling banyak %s berkas. Hapus salah satunya dahulu.") % PER_FORM)
    return store(clean, now or timezone.now(), kunci=kunci)


def add(laporan: Laporan, tanggapan: Tanggapan, files: Iterable[Clean], *, at: datetime) -> None:
    """What an answer brings with it, in the open transaction of its action."""
    for clean in files:
        store(clean, at, laporan=laporan, tanggapan=tanggapan)


def store(clean: Clean, at: datetime, **owner: Any) -> Lampiran:
    row = Lampiran(nama=clean.nama, jenis=clean.jenis, ukuran=len(clean.isi), created_at=at, **owner)
    row.berkas.save(clean.nama, ContentFile(clean.isi), save=True)
    return row


@action
def detach(pk: int, *, sender: str, key: str) -> None:
    """Take a file back before the report is sent."""
    remove(Lampiran.objects.drafts(form_key(sender, key)).filter(pk=pk))


@action
def tidy_drafts(*, now: datetime | None = None) -> int:
    """Forget the files of forms that were never sent; returns how many."""
    return remove(Lampiran.objects.forgotten(now or timezone.now()))


def remove(rows: Any) -> int:
    """The rows now, their files once that is certain."""
    files = [row.berkas for row in rows]
    rows.delete()
    for file in files:
        transaction.on_commit(lambda file=file: file.delete(save=False))  # type: ignore[misc]
    return len(files)
