"""Where a person works now, read once: with the keys in the question itself a database knows how few rows they name."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from layanan.models import Penugasan, Peran

Keys = frozenset[int]
NONE: Keys = frozenset()


@dataclass(frozen=True)
class Wewenang:
    """Keys of malls and gerai; `unit` are the gerai of all their roles."""

    koordinator: Keys
    inspektorat: Keys
    penghubung: Keys
    pimpinan: Keys
    admin: Keys
    pengelola: Keys
    unit: Keys

    @classmethod
    def of(cls, user: Any) -> "Wewenang":
        held: dict[str, set[int]] = defaultdict(set)
        unit = set()
        for peran, mpp, gerai in Penugasan.objects.current(user).values_list("peran", "mpp", "gerai"):
            held[peran].add(mpp or gerai)
            unit.add(gerai)
        at = {peran: frozenset(keys) for peran, keys in held.items()}
        return cls(
            koordinator=at.get(Peran.KOORDINATOR, NONE),
            inspektorat=at.get(Peran.INSPEKTORAT, NONE),
            penghubung=at.get(Peran.PEJABAT_PENGHUBUNG, NONE),
            pimpinan=at.get(Peran.PIMPINAN, NONE),
            admin=at.get(Peran.ADMIN_INSTANSI, NONE),
            pengelola=at.get(Peran.PENGELOLA, NONE),
            unit=frozenset(unit - {None}),
        )
