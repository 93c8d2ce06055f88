"""What a letter says, however its program wrote it."""

from email.message import EmailMessage

import pytest

from pengaduan.surel import letters

from .conftest import mail


def test_who_wrote_what_in_answer_to_what():
    letter = letters.read(mail(references="<a@mpp.id> <b@mpp.id>", in_reply_to="<b@mpp.id>").as_bytes())
    assert (letter.id, letter.sender, letter.nama) == ("<1@contoh.id>", "warga@contoh.id", "Warga Contoh")
    assert (letter.judul, letter.teks) == ("Loket tutup lebih awal", "Pukul dua sudah kosong.")
    assert set(letter.refs) == {"<a@mpp.id>", "<b@mpp.id>"}
    assert not letter.automatic


def test_html_becomes_the_text_that_was_seen():
    made = mail()
    made.set_content("<style>p{}</style><p>Loket <b>3</b> tutup.</p><p>Dua &lt;jam&gt;</p>", subtype="html")
    assert letters.read(made.as_bytes()).teks.split("\n\n") == ["Loket 3 tutup.", "Dua <jam>"]


@pytest.mark.parametrize(("text", "own"), [
    ("Loket 3.\n\nPada Sen, 23 Nov 2026 MPP <a@mpp.id> menulis:\n> Loket berapa?", "Loket 3."),
    ("On Mon, Nov 23, 2026 MPP wrote:\n> Loket berapa?\n\nLoket 3.", "Loket 3."),
    ("Loket 3.\n----- Original Message -----\nFrom: MPP\nLoket berapa?", "Loket 3."),
    ("> Loket berapa?", "> Loket berapa?"),
])  # fmt: skip
def test_what_was_quoted_is_not_said_again(text, own):
    assert letters.read(mail(text).as_bytes()).teks == own


@pytest.mark.parametrize("heads", [
    {"auto_submitted": "auto-replied"}, {"precedence": "bulk"}, {"return_path": "<>"}, {"list_id": "<warta.mpp.id>"},
    {"from": "MAILER-DAEMON@contoh.id"}, {"from": "no-reply@contoh.id"}, {"from": "tanpa alamat"},
], ids=str)  # fmt: skip
def test_programs_are_not_answered(heads):
    assert letters.read(mail(**heads).as_bytes()).automatic


def test_a_bounce_is_no_report():
    bounce = b"From: a@contoh.id\r\nContent-Type: multipart/report; boundary=x\r\n\r\n--x\r\n\r\nhai\r\n--x--\r\n"
    assert letters.read(bounce).automatic


def test_files_come_along_and_a_broken_letter_is_still_one():
    made = mail()
    made.add_attachment(b"isi", maintype="image", subtype="jpeg", filename="loket.jpg")
    inner = EmailMessage()
    inner.set_content("surel lama")
    made.add_attachment(inner)
    files = letters.read(made.as_bytes()).files
    assert files[0] == ("loket.jpg", b"isi")
    assert b"surel lama" in files[1][1]
    heads = b"From: a@contoh.id\r\nContent-Type: text/plain; charset=entah\r\nSubject: =?x?q?\xff?=\r\n\r\n"
    odd = heads + b"Loket \xc3\xa9\x00"
    assert letters.read(odd).teks == "Loket é"
    assert len(letters.read(odd).id) == 64
    assert letters.read(b"").sender == ""


def test_the_head_alone_can_be_read():
    made = mail()
    made.add_attachment(b"isi", maintype="image", subtype="jpeg", filename="loket.jpg")
    head = made.as_bytes().split(b"\n\n")[0] + b"\n\n"
    letter = letters.read(head)
    assert (letter.sender, letter.teks, letter.files) == ("warga@contoh.id", "", [])
