"""What else one number is for: other layanan of its line, served in one go."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from layanan.models import Layanan
from mpp_portal.actions import Refused

from ..models import Antrean


def require_own(antrean: Antrean, layanan: Layanan, also: Collection[Layanan]) -> None:
    """Raise Refused unless these are other layanan of the same line."""
    asked = {row.pk for row in also}
    if asked and asked != set(antrean.layanan.exclude(pk=layanan.pk).filter(pk__in=asked).values_list("pk", flat=True)):
        raise Refused(_("Layanan yang ikut diurus tidak lagi di antrean ini. Pilih sekali lagi."))
