"""Leaks of personal data: by when those concerned are told, and in which words they were."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from layanan.models import Penugasan, Peran

from ..models import Kebocoran

MOST = 50


@never_cache
def listing(request: HttpRequest) -> HttpResponse:
    """What runs first, by its end. The pengelola, who answers for it, reads no report here."""
    roles = (Peran.KOORDINATOR, Peran.INSPEKTORAT, Peran.PENGELOLA)
    if not Penugasan.objects.current(request.user, *roles).exists():
        raise Http404
    now = timezone.now()
    rows = Kebocoran.objects.watched_by(request.user).select_related("laporan__mpp__wilayah", "pemberi_tahu")
    shown = sorted(rows.order_by("-due_at")[:MOST], key=lambda row: (not row.is_running, row.due_at))
    return render(request, "pengaduan/leaks.html", {"page": [(row, row.is_late(now)) for row in shown]})
