"""Ask to be told, stop being told, and in the demo: read what would have been sent."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from mpp_portal.actions import Refused

from . import actions, tokens
from .forms import BrowserForm, FollowForm
from .models import Kanal, Langganan, Pesan

SERVICE_WORKER = settings.BASE_DIR / "static/js/sw.js"
SHOWN = 100


@login_not_required
@never_cache
def follow(request: HttpRequest, token: str) -> HttpResponse:
    """Take one or several addresses to be told about the page this token came from."""
    subject = tokens.read(token)
    form = FollowForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            for kanal, address in form.given():
                _subscribe(subject, kanal, address)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Baik, kami mengabari Anda. Anda boleh menutup halaman ini."))
            return redirect(subject.url)
    own = Langganan.objects.current().about(subject.label, subject.pk)
    return render(request, "notifikasi/follow.html", {"form": form, "back": subject.url, "own": own})


@login_not_required
@require_POST
def follow_by_browser(request: HttpRequest, token: str) -> HttpResponse:
    """Take what the browser gave for web push (static/js/kabari.js)."""
    subject = tokens.read(token)
    form = BrowserForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"kalimat": form.errors["langganan"][0]}, status=422)
    try:
        _subscribe(subject, Kanal.WEBPUSH, form.cleaned_data["langganan"])
    except Refused as refusal:
        return JsonResponse({"kalimat": str(refusal)}, status=422)
    return JsonResponse({"kalimat": _("Peramban ini akan dikabari, juga saat halamannya ditutup.")}, status=201)


def _subscribe(subject: tokens.Subject, kanal: str, address: str) -> None:
    actions.subscribe(
        subject.label, subject.pk, mpp_id=subject.mpp_id, kanal=kanal, tujuan=address, bahasa=get_language() or "id"
    )


@csrf_exempt  # mail programs press the button for people (RFC 8058); the address itself is the permission
@login_not_required
@never_cache
def stop(request: HttpRequest, rahasia: str) -> HttpResponse:
    """A page with one button; looking at it stops nothing, because programs look at links too."""
    langganan = get_object_or_404(Langganan, rahasia=rahasia)
    if request.method == "POST":
        actions.stop(langganan)
        langganan.refresh_from_db()
    return render(request, "notifikasi/stop.html", {"langganan": langganan})


@login_not_required
@require_GET
@never_cache
def outgoing(request: HttpRequest) -> HttpResponse:
    """What would have been sent, newest first; only where everything is invented."""
    if not settings.DEMO:
        raise Http404
    rows = Pesan.objects.filter(salinan__isnull=False).select_related("peristiwa").order_by("-pk")[:SHOWN]
    return render(request, "notifikasi/outgoing.html", {"rows": rows})


@login_not_required
@require_GET
def service_worker(request: HttpRequest) -> HttpResponse:
    """The part of the portal that a browser wakes for a message; browsers ask for it again themselves."""
    return HttpResponse(
        SERVICE_WORKER.read_text(), content_type="text/javascript", headers={"Cache-Control": "no-cache"}
    )
