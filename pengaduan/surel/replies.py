"""What the writer of a letter gets back: in Indonesian, then in English, as a reply that no program answers."""

import logging
import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import translation
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mpp_portal.notifikasi import channels

from .. import actions
from ..models import Laporan, Tenggat
from ..states import JenisTenggat

logger = logging.getLogger(__name__)
TOO_BIG = gettext_lazy(
    "Surel Anda lebih besar dari 40 MB dan tidak kami terima. Kirim lagi dengan foto yang lebih kecil, "
    "atau ceritakan saja isinya."
)
TOO_LONG = gettext_lazy(
    "Surel Anda lebih panjang dari 5.000 huruf dan tidak kami terima. Kirim lagi yang pokok saja, "
    "dan sertakan sisanya sebagai PDF."
)
EMPTY = gettext_lazy("Surel Anda kosong. Tulis apa yang terjadi, di mana, dan kapan.")
NOT_YOURS = gettext_lazy(
    "Surel Anda tidak kami tambahkan: laporan itu tidak dikirim dari alamat surel ini. Pelapornya dapat membuka "
    "halaman laporannya dengan kode dan PIN. Laporan baru? Kirim tanpa kode di judulnya."
)


@dataclass(frozen=True)
class Reply:
    judul: str
    isi: str


def both(judul: str, words: Callable[[], str]) -> Reply:
    """`words` is asked once in each language."""
    said = []
    for language in ("id", "en"):
        with translation.override(language):
            said.append(words())
    return Reply(judul, "\n\n----------\n\n".join(said) + "\n")


def refusal(judul: str, sentence: str | Promise) -> Reply:
    return both(f"Re: {judul}"[:120], lambda: str(sentence))


def receipt(sent: actions.Sent, refused: list[str]) -> Reply:
    """The only letter that has the PIN and the secret link; it goes to the address that the report came from."""
    laporan = sent.laporan
    due = Tenggat.objects.filter(laporan=laporan, jenis=JenisTenggat.VERIFIKASI).first()

    def words() -> str:
        lines = [
            _("Laporan Anda kami terima."),
            _("Kode: %s") % laporan.kode,
            _("PIN: %s") % f"{sent.pin[:4]} {sent.pin[4:]}",
            _("Halaman laporan Anda, jangan dibagikan: %s") % _link(f"/pengaduan/k/{sent.secret}/"),
            _("Diperiksa paling lambat %s.") % date_format(due.jatuh, "l, j F Y") if due else "",
            _("Ada yang ingin ditambahkan? Balas surel ini. Ada bahaya sekarang? Telepon 112."),
        ]
        return "\n".join(filter(None, [*lines, *_not_taken(refused)]))

    return both(f"[{laporan.kode}] {laporan.judul}"[:120], words)


def added(laporan: Laporan, refused: list[str]) -> Reply:
    def words() -> str:
        lines = [
            _("Surel Anda kami tambahkan pada laporan %s.") % laporan.kode,
            _("Menilai atau menyanggah jawaban: %s") % _link(laporan.get_absolute_url()),
        ]
        return "\n".join([*lines, *_not_taken(refused)])

    return both(f"[{laporan.kode}] {laporan.judul}"[:120], words)


def _not_taken(refused: list[str]) -> list[str]:
    return [_("Berkas yang tidak dapat kami terima:"), *(f"- {one}" for one in refused)] if refused else []


def _link(path: str) -> str:
    prefix = "/en" if translation.get_language() == "en" and not path.startswith("/en/") else ""
    return f"{settings.PORTAL_URL}{prefix}{path}"


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
