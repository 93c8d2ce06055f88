"""Several reports of the worklist at once: each through the same step, rights and action as alone."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from .. import actions
from ..forms.petugas import HandlingForm, PublishForm
from ..models import Laporan
from .langkah import STEPS, TOGETHER, Step, desk_of

MOST = 50  # as many as a page of the worklist


@dataclass(frozen=True)
class Row:
    """One report of those chosen, with a form of its own where each needs other words."""

    laporan: Laporan
    form: HandlingForm
    own: bool


@never_cache
@require_POST
def together(request: HttpRequest) -> HttpResponse:
    """First what is to be done, once for all; then each by itself, and what was refused is named with its reason."""
    slug = request.POST.get("langkah", "")
    if slug not in TOGETHER:
        raise Http404
    chosen = Laporan.objects.steered_by(request.user).filter(kode__in=request.POST.getlist("pilih")[:MOST])
    step, sent = STEPS[slug], "pasti" in request.POST
    rows = [_row(step, row, request.POST if sent else None) for row in chosen.select_related("mpp").by_urgency()]
    if not rows:
        messages.error(request, _("Pilih dahulu laporannya."))
        return redirect("pengaduan:worklist")
    if sent and all(row.form.is_valid() for row in (rows if rows[0].own else rows[:1])):
        return _done(request, step, rows)
    context = {"rows": rows, "slug": slug, "step": step, "shared": None if rows[0].own else rows[0].form}
    return render(request, "pengaduan/together.html", context, status=422 if sent else 200)


def _row(step: Step, laporan: Laporan, data: Any) -> Row:
    own = step.form is PublishForm  # what everybody will read is looked at one by one, never what is confidential
    form = HandlingForm if own and laporan.rahasia else step.form
    return Row(laporan, form(data, laporan=laporan, prefix=laporan.kode if own else None), own)


def _done(request: HttpRequest, step: Step, rows: list[Row]) -> HttpResponse:
    refused = [f"{row.laporan.kode}: {why}" for row in rows if (why := _refused(request, step, row))]
    done = len(rows) - len(refused)
    if done:
        words = ngettext("%(step)s: %(n)d laporan.", "%(step)s: %(n)d laporan.", done)
        messages.success(request, words % {"step": step.button, "n": done})
    for sentence in refused:
        messages.error(request, sentence)
    return redirect("pengaduan:worklist")


def _refused(request: HttpRequest, step: Step, row: Row) -> str:
    """Do it to this one; the sentence that says why not, if it was refused."""
    desk = desk_of(request, row.laporan.kode)
    if not step.offered(desk):
        return _("langkah itu tidak tersedia sekarang.")
    if not row.form.is_valid():
        return " ".join(str(sentence) for errors in row.form.errors.values() for sentence in errors)
    try:
        step.act(desk, row.form, None)
    except actions.Refused as refusal:
        return str(refusal)
    return ""
