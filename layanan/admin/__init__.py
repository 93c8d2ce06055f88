"""The catalogue in the admin: who sees and edits what stands in `access`, what all pages share in `base`."""

from . import kabar, nasional, orang, standar, tempat, waktu

__all__ = ["kabar", "nasional", "orang", "standar", "tempat", "waktu"]
