"""How the API speaks: one structure, written as JSON or as XML (the Spark convention), and errors likewise."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language_from_path, get_language_from_request, override
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from mpp_portal.tabel import UNWRITABLE

TYPES = {"json": "application/json; charset=utf-8", "xml": "text/xml; charset=utf-8"}
ITEMS = {
    "services": "service",
    "attributes": "attribute",
    "values": "value",
    "service_requests": "request",
    "errors": "error",
    "endpoints": "endpoint",
    "formats": "format",
}
DECLARATION = b'<?xml version="1.0" encoding="utf-8"?>\n'
View = Callable[..., HttpResponse]


class Problem(Exception):  # noqa: N818 — an answer, not a fault of ours
    """What is said instead: an HTTP status and one sentence or several."""

    def __init__(self, status: int, *sentences: str) -> None:
        super().__init__(*sentences)
        self.status, self.sentences = status, sentences


def answer(root: str, content: Any, form: str, status: int = 200) -> HttpResponse:
    """`content` under the name that it has in XML; JSON leaves out that outermost name."""
    content = _writable(content)
    if form == "json":
        written = json.dumps(content, ensure_ascii=False).encode()
    else:
        element = Element(root)
        _fill(element, content)
        written = DECLARATION + tostring(element, encoding="utf-8", xml_declaration=False)
    return HttpResponse(written, status=status, content_type=TYPES[form])


def endpoint(*methods: str) -> Callable[[View], View]:
    """A public address of the API, given `form` by its ending. No cookie is read, so no other site can ask in
    somebody's name; what is only read may be read from any site's pages."""

    def wrap(view: View) -> View:
        @csrf_exempt
        @login_not_required
        @wraps(view)
        def careful(request: HttpRequest, form: str, **named: Any) -> HttpResponse:
            language = get_language_from_path(request.path) or get_language_from_request(request)
            with override(language):
                response = _answered(view, request, form, methods, named)
            response["Content-Language"] = language
            patch_vary_headers(response, ["Accept-Language"])
            if request.method != "POST":
                response["Access-Control-Allow-Origin"] = "*"
                response["Access-Control-Allow-Headers"] = "Accept-Language"
                response["Access-Control-Expose-Headers"] = "Link"
            return response

        return careful

    return wrap


def _answered(view: View, request: HttpRequest, form: str, methods: tuple[str, ...], named: Any) -> HttpResponse:
    allowed = ", ".join([*methods, "HEAD", "OPTIONS"])
    try:
        if form not in TYPES:
            raise Problem(404, _("Format yang ada: json dan xml."))
        if request.method == "OPTIONS":
            return HttpResponse(status=204, headers={"Allow": allowed, "Access-Control-Allow-Methods": "GET, HEAD"})
        if request.method not in {*methods, "HEAD"}:
            raise Problem(405, _("Alamat ini hanya menjawab %s.") % ", ".join(methods))
        return view(request, form, **named)
    except Problem as problem:
        errors = [{"code": problem.status, "description": sentence} for sentence in problem.sentences]
        response = answer("errors", errors, form if form in TYPES else "xml", problem.status)
        if problem.status == 405:
            response["Allow"] = allowed
        if problem.status == 429:
            response["Retry-After"] = "3600"
        return response


def _fill(element: Element, content: Any) -> None:
    if isinstance(content, dict):
        for name, value in content.items():
            _fill(SubElement(element, name), value)
    elif isinstance(content, list):
        for value in content:
            _fill(SubElement(element, ITEMS[element.tag]), value)
    elif content is not None:
        element.text = str(content).lower() if isinstance(content, bool) else str(content)


def _writable(content: Any) -> Any:
    """The same in both: what XML cannot write is in neither."""
    if isinstance(content, dict):
        return {name: _writable(value) for name, value in content.items()}
    if isinstance(content, list):
        return [_writable(value) for value in content]
    return (
        UNWRITABLE.sub("", content).replace("\r\n", "\n").replace("\r", "\n") if isinstance(content, str) else content
    )
