"""What apps show on each other's pages: the registry that every app's `portal.py` fills at start.

Nobody imports upwards. A page names a place and hands over ids; whoever registered for that place answers with a
template and its context, in at most two queries.

    # antrean/portal.py
    @portal.panel("layanan", order=10)
    def next_step(request, *, layanan_id, hours=None):
        return portal.Panel("antrean/_langkah_berikut.html", {"antrean": …})     # or None: nothing to say here

    @portal.tracker(r"[A-Z]{1,2}-?\\d{3}", looks_like=_("Nomor antrean: A-012"))
    def track(request, code):
        return reverse("antrean:tiket", args=[…])                               # or None: not one of ours

    @portal.staff_home
    def work(user):
        return [portal.Entry(title, url, icon="display", detail=…)]

    @portal.channels("antrean.tiket")
    def of_tickets(ids):
        return [f"sesi-{…}", …]          # which open pages show these rows, when the bus cannot say so

Places and their ids: `beranda` () · `mpp` (mpp_id) · `gerai` (gerai_id) · `layanan` (layanan_id) · `tidak_ditemukan`
(path). The page's own opening hours go along as `hours`, so that nobody reads them twice: a calendar at `gerai` and
`layanan`, at `mpp` all calendars of the mall (`layanan.opening.calendars`).
"""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise

PLACES = ("beranda", "mpp", "gerai", "layanan", "tidak_ditemukan")


@dataclass(frozen=True)
class Panel:
    """A template and what it needs; rendered by `{% panel … %}` with the request's own context."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Entry:
    """One card on the staff's home page: what this person may do, and where."""

    title: str
    url: str
    icon: str = "arrow-right-circle"
    detail: str = ""


@dataclass(frozen=True)
class Tracker:
    pattern: re.Pattern[str]
    looks_like: str | Promise
    resolve: Callable[[HttpRequest, str], str | None]


PanelMaker = Callable[..., Panel | None]
StaffHome = Callable[[Any], Iterable[Entry]]
Channels = Callable[[Collection[int]], Iterable[str]]

_panels: dict[str, list[tuple[int, PanelMaker]]] = defaultdict(list)
_trackers: list[Tracker] = []
_staff_homes: list[StaffHome] = []
_channels: dict[str, list[Channels]] = defaultdict(list)


def panel(place: str, *, order: int = 50) -> Callable[[PanelMaker], PanelMaker]:
    """Register a maker of panels for a place; lower `order` stands higher on the page."""
    if place not in PLACES:
        raise ValueError(f"{place!r} is no place for panels; there are: {', '.join(PLACES)}")

    def register(make: PanelMaker) -> PanelMaker:
        _panels[place].append((order, make))
        _panels[place].sort(key=lambda entry: entry[0])
        return make

    return register


def panels(place: str, request: HttpRequest, **ids: Any) -> list[Panel]:
    """What the apps have to say at this place, in order."""
    made = (make(request, **ids) for _order, make in _panels[place])
    return [panel for panel in made if panel]


def tracker(
    pattern: str, *, looks_like: str | Promise
) -> Callable[[Callable[..., str | None]], Callable[..., str | None]]:
    """Register who knows codes of this shape. `pattern` is matched against the whole code in capitals."""

    def register(resolve: Callable[..., str | None]) -> Callable[..., str | None]:
        _trackers.append(Tracker(re.compile(pattern), looks_like, resolve))
        return resolve

    return register


def track(request: HttpRequest, code: str) -> str | None:
    """The address of what this code names, asked of everyone whose codes look like it."""
    code = code.strip().upper()
    for known in _trackers:
        url = known.pattern.fullmatch(code) and known.resolve(request, code)
        if url:
            return url
    return None


def code_shapes() -> list[str]:
    """How the codes look that somebody here knows, in sentences for people."""
    return [str(known.looks_like) for known in _trackers]


def staff_home(offer: StaffHome) -> StaffHome:
    """Register what a person may do, as entries of the staff's home page."""
    _staff_homes.append(offer)
    return offer


def staff_entries(user: Any) -> list[Entry]:
    return [entry for offer in _staff_homes for entry in offer(user)]


def channels(subject: str) -> Callable[[Channels], Channels]:
    """Register which channels a change of such rows concerns; `subject` is a label as `Peristiwa.subjek` has it.

    They are asked when the bus is away (siaran/watch.py), and may name more than the action itself woke. The channel
    of the MPP itself is always among them.
    """

    def register(find: Channels) -> Channels:
        _channels[subject].append(find)
        return find

    return register


def channels_of(subject: str, ids: Collection[int]) -> set[str]:
    return {channel for find in _channels[subject] for channel in find(ids)}
