"""What reports that people write to us have in common, by letter or by chat: their limits, their files, our reply."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from mpp_portal.actions import Refused

from . import actions, attachments
from .actions.attaching import PER_FORM
from .models import Laporan, Tenggat
from .states import JenisTenggat

CODE = re.compile(r"MPP-\d{4}-\d{4,6}")
LONGEST = 5000  # as in the form
HOURLY = 10  # reports of one address


class Declined(Refused):
    """A refusal of our own, said in both languages."""

    def __init__(self, sentence: str | Promise) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


class Later(Exception):  # noqa: N818 — an answer
    """This person has written very often: what they wrote waits where it is."""


def given(*, judul: str, isi: str, nama: str, kanal: str, kontak: str) -> actions.Given:
    """What the form asks and a letter does not say stays open."""
    return {
        "jenis": Laporan.Jenis.PENGADUAN.value, "judul": (judul or isi.split("\n")[0])[:120], "isi": isi, "gerai": None,
        "tentang_pengelola": False, "lokasi": "", "terjadi_pada": None, "anonim": False, "rahasia": False,
        "nama": nama or kontak, "kanal": kanal, "kontak": kontak,
    }  # fmt: skip


def is_of(laporan: Laporan, kanal: str, address: str) -> bool:
    """Whether this address is the reporter's own: a code is known to many."""
    return laporan.kanal == kanal and laporan.kontak.lower() == address.lower()


def refuse_words(words: str, *, empty: str | Promise, too_long: str | Promise) -> None:
    if not words:
        raise Declined(empty)
    if len(words) > LONGEST:
        raise Declined(too_long)


def cleaned(files: Iterable[tuple[str, bytes]]) -> tuple[list[attachments.Clean], list[str]]:
    """Those that can be taken, and why the others cannot."""
    taken: list[attachments.Clean] = []
    refused: list[str] = []
    for nama, content in files:
        try:
            if len(taken) == PER_FORM:
                raise ValidationError(_("Paling banyak %s berkas.") % PER_FORM)
            taken.append(attachments.clean(SimpleUploadedFile(nama[-100:], content)))
        except ValidationError as error:
            refused.append(f"{nama}: {error.message}")
    return taken, refused


# --- What is said back ------------------------------------------------------------------------------------------------
def both(words: Callable[[], str]) -> str:
    """`words` is asked once in each language."""
    said = []
    for language in ("id", "en"):
        with translation.override(language):
            said.append(words())
    return "\n\n----------\n\n".join(said) + "\n"


def receipt(sent: actions.Sent, refused: list[str], last: str | Promise) -> str:
    """The only words that have the PIN and the secret link; they go to the address that the report came from. `last`
    says how to add to it."""
    laporan = sent.laporan
    due = Tenggat.objects.filter(laporan=laporan, jenis=JenisTenggat.VERIFIKASI).first()

    def words() -> str:
        lines: list[Any] = [
            _("Laporan Anda kami terima."),
            _("Kode: %s") % laporan.kode,
            _("PIN: %s") % f"{sent.pin[:4]} {sent.pin[4:]}",
            _("Halaman laporan Anda, jangan dibagikan: %s") % link(f"/pengaduan/k/{sent.secret}/"),
            _("Diperiksa paling lambat %s.") % date_format(due.jatuh, "l, j F Y") if due else "",
            str(last),
        ]
        return "\n".join(filter(None, [*lines, *not_taken(refused)]))

    return both(words)


def added(laporan: Laporan, refused: list[str], first: Callable[[], str]) -> str:
    """`first` says that it was added."""

    def words() -> str:
        lines = [first(), _("Menilai atau menyanggah jawaban: %s") % link(laporan.get_absolute_url())]
        return "\n".join([*lines, *not_taken(refused)])

    return both(words)


def not_taken(refused: list[str]) -> list[str]:
    return [_("Berkas yang tidak dapat kami terima:"), *(f"- {one}" for one in refused)] if refused else []


def link(path: str) -> str:
    prefix = "/en" if translation.get_language() == "en" and not path.startswith("/en/") else ""
    return f"{settings.PORTAL_URL}{prefix}{path}"
