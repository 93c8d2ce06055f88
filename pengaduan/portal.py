"""What reports show on pages of others: Lacak knows their codes, staff find their work."""

import re
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from mpp_portal import portal

from .models import Laporan


@portal.tracker(r"MPP[- ]*\d{4}[- ]*\d{4,6}", looks_like=gettext_lazy("Kode laporan: MPP-2611-0007"))
def track(request: HttpRequest, code: str) -> str | None:
    digits = re.sub(r"\D", "", code)
    kode = f"MPP-{digits[:4]}-{digits[4:]}"
    return reverse("pengaduan:status", args=[kode]) if Laporan.objects.filter(kode=kode).exists() else None


@portal.staff_home
def entries(user: Any) -> Iterator[portal.Entry]:
    if Laporan.objects.worked_on_by(user):
        waiting = Laporan.objects.readable_by(user).open().count()
        words = ngettext("%d laporan berjalan", "%d laporan berjalan", waiting) % waiting
        yield portal.Entry(_("Laporan warga"), reverse("pengaduan:worklist"), "chat-left-text", words)
