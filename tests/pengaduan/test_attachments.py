"""Files of a report: known by content, drawn anew, refused with a sentence, shown to nobody else."""

import struct
import zlib
from io import BytesIO

import pikepdf
import pillow_heif
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from mpp_portal.models import Peristiwa
from pengaduan import actions, attachments
from pengaduan.models import Lampiran, Laporan
from tests.client import PageClient

from .clamd import SIGNATURE, clamd
from .conftest import MONDAY, days, kept_files
from .test_pages_report import WHAT, WHO, fields, follow, text, url
from .test_pages_work import at, page_of

__all__ = ["kept_files"]
pytestmark = pytest.mark.django_db
GPS = 0x8825


def photo(kind: str = "JPEG", size: tuple[int, int] = (40, 30)) -> bytes:
    """A red picture that says where it was taken."""
    out, exif = BytesIO(), Image.Exif()
    exif[0x0112], exif[0x010F], exif[GPS] = 6, "Ponsel Contoh", {1: "S", 2: (8.0, 39.0, 0.0)}
    image = Image.new("RGBA" if kind == "PNG" else "RGB", size, "red")
    if kind == "HEIF":
        pillow_heif.from_pillow(image).save(out, exif=exif.tobytes())
    else:
        image.save(out, kind, exif=exif)
    return out.getvalue()


def pdf(**catalog) -> bytes:
    out, made = BytesIO(), pikepdf.new()
    made.add_blank_page()
    for name, value in catalog.items():
        made.Root[f"/{name}"] = value
    made.docinfo["/Author"] = "Orang Contoh"
    made.save(out)
    return out.getvalue()


def png_claiming(width: int, height: int) -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack("!I", len(data)) + name + data + struct.pack("!I", zlib.crc32(name + data))

    header = struct.pack("!IIBBBBB", width, height, 8, 0, 0, 0, 0)
    content = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 99)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + content


