"""A mall's own two colours: only readable ones, and the style sheet that puts them in the place of the portal's."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

KERTAS, TINTA, UTAMA, AKSEN = "#faf8f3", "#1c2430", "#1d4f7c", "#e8a317"  # as in static/css/tokens.css
READABLE = 4.5  # WCAG 2.2, text
WRITTEN = r"^#[0-9a-f]{6}$"


def validate_utama(value: str) -> None:
    """The ground of the header and the colour of links: paper on it, and it on paper."""
    _validate_written(value)
    if contrast(value, KERTAS) < READABLE:
        raise ValidationError(_("Warna ini terlalu terang: tulisan di atasnya sulit dibaca. Pilih yang lebih gelap."))


def validate_aksen(value: str) -> None:
    """What stands out: ink on it."""
    _validate_written(value)
    if contrast(value, TINTA) < READABLE:
        raise ValidationError(_("Warna ini terlalu gelap: tulisan hitam di atasnya sulit dibaca. Pilih yang terang."))


def _validate_written(value: str) -> None:
    if not re.fullmatch(WRITTEN, value):
        raise ValidationError(_("Tulis # dan enam angka atau huruf kecil a–f. Contoh: #1d4f7c."))


def contrast(one: str, other: str) -> float:
    """From 1 to 21, as WCAG defines it."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    linear = [
        part / 12.92 if (part := channel / 255) <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for channel in _channels(colour)
    ]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def _channels(colour: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(colour.removeprefix("#")))


def darker(utama: str) -> str:
    """For pressed buttons, the footer and the hall's display: paper on it has a contrast of 7."""
    return _mixed(utama, "#000000", 0.3)


def paler(utama: str) -> str:
    """For quiet grounds: the darker one is readable on it."""
    return _mixed(utama, KERTAS, 0.89)


def _mixed(colour: str, other: str, share: float) -> str:
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(mine + (theirs - mine) * share):02x}" for mine, theirs in pairs)


def stylesheet(utama: str, aksen: str) -> str:
    dark = darker(utama)
    variables = {
        "utama": utama,
        "utama-gelap": dark,
        "utama-muda": paler(utama),
        "aksen": aksen,
        "bs-primary-rgb": _triple(utama),
        "bs-link-color-rgb": _triple(utama),
        "bs-link-hover-color-rgb": _triple(dark),
    }
    return ":root{" + "".join(f"--{name}:{value};" for name, value in variables.items()) + "}\n"


def _triple(colour: str) -> str:
    return ", ".join(str(channel) for channel in _channels(colour))
