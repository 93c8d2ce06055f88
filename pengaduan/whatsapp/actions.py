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
from .. import inbound
from ..models import Laporan
from . import graph, replies
from .messages import Arrived, Message, read
from .models import WhatsappMasuk, fingerprint, mark_of

__all__ = ["Refused", "keep", "take"]
HOUR = timedelta(hours=1)
HOURLY = 60  # messages of one telephone; reports have their own limit
TALK = timedelta(minutes=30)  # in which what is written next belongs to the report of just now
NEW = re.compile(r"baru\b[\s:,.-]*", re.IGNORECASE)
TRIES = 8  # to fetch one file, over about an hour
FIRST_WAIT, LONGEST_WAIT = 15, 1800  # seconds


@dataclass(frozen=True)
class Brought:
    """The files of a message, and why some could not be fetched."""

    files: list[tuple[str, bytes]]
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


def take(row: WhatsappMasuk, *, now: datetime | None = None) -> bool:
    """Deal with one message; False when it has to wait. Its file is fetched before anything is locked."""
    now = now or timezone.now()
    message = read(row.isi)
    try:
        _refuse_flood(row, f"+{message.phone}", now)
        brought = _fetch(row, message)
    except inbound.Later:
        put_off(row, now + timedelta(seconds=LONGEST_WAIT))
        return False
    except Temporary:
        put_off(row, now + timedelta(seconds=min(FIRST_WAIT * 2**row.attempts, LONGEST_WAIT)), tried=True)
        return False
    try:
        _take(row, message, brought, now)
    except inbound.Declined as declined:
        _settle(row, message, replies.refusal(declined.sentence), now)
    except Refused as refusal:
        _settle(row, message, replies.refusal(str(refusal)), now)
    return True


def put_off(row: WhatsappMasuk, until: datetime, *, tried: bool = False) -> None:
    WhatsappMasuk.objects.filter(pk=row.pk, handled_at=None).update(next_try_at=until, attempts=row.attempts + tried)


def _refuse_flood(row: WhatsappMasuk, phone: str, now: datetime) -> None:
    """Raises Later: what a telephone sends beyond its share of an hour waits for the next."""
    sent = Laporan.objects.filter(mpp=row.mpp_id, kontak=phone, created_at__gt=now - HOUR).count()
    if sent >= inbound.HOURLY or WhatsappMasuk.objects.recent_of(row, now, HOUR).count() >= HOURLY:
        raise inbound.Later


def _fetch(row: WhatsappMasuk, message: Message) -> Brought:
    if not message.media_id:
        return Brought([], [])
    try:
        return Brought([(message.berkas, graph.fetch(message.media_id))], [])
    except Permanent as error:
        return Brought([], [f"{message.berkas}: {error}"])
    except Temporary:
        if row.attempts < TRIES:
            raise
        sentence = _("Berkas ini tidak dapat diambil dari WhatsApp. Kirim lagi.")
        return Brought([], [f"{message.berkas}: {sentence}"])


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
    files, refused = inbound.cleaned(brought.files)
    sender = f"whatsapp:{row.mpp_id}"
    for clean in files:
        reports.attach(clean, sender=sender, key=row.sidik, now=now)
    given = inbound.given(judul="", isi=words, nama=" ".join(message.nama.split())[:100], kanal="whatsapp",
                          kontak=f"+{message.phone}")  # fmt: skip
    sent = reports.submit(row.mpp, given, sender=sender, key=row.sidik, receipted=True, now=now)
    row.laporan = sent.laporan
    return replies.receipt(sent, [*refused, *brought.missing])


def _add(
    row: WhatsappMasuk, laporan: Laporan, message: Message, brought: Brought, *, guessed: bool, now: datetime
) -> str:
    files, refused = inbound.cleaned(brought.files)
    words = message.teks or ("(berkas)" if message.media_id else "")
    inbound.refuse_words(words, empty=replies.EMPTY, too_long=replies.TOO_LONG)
    row.tanggapan = reports.supplement(laporan, words, files=files, now=now)
    row.laporan = laporan
    return replies.added(laporan, [*refused, *brought.missing], guessed=guessed)


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
