"""The ways a message can leave, each a module with `send(pesan, rendered)`. It returns when the other side has taken
the message, and raises Temporary, Permanent or Gone otherwise..

A channel is `mati` (off), `coba` (dry run: everything but the sending, kept to be read) or `hidup` (on).
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from django.conf import settings

if TYPE_CHECKING:
    from ..models import Pesan

CONNECT, READ = 3, 7  # seconds
MODULES = {"sms": "penyedia", "whatsapp": "penyedia", "telegram": "penyedia"}


class Temporary(Exception):  # noqa: N818 — an answer, not an error
    """Try again later. `everyone`: it is the server that does not answer, others need not ask it right now."""

    def __init__(self, sentence: str, *, everyone: bool = False) -> None:
        super().__init__(sentence)
        self.everyone = everyone


class Unsure(Temporary):
    """It was sent, and no answer came: the other side may have taken it."""


class Permanent(Exception):  # noqa: N818
    """It will never be taken: a person has to look at it."""


class Gone(Permanent):
    """The target does not exist any more: nothing is sent there again."""


def switched_on() -> list[str]:
    return [kanal for kanal, mode in settings.KABAR_KANAL.items() if mode != "mati"]


def is_dry(kanal: str) -> bool:
    return bool(settings.KABAR_KANAL[kanal] == "coba")


def send(pesan: "Pesan", rendered: Any) -> None:
    """Hand the message over. Modules load when first used: some are heavy, and pages never send."""
    import_module(f"{__name__}.{MODULES.get(pesan.kanal, pesan.kanal)}").send(pesan, rendered)
