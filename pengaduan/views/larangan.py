"""Who may not report now, and the second look at it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from layanan.models import Penugasan, Peran

from .. import actions
from ..models import Larangan
from ..states import StatusLarangan

MOST = 100


@never_cache
def listing(request: HttpRequest) -> HttpResponse:
    """Those that wait for a second person first."""
    if not Penugasan.objects.current(request.user, Peran.KOORDINATOR, Peran.INSPEKTORAT).exists():
        raise Http404
    now = timezone.now()
    rows = Larangan.objects.steered_by(request.user).select_related("laporan__mpp__wilayah", "oleh", "peninjau")
    shown = sorted(rows[:MOST], key=lambda row: row.status != StatusLarangan.MENUNGGU)
    return render(request, "pengaduan/bans.html", {"page": [(row, row.ends_at() > now) for row in shown]})


@never_cache
@require_POST
def review(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Larangan.objects.steered_by(request.user).select_related("laporan"), pk=pk)
    try:
        actions.review_ban(row, confirm=request.POST.get("keputusan") == "sahkan", by=request.user)
        messages.success(request, _("Larangan ditinjau."))
    except actions.Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("pengaduan:bans")
