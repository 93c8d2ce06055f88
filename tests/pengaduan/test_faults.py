"""Guesses and helpers that answer too late: a clear sentence, nothing lost, nothing told."""

import socket

import pytest
from django.core.exceptions import ValidationError

from pengaduan import attachments, virus
from tests.client import PageClient

from .conftest import days
from .test_attachments import photo, upload
from .test_pages_report import follow, text

pytestmark = pytest.mark.django_db


def test_a_thousand_guessed_codes_tell_how_three_reports_stand_and_nothing_else(meja):
    sent = [meja.send(), meja.send(rahasia=True), meja.send(anonim=True)]
    guesser, found = PageClient(), []
    for n in range(1, 1001):
        answer = guesser.get(f"/pengaduan/status/MPP-2611-{n:04d}/")
        found += [text(answer)] if answer.status_code == 200 else []
    assert len(found) == len(sent)
    for page, one in zip(found, sent, strict=True):
        assert one.laporan.kode in page
        for secret in (one.laporan.judul, one.laporan.isi, one.laporan.nama, one.secret, one.pin, "Rahasia", "Anonim"):
            assert secret not in page


def test_a_locked_pin_opens_nothing_though_it_is_the_right_one_and_the_link_still_does(meja):
    sent = meja.send()
    address, wrong = sent.laporan.get_absolute_url(), "11111111" if sent.pin != "11111111" else "22222222"
    for _guess in range(5):
        assert PageClient().post(address, {"pin": wrong}).status_code == 403
    locked = PageClient().post(address, {"pin": sent.pin})
    assert locked.status_code == 403
    assert "Terlalu sering salah" in text(locked)
    assert sent.laporan.isi not in text(locked)
    assert sent.laporan.isi in text(PageClient().get(follow(sent)))
    sent.laporan.refresh_from_db()
    sent.laporan.pin_locked_until -= days(1)
    sent.laporan.save()
    assert PageClient().post(address, {"pin": sent.pin}).status_code == 302


def test_a_clamd_that_answers_too_late_keeps_the_file_out_and_says_what_to_do(settings, tmp_path, monkeypatch):
    monkeypatch.setattr(virus, "PATIENCE", 0.2)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "clamd"))
        server.listen()  # it is there, takes the file, and never answers
        settings.CLAMD = f"unix:{tmp_path / 'clamd'}"
        with pytest.raises(ValidationError, match="Berkas belum dapat diperiksa"):
            attachments.clean(upload(photo()))
