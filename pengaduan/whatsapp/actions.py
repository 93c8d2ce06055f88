"""Messages become reports, or what a reporter adds to one: each once, however often it comes."""

import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from layanan.models import Mpp
from mpp_portal.actions import Refused, action
from mpp_portal.models import record
from mpp_portal.notifikasi.channels import Permanent, Temporary

from .. import actions as reports
from .. import attachments, inbound
from ..actions.attaching import store
from ..models import Laporan
from . import graph, replies
from .messages import Arrived, Message, read
from .models import WhatsappMasuk, fingerprint, mark_of

__all__ = ["Refused", "claim", "keep", "take"]
HOUR = timedelta(hours=1)
HOURLY = 60  # messages of one telephone; reports have their own limit
TALK = timedelta(minutes=30)  # in which what is written next belongs to the report of just now
# "BARU toilet rusak", "Baru: toilet rusak"; not "Baru saja dipanggil", not "Baru-baru ini".
NEW = re.compile(r"(?:BARU\b(?!-BARU)|(?i:baru)(?:[:,.]|-(?!\w)|[ \t]*[\r\n]))[\s:,.-]*")
TRIES = 8  # with its file, over about an hour
PAUSE = timedelta(minutes=10)  # for a worker that takes a message and is not heard of again
FIRST_WAIT, LONGEST_WAIT = 15, 1800  # seconds


@dataclass(frozen=True)
class Brought:
    """The files of a message, and why some could not be taken."""

    files: list[attachments.Clean]
    missing: list[str]


