"""GeoReport v2: each view is one resource of the specification, answered in JSON or XML."""

import re
import secrets
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from layanan.models import Mpp
from mpp_portal import device

from ..models import Laporan
from ..states import OPEN311
from . import actions, openapi, services
from .answers import Problem, answer, endpoint
from .fields import prepared, tell
from .forms import ROWS, QueryForm, SendForm
from .models import Kiriman, KunciApi

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
CHANGED = "2026-11-23 00:00"  # when services or definitions last changed their shape
TOKEN = re.compile(r"[\w-]{22,64}", re.ASCII)


@endpoint("GET")
def discovery(request: HttpRequest, form: str) -> HttpResponse:
    content = {
        "changeset": CHANGED,
        "contact": _("Hubungi pengelola Mal Pelayanan Publik: %s") % request.build_absolute_uri(reverse("beranda")),
        "key_service": _("Mintalah api_key kepada pengelola Mal Pelayanan Publik yang dituju."),
        "endpoints": [
            {
                "specification": SPECIFICATION,
                "url": request.build_absolute_uri(_root()),
                "changeset": CHANGED,
                "type": "production",
                "formats": ["text/xml", "application/json"],
            }
        ],
    }
    return answer("discovery", content, form)


@endpoint("GET")
def service_list(request: HttpRequest, form: str) -> HttpResponse:
    jurisdiction(request)
    return answer("services", services.listed(), form)


@endpoint("GET")
def definition(request: HttpRequest, form: str, service_code: str) -> HttpResponse:
    mpp = jurisdiction(request)
    return answer("service_definition", services.definition(_service(service_code), mpp), form)


@endpoint("GET", "POST")
def service_requests(request: HttpRequest, form: str) -> HttpResponse:
    return _send(request, form) if request.method == "POST" else _search(request, form)


@endpoint("GET")
def service_request(request: HttpRequest, form: str, service_request_id: str) -> HttpResponse:
    rows = _visible(request, jurisdiction(request))
    row = prepared(rows).filter(kode=_code(service_request_id)).first()
    if row is None:
        raise Problem(404, _("Tidak ada laporan umum dengan kode itu."))
    return answer("service_requests", [tell(row, extensions=_extensions(request))], form)


@endpoint("GET")
def token(request: HttpRequest, form: str, token: str) -> HttpResponse:
    mpp = jurisdiction(request)
    found = TOKEN.fullmatch(token) and Kiriman.objects.filter(token=token, laporan__mpp=mpp).select_related("laporan")
    row = found.first() if found else None
    if row is None:
        raise Problem(404, _("Token ini tidak dikenal."))
    content = [{"service_request_id": row.laporan.kode, "token": row.token}]
    return answer("service_requests", content, form)


@endpoint("GET")
def description(request: HttpRequest, form: str) -> HttpResponse:
    if form != "json":
        raise Problem(404, _("Uraian OpenAPI hanya ada sebagai json."))
    return JsonResponse(openapi.document(_root()))


def _root() -> str:
    return reverse("open311:discovery", args=["json"]).removesuffix("/discovery.json")


def jurisdiction(request: HttpRequest) -> Mpp:
    """The mall that is asked: named, where more than one runs here."""
    given = (request.POST.get("jurisdiction_id") or request.GET.get("jurisdiction_id") or "").strip()
    malls = Mpp.objects.running().select_related("wilayah")
    if given:
        named = malls.filter(slug=given).first() if re.fullmatch(r"[-\w]{1,80}", given) else None
        if named is None:
            raise Problem(404, _("Tidak ada jurisdiction_id seperti itu. Pakai slug MPP, misalnya kota-contoh."))
        return named
    found = list(malls[:2])
    if len(found) != 1:
        raise Problem(400, _("Kirim jurisdiction_id: slug MPP yang dituju, misalnya kota-contoh."))
    return found[0]


def _service(code: str) -> str:
    if code not in services.SERVICES:
        raise Problem(404, _("Tidak ada service_code seperti itu. Lihat daftar layanan."))
    return code


