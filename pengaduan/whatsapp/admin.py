"""Nothing of the messages is shown here; the log reads its words."""

from django.utils.translation import pgettext_lazy

from layanan.admin import riwayat

riwayat.VERBS |= {"dibalas": pgettext_lazy("peristiwa", "dibalas")}
