"""What a GeoReport server answers, JSON or XML, as lists and dictionaries of texts. Nothing of it is trusted."""

import json
from typing import Any
from xml.parsers import expat

from ..answers import ITEMS

DEPTH = 12


class Unreadable(Exception):  # noqa: N818
    """It is not what it says it is."""


def read(bentuk: str, body: bytes) -> Any:
    """Lists of dictionaries, whichever it is written in; raises Unreadable."""
    try:
        return json.loads(body) if bentuk == "json" else _Tree().read(body)
    except (ValueError, RecursionError, expat.ExpatError) as error:
        raise Unreadable(type(error).__name__) from None


def rows(content: Any, name: str) -> list[dict[str, Any]]:
    """The entries of an answer; some servers wrap them in JSON as XML does, or send the only one bare."""
    if isinstance(content, dict):
        content = content.get(name, [content])
    if not isinstance(content, list):
        content = [content]
    return [row for row in content if isinstance(row, dict)]


def text(row: dict[str, Any], name: str, most: int) -> str:
    """A value as one text without control characters; blank for what is not there."""
    value = row.get(name)
    if value is None or isinstance(value, dict | list | bool):
        return ""
    return "".join(char for char in str(value) if char.isprintable() or char == "\n").strip()[:most]


def is_true(value: Any) -> bool:
    return str(value).strip().lower() == "true"


class _Tree:
    """XML by the convention of GeoReport: a list is an element whose children are all of one kind."""

    def __init__(self) -> None:
        self.stack: list[tuple[str, list[tuple[str, Any]], list[str]]] = [("", [], [])]

    def read(self, body: bytes) -> Any:
        parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler = self._refuse
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.Parse(body, True)
        return self.stack[0][1][0][1]

    def _refuse(self, *declared: Any) -> None:
        raise ValueError("a document type")

    def _begin(self, tag: str, _attributes: Any) -> None:
        if len(self.stack) > DEPTH:
            raise ValueError("too deep")
        self.stack.append((tag, [], []))

    def _text(self, words: str) -> None:
        self.stack[-1][2].append(words)

    def _end(self, _tag: str) -> None:
        tag, children, words = self.stack.pop()
        value: Any = "".join(words).strip()
        if tag in ITEMS:
            value = [child for name, child in children if name == ITEMS[tag]]
        elif children:
            value = dict(children)
        self.stack[-1][1].append((tag, value))
