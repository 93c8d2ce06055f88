"""Letters become reports, or what a reporter adds to one: each once, however often it is read."""

from datetime import datetime, timedelta

from django.utils import timezone

from layanan.models import Mpp
from mpp_portal.actions import Refused, action
from mpp_portal.notifikasi import addresses

from .. import actions as reports
from .. import inbound
from ..actions.attaching import store
from ..inbound import Declined, Later
from ..models import Laporan
from . import replies
from .letters import Letter
from .models import SurelMasuk, fingerprint

__all__ = ["Later", "Refused", "take", "too_big"]


def take(mpp: Mpp, letter: Letter, *, now: datetime | None = None) -> replies.Reply | None:
    """Do what a letter asks; returns what to reply, None to nobody. Safe to run twice: the reply is the same again."""
    now = now or timezone.now()
    if letter.automatic:
        return None
    kode = inbound.CODE.search(letter.judul.upper())
    laporan = _meant(mpp, letter, kode[0] if kode else "")
    try:
        return _report(mpp, letter, now) if laporan is None else _add(mpp, laporan, letter, now)
    except Declined as declined:
        return replies.refusal(letter.judul, declined.sentence)
    except Refused as refusal:
        return replies.refusal(letter.judul, str(refusal))


def too_big(letter: Letter) -> replies.Reply | None:
    """Of a letter whose head alone was read."""
    return None if letter.automatic else replies.refusal(letter.judul, replies.TOO_BIG)


def _meant(mpp: Mpp, letter: Letter, kode: str) -> Laporan | None:
    """The report that a letter is about: named in its subject, or by what it answers."""
    rows = Laporan.objects.filter(mpp=mpp)
    if kode and (found := rows.filter(kode=kode).first()):
        return found
    return rows.filter(pk__in=SurelMasuk.objects.named_in(mpp, letter.refs).values("laporan")).order_by("pk").last()


def _report(mpp: Mpp, letter: Letter, now: datetime) -> replies.Reply:
    address = addresses.email(letter.sender)
    known = SurelMasuk.objects.named_in(mpp, [letter.id]).exists()
    recent = Laporan.objects.filter(mpp=mpp, kontak=address, created_at__gt=now - timedelta(hours=1)).count()
    if recent >= inbound.HOURLY and not known:
        raise Later
    words = letter.teks or (letter.judul if letter.files else "")
    _refuse_words(words)
    given = inbound.given(judul=letter.judul, isi=words, nama=letter.nama, kanal="surel", kontak=address)
    sent, refused = _send(mpp, given, letter, now)
    return replies.receipt(sent, refused)


@action
def _send(mpp: Mpp, given: reports.Given, letter: Letter, now: datetime) -> tuple[reports.Sent, list[str]]:
    """Report, files and the mark of the letter together, or none of it."""
    files, refused = inbound.cleaned(letter.files)
    sent = reports.submit(mpp, given, sender=f"surel:{mpp.pk}", key=letter.id, receipted=True, now=now)
    about = {"laporan": sent.laporan, "at": now}
    _row, new = SurelMasuk.objects.get_or_create(sidik=fingerprint(mpp, letter.id), defaults=about)
    for clean in files if new else ():  # after it may have been refused: a file on the disk is not rolled back
        store(clean, now, laporan=sent.laporan)
    return sent, refused


@action
def _add(mpp: Mpp, laporan: Laporan, letter: Letter, now: datetime) -> replies.Reply:
    """What the reporter of this report writes, and nobody else: a code is known to many."""
    if letter.forged or not inbound.is_of(laporan, "surel", letter.sender):
        raise Declined(replies.NOT_YOURS)
    files, refused = inbound.cleaned(letter.files)
    if not SurelMasuk.objects.named_in(mpp, [letter.id]).exists():
        words = letter.teks or ("(berkas)" if files else "")
        _refuse_words(words)
        said = reports.supplement(laporan, words, files=files, now=now)
        SurelMasuk.objects.create(sidik=fingerprint(mpp, letter.id), laporan=laporan, tanggapan=said, at=now)
    return replies.added(laporan, refused)


def _refuse_words(words: str) -> None:
    inbound.refuse_words(words, empty=replies.EMPTY, too_long=replies.TOO_LONG)
