"""What: a life event, a national type of service, and its standard at one office."""

from collections.abc import Iterable

from django.contrib.auth.decorators import login_not_required
from django.db.models import Count, Prefetch, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from layanan.models import JenisLayanan, Layanan, Mpp, Penugasan, PeristiwaHidup, Persyaratan
from layanan.opening import calendar
from layanan.views.now import now
from mpp_portal import portal

INTERNAL = (
    "dasar_hukum",
    "sarana",
    "kompetensi",
    "pengawasan",
    "jumlah_pelaksana",
    "jaminan_layanan",
    "jaminan_keamanan",
    "evaluasi",
)


@login_not_required
def life_event(request: HttpRequest, peristiwa: str) -> HttpResponse:
    if peristiwa not in PeristiwaHidup.values:
        raise Http404
    here = Q(layanan__tampil=True, layanan__gerai__aktif=True, layanan__gerai__mpp__aktif=True)
    rows = JenisLayanan.objects.filter(peristiwa_hidup=peristiwa).select_related("instansi")
    context = {
        "peristiwa": PeristiwaHidup(peristiwa),
        "jenis": rows.annotate(places=Count("layanan", filter=here)),
    }
    return render(request, "layanan/life_event.html", context)


@login_not_required
def jenis(request: HttpRequest, jenis: str) -> HttpResponse:
    """A national type, and everywhere on this portal where it can be arranged."""
    kind = get_object_or_404(JenisLayanan.objects.select_related("instansi"), slug=jenis)
    offered = kind.layanan.offered().select_related("jenis", "gerai__mpp__wilayah", "gerai__instansi")
    context = {"jenis": kind, "offered": offered.order_by("gerai__mpp__nama", "gerai__instansi__singkatan")}
    return render(request, "layanan/jenis.html", context)


@login_not_required
def layanan(request: HttpRequest, mpp: str, instansi: str, jenis: str) -> HttpResponse:
    rows = Layanan.objects.offered().select_related("jenis", "gerai__mpp__wilayah", "gerai__instansi")
    persyaratan = Prefetch("persyaratan", Persyaratan.objects.select_related("penghasil"))
    standard = get_object_or_404(
        rows.prefetch_related(persyaratan, "langkah"),
        gerai__mpp__slug=mpp,
        gerai__instansi__slug=instansi,
        jenis__slug=jenis,
    )
    place = standard.gerai.mpp
    needs = standard.persyaratan.all()
    sources = _sources(place, (need.penghasil_id for need in needs if need.penghasil_id))
    hours = calendar(standard.gerai, standard)
    context = {
        "layanan": standard,
        "gerai": standard.gerai,
        "mpp": place,
        "now": now(hours, timezone.now()),
        "needs": [(need, _source_of(need, sources)) for need in needs],
        "internal": _internal(request, standard),
        "panels": portal.panels("layanan", request, layanan_id=standard.pk, hours=hours),
    }
    return render(request, "layanan/layanan.html", context)


def _sources(mpp: Mpp, jenis: Iterable[int]) -> dict[int, Layanan]:
    """For each of these types, the layanan of this mall that yields it."""
    rows = Layanan.objects.offered().filter(gerai__mpp=mpp, jenis__in=set(jenis))
    return {row.jenis_id: row for row in rows.select_related("jenis", "gerai__mpp", "gerai__instansi")}


def _source_of(need: Persyaratan, sources: dict[int, Layanan]) -> Layanan | None:
    if need.penghasil_id is None or need.penghasil_id == need.layanan.jenis_id:
        return None
    return sources.get(need.penghasil_id)


def _internal(request: HttpRequest, standard: Layanan) -> list[tuple[str, str]]:
    """The eight components that are not for the public, for whoever works in this mall."""
    here = Q(mpp=standard.gerai.mpp) | Q(gerai__mpp=standard.gerai.mpp)
    if not Penugasan.objects.current(request.user).filter(here).exists():
        return []
    names = {field.name: str(field.verbose_name) for field in standard._meta.fields}
    return [(names[name], getattr(standard, name)) for name in INTERNAL]
