"""Who may do what in the admin: one table of roles, and the places where a person holds them now."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import models
from django.http import HttpRequest

from layanan.models import Gerai, Mpp, Penugasan, Peran
from mpp_portal.models import Pengguna

VIEW, EDIT, FILL, ALL = {"view"}, {"view", "change"}, {"view", "add", "change"}, {"view", "add", "change", "delete"}

# What is not written here only a superuser may do. Apps above add their own models (see antrean/admin).
TABLE: dict[str, dict[str, set[str]]] = {
    "layanan.mpp": {Peran.PENGELOLA: EDIT},
    "layanan.gerai": {Peran.PENGELOLA: ALL, Peran.ADMIN_INSTANSI: EDIT},
    "layanan.loket": {Peran.PENGELOLA: ALL, Peran.ADMIN_INSTANSI: VIEW},
    "layanan.layanan": {Peran.PENGELOLA: ALL, Peran.ADMIN_INSTANSI: ALL},
    "layanan.persyaratan": {Peran.PENGELOLA: ALL, Peran.ADMIN_INSTANSI: ALL},
    "layanan.langkah": {Peran.PENGELOLA: ALL, Peran.ADMIN_INSTANSI: ALL},
    "layanan.jambuka": {Peran.PENGELOLA: ALL, Peran.ADMIN_INSTANSI: ALL},
    "layanan.penutupan": {Peran.PENGELOLA: ALL, Peran.ADMIN_INSTANSI: ALL},
    "layanan.harilibur": {Peran.PENGELOLA: ALL},
    "layanan.penugasan": {Peran.PENGELOLA: ALL},
    "layanan.jenislayanan": {Peran.PENGELOLA: VIEW, Peran.ADMIN_INSTANSI: VIEW},
    "layanan.instansi": {Peran.PENGELOLA: VIEW},
    "mpp_portal.pengguna": {Peran.PENGELOLA: FILL},
    "mpp_portal.peristiwa": {Peran.PENGELOLA: VIEW},
}
# A pengelola appoints who works under them: neither their equals nor those who watch over them.
GIVEN_BY_PENGELOLA = [
    Peran.PETUGAS_LOKET,
    Peran.PETUGAS_INFORMASI,
    Peran.PENYELIA,
    Peran.ADMIN_INSTANSI,
    Peran.KOORDINATOR,
    Peran.PEJABAT_PENGHUBUNG,
]
ENTERING = (Peran.PENGELOLA, Peran.ADMIN_INSTANSI, Peran.KOORDINATOR)  # in the order of Access
NATIONAL = {"layanan.jenislayanan", "layanan.instansi", "layanan.wilayah", "mpp_portal.pengguna"}


class Place(NamedTuple):
    mpp_id: int | None
    gerai_id: int | None = None


def place_of(row: models.Model) -> Place:
    """The mall and the gerai a row belongs to, by its nearest foreign key."""
    if isinstance(row, Mpp):
        return Place(row.pk)
    if isinstance(row, Gerai):
        return Place(row.mpp_id, row.pk)
    for name in ("gerai", "layanan", "antrean", "sesi", "loket"):
        nearer = getattr(row, name, None)  # an unset foreign key raises an AttributeError
        if isinstance(nearer, models.Model):
            return place_of(nearer)
    return Place(getattr(row, "mpp_id", None))


@dataclass(frozen=True)
class Access:
    """Everything (superuser), or pengelola of these malls, admin instansi of these gerai, koordinator of malls."""

    everything: bool = False
    mpp: frozenset[int] = frozenset()
    gerai: frozenset[int] = frozenset()
    koordinator: frozenset[int] = frozenset()

    @classmethod
    def of(cls, user: Any) -> "Access":
        if user.is_active and user.is_superuser:
            return cls(everything=True)
        held: dict[str, set[int]] = {peran: set() for peran in ENTERING}
        for peran, mpp, gerai in Penugasan.objects.current(user, *held).values_list("peran", "mpp", "gerai"):
            held[peran].add(mpp or gerai)
        return cls(False, *(frozenset(held[peran]) for peran in ENTERING))

    def roles(self, place: Place | None = None) -> set[str]:
        """The roles held at this place; held anywhere, if none is given."""
        held = set()
        if self.mpp and (place is None or place.mpp_id in self.mpp):
            held.add(Peran.PENGELOLA.value)
        if self.gerai and (place is None or place.gerai_id in self.gerai):
            held.add(Peran.ADMIN_INSTANSI.value)
        if self.koordinator and (place is None or place.mpp_id in self.koordinator):
            held.add(Peran.KOORDINATOR.value)
        return held

    def may(self, action: str, model: type[models.Model], row: models.Model | None = None) -> bool:
        """May this person view, add, change or delete this row (or some row of the model)?"""
        if self.everything:
            return True
        label = model._meta.label_lower
        place = None if row is None or label in NATIONAL else place_of(row)
        if not any(action in TABLE.get(label, {}).get(role, set()) for role in self.roles(place)):
            return False
        if action == "view" or row is None:
            return True
        if isinstance(row, Penugasan):
            return row.peran in GIVEN_BY_PENGELOLA
        return not isinstance(row, Pengguna) or self._may_keep_account(row)

    def _may_keep_account(self, pengguna: Pengguna) -> bool:
        """Who sets a password can act as that person: only where the person has no power beyond this one's malls."""
        if pengguna.is_superuser:
            return False
        given = [role.value for role in GIVEN_BY_PENGELOLA]
        return all(
            place_of(row).mpp_id in self.mpp and row.peran in given
            for row in Penugasan.objects.filter(pengguna=pengguna.pk).select_related("gerai")
        )


def of(request: HttpRequest) -> Access:
    """The access of who is asking, looked up once per request."""
    known: Access | None = getattr(request, "_access", None)
    if known is None:
        known = request._access = Access.of(request.user)  # type: ignore[attr-defined]
    return known
