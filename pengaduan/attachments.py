"""A file that somebody hands in, made harmless: known by its content, drawn or written anew, without what it hid.

A photo becomes a JPEG without EXIF and GPS, a PDF is put together again from its pages alone. `clean` raises
ValidationError with the sentence that the person reads.
"""

from io import BytesIO
from typing import Any, NamedTuple

import pikepdf
import pillow_heif
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from . import virus
from .states import JenisLampiran

MEGABYTES = 15
PIXELS = 60_000_000  # what the largest phone cameras take
SIDE = 2560  # pixels of the longer side that are kept: enough to read a document
PAGES = 100
HEIC = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
VIDEO = (b"\x1aE\xdf\xa3", b"\x00\x00\x01\xba", b"\x00\x00\x01\xb3", b"FLV", b"OggS", b"\x30\x26\xb2\x75")

pillow_heif.register_heif_opener()


class Clean(NamedTuple):
    """What may be stored. `nama` is the name it came with, for people to know it again."""

    nama: str
    jenis: str
    isi: bytes


def clean(upload: UploadedFile) -> Clean:
    kind = kind_of(upload)
    if kind == "video":
        raise ValidationError(_("Video tidak dapat kami terima. Kirim foto, atau ceritakan isinya."))
    if kind == "kosong":
        raise ValidationError(_("Berkas ini kosong. Pilih berkas lain."))
    if kind not in ("PDF", "JPEG", "PNG", "WEBP", "HEIF"):
        raise ValidationError(_("Berkas ini bukan foto (JPEG, PNG, WebP, HEIC) atau PDF. Pilih berkas lain."))
    if (upload.size or 0) > MEGABYTES * 1024 * 1024:
        raise ValidationError(_("Berkas paling besar %s MB. Ambil fotonya dengan ukuran lebih kecil.") % MEGABYTES)
    upload.seek(0)
    virus.refuse_infected(upload)
    upload.seek(0)
    nama = (upload.name or "")[-100:]
    if kind == "PDF":
        return Clean(nama, JenisLampiran.PDF, _pdf(upload))
    return Clean(nama, JenisLampiran.FOTO, _photo(upload, kind))


def kind_of(upload: Any) -> str:
    """What its first bytes say, whatever it is called."""
    upload.seek(0)
    head: bytes = upload.read(1024)
    if not head.strip(b"\0 \r\n\t"):
        return "kosong"
    if head.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if head[:4] == b"RIFF":
        return {b"WEBP": "WEBP", b"AVI ": "video"}.get(head[8:12], "lain")
    if head[4:8] == b"ftyp":
        return "HEIF" if head[8:12] in HEIC else "video"
    if head.startswith(VIDEO):
        return "video"
    return "PDF" if b"%PDF-" in head else "lain"


def _photo(upload: Any, kind: str) -> bytes:
    """Drawn anew on white, upright, and small enough to send on."""
    unreadable = ValidationError(_("Foto ini rusak dan tidak dapat dibuka. Ambil atau pilih foto lain."))
    try:
        with Image.open(upload, formats=[kind]) as image:
            if image.width * image.height > PIXELS:
                raise ValidationError(_("Foto ini terlalu besar untuk dibuka. Kirim dengan ukuran lebih kecil."))
            image.draft("RGB", (SIDE, SIDE))
            upright = ImageOps.exif_transpose(image).convert("RGBA")
    except (OSError, SyntaxError, ValueError, EOFError, MemoryError):
        raise unreadable from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise ValidationError(_("Foto ini terlalu besar untuk dibuka. Kirim dengan ukuran lebih kecil.")) from None
    upright.thumbnail((SIDE, SIDE))
    drawn, out = Image.new("RGB", upright.size, "white"), BytesIO()
    drawn.paste(upright, mask=upright.getchannel("A"))
    drawn.save(out, "JPEG", quality=85, optimize=True)
    return out.getvalue()


def _pdf(upload: Any) -> bytes:
    """Its pages in a new document: no scripts, no attachments, no forms, no author."""
    out = BytesIO()
    try:
        with pikepdf.open(upload) as given, pikepdf.new() as made:
            if len(given.pages) > PAGES:
                raise ValidationError(_("PDF paling banyak %s halaman. Kirim halaman yang penting saja.") % PAGES)
            made.pages.extend(given.pages)
            for page in made.pages:
                _silence(page.obj)
            made.save(out)
    except pikepdf.PasswordError:
        raise ValidationError(_("PDF ini terkunci dengan sandi. Simpan tanpa sandi, lalu kirim lagi.")) from None
    except (pikepdf.PdfError, ValueError, RuntimeError):
        raise ValidationError(_("PDF ini rusak dan tidak dapat dibuka. Kirim fotonya saja.")) from None
    if not out.tell():
        raise ValidationError(_("PDF ini rusak dan tidak dapat dibuka. Kirim fotonya saja."))
    return out.getvalue()


def _silence(page: Any) -> None:
    """Nothing on a page acts by itself or carries a file; notes and marks stay as they look."""
    for name in ("/AA", "/Metadata", "/PieceInfo", "/AF"):
        if name in page:
            del page[name]
    if "/Annots" not in page:
        return
    page["/Annots"] = pikepdf.Array(
        note
        for note in page["/Annots"]
        if note.get("/Subtype") not in ("/FileAttachment", "/RichMedia", "/Screen", "/Movie", "/Widget")
        and "/A" not in note
        and "/AA" not in note
    )
