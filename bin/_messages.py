"""The English catalogue beside the Indonesian source: `update` writes it, `check` names what is missing.

Runs in the portal's environment. Babel reads Python, Django's own `templatize` turns a template into something Babel
reads, so GNU gettext is not needed.
"""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages import extract
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "locale/en/LC_MESSAGES/django.po"
APPS = ("mpp_portal", "layanan", "antrean", "pengaduan")
KEYWORDS = extract.DEFAULT_KEYWORDS | {
    f"{name}_lazy": extract.DEFAULT_KEYWORDS[name] for name in ("gettext", "ngettext", "pgettext", "npgettext")
}
HEADER = "# English for the Indonesian texts of code and templates; bin/pesan keeps the two in step."
COMMENTS = ["Translators:"]


def from_template(fileobj: BytesIO, keywords: Any, comment_tags: Any, options: Any) -> Iterator[Any]:
    """Babel's extractor for a Django template: the same line numbers, everything else than messages blanked out."""
    source = "\n".join(line.strip() for line in templatize(fileobj.read().decode()).splitlines())
    return extract.extract_python(BytesIO(source.encode()), keywords, comment_tags, options)


def wanted() -> Catalog:
    """All messages of the sources."""
    catalog = Catalog(locale="en", project="mpp-portal", creation_date=datetime(2026, 1, 1, tzinfo=UTC))
    for method, paths in {
        "python": [path for app in APPS for path in (ROOT / app).rglob("*.py")],
        from_template: [
            path for top in ("templates", *APPS) for end in ("html", "txt") for path in (ROOT / top).rglob(f"*.{end}")
        ],
    }.items():
        for path in sorted(paths):
            with path.open("rb") as file:
                for line, message, comments, context in extract.extract(method, file, KEYWORDS, COMMENTS):
                    place = [(str(path.relative_to(ROOT)), line)]
                    catalog.add(message, locations=place, auto_comments=comments, context=context)
    return catalog


def stored() -> Catalog:
    if not CATALOGUE.exists():
        return Catalog(locale="en", project="mpp-portal", header_comment=HEADER, fuzzy=False)
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="en")


def update() -> int:
    """Add what is new with an empty translation, drop what is gone, keep the rest. Guesses nothing."""
    catalog = stored()
    catalog.update(wanted(), no_fuzzy_matching=True, update_creation_date=False)
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    with CATALOGUE.open("wb") as file:
        write_po(file, catalog, width=120, ignore_obsolete=True, sort_output=True, include_lineno=False)
    empty = sum(1 for message in catalog if message.id and not _is_translated(message))
    print(f"{CATALOGUE.relative_to(ROOT)}: {len(catalog)} pesan, {empty} belum diterjemahkan")
    return 0


def check() -> int:
    has, problems = stored(), []
    for message in wanted():
        if not message.id:
            continue
        found = has.get(message.id, context=message.context)
        place = ":".join(map(str, message.locations[0]))
        if found is None or not _is_translated(found):
            problems.append(f"{place}: belum diterjemahkan / not translated: {message.id!r}")
        elif found.fuzzy:
            problems.append(f"{place}: terjemahan belum diperiksa / fuzzy: {message.id!r}")
    problems += [f"{message.id!r}: {error}" for message, errors in has.check() for error in errors]
    for problem in problems:
        print(problem)
    if problems:
        print(f"Jalankan bin/pesan, lalu lengkapi {CATALOGUE.relative_to(ROOT)}. / Run bin/pesan, then fill it in.")
    return int(bool(problems))


def _is_translated(message: Any) -> bool:
    return all(message.string) if isinstance(message.string, tuple | list) else bool(message.string)


if __name__ == "__main__":
    settings.configure(USE_I18N=True)
    sys.exit(check() if sys.argv[1:] == ["check"] else update())
