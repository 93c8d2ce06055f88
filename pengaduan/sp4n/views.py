"""The koordinator's exchange with SP4N-LAPOR!: a table out, a table in with a preview before anything is written, and
what waits where the portal is connected."""

from collections import Counter
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from layanan.models import Mpp
from mpp_portal import tabel
from mpp_portal.actions import Refused
from mpp_portal.notifikasi import actions as kabar

from ..states import LAPOR
from . import actions, pulling, sending, sheets
from .forms import PeriodForm, UploadForm
from .models import Tarikan, given_away_by, is_connected, malls_of, sender_told

MONTH = timedelta(days=30)
AN_HOUR = 3600
SHOWN = 100


@never_cache
def exchange(request: HttpRequest, mpp: str) -> HttpResponse:
    place = _mall(request, mpp)
    if "isi" in request.POST:
        return _save(request, place)
    form = UploadForm(request.POST, request.FILES, mpp=place) if request.method == "POST" else UploadForm(mpp=place)
    preview: dict[str, Any] = {}
    if form.is_bound and form.is_valid():
        preview = _preview(request, place, form.cleaned_data)
    today = place.today()
    context = {"mpp": place, "form": form, "period": PeriodForm(initial={"dari": today - MONTH, "sampai": today})}
    context |= _connection(request, place)
    return render(request, "pengaduan/sp4n.html", context | preview, status=422 if form.errors else 200)


@never_cache
def download(request: HttpRequest, mpp: str, bentuk: str) -> HttpResponse:
    place = _mall(request, mpp)
    form = PeriodForm(request.GET)
    if bentuk not in tabel.FORMATS:
        raise Http404
    if not form.is_valid():
        context = {"mpp": place, "form": UploadForm(mpp=place), "period": form} | _connection(request, place)
        return render(request, "pengaduan/sp4n.html", context, status=422)
    since, until = form.cleaned_data["dari"], form.cleaned_data["sampai"]
    begin, end = (datetime.combine(day, time(), place.zone) for day in (since, until + timedelta(days=1)))
    rows = given_away_by(request.user, place).filter(created_at__gte=begin, created_at__lt=end)
    table = [sheets.COLUMNS, *(_told(n, row) for n, row in enumerate(rows, start=1))]
    return tabel.file(table, f"sp4n-{place.slug}-{since:%Y%m%d}-{until:%Y%m%d}", bentuk)


@never_cache
@require_POST
def steer(request: HttpRequest, mpp: str) -> HttpResponse:
    """Send again, do not send, or: I have looked at it."""
    place = _mall(request, mpp)
    step, named = request.POST.get("langkah"), request.POST.get("nomor", "")
    if step == "lihat":
        pulling.settle(place, named, by=request.user)
        return redirect("sp4n:exchange", mpp=mpp)
    if step not in ("coba", "batal"):
        raise Http404
    rows = sending.unsent(request.user, place)
    pesan = get_object_or_404(rows, pk=int(named) if named.isdecimal() and len(named) < 19 else 0)
    try:
        if step == "coba":
            kabar.retry(pesan, by=request.user)
        else:
            kabar.cancel(pesan, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("sp4n:exchange", mpp=mpp)


def _connection(request: HttpRequest, mpp: Mpp) -> dict[str, Any]:
    """What waits to leave, what came back and needs a person; nothing where the portal is not connected."""
    rows = list(sending.unsent(request.user, mpp)[:SHOWN])
    reports = given_away_by(request.user, mpp).in_bulk([row.subjek_id for row in rows])
    return {
        "connected": is_connected(),
        "unsent": [(row, reports[row.subjek_id]) for row in rows if row.subjek_id in reports],
        "tarikan": Tarikan.objects.filter(mpp=mpp).first(),
    }


def _mall(request: HttpRequest, slug: str) -> Mpp:
    found: Mpp = get_object_or_404(malls_of(request.user).select_related("wilayah"), slug=slug)
    return found


def _told(number: int, laporan: Any) -> list[Any]:
    """One row in the columns of sheets.COLUMNS; our code in the last is what the import finds it by."""
    rujukan = getattr(laporan, "rujukan", None)
    return [
        number,
        f"{laporan.mpp.local(laporan.created_at):%d-%m-%Y}",
        rujukan.tracking_id if rujukan else "",
        sender_told(laporan),
        laporan.judul,
        ", ".join(part.office for part in laporan.parts),
        "\n".join(answer.teks for answer in laporan.answers),
        f"{laporan.kode} · {LAPOR[laporan.status]}",
    ]


def _salt(request: HttpRequest, mpp: Mpp) -> str:
    return f"sp4n:{mpp.pk}:{request.user.pk}"


def _preview(request: HttpRequest, mpp: Mpp, given: dict[str, Any]) -> dict[str, Any]:
    """Nothing is stored: the page itself carries the rows that were read, signed."""
    (rows, faults), per = given["berkas"], given["per"]
    judged = actions.judge(mpp, rows, per, by=request.user)
    carried = {"per": per.isoformat(), "rows": [row.stored() for row in rows]}
    return {
        "preview": True,
        "judged": [one for one in judged if one.nasib != actions.Nasib.SAMA],
        "faults": faults,
        "counted": _counted(judged),
        "writes": sum(one.nasib in actions.WRITTEN for one in judged),
        "isi": signing.dumps(carried, salt=_salt(request, mpp), compress=True),
    }


def _counted(judged: list[actions.Judged]) -> list[tuple[str, int]]:
    found = Counter(one.nasib for one in judged)
    return [(str(nasib.label), found[nasib]) for nasib in actions.Nasib if found[nasib]]


def _save(request: HttpRequest, mpp: Mpp) -> HttpResponse:
    try:
        carried = signing.loads(request.POST["isi"], salt=_salt(request, mpp), max_age=AN_HOUR)
    except signing.BadSignature:
        messages.error(request, _("Pratinjau itu sudah lama. Pilih berkasnya lagi."))
        return redirect("sp4n:exchange", mpp=mpp.slug)
    rows = [sheets.Row(**row) for row in carried["rows"]]
    judged = actions.take(mpp, rows, date.fromisoformat(carried["per"]), by=request.user)
    said = ", ".join(f"{label}: {n}" for label, n in _counted(judged))
    messages.success(request, _("Tersimpan: %s.") % said)
    return redirect("sp4n:exchange", mpp=mpp.slug)
