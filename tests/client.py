"""A client that reads every page it gets as a browser would, and fails the test on what no page may have."""

from collections import Counter
from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse
from django.test import Client

NO_END = {"input", "meta", "link", "br", "hr", "img", "source", "path", "wbr", "col"}
DATA = {"application/json", "application/ld+json"}


class Page(HTMLParser):
    """What a page contains, as far as the tests ask."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: Counter[str] = Counter()
        self.inline: list[str] = []
        self.text: list[str] = []
        self.lang: str | None = None
        self.is_whole = False
        self.forms: list[dict[str, Any]] = []
        self._open: list[str] = []
        self._select = self._area = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag not in NO_END:
            self._open.append(tag)
        if tag == "html":
            self.is_whole, self.lang = True, given.get("lang")
        if "id" in given:
            self.ids[given["id"]] += 1
        if tag == "style" or (tag == "script" and "src" not in given and given.get("type") not in DATA):
            self.inline.append(f"<{tag}>")
        self.inline += [f"<{tag} {name}=…>" for name in given if name == "style" or name.startswith("on")]
        self._collect(tag, given)

    def _collect(self, tag: str, given: dict[str, str]) -> None:
        """What a browser would send if the form were sent as it stands."""
        if tag == "form":
            self.forms.append({"id": given.get("id", ""), "action": given.get("action", ""), "fields": {}})
        if not self.forms or "disabled" in given:
            return
        fields, name, kind = self.forms[-1]["fields"], given.get("name", ""), given.get("type", "text")
        if tag == "input" and name and kind not in {"submit", "button", "image", "file"}:
            if kind not in {"checkbox", "radio"} or "checked" in given:
                fields.setdefault(name, []).append(given.get("value", "on" if kind == "checkbox" else ""))
        elif tag in {"select", "textarea"} and name:
            self._select, self._area = (name, "") if tag == "select" else ("", name)
            fields.setdefault(name, [])
        elif tag == "option" and self._select and "selected" in given:
            fields[self._select].append(given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            while self._open.pop() != tag:
                pass
        if tag in {"select", "textarea"}:
            self._select = self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            fields = self.forms[-1]["fields"]
            fields[self._area] = [(fields[self._area] or [""])[0] + data]
        if self._open[-1:] not in (["script"], ["style"]):
            self.text.append(data)

    def faults(self, *, inline_allowed: bool = False) -> list[str]:
        found = [f"unrendered {mark}" for mark in ("{{", "{%") if mark in "".join(self.text)]
        found += [f"id twice: {name}" for name, times in self.ids.items() if times > 1]
        if self.is_whole and not self.lang:
            found.append("no lang on <html>")
        return found if inline_allowed else found + [f"inline {what}" for what in self.inline]


class PageClient(Client):
    """Checks each HTML answer. `pages` counts them, so that a sweep can say how many it saw."""

    def __init__(self, **extra: Any) -> None:
        super().__init__(**extra)
        self.pages = 0

    def request(self, **request: Any) -> HttpResponse:
        response = super().request(**request)
        if "text/html" in response.get("Content-Type", "") and not response.streaming and response.content:
            self.pages += 1
            path = request.get("PATH_INFO", "")
            faults = Page(response.content.decode()).faults(inline_allowed="/admin/" in path)
            assert not faults, f"{path}: {faults}"
        return response


def typed(response: HttpResponse, form_id: str, **changes: Any) -> dict[str, Any]:
    """The fields of that form as the page shows them, with some typed over (None: left out)."""
    forms = [form for form in Page(response.content.decode()).forms if form["id"] == form_id]
    assert len(forms) == 1, f"{len(forms)} forms with the id {form_id}"
    fields = {name: values for name, values in forms[0]["fields"].items() if values} | changes
    return {name: value for name, value in fields.items() if value is not None}
