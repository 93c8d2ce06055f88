"""Letters as people's programs write them."""

from email.message import EmailMessage
from typing import Any

import pytest

from pengaduan.surel import letters

from ..conftest import figures, kept_files, meja

__all__ = ["figures", "kept_files", "meja"]
SENDER = "Warga Contoh <warga@contoh.id>"


def mail(text: str = "Pukul dua sudah kosong.", **heads: Any) -> EmailMessage:
    """`message_id="<2@contoh.id>"` and the like replace a head, None takes it away."""
    made = EmailMessage()
    given = {"From": SENDER, "To": "lapor@mpp.id", "Subject": "Loket tutup lebih awal", "Message-ID": "<1@contoh.id>"}
    for name, value in (given | {name.replace("_", "-").title(): value for name, value in heads.items()}).items():
        if name == "Message-Id":
            del made["Message-ID"]
        if value is not None:
            made[name] = value
    made.set_content(text)
    return made


@pytest.fixture
def write():
    """A letter that has been read: `write("Loket tutup", subject=…)`."""
    return lambda text="Pukul dua sudah kosong.", **heads: letters.read(mail(text, **heads).as_bytes())
