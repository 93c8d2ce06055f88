"""No message is shown here, only that some are stuck; the log reads its words."""

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext, ngettext, pgettext_lazy

from layanan.admin import access, riwayat
from layanan.admin.waktu import at_place
from mpp_portal.admin_site import Attention, needs_attention

from .models import WhatsappMasuk, malls_by_number

riwayat.VERBS |= {"dibalas": pgettext_lazy("peristiwa", "dibalas")}
SHOWN = 6  # rows of one kind on the first page


@needs_attention
def stuck(request: HttpRequest) -> Attention | None:
    """Messages that did not become a report, in the malls whose reports this person leads; silent where there is no
    number."""
    may = access.of(request)
    if not malls_by_number() or not (may.everything or may.mpp or may.koordinator):
        return None
    rows = WhatsappMasuk.objects.stuck(timezone.now()).select_related("mpp__wilayah")
    if not may.everything:
        rows = rows.filter(mpp__in=may.mpp | may.koordinator)
    total = rows.count()
    return Attention(
        title=ngettext("%d pesan WhatsApp belum menjadi laporan", "%d pesan WhatsApp belum menjadi laporan", total)
        % total,
        advice=gettext("Pesannya tersimpan dan dicoba terus. Bila tidak berkurang, minta bagian TI memeriksanya."),
        all_done=gettext("Semua pesan WhatsApp sudah dikerjakan."),
        total=total,
        rows=[
            (at_place(row.at, row.mpp), ngettext("dicoba %d kali", "dicoba %d kali", row.attempts) % row.attempts, "")
            for row in rows[:SHOWN]
        ],
    )
