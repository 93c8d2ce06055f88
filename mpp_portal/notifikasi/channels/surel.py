"""E-mail over SMTP, with a Message-ID of our own and one click to stop."""

import smtplib
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage

from ..models import Pesan
from ..wording import Rendered
from . import Permanent, Temporary


def send(pesan: Pesan, rendered: Rendered) -> None:
    assert pesan.langganan is not None  # noqa: S101 — pesan_satu_pelanggan
    stop = pesan.langganan.stop_url
    headers = {
        "Message-ID": f"<{pesan.key}@{urlsplit(settings.PORTAL_URL).hostname}>",
        "List-Unsubscribe": f"<{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
    }
    mail = EmailMessage(rendered.judul, rendered.isi, to=[pesan.langganan.tujuan], headers=headers)
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as error:
        code, words = next(iter(error.recipients.values()))
        raise _refusal(code, words) from error
    except smtplib.SMTPDataError as error:
        raise _refusal(error.smtp_code, error.smtp_error) from error
    except (smtplib.SMTPException, OSError) as error:
        # Also a refused login or sender: that is our own setting, which somebody will put right.
        raise Temporary(f"{type(error).__name__}: {error}", everyone=True) from error


def _refusal(code: int, words: bytes | str) -> Exception:
    text = words.decode(errors="replace") if isinstance(words, bytes) else words
    return (Permanent if code >= 500 else Temporary)(f"{code} {text}")
