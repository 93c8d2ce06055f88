"""Every URL of the project, as the resolver knows it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import LocalePrefixPattern


@dataclass(frozen=True)
class Url:
    """`name` with its namespaces, or its place where it has none; `route` from the root, without language prefix."""

    name: str
    route: str
    params: tuple[str, ...]
    view: Callable[..., Any]
    translated: bool


def walk(
    patterns: Any = None, spaces: tuple[str, ...] = (), route: str = "", translated: bool = False
) -> Iterator[Url]:
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        here = "" if isinstance(entry.pattern, LocalePrefixPattern) else str(entry.pattern)
        if isinstance(entry, URLResolver):
            inside = (*spaces, entry.namespace) if entry.namespace else spaces
            prefixed = translated or isinstance(entry.pattern, LocalePrefixPattern)
            yield from walk(entry.url_patterns, inside, route + here, prefixed)
        elif isinstance(entry, URLPattern):
            name = ":".join([*spaces, entry.name or f"({route}{here})"])
            params = tuple(entry.pattern.converters) or tuple(entry.pattern.regex.groupindex)
            yield Url(name, route + here, params, entry.callback, translated)
