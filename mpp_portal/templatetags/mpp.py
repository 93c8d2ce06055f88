"""Tags and filters every template has (a builtin library, see settings)."""

import re
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from xml.sax.saxutils import quoteattr

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import translate_url
from django.utils.formats import date_format
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mpp_portal import perangkat_masuk, portal
from mpp_portal.nik import mask

register = template.Library()
ICONS = settings.BASE_DIR / "node_modules" / "bootstrap-icons" / "icons"


# --- Markup -----------------------------------------------------------------------------------------------------------
@lru_cache(maxsize=256)
def _drawing(name: str) -> str:
    svg = (ICONS / f"{name}.svg").read_text()
    return re.sub(r"\s+", " ", re.sub(r"^<svg[^>]*>|</svg>\s*$", "", svg.strip(), flags=re.DOTALL)).strip()


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """`{% icon "clock" %}`: a Bootstrap icon inline. Silent for screen readers, unless a label is given."""
    said = f"role='img' aria-label={quoteattr(str(label))}" if label else 'aria-hidden="true"'
    return mark_safe(
        f'<svg class="ikon" viewBox="0 0 16 16" width="16" height="16" fill="currentColor" focusable="false" {said}>'
        f"{_drawing(name)}</svg>"
    )


@register.simple_tag
def isi(obj: Any, name: str, as_text: bool = False) -> str:
    """`{% isi jenis "nama" %}`: a text of the catalogue in the page's language.

    On an English page that is the `_en` column; where that is blank, the Indonesian text marked as Indonesian.
    `as_text=True` leaves the mark out, for titles and attributes.
    """
    indonesian = str(getattr(obj, name))
    if get_language() != "en" or not indonesian:
        return escape(indonesian)
    english = getattr(obj, f"{name}_en", "")
    if english or as_text:
        return escape(english or indonesian)
    return format_html('<span lang="id">{}</span>', indonesian)


@register.simple_tag
def kata(indonesian: str) -> str:
    """`{% kata mpp.nama %}`: a name that exists in Indonesian only, marked as such on an English page."""
    return format_html('<span lang="id">{}</span>', indonesian) if get_language() == "en" else escape(indonesian)


@register.simple_tag(takes_context=True)
def panel(context: template.Context, made: portal.Panel) -> SafeString:
    """`{% panel p %}`: what another app shows here (mpp_portal/portal.py)."""
    return render_to_string(made.template, made.context, request=context["request"])


CHIPS = {
    "buka": "door-open-fill",
    "tutup": "door-closed",
    "istirahat": "cup-hot",
    "menunggu": "hourglass-split",
    "dipanggil": "megaphone-fill",
    "selesai": "check-circle-fill",
    "genting": "exclamation-triangle-fill",
    "info": "info-circle",
}


@register.filter
def browser(agent: str) -> str:
    """`{{ session.user_agent|browser }}`: "Firefox di Windows"."""
    return perangkat_masuk.browser(agent)


@register.inclusion_tag("components/_chip.html")
def chip(kind: str, words: str) -> dict[str, str]:
    """`{% chip "buka" _("Buka sekarang") %}`: a state by icon, word and colour together."""
    return {"kind": kind, "words": words, "drawing": CHIPS[kind]}


@register.inclusion_tag("components/_empty.html")
def empty(words: str, next_words: str = "", next_url: str = "", drawing: str = "inbox") -> dict[str, str]:
    """An empty state: what is so, and what to do now."""
    return {"words": words, "next_words": next_words, "next_url": next_url, "drawing": drawing}


# --- Language ---------------------------------------------------------------------------------------------------------
@register.simple_tag(takes_context=True)
def other_language(context: template.Context) -> dict[str, str]:
    """The same page in the other language: `code`, `name` in that language, `url`."""
    code, name = next(pair for pair in settings.LANGUAGES if pair[0] != get_language())
    here = context["request"].get_full_path()
    there = translate_url(here, code)
    if there == here:
        there = "/en/" if code == "en" else "/"
    return {"code": code, "name": name, "url": there}


# --- Money, numbers, time ---------------------------------------------------------------------------------------------
@register.filter
def rupiah(amount: int | None) -> str:
    """350000 → Rp350.000, on English pages too: so it stands on every counter."""
    return "" if amount is None else "Rp" + f"{amount:,}".replace(",", ".")


@register.filter
def price(layanan: Any) -> str:
    """Gratis · Rp30.000 · Rp350.000–Rp950.000 · mulai Rp50.000; empty where the standard names no figure."""
    low, high = layanan.biaya_min, layanan.biaya_maks
    if layanan.gratis:
        return _("Gratis")
    if high is None:
        return _("mulai %s") % rupiah(low) if low else ""
    if not low:
        return _("sampai %s") % rupiah(high) if high else ""
    return rupiah(low) if low == high else f"{rupiah(low)}–{rupiah(high)}"


@register.filter
def clock(at: datetime, mpp: Any) -> str:
    """09.40 on this mall's clock"""
    return date_format(mpp.local(at), "TIME_FORMAT")


@register.filter
def in_words(at: datetime, mpp: Any) -> str:
    """Senin, 23 November 2026, pukul 09.40 WITA"""
    when = {"day": date_format(mpp.local(at), "l, j F Y"), "clock": clock(at, mpp), "zone": mpp.zone_label}
    return _("%(day)s, pukul %(clock)s %(zone)s") % when


@register.filter
def soon(at: datetime, mpp: Any) -> str:
    """The same, as people say it today: pukul 15.30 WITA · besok pukul 08.00 WITA · Rabu, 25 November, pukul …"""
    local = mpp.local(at)
    when = {"day": date_format(local, "l, j F"), "clock": clock(at, mpp), "zone": mpp.zone_label}
    ahead = (local.date() - mpp.today()).days
    if ahead == 0:
        return _("pukul %(clock)s %(zone)s") % when
    if ahead == 1:
        return _("besok pukul %(clock)s %(zone)s") % when
    return _("%(day)s, pukul %(clock)s %(zone)s") % when


@register.filter
def day_name(tanggal: date) -> str:
    """Senin, 23 November"""
    return date_format(tanggal, "l, j F")


register.filter("masked_nik", mask)


@register.filter
def known_since(written: str) -> str:
    """A year, a month or a date as it stands in the catalogue: 2019 · Januari 2019 · 7 Desember 2021"""
    parts = [int(part) for part in written.split("-")]
    day = date(*[*parts, 1, 1][:3])
    formats = {1: "Y", 2: "F Y", 3: "j F Y"}
    return date_format(day, formats[len(parts)])
