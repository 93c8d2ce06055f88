"""Error pages in the page's language: what happened, and what to do now."""

import sys
from http import HTTPStatus
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from mpp_portal import portal

RETRY = 5  # seconds


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return HttpResponse(render_to_string("400.html"), status=HTTPStatus.BAD_REQUEST)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", status=HTTPStatus.FORBIDDEN)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", status=HTTPStatus.FORBIDDEN)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """With what the wanted address is near to, where somebody knows."""
    context: dict[str, Any] = {"panels": portal.panels("tidak_ditemukan", request, path=request.path)}
    return render(request, "404.html", context, status=HTTPStatus.NOT_FOUND)


def server_error(request: HttpRequest) -> HttpResponse:
    """Without request, session or database: one of them may be what broke. A database that is started again, or full
    of work, is soon back: who asks by program reads when."""
    if isinstance(sys.exception(), OperationalError | InterfaceError):
        body = render_to_string("503.html", {"address": request.get_full_path() if request.method == "GET" else ""})
        return HttpResponse(body, status=HTTPStatus.SERVICE_UNAVAILABLE, headers={"Retry-After": str(RETRY)})
    return HttpResponse(render_to_string("500.html"), status=HTTPStatus.INTERNAL_SERVER_ERROR)
