"""What the catalogue shows on pages of the portal (mpp_portal/portal.py)."""

from django.db.models import Count
from django.http import HttpRequest
from django.utils import timezone

from layanan import search
from layanan.models import JenisLayanan, Mpp, PeristiwaHidup
from layanan.views.now import of_malls
from mpp_portal import portal


@portal.panel("beranda", order=10)
def start(request: HttpRequest) -> portal.Panel:
    """Life events that lead somewhere, the malls that run here and whether they are open, how many more are known."""
    rows = JenisLayanan.objects.order_by().values_list("peristiwa_hidup").annotate(rows=Count("pk"))
    counts = dict(rows)
    malls = list(Mpp.objects.select_related("wilayah__induk").order_by("-aktif", "nama"))
    context = {
        "events": [(event, counts[event.value]) for event in PeristiwaHidup if event.value in counts],
        "running": of_malls([mpp for mpp in malls if mpp.aktif][:6], timezone.now()),
        "total": len(malls),
    }
    return portal.Panel("layanan/_start.html", context)


@portal.panel("tidak_ditemukan")
def near(request: HttpRequest, *, path: str) -> portal.Panel | None:
    """What the last part of a wrong address may have meant."""
    found = search.near(path.strip("/").rpartition("/")[2])
    return portal.Panel("layanan/_near.html", {"found": found}) if found else None
