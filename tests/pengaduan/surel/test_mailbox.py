"""The mailbox of a real IMAP server: read, answered and marked, whatever dies in between."""

import imaplib
import os
import time
from email.message import EmailMessage

import pytest
from django.core import mail as outbox
from django.core.management import call_command

from pengaduan.models import Laporan
from pengaduan.surel import actions, letters, reading
from pengaduan.surel.mailbox import Broken, Place, opened
from tests.servers import dovecot, free_port

from .conftest import mail

pytestmark = pytest.mark.dovecot


@pytest.fixture(scope="module")
def port():
    with dovecot(os.environ["MPP_UJI_DOVECOT"]) as port:
        yield port


class Box:
    """One person's mailbox, seen with a client of its own."""

    def __init__(self, port: int, user: str) -> None:
        self.url = f"imap://{user}:sandi@127.0.0.1:{port}/INBOX"
        self.client = imaplib.IMAP4("127.0.0.1", port, timeout=10)
        self.client.login(user, "sandi")

    def put(self, *letters: EmailMessage) -> None:
        for letter in letters:
            self.client.append("INBOX", "", imaplib.Time2Internaldate(time.time()), letter.as_bytes())

    def unseen(self) -> int:
        self.client.select("INBOX", readonly=True)
        return len(self.client.search(None, "UNSEEN")[1][0].split())


@pytest.fixture
def box(port, meja, settings, request):
    found = Box(port, request.node.name[:40])
    settings.KOTAK_SURAT = [f"{found.url}?mpp={meja.mpp.slug}"]
    settings.KABAR_KANAL = settings.KABAR_KANAL | {"surel": "hidup"}
    yield found
    found.client.logout()


def test_letters_become_reports_get_a_receipt_and_are_marked(box, capsys):
    second = mail("Toilet rusak.", subject="Toilet", message_id="<2@contoh.id>", **{"from": "b@contoh.id"})
    box.put(mail(), second, mail("Saya sedang cuti.", auto_submitted="auto-replied", message_id="<3@contoh.id>"))
    call_command("baca_surel")
    assert capsys.readouterr().out == "3 surel selesai, 0 menunggu, 0 kotak tidak terbaca.\n"
    assert sorted(Laporan.objects.values_list("judul", flat=True)) == ["Loket tutup lebih awal", "Toilet"]
    assert [letter.to for letter in outbox.outbox] == [["warga@contoh.id"], ["b@contoh.id"]]
    heads = outbox.outbox[0].extra_headers
    assert (heads["In-Reply-To"], heads["Auto-Submitted"]) == ("<1@contoh.id>", "auto-replied")
    assert box.unseen() == 0
    assert reading.read_all()["selesai"] == 0


def test_a_process_that_died_before_the_reply_or_the_mark_doubles_and_loses_nothing(box, meja, settings):
    box.put(mail())
    actions.take(meja.mpp, letters.read(mail().as_bytes()))  # stored, then killed
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    assert reading.read_all()["menunggu"] == 1  # no mail server: it is answered later
    assert box.unseen() == 1
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert reading.read_all()["selesai"] == 1
    assert len(outbox.outbox) == Laporan.objects.count() == 1
    assert Laporan.objects.get().kode in outbox.outbox[0].subject
    assert box.unseen() == 0


def test_one_letter_that_nobody_can_read_keeps_no_other_and_the_log_names_nobody(box, caplog):
    box.put(mail(**{"from": "warga@contoh"}), mail(message_id="<2@contoh.id>"))
    assert reading.read_all() == {"selesai": 1, "menunggu": 1}
    assert box.unseen() == 1
    assert "ValidationError" in caplog.text
    assert "warga" not in caplog.text
    assert "Loket" not in caplog.text


def test_a_letter_that_is_too_big_is_not_fetched_and_is_answered(box, monkeypatch):
    monkeypatch.setattr(reading, "MOST", 2000)
    big = mail()
    big.add_attachment(b"0" * 5000, maintype="image", subtype="jpeg", filename="loket.jpg")
    box.put(big)
    assert reading.read_all()["selesai"] == 1
    assert "lebih besar dari 40 MB" in outbox.outbox[0].body
    assert Laporan.objects.count() == 0


def test_a_server_that_is_away_a_wrong_password_and_an_unknown_mall_wait(box, port, settings):
    away = f"imap://a:sandi@127.0.0.1:{free_port()}/INBOX?mpp=x"
    with pytest.raises(Broken), opened(Place.of(away)):
        pass
    with pytest.raises(Broken), opened(Place.of(f"imap://a:salah@127.0.0.1:{port}/INBOX?mpp=x")):
        pass
    with pytest.raises(Broken), opened(Place.of(f"imap://a:sandi@127.0.0.1:{port}/Entah?mpp=x")):
        pass
    box.put(mail())
    settings.KOTAK_SURAT = [f"{box.url}?mpp=tidak-ada", settings.KOTAK_SURAT[0].replace(":sandi@", ":salah@")]
    assert reading.read_all() == {"kotak": 1}
    assert box.unseen() == 1
