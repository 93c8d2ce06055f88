"""What reports show on pages of others: Lacak knows their codes, staff find their work."""

import re
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from mpp_portal import portal

from .models import Kebocoran, Laporan, desks_of

MOST = 1000  # what nobody counts at a glance is not counted one by one


@portal.tracker(r"MPP[- ]*\d{4}[- ]*\d{4,6}", looks_like=gettext_lazy("Kode laporan: MPP-2611-0007"))
def track(request: HttpRequest, code: str) -> str | None:
    digits = re.sub(r"\D", "", code)
    kode = f"MPP-{digits[:4]}-{digits[4:]}"
    return reverse("pengaduan:status", args=[kode]) if Laporan.objects.filter(kode=kode).exists() else None


@portal.staff_home
def entries(user: Any) -> Iterator[portal.Entry]:
    if Laporan.objects.worked_on_by(user):
        waiting = Laporan.objects.readable_by(user).open()[: MOST + 1].count()
        words = ngettext("%d laporan berjalan", "%d laporan berjalan", waiting) % waiting
        if waiting > MOST:
            words = _("lebih dari %s laporan berjalan") % number_format(MOST, force_grouping=True)
        yield portal.Entry(_("Laporan warga"), reverse("pengaduan:worklist"), "chat-left-text", words)
    for mpp in desks_of(user):
        yield portal.Entry(_("Terima laporan"), reverse("pengaduan:desk", args=[mpp.slug]), "pencil-square", mpp.nama)
    if leaks := Kebocoran.objects.watched_by(user).running().count():
        words = ngettext("%d belum diberitahukan", "%d belum diberitahukan", leaks) % leaks
        yield portal.Entry(_("Kebocoran data"), reverse("pengaduan:leaks"), "shield-exclamation", words)
    if Laporan.objects.watches(user):
        detail = _("Laporan rahasia: siapa, kapan")
        yield portal.Entry(_("Siapa membaca"), reverse("pengaduan:views"), "eye", detail)
    if Laporan.objects.malls_counted_for(user).exists():
        detail = _("Diterima, dijawab, selesai, terlambat")
        yield portal.Entry(_("Angka laporan"), reverse("pengaduan:figures"), "bar-chart", detail)
