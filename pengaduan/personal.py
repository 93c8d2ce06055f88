"""Personal data in a text, found by pattern: NIK, telephone numbers, e-mail addresses."""

import re

from django.utils.translation import gettext_lazy

PATTERNS = (
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), gettext_lazy("[surel disamarkan]")),
    (re.compile(r"(?<!\d)\d(?:[ .-]?\d){15}(?!\d)"), gettext_lazy("[NIK disamarkan]")),
    (re.compile(r"(?<![\d-])(?:\+?62|0)[ .-]?\d(?:[ .-]?\d){6,11}(?!\d)"), gettext_lazy("[nomor telepon disamarkan]")),
)


def mask(text: str, nama: str = "") -> str:
    """The text with words in place of what was found, and of this person's name."""
    if nama:
        text = re.sub(re.escape(nama), str(gettext_lazy("[nama disamarkan]")), text, flags=re.IGNORECASE)
    for pattern, words in PATTERNS:
        text = pattern.sub(str(words), text)
    return text


def is_in(text: str) -> bool:
    return any(pattern.search(text) for pattern, _words in PATTERNS)
