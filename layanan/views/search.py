"""Find a service by the words people have for it."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from layanan import search as index

SUGGESTED = 6


@login_not_required
def search(request: HttpRequest) -> HttpResponse:
    sought = request.GET.get("q", "").strip()[:100]
    return render(request, "layanan/search.html", {"sought": sought, "found": index.find(sought)})


@login_not_required
def suggest(request: HttpRequest) -> HttpResponse:
    """The same answers, short, while somebody types."""
    sought = request.GET.get("q", "").strip()[:100]
    context = {"sought": sought, "found": index.find(sought, jenis=SUGGESTED, places=3)}
    return render(request, "layanan/_suggestions.html", context)
