"""The webhook of WhatsApp Cloud API: it proves who asks, puts aside what came, and answers at once."""

import hashlib
import hmac
import json
import logging

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from layanan.models import Mpp
from mpp_portal.notifikasi import publish

from . import actions, messages
from .models import malls_by_number

logger = logging.getLogger(__name__)
MOST = 1_000_000  # bytes of one envelope: messages name their files, they do not carry them
READ = "pengaduan.whatsapp.tasks.read"


@csrf_exempt  # a program, known by its signature
@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def webhook(request: HttpRequest) -> HttpResponse:
    malls = malls_by_number()
    if not malls:
        raise Http404
    return _verify(request) if request.method == "GET" else _receive(request, malls)


def _verify(request: HttpRequest) -> HttpResponse:
    """Asked once, by who sets the address in Meta's console."""
    token = request.GET.get("hub.verify_token", "")
    expected = settings.WHATSAPP_VERIFIKASI
    same = hmac.compare_digest(token.encode(), expected.encode())
    if not expected or not same or request.GET.get("hub.mode") != "subscribe":
        return HttpResponse(status=403)
    return HttpResponse(request.GET.get("hub.challenge", "")[:200], content_type="text/plain")


def _receive(request: HttpRequest, malls: dict[str, str]) -> HttpResponse:
    raw = request.read(MOST + 1)
    if len(raw) > MOST:
        return HttpResponse(status=413)
    digest = hmac.new(settings.WHATSAPP_SANDI.encode(), raw, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(request.headers.get("X-Hub-Signature-256", "").encode(), f"sha256={digest}".encode()):
        return HttpResponse(status=403)
    try:
        content = json.loads(raw)
    except ValueError:
        return HttpResponse(status=400)
    rows = {mpp.slug: mpp for mpp in Mpp.objects.running().filter(slug__in=malls.values())}
    kept = 0
    for one in messages.arrived(content):
        mpp = rows.get(malls.get(one.number_id, ""))
        if mpp is None:
            logger.error("A WhatsApp message for number %s was dropped: it belongs to no running mall", one.number_id)
            continue
        kept += actions.keep(mpp, one)
    if kept:
        publish.ask(READ, queue="lambat")
    return HttpResponse(status=200)
