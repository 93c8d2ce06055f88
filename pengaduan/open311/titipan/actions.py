"""What becomes of a part whose office has a server of its own: entrusted, filed, heard of; a person passes it on."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mpp_portal.actions import Refused, action
from mpp_portal.models import record
from mpp_portal.notifikasi import outbox
from mpp_portal.notifikasi.models import Sistem, fingerprint

from ... import actions as reports
from ...models import Disposisi, Laporan, Tanggapan
from ...states import Urgensi
from .models import Sambungan, Titipan, Usulan, may_leave
from .server import Permanent, Told

__all__ = [
    "NEWER",
    "Refused",
    "accept",
    "begin_again",
    "dismiss",
    "entrust",
    "filed",
    "forget_words",
    "hear",
    "numbered",
    "silent",
    "try_now",
]
NEWER = gettext_lazy("Server itu baru saja mengabarkan hal lain, atau rekan Anda sudah menanganinya. Muat ulang.")
SOON, OFTEN, DAILY = timedelta(minutes=1), timedelta(minutes=15), timedelta(days=1)
CERTAIN = 3  # sent that often without any answer, a person looks first


def entrust(disposisi: Disposisi, now: datetime) -> None:
    """Have a part filed on its office's server, in the transaction that routes it; sent after the commit."""
    laporan = disposisi.laporan
    if disposisi.gerai_id is None or settings.KABAR_KANAL[Sistem.OPEN311] == "mati" or not may_leave(laporan):
        return
    sambungan = Sambungan.objects.filter(gerai=disposisi.gerai_id, aktif=True).first()
    if sambungan is None:
        return
    titipan = Titipan.objects.create(disposisi=disposisi, sambungan=sambungan, created_at=now)
    peristiwa = record("titipan.dibuat", titipan, mpp_id=laporan.told_mpp_id, at=now)
    genting = laporan.urgensi == Urgensi.GENTING
    outbox.carry(peristiwa, kanal=Sistem.OPEN311, tujuan=fingerprint(sambungan.url), urgent=genting)


# --- Filing -----------------------------------------------------------------------------------------------------------
def try_now(titipan: Titipan, now: datetime) -> None:
    """Noted before anything is sent: whoever comes next looks first whether it arrived."""
    if titipan.ragu >= CERTAIN:
        raise Permanent(_("Sudah %s kali dikirim tanpa jawaban. Periksa di server itu dahulu.") % CERTAIN)
    titipan.ragu += 1
    titipan.tried_at = titipan.tried_at or now
    titipan.save(update_fields=["ragu", "tried_at"])


def begin_again(titipan: Titipan) -> None:
    """Whoever retries has looked there. That it was tried stays: the server is still asked first."""
    titipan.ragu = 0
    titipan.save(update_fields=["ragu"])


@action
def filed(titipan: Titipan, nomor: str, token: str, *, now: datetime) -> None:
    """The server has it. A number that another report has there is no number."""
    with_name = {"nomor": nomor, "token": "" if nomor else token}
    try:
        with transaction.atomic():
            unfiled = Titipan.objects.filter(pk=titipan.pk, filed_at=None)
            new = unfiled.update(**with_name, filed_at=now, next_at=now + (OFTEN if nomor else SOON), ragu=0)
    except IntegrityError:
        raise Permanent(_("Server itu memberi nomor laporan lain. Periksa di sana sebelum mengirim lagi.")) from None
    if new:
        record("titipan.tercatat", titipan, mpp_id=titipan.laporan.told_mpp_id, at=now)


# --- Hearing ----------------------------------------------------------------------------------------------------------
def numbered(titipan: Titipan, nomor: str, *, now: datetime) -> None:
    """What was asked for its token: its number, or not yet."""
    if not nomor:
        Titipan.objects.filter(pk=titipan.pk).update(next_at=now + OFTEN, gagal=0, galat="")
        return
    try:
        with transaction.atomic():
            Titipan.objects.filter(pk=titipan.pk, nomor="").update(nomor=nomor, next_at=now, gagal=0, galat="")
    except IntegrityError:
        silent(titipan, _("Server itu memberi nomor laporan lain. Periksa di sana."), now=now)


@action
def hear(titipan: Titipan, told: Told, *, now: datetime) -> None:
    """What the server says now. What is new becomes a proposal; a report that is closed there is not closed here."""
    unchanged = Titipan.objects.filter(pk=titipan.pk, keadaan=titipan.keadaan, kata=titipan.kata)
    closed = told.keadaan == "closed"
    heard = unchanged.update(
        keadaan=told.keadaan, kata=told.kata, next_at=now + (DAILY if closed else OFTEN), gagal=0, galat=""
    )
    if not heard or (told.keadaan, told.kata) == (titipan.keadaan, titipan.kata):
        return
    if not closed and not told.kata:
        return
    jenis = Tanggapan.Jenis.JAWABAN if closed else Tanggapan.Jenis.TINDAK_LANJUT
    news: dict[str, Any] = {"jenis": jenis.value, "teks": told.kata, "at": now}
    if not Usulan.objects.open().filter(titipan=titipan).update(**news):
        Usulan.objects.create(titipan=titipan, **news)
    record("titipan.dikabari", titipan, mpp_id=titipan.laporan.told_mpp_id, at=now)


def silent(titipan: Titipan, sentence: str, *, now: datetime) -> None:
    """It did not answer as it should: asked again, ever more seldom."""
    wait = min(OFTEN * 2 ** min(titipan.gagal, 10), DAILY)
    Titipan.objects.filter(pk=titipan.pk).update(
        next_at=now + wait, gagal=min(titipan.gagal + 1, 1000), galat=sentence[:300]
    )


# --- A person decides -------------------------------------------------------------------------------------------------
@action
def accept(usulan: Usulan, jenis: str, teks: str, *, by: Any, now: datetime | None = None) -> None:
    """Tell the reporter, in these words, as the office's own follow-up or answer."""
    now = now or timezone.now()
    disposisi = usulan.titipan.disposisi
    if jenis == Tanggapan.Jenis.JAWABAN:
        reports.answer(disposisi, teks, by=by, now=now)
    else:
        reports.follow_up(disposisi, teks, by=by, now=now)
    _decide(usulan, Usulan.Hasil.DIPAKAI, by, now)


@action
def dismiss(usulan: Usulan, *, by: Any, now: datetime | None = None) -> None:
    _decide(usulan, Usulan.Hasil.DIABAIKAN, by, now or timezone.now())


def _decide(usulan: Usulan, hasil: str, by: Any, now: datetime) -> None:
    """On what this person has read: newer news came in its place otherwise, and they read that first."""
    read = Usulan.objects.open().filter(pk=usulan.pk, at=usulan.at)
    if not read.update(hasil=hasil, oleh=by, decided_at=now):
        raise Refused(str(NEWER))


def forget_words(laporan: Laporan) -> None:
    """What a server said of a report that is forgotten here."""
    rows = Titipan.objects.filter(disposisi__laporan=laporan)
    Usulan.objects.filter(titipan__in=rows).delete()
    rows.update(kata="", galat="")
