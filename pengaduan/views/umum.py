"""What everybody may read: where to turn, and how a due date is counted."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from layanan.models import Mpp

from ..forms.dasar import DueForm
from ..workdays import Workdays


@login_not_required
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "pengaduan/home.html", {"malls": Mpp.objects.running()})


@login_not_required
def calculator(request: HttpRequest) -> HttpResponse:
    """From when, which rule, where: the date, and every day on the way that does not count."""
    form = DueForm(request.GET) if "tanggal" in request.GET else DueForm()
    context = {"form": form, "malls": form.fields["mpp"].queryset.exists()}  # type: ignore[attr-defined]
    if form.is_bound and form.is_valid():
        rule, mpp = form.cleaned_data["aturan"], form.cleaned_data["mpp"]
        context |= {"rule": rule, "mpp": mpp, "due": Workdays.of(mpp).due(form.start(), rule.hari_kerja)}
    return render(request, "pengaduan/calculator.html", context)