def upload(content: bytes, name: str = "foto.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_a_photo_is_drawn_anew_upright_and_does_not_say_where_it_was_taken(kind):
    given = photo(kind)
    assert b"Ponsel Contoh" in given
    made = attachments.clean(upload(given, "IMG_1.heic"))
    image = Image.open(BytesIO(made.isi))
    assert (made.jenis, image.format, dict(image.getexif())) == ("foto", "JPEG", {})
    assert image.size == (30, 40)
    assert image.getpixel((5, 5))[0] > 240
    assert b"Ponsel" not in made.isi


def test_what_hangs_on_behind_a_picture_is_left_behind():
    given = photo() + b"PK\x03\x04<script>alert(1)</script>%PDF-1.4"
    made = attachments.clean(upload(given, "gambar.pdf"))
    assert made.jenis == "foto"
    assert b"<script>" not in made.isi
    assert b"%PDF" not in made.isi


def test_a_large_photo_is_made_smaller():
    made = attachments.clean(upload(photo(size=(4000, 1000))))
    assert max(Image.open(BytesIO(made.isi)).size) == attachments.SIDE


def test_a_pdf_named_jpg_is_a_pdf_and_does_nothing_by_itself():
    script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    made = attachments.clean(upload(pdf(OpenAction=script), "foto.jpg"))
    assert made.jenis == "pdf"
    with pikepdf.open(BytesIO(made.isi)) as again:
        assert len(again.pages) == 1
        assert "/OpenAction" not in again.Root
        assert "/Author" not in again.docinfo
    assert b"app.alert" not in made.isi


@pytest.mark.parametrize(("content", "sentence"), [
    (b"\0\0\0\x18ftypmp42" + b"\0" * 100, "Video tidak dapat kami terima"),
    (b"RIFF\0\0\0\0AVI " + b"x" * 100, "Video tidak dapat kami terima"),
    (b"\x1aE\xdf\xa3" + b"x" * 100, "Video tidak dapat kami terima"),
    (b"", "Berkas ini kosong"),
    (b"GIF89a" + b"x" * 100, "bukan foto"),
    (b"<html><script>alert(1)</script>", "bukan foto"),
    (b"\xff\xd8\xff" + b"x" * 100, "rusak"),
    (png_claiming(50_000, 50_000), "terlalu besar untuk dibuka"),
    (png_claiming(8_000, 8_000), "terlalu besar untuk dibuka"),
    (b"%PDF-1.7\nbukan pdf", "PDF ini rusak"),
], ids=["mp4", "avi", "webm", "empty", "gif", "html", "broken", "bomb", "large", "no pdf"])  # fmt: skip
def test_what_cannot_be_taken_is_refused_with_a_sentence(content, sentence):
    with pytest.raises(ValidationError, match=sentence):
        attachments.clean(upload(content))


def test_a_forty_megabyte_video_is_called_a_video_and_a_heavy_photo_heavy():
    filler = b"\0" * 40 * 1024 * 1024
    with pytest.raises(ValidationError, match="Video tidak dapat kami terima"):
        attachments.clean(upload(b"\0\0\0\x18ftypisom" + filler, "VID.mp4"))
    with pytest.raises(ValidationError, match="paling besar 15 MB"):
        attachments.clean(upload(photo() + filler))


def test_a_pdf_with_a_password_or_too_many_pages_is_refused():
    out, made = BytesIO(), pikepdf.new()
    for _ in range(101):
        made.add_blank_page()
    made.save(out)
    with pytest.raises(ValidationError, match="paling banyak 100 halaman"):
        attachments.clean(upload(out.getvalue()))
    locked = BytesIO()
    made.save(locked, encryption=pikepdf.Encryption(owner="a", user="b"))
    with pytest.raises(ValidationError, match="terkunci dengan sandi"):
        attachments.clean(upload(locked.getvalue()))


def test_clamd_is_asked_where_the_setting_names_one(settings, tmp_path):
    with clamd(tmp_path / "clamd") as (address, heard):
        settings.CLAMD = address
        content = photo() + b"x" * 200_000
        assert attachments.clean(upload(content)).jenis == "foto"
        assert heard == [content]
        with pytest.raises(ValidationError, match="mengandung virus"):
            attachments.clean(upload(photo() + SIGNATURE))
    with pytest.raises(ValidationError, match="belum dapat diperiksa"):  # it is away now
        attachments.clean(upload(photo()))


# --- On the pages -----------------------------------------------------------------------------------------------------
def to_evidence(phone, meja):
    answer = phone.get(url(meja))
    for step in (WHAT, {"lokasi": "Lantai 2"}):
        answer = phone.post(url(meja), fields(answer) | step)
    assert "Video tidak diterima" in text(answer)  # the limits, beforehand
    return answer


def test_files_travel_from_the_form_to_the_report(meja, kept_files):
    phone = PageClient()
    answer = to_evidence(phone, meja)
    answer = phone.post(url(meja), fields(answer) | {"berkas": [upload(photo(), "a.jpg"), upload(pdf(), "b.pdf")]})
    assert "Siapa Anda?" in text(answer)
    answer = phone.post(url(meja), fields(answer) | WHO)
    assert "a.jpg, b.pdf" in text(answer)
    secret = phone.post(url(meja), fields(answer))["Location"].split("/")[-3]
    laporan = Laporan.objects.get()
    assert [row.jenis for row in laporan.lampiran.all()] == ["foto", "pdf"]
    names = kept_files()
    assert (len(names), [name for name in names if "a.jpg" in name]) == (2, [])
    own = reverse("pengaduan:lampiran", args=[secret, laporan.lampiran.first().pk])
    assert own in text(phone.get(reverse("pengaduan:laporan", args=[secret])))
    shown = PageClient().get(own)  # who has the link has the report
    assert (shown["Content-Type"], shown["Content-Security-Policy"]) == ("image/jpeg", "sandbox; default-src 'none'")
    assert b"".join(shown).startswith(b"\xff\xd8\xff")
    paper = PageClient().get(reverse("pengaduan:lampiran", args=[secret, laporan.lampiran.last().pk]))
    assert paper["Content-Disposition"] == 'attachment; filename="b.pdf"'
    assert b"".join(paper).startswith(b"%PDF")


def test_one_that_is_refused_takes_nothing_else_along(meja):
    phone = PageClient()
    answer = to_evidence(phone, meja)
    files = [upload(photo(), "a.jpg"), upload(b"\0\0\0\x18ftypmp42xx", "film.jpg")]
    answer = phone.post(url(meja), fields(answer) | {"berkas": files})
    page = text(answer)
    assert "film.jpg: Video tidak dapat kami terima." in page
    assert "Sudah diunggah" in page
    kept = fields(answer)
    assert (kept["judul"], kept["lokasi"]) == (WHAT["judul"], "Lantai 2")
    row = Lampiran.objects.get()
    answer = phone.post(url(meja), kept | {"hapus": str(row.pk)})
    assert "Sudah diunggah" not in text(answer)
    assert not Lampiran.objects.exists()


def test_a_sixth_file_and_those_of_other_forms_are_not_theirs(meja):
    made = attachments.Clean("a.jpg", "foto", photo())
    for _ in range(5):
        actions.attach(made, sender="ponsel", key="kunci-0", now=MONDAY)
    with pytest.raises(actions.Refused, match="Paling banyak 5"):
        actions.attach(made, sender="ponsel", key="kunci-0")
    other = actions.attach(made, sender="lain", key="kunci-0", now=MONDAY)
    actions.detach(other.pk, sender="ponsel", key="kunci-0")
    laporan = meja.send().laporan
    assert laporan.lampiran.count() == 5
    with pytest.raises(actions.Refused, match="sudah terkirim"):
        actions.attach(made, sender="ponsel", key="kunci-0")
    assert Lampiran.objects.get(laporan=None) == other


def test_files_of_forms_that_were_never_sent_are_forgotten(meja, kept_files, django_capture_on_commit_callbacks):
    made = attachments.Clean("a.jpg", "foto", photo())
    actions.attach(made, sender="ponsel", key="x", now=MONDAY)
    assert (actions.tidy_drafts(now=MONDAY + days(0.9)), len(kept_files())) == (0, 1)
    with django_capture_on_commit_callbacks(execute=True):
        assert actions.tidy_drafts(now=MONDAY + days(1.1)) == 1
    assert kept_files() == []


def test_handlers_see_them_others_do_not_and_a_confidential_one_leaves_a_trace(meja):
    made = attachments.Clean("a.jpg", "foto", photo())
    actions.attach(made, sender="ponsel", key="kunci-0")
    laporan = meja.send(rahasia=True).laporan
    address = reverse("pengaduan:work_lampiran", args=[laporan.kode, laporan.lampiran.get().pk])
    assert address in text(at(meja.koordinator).get(page_of(laporan)))
    answers = [at(user).get(address) for user in (meja.koordinator, meja.inspektur, meja.penghubung[0])]
    assert [answer.status_code for answer in answers] == [200, 200, 404]
    assert all(b"".join(answer).startswith(b"\xff\xd8") for answer in answers[:2])
    assert Peristiwa.objects.filter(jenis="laporan.dibaca").count() == 3
    elsewhere = meja.send().laporan
    assert at(meja.koordinator).get(address.replace(laporan.kode, elsewhere.kode)).status_code == 404


def test_a_completion_and_an_answer_bring_their_evidence_to_the_timeline(meja):
    sent, phone = meja.send(), PageClient()
    actions.ask(sent.laporan, "Ada fotonya?", by=meja.koordinator)
    refused = phone.post(follow(sent, "lengkapi"), {"teks": "Ini.", "berkas": upload(b"GIF89axxxx", "a.gif")})
    assert "bukan foto" in text(refused)
    assert "Ini." in text(refused)
    phone.post(follow(sent, "lengkapi"), {"teks": "Ini.", "berkas": upload(photo(), "a.jpg")})
    actions.verify(sent.laporan, klasifikasi="berkadar", urgensi="rutin", gerai=meja.gerai[:1], by=meja.koordinator)
    part = meja.part(sent.laporan)
    at(meja.penghubung[0]).post(
        page_of(sent.laporan, "jawab"),
        {"bagian": part.pk, f"jawab-{part.pk}-teks": "Beres.", f"jawab-{part.pk}-berkas": upload(pdf(), "bukti.pdf")},
    )
    page = text(phone.get(follow(sent)))
    assert [row.tanggapan.jenis for row in sent.laporan.lampiran.all()] == ["kelengkapan", "jawaban"]
    assert "bukti.pdf" in page
    assert "Foto a.jpg" in page
