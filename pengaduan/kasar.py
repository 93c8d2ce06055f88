"""Rude words, by a list that is data: flagged for those who publish, never a reason to refuse a report."""

import json
import re
from functools import cache
from pathlib import Path

LIST = Path(__file__).with_name("data") / "kata_kasar.json"


@cache
def _pattern() -> re.Pattern[str]:
    words = json.loads(LIST.read_text())["kata"]
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, words))})(?:nya|lah|mu|ku)?\b", re.IGNORECASE)


def found_in(*texts: str) -> list[str]:
    """The rude words of these texts, each once, in small letters."""
    return sorted({match[0].lower() for text in texts for match in _pattern().finditer(text)})
