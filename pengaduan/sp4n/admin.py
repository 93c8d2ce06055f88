"""Nothing of the exchange is edited here; the log reads its words."""

from django.utils.translation import pgettext_lazy

from layanan.admin import riwayat

riwayat.VERBS |= {
    "dirujuk": pgettext_lazy("peristiwa", "dicatat di SP4N-LAPOR!"),
    "diperiksa": pgettext_lazy("peristiwa", "diperiksa orang"),
}
