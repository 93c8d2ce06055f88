"""The pages that belong to no single app: home, Lacak, and where staff begin."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

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
