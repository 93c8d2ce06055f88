"""What offices do: the worklist, and one report with everything that may be done to it now by this person."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from layanan.models import Mpp, Peran
from mpp_portal.models import record

from .. import actions, clocks, kasar, timeline
from ..forms.petugas import AnswerForm
from ..models import Disposisi, Kebocoran, Laporan, Larangan, Penerimaan
from ..states import LAPOR
from .ikuti import handed_out
from .langkah import STEPS, TOGETHER, Desk, desk_of, elsewhere
from .publik import page_number

PER_PAGE = 50


@never_cache
def worklist(request: HttpRequest) -> HttpResponse:
    """Utamakan yang genting: by urgency, then by what falls due first."""
    rows = Laporan.objects.readable_by(request.user).open().by_urgency()
    if not Laporan.objects.worked_on_by(request.user):
        raise Http404
    at = page_number(request)
    shown = list(rows.select_related("mpp__wilayah", "gerai__instansi")[(at - 1) * PER_PAGE : at * PER_PAGE + 1])
    context = {"page": shown[:PER_PAGE], "before": at - 1, "after": at + 1 if len(shown) > PER_PAGE else 0}
    mine = Laporan.objects.steered_by(request.user).filter(pk__in=[row.pk for row in shown])
    context |= {"steered": set(mine.values_list("pk", flat=True)), "together": [(key, STEPS[key]) for key in TOGETHER]}
    context["bans"] = Larangan.objects.for_second_person(request.user).in_force(timezone.now()).count()
    leaks = Kebocoran.objects.running().filter(laporan__in=Laporan.objects.readable_by(request.user))
    context["leaks"] = leaks.select_related("laporan__mpp__wilayah")
    context["untold"] = Penerimaan.objects.untold().steered_by(request.user).select_related("laporan")[:PER_PAGE]
    malls = Mpp.objects.staffed_by(request.user, Peran.KOORDINATOR)
    return render(request, "pengaduan/worklist.html", context | {"malls": malls, "now": timezone.now()})


@never_cache
def work(request: HttpRequest, kode: str) -> HttpResponse:
    return _page(request, desk_of(request, kode))


@never_cache
def lampiran(request: HttpRequest, kode: str, pk: int) -> HttpResponse:
    laporan = desk_of(request, kode).laporan
    row = get_object_or_404(laporan.lampiran, pk=pk)
    _trace(request, laporan)
    return handed_out(row)


def _trace(request: HttpRequest, laporan: Laporan) -> None:
    """Who reads a confidential report leaves a trace, by whatever request."""
    if laporan.rahasia:
        record("laporan.dibaca", laporan, mpp_id=laporan.told_mpp_id, by=request.user)


@never_cache
@require_POST
def step(request: HttpRequest, kode: str, langkah: str) -> HttpResponse:
    """Do one thing; what was typed stays where it was refused."""
    desk = desk_of(request, kode)
    chosen = STEPS.get(langkah)
    if chosen is None:
        raise Http404
    offered = chosen.offered(desk)
    named = request.POST.get("bagian", "")
    part = next((row for row in offered if str(row.pk) == named), None) if chosen.per_part else None
    if not offered or (chosen.per_part and part is None):
        messages.error(request, _("Langkah itu tidak tersedia sekarang. Ini keadaan terbarunya."))
        return redirect("pengaduan:work", kode=kode)
    form = chosen.form(request.POST, request.FILES, laporan=desk.laporan, prefix=_prefix(langkah, part))
    if isinstance(form, AnswerForm) and part and "sisip" in request.POST:
        return _page(request, desk, form.with_standard(part, request.POST["sisip"]))
    if not form.is_valid():
        return _page(request, desk, form, status=422)
    try:
        chosen.act(desk, form, part)
    except actions.Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, desk, form, status=409)
    messages.success(request, _("Tersimpan: %s.") % chosen.button)
    if not Laporan.objects.readable_by(request.user).filter(pk=desk.laporan.pk).exists():
        return redirect("pengaduan:worklist")
    return redirect("pengaduan:work", kode=kode)


def _with_their_way(parts: Iterable[Disposisi]) -> list[Any]:
    """Each part, and where it stands outside."""
    rows: list[Any] = list(parts)
    for known in elsewhere:
        said = known(rows)
        for row in rows:
            row.elsewhere = said.get(row.pk, "")
    return rows


def _prefix(slug: str, part: Disposisi | None) -> str:
    return f"{slug}-{part.pk}" if part else slug


def _page(request: HttpRequest, desk: Desk, refused: Any = None, *, status: int = 200) -> HttpResponse:
    laporan = desk.laporan
    _trace(request, laporan)
    sheets = []
    for slug, chosen in STEPS.items():
        offered = chosen.offered(desk)
        for part in (offered if chosen.per_part else [None]) if offered else []:
            prefix = _prefix(slug, part)
            again = refused is not None and refused.prefix == prefix
            form = refused if again else chosen.form(laporan=laporan, prefix=prefix)
            if not again:
                form.begin(part)
            sheets.append({"slug": slug, "step": chosen, "part": part, "form": form, "open": again or chosen.main})
    context = {
        "laporan": laporan,
        "mpp": laporan.mpp,
        "sheets": [sheet for sheet in sheets if sheet["slug"] != "catatan"],
        "note": next(sheet for sheet in sheets if sheet["slug"] == "catatan"),
        "files": laporan.lampiran.filter(tanggapan=None),
        "moments": timeline.of(laporan),
        "clocks": clocks.of(laporan, timezone.now()),
        "parts": _with_their_way(laporan.disposisi.select_related("gerai__instansi")),
        "notes": laporan.catatan.select_related("oleh"),
        "children": laporan.anak.readable_by(desk.user) if desk.steers else [],
        "others": Laporan.objects.split_with(laporan).readable_by(desk.user) if desk.steers else [],
        "steers": desk.steers,
        "lapor": LAPOR[laporan.status],
        "rude": kasar.found_in(laporan.judul, laporan.isi) if desk.steers else [],
    }
    return render(request, "pengaduan/work.html", context, status=status)
