"""What the rules of a mall would have done with its past reports."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from layanan.models import Mpp, Peran

from .. import rules
from ..models import Aturan, Laporan

RECENT, MOST, SHOWN = timedelta(days=180), 2000, 30


@never_cache
def dry_run(request: HttpRequest, mpp: str) -> HttpResponse:
    """For the koordinator, who alone reads the reports; rules that are not used yet are read along."""
    mall = get_object_or_404(Mpp.objects.staffed_by(request.user, Peran.KOORDINATOR), slug=mpp)
    rows = Laporan.objects.steered_by(request.user).filter(mpp=mall, created_at__gte=timezone.now() - RECENT)
    reports = list(rows.filter(forgotten_at=None).order_by("-pk").prefetch_related("disposisi")[:MOST])
    tallies, unrouted = rules.dry_run(Aturan.objects.read_for(mall), reports)
    unrouted.sort(key=lambda row: row.gerai_id is not None)  # whom nobody named an office for first
    context = {
        "mpp": mall,
        "tallies": tallies,
        "reports": len(reports),
        "days": RECENT.days,
        "unrouted": len(unrouted),
        "shown": unrouted[:SHOWN],
    }
    return render(request, "pengaduan/rules.html", context)
