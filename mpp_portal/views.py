"""The pages that belong to no single app: home, Lacak, and where staff begin."""

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mpp_portal import portal


@login_not_required
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "beranda.html", {"panels": portal.panels("beranda", request)})


@login_not_required
def track(request: HttpRequest) -> HttpResponse:
    """Take any code and go to what it names; an unknown one gets a sentence that says what codes look like."""
    code = request.GET.get("kode", "").strip()[:60]
    url = portal.track(request, code) if code else None
    if url:
        return redirect(url)
    status = 404 if code else 200
    return render(request, "lacak.html", {"code": code, "shapes": portal.code_shapes()}, status=status)


def staff_home(request: HttpRequest) -> HttpResponse:
    return render(request, "beranda_petugas.html", {"entries": portal.staff_entries(request.user)})


@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """Log out of another device of one's own."""
    session = get_object_or_404(UserSession, pk=pk, user=request.user)
    session.end()
    messages.success(request, _("Perangkat itu dikeluarkan. Untuk masuk lagi di sana perlu kata sandi."))
    return redirect("usersessions_list")
