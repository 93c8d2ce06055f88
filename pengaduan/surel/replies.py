"""What the writer of a letter gets back: in Indonesian, then in English, as a reply that no program answers."""

import logging
import smtplib
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mpp_portal.notifikasi import channels

from .. import actions, inbound
from ..models import Laporan

logger = logging.getLogger(__name__)
TOO_BIG = _(
    "Surel Anda lebih besar dari 40 MB dan tidak kami terima. Kirim lagi dengan foto yang lebih kecil, "
    "atau ceritakan saja isinya."
)
TOO_LONG = _(
    "Surel Anda lebih panjang dari 5.000 huruf dan tidak kami terima. Kirim lagi yang pokok saja, "
    "dan sertakan sisanya sebagai PDF."
)
EMPTY = _("Surel Anda kosong. Tulis apa yang terjadi, di mana, dan kapan.")
NOT_YOURS = _(
    "Surel Anda tidak kami tambahkan: laporan itu tidak dikirim dari alamat surel ini. Pelapornya dapat membuka "
    "halaman laporannya dengan kode dan PIN. Laporan baru? Kirim tanpa kode di judulnya."
)
ADD = _("Ada yang ingin ditambahkan? Balas surel ini. Ada bahaya sekarang? Telepon 112.")


@dataclass(frozen=True)
class Reply:
    judul: str
    isi: str


def refusal(judul: str, sentence: str | Promise) -> Reply:
    return Reply(f"Re: {judul}"[:120], inbound.both(lambda: str(sentence)))


def receipt(sent: actions.Sent, refused: list[str]) -> Reply:
    return _about(sent.laporan, inbound.receipt(sent, refused, ADD))


def added(laporan: Laporan, refused: list[str]) -> Reply:
    first = _("Surel Anda kami tambahkan pada laporan %s.")
    return _about(laporan, inbound.added(laporan, refused, lambda: str(first) % laporan.kode))


def _about(laporan: Laporan, isi: str) -> Reply:
    return Reply(f"[{laporan.kode}] {laporan.judul}"[:120], isi)


def send(reply: Reply, *, to: str, about: str, key: str) -> bool:
    """False: the mail server did not take it now, ask again. The same letter is answered under the same Message-ID."""
    headers = {
        "Message-ID": f"<{key}.balasan@{urlsplit(settings.PORTAL_URL).hostname}>",
        "In-Reply-To": about,
        "References": about,
        "Auto-Submitted": "auto-replied",
    }
    if channels.is_dry("surel"):
        return True
    try:
        EmailMessage(reply.judul, reply.isi, to=[to], headers=headers).send()
    except smtplib.SMTPRecipientsRefused:
        logger.warning("A reply was refused for its address.")
    except (smtplib.SMTPException, OSError) as error:
        logger.warning("A reply has to wait: %s", type(error).__name__)
        return False
    return True