def _code(given: str) -> str:
    """A code as it is written, or one that no report has."""
    return given.upper() if re.fullmatch(r"mpp-\d{4}-\d{4,6}", given, re.ASCII | re.IGNORECASE) else ""


def _visible(request: HttpRequest, mpp: Mpp) -> Any:
    """What everybody may read; and for the holder of a key, how the reports stand that came with it."""
    rows = Laporan.objects.filter(mpp=mpp)
    if key := request.GET.get("api_key"):
        own = Kiriman.objects.filter(kunci=_holder(key, mpp)).values("laporan")
        return rows.filter(pk__in=own) | rows.public()
    return rows.public()


def _holder(key: str, mpp: Mpp) -> KunciApi:
    kunci = KunciApi.objects.holding(key).filter(mpp=mpp).select_related("mpp__wilayah").first()
    if kunci is None:
        raise Problem(403, _("api_key ini tidak berlaku di sini. Mintalah kepada pengelola MPP-nya."))
    return kunci


def _extensions(request: HttpRequest) -> bool:
    return request.GET.get("extensions") == "true"


def _search(request: HttpRequest, form: str) -> HttpResponse:
    mpp = jurisdiction(request)
    asked = QueryForm(request.GET).checked()
    rows = _visible(request, mpp)
    if asked["service_request_id"]:
        rows = rows.filter(kode__in=[_code(code) for code in asked["service_request_id"]])
    else:
        rows = rows.filter(created_at__gte=asked["start_date"], created_at__lte=asked["end_date"])
        if asked["service_code"]:
            rows = rows.filter(jenis__in=asked["service_code"])
        if asked["status"]:
            rows = rows.filter(status__in=[ours for ours, theirs in OPEN311.items() if theirs in asked["status"]])
    size, at = asked["page_size"] or asked["per_page"] or ROWS, asked["page"] or 1
    found = list(prepared(rows).order_by("-created_at", "-pk")[(at - 1) * size : at * size + 1])
    extensions = _extensions(request)
    response = answer("service_requests", [tell(row, extensions=extensions) for row in found[:size]], form)
    links = [f'<{_page(request, at - 1)}>; rel="prev"'] if at > 1 else []
    links += [f'<{_page(request, at + 1)}>; rel="next"'] if len(found) > size else []
    if links:
        response["Link"] = ", ".join(links)
    return response


def _page(request: HttpRequest, number: int) -> str:
    kept = request.GET.copy()
    kept["page"] = str(number)
    kept.pop("api_key", None)
    return request.build_absolute_uri(f"{request.path}?{kept.urlencode()}")


def _send(request: HttpRequest, form: str) -> HttpResponse:
    mpp = jurisdiction(request)
    kunci = _holder(request.POST.get("api_key", ""), mpp)
    code = request.POST.get("service_code", "")
    if not code:
        raise Problem(400, _("Kirim service_code. Lihat daftar layanan."))
    given = SendForm(request.POST, mpp=mpp).given(_service(code))
    key = request.headers.get("Idempotency-Key") or secrets.token_urlsafe(24)
    if not TOKEN.fullmatch(key):
        raise Problem(400, _("Idempotency-Key terdiri dari 22 sampai 64 huruf, angka, - atau _."))
    if not device.within_limit(f"open311-{kunci.pk}", "open311", kunci.batas):
        raise Problem(429, _("Kunci ini sudah mengirim %s laporan dalam satu jam. Coba satu jam lagi.") % kunci.batas)
    try:
        sent = actions.send(kunci, given, token=key, bahasa=get_language() or "id")
    except actions.Refused as refusal:
        raise Problem(400, str(refusal)) from None
    page = request.build_absolute_uri(sent.laporan.get_absolute_url())
    notice = _("Laporan diterima. Ikuti di %(page)s dengan PIN %(pin)s.") % {"page": page, "pin": sent.pin}
    content = [{"service_request_id": sent.laporan.kode, "service_notice": notice, "account_id": None}]
    return answer("service_requests", content, form, 201)