def keep(mpp: Mpp, arrived: Arrived, *, now: datetime | None = None) -> bool:
    """Put a message aside, to be dealt with by a worker; False when it is here already."""
    row = WhatsappMasuk(
        sidik=fingerprint(arrived.id), sidik_pengirim=mark_of(arrived.phone), mpp=mpp, nomor_id=arrived.number_id,
        isi=arrived.stored, at=now or timezone.now(),
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        if not WhatsappMasuk.objects.filter(sidik=row.sidik).exists():
            raise
        return False
    return True


def claim(row: WhatsappMasuk, *, now: datetime | None = None) -> bool:
    """Count an attempt before it begins: a file that kills its worker waits like another, and in the end is left out.
    False when another worker was faster."""
    now = now or timezone.now()
    mine = WhatsappMasuk.objects.due(now).filter(pk=row.pk, attempts=row.attempts)
    row.attempts, row.next_try_at = row.attempts + 1, now + PAUSE
    return bool(mine.update(attempts=row.attempts, next_try_at=row.next_try_at))


def take(row: WhatsappMasuk, *, now: datetime | None = None) -> bool:
    """Deal with one claimed message; False when it has to wait. Its file is fetched and cleaned before anything is
    locked."""
    now = now or timezone.now()
    message = read(row.isi)
    try:
        _refuse_flood(row, f"+{message.phone}", now)
        brought = _fetch(row, message)
    except inbound.Later:
        _put_off(row, now + timedelta(seconds=LONGEST_WAIT), attempts=max(row.attempts - 1, 0))
        return False
    except Temporary:
        wait = min(FIRST_WAIT * 2 ** max(row.attempts - 1, 0), LONGEST_WAIT)
        _put_off(row, now + timedelta(seconds=wait), attempts=row.attempts)
        return False
    try:
        _take(row, message, brought, now)
    except inbound.Declined as declined:
        _settle(row, message, replies.refusal(declined.sentence), now)
    except Refused as refusal:
        _settle(row, message, replies.refusal(str(refusal)), now)
    return True


def _put_off(row: WhatsappMasuk, until: datetime, *, attempts: int) -> None:
    WhatsappMasuk.objects.filter(pk=row.pk, handled_at=None).update(next_try_at=until, attempts=attempts)


def _refuse_flood(row: WhatsappMasuk, phone: str, now: datetime) -> None:
    """Raises Later: what a telephone sends beyond its share of an hour waits for the next."""
    sent = Laporan.objects.filter(mpp=row.mpp_id, kontak=phone, created_at__gt=now - HOUR).count()
    recent = WhatsappMasuk.objects.recent_of(row, now, HOUR)
    made = recent.exclude(laporan=None).filter(tanggapan=None).count()  # a report that waited is older than its making
    if max(sent, made) >= inbound.HOURLY or recent.count() >= HOURLY:
        raise inbound.Later


def _fetch(row: WhatsappMasuk, message: Message) -> Brought:
    if not message.media_id:
        return Brought([], [])
    if row.attempts > TRIES:
        sentence = _("Berkas ini tidak dapat diambil dari WhatsApp. Kirim lagi.")
        return Brought([], [f"{message.berkas}: {sentence}"])
    try:
        return Brought(*inbound.cleaned([(message.berkas, graph.fetch(message.media_id))]))
    except Permanent as error:
        return Brought([], [f"{message.berkas}: {error}"])


@action
def _take(row: WhatsappMasuk, message: Message, brought: Brought, now: datetime) -> None:
    """Report, files, mark and reply together, or none of it."""
    row = WhatsappMasuk.objects.select_for_update(no_key=True, of=("self",)).get(pk=row.pk)
    if row.handled_at:
        return
    if not message.readable:
        raise inbound.Declined(replies.UNREADABLE)
    laporan, guessed = _meant(row, message, now)
    if laporan is None:
        reply = _report(row, message, brought, now)
    elif inbound.is_of(laporan, "whatsapp", f"+{message.phone}"):
        reply = _add(row, laporan, message, brought, guessed=guessed, now=now)
    else:
        raise inbound.Declined(replies.NOT_YOURS)
    _end(row, message, reply, now)


def _meant(row: WhatsappMasuk, message: Message, now: datetime) -> tuple[Laporan | None, bool]:
    """The report that a message is about, and whether that is only our guess: named in it, answered by it, or the one
    that this telephone talks about just now."""
    rows = Laporan.objects.filter(mpp=row.mpp_id)
    named = inbound.CODE.search(message.teks.upper())
    if named and (found := rows.filter(kode=named[0]).first()):
        return found, False
    if message.answers:
        answered = WhatsappMasuk.objects.answered_by(message.answers).exclude(laporan=None)
        if found := rows.filter(pk__in=answered.values("laporan")).first():
            return found, False
    if NEW.match(message.teks):
        return None, False
    lately = WhatsappMasuk.objects.recent_of(row, now, TALK).exclude(laporan=None).first()
    talked = lately.laporan if lately else None
    return (None, False) if talked is None or talked.is_over else (talked, True)


def _report(row: WhatsappMasuk, message: Message, brought: Brought, now: datetime) -> str:
    words = NEW.sub("", message.teks, count=1) if NEW.match(message.teks) else message.teks
    words = words or ("Foto lewat WhatsApp, tanpa tulisan." if message.media_id else "")
    inbound.refuse_words(words, empty=replies.EMPTY, too_long=replies.TOO_LONG)
    given = inbound.given(judul="", isi=words, nama=" ".join(message.nama.split())[:100], kanal="whatsapp",
                          kontak=f"+{message.phone}")  # fmt: skip
    sent = reports.submit(row.mpp, given, sender=f"whatsapp:{row.mpp_id}", key=row.sidik, receipted=True,
                          received_at=row.at, now=now)  # fmt: skip
    for clean in brought.files:  # after it may have been refused: a file on the disk is not rolled back
        store(clean, now, laporan=sent.laporan)
    row.laporan = sent.laporan
    return replies.receipt(sent, brought.missing)


def _add(
    row: WhatsappMasuk, laporan: Laporan, message: Message, brought: Brought, *, guessed: bool, now: datetime
) -> str:
    words = message.teks or ("(berkas)" if message.media_id else "")
    inbound.refuse_words(words, empty=replies.EMPTY, too_long=replies.TOO_LONG)
    row.tanggapan = reports.supplement(laporan, words, files=brought.files, now=now)
    row.laporan = laporan
    return replies.added(laporan, brought.missing, guessed=guessed)


@action
def _settle(row: WhatsappMasuk, message: Message, reply: str, now: datetime) -> None:
    """A message that led to nothing but its reply."""
    row = WhatsappMasuk.objects.select_for_update(no_key=True, of=("self",)).get(pk=row.pk)
    if not row.handled_at:
        _end(row, message, reply, now)


def _end(row: WhatsappMasuk, message: Message, reply: str, now: datetime) -> None:
    """The words of the message go, those of the reply wait in the outbox."""
    row.isi, row.handled_at, row.next_try_at = "", now, None
    row.balasan = json.dumps({"to": message.phone, "text": reply})
    row.save()
    record("whatsappmasuk.dibalas", row, mpp_id=row.mpp_id, about=row, at=now)


@action
def tidy(*, now: datetime | None = None) -> int:
    """Forget replies that never left, and marks of messages that became nothing; returns how many."""
    before = (now or timezone.now()) - timedelta(days=30)
    old = WhatsappMasuk.objects.filter(handled_at__lt=before)
    count = old.exclude(balasan="").update(balasan="")
    gone, _each = old.filter(laporan=None).delete()
    return count + gone
