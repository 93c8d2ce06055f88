"""A ticket in the language of receipt printers (ESC/POS), 80 mm wide. The hall's printing program only carries it."""

from typing import Any

from django.utils import translation
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from escpos.printer import Dummy

from .models import Cetakan

CLEAR = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"  # DLE DC4 8: forget what a failed paper left in the printer
START = b"\x1b@\x1da\x00"  # ESC @: as when switched on; GS a 0: say nothing unasked
WIDTH = 42  # letters in a line
QR_DOT = 7  # printer dots per module: about 30 mm for a link of 60 letters


def ticket(cetakan: Cetakan, link: str) -> bytes:
    """The paper of one Cetakan; `link` leads to the visit's own page."""
    with translation.override(cetakan.bahasa):
        return START + _ticket(cetakan, link)


def _ticket(cetakan: Cetakan, link: str) -> bytes:
    tiket, mpp = cetakan.tiket, cetakan.anjungan.mpp
    gerai, local = tiket.sesi.antrean.gerai, mpp.local(tiket.created_at)
    paper: Any = Dummy(profile="default")
    paper.set(align="center", normal_textsize=True)
    _lines(paper, mpp.nama)
    paper.set(align="center", bold=True)
    _lines(paper, _("%(instansi)s, lantai %(lantai)s") % {"instansi": gerai.instansi.singkatan, "lantai": gerai.lantai})
    if cetakan.salinan:
        paper.set(align="center", bold=True, invert=True)
        _lines(paper, _("SALINAN %(n)s") % {"n": cetakan.salinan})
    paper.set(align="center", bold=True, invert=False, custom_size=True, width=6, height=6)
    _lines(paper, tiket.label)
    paper.set(align="center", bold=False, normal_textsize=True)
    for layanan in (tiket.layanan, *tiket.sekaligus.select_related("jenis")):
        _lines(paper, _name(layanan.jenis))
    if tiket.kode_luar and tiket.jadwal:
        when = time_format(mpp.local(tiket.jadwal))
        _lines(paper, _("Jadwal %(instansi)s: pukul %(jam)s") % {"instansi": gerai.instansi.singkatan, "jam": when})
    if tiket.awaited:
        _lines(paper, _("Dipanggil sesudah %(nomor)s selesai.") % {"nomor": tiket.awaited.label})
    if tiket.prioritas:
        _lines(paper, _("Didahulukan:"), tiket.get_prioritas_display())
    _lines(paper, f"{date_format(local, 'l, j F Y')}, {time_format(local)} {mpp.zone_label}")
    _lines(paper, _("Pindai untuk melihat giliran Anda di ponsel. Tanpa ponsel, lihat layar panggilan."))
    paper.qr(link, native=True, size=QR_DOT)
    _lines(paper, _("Kode kunjungan"), tiket.kunjungan.kode)
    paper.cut()
    made: bytes = paper.output
    return made


def _name(jenis: Any) -> str:
    return (translation.get_language() == "en" and jenis.nama_en) or jenis.nama


def _lines(paper: Any, *words: str) -> None:
    """Words that go on in the next line where one is full."""
    paper.block_text(" ".join(words), columns=WIDTH)
    paper.ln()
