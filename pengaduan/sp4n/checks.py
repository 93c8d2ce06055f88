"""A connection that is switched on has what it needs, said at start and not by the first report."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, register
from django.utils.module_loading import import_string

from mpp_portal.notifikasi.channels import Permanent, guard


@register
def the_other_side_is_named(**kwargs: Any) -> list[Error]:
    if settings.KABAR_KANAL["sp4n"] != "hidup":
        return []
    found = []
    try:
        import_string(settings.SP4N_ADAPTER)
    except ImportError as error:
        found.append(Error(f"SP4N_ADAPTER: {error}", id="sp4n.E001"))
    try:
        guard.require_public(settings.SP4N_URL)
    except Permanent:
        found.append(Error("KABAR_SP4N=hidup needs SP4N_URL: https, or a host of KABAR_PRIVATE_HOSTS.", id="sp4n.E002"))
    if not settings.SP4N_TOKEN:
        found.append(Error("KABAR_SP4N=hidup needs SP4N_TOKEN.", id="sp4n.E003"))
    return found
