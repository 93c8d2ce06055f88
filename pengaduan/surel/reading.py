"""From the mailbox into the portal. A letter is marked as seen after its report is stored and its reply has left, so a
process that dies in between does it again, to the same end."""

import logging
import time
from collections import Counter

from django.conf import settings

from layanan.models import Mpp

from . import actions, letters, replies
from .mailbox import Broken, Mailbox, Place, opened
from .models import fingerprint

logger = logging.getLogger(__name__)
MOST = 40 * 1024 * 1024  # bytes of one letter, head and files together
SECONDS = 35  # what one reading may take; the next begins where it ended


def read_all() -> Counter[str]:
    """Every mailbox; returns how many letters were dealt with, and how many wait, by what became of them."""
    found: Counter[str] = Counter()
    for url in settings.KOTAK_SURAT:
        place = Place.of(url)
        mpp = Mpp.objects.running().select_related("wilayah").filter(slug=place.mpp).first()
        if mpp is None:
            logger.error("KOTAK_SURAT names a mall that does not run here: %s", place.mpp)
            continue
        try:
            with opened(place) as box:
                found += _read(box, mpp)
        except Broken as error:
            found["kotak"] += 1
            logger.warning("The mailbox of %s cannot be read: %s", place.mpp, error)
    return found


def _read(box: Mailbox, mpp: Mpp) -> Counter[str]:
    found: Counter[str] = Counter()
    end = time.monotonic() + SECONDS
    for uid in box.unseen():
        if time.monotonic() > end:
            break
        try:
            done = _deal_with(box, mpp, uid)
        except actions.Later:
            done = False
        except Broken:
            raise
        except Exception as error:
            # One letter that nobody can read must not keep the others: it stays unread, for a person to look at.
            logger.error("Letter %s of %s failed: %s", uid, mpp.slug, type(error).__name__)
            done = False
        if done:
            box.mark_seen(uid)
        found["selesai" if done else "menunggu"] += 1
    return found


def _deal_with(box: Mailbox, mpp: Mpp, uid: str) -> bool:
    big = box.size(uid) > MOST
    raw = box.letter(uid, head_only=big)
    if not raw:
        return True
    letter = letters.read(raw)
    reply = actions.too_big(letter) if big else actions.take(mpp, letter)
    return reply is None or replies.send(reply, to=letter.sender, about=letter.id, key=fingerprint(mpp, letter.id)[:32])
