"""Koordinator find the exchange on the first page of staff."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse

from mpp_portal import portal

from .models import malls_of


@portal.staff_home
def entries(user: Any) -> Iterator[portal.Entry]:
    for mpp in malls_of(user):
        yield portal.Entry("SP4N-LAPOR!", reverse("sp4n:exchange", args=[mpp.slug]), "arrow-left-right", mpp.nama)
