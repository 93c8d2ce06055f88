"""Where a report would go by the rules of its mall. The first rule that fits is the answer, with the reason why."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from layanan.search import words

from .models import Aturan, Laporan
from .states import StatusDisposisi


@dataclass(frozen=True)
class Fit:
    aturan: Aturan
    why: str


def first(rules: Iterable[Aturan], laporan: Laporan, held: Iterable[int | None] = ()) -> Fit | None:
    """`held` are the offices that have it already (None: the inspektorat)."""
    text = _spelt(f"{laporan.judul} {laporan.told}")
    for rule in rules:
        barred = rule.kepada_id is not None and rule.kepada_id == laporan.kept_from_id
        if not barred and rule.kepada_id not in held and (why := _reasons(rule, laporan, text)):
            return Fit(rule, ", ".join(why))
    return None


def _spelt(text: str) -> str:
    return f" {' '.join(words(text))} "


def _reasons(rule: Aturan, laporan: Laporan, text: str) -> list[str]:
    """What fits, in words; nothing, if one of its conditions does not."""
    asked = list(_conditions(rule, laporan, text))
    return [why for _fits, why in asked] if all(fits for fits, _why in asked) else []


def _conditions(rule: Aturan, laporan: Laporan, text: str) -> Iterator[tuple[bool, str]]:
    if rule.jenis:
        yield laporan.jenis == rule.jenis, rule.get_jenis_display()
    if rule.tema:
        yield laporan.tema == rule.tema, _("tema %s") % rule.get_tema_display()
    if rule.gerai_id and rule.gerai:
        yield laporan.gerai_id == rule.gerai_id, _("tentang %s") % rule.gerai.instansi.singkatan
    if rule.kata:
        found = [phrase for phrase in rule.kata.split(",") if (spelt := _spelt(phrase)).strip() and spelt[:-1] in text]
        yield bool(found), _("kata „%s“") % "“, „".join(phrase.strip() for phrase in found)


@dataclass
class Tally:
    """What one rule would have done with past reports, and how often people sent them to the same office."""

    aturan: Aturan
    caught: int = 0
    sent: int = 0
    agreed: int = 0

    @property
    def percent(self) -> int | None:
        return round(100 * self.agreed / self.sent) if self.sent else None


def dry_run(rules: Iterable[Aturan], reports: Iterable[Laporan]) -> tuple[list[Tally], list[Laporan]]:
    """Each rule with its figures, and the reports that none catches. `disposisi` of the reports is prefetched."""
    tallies = {rule.pk: Tally(rule) for rule in rules}
    read, unrouted = [tally.aturan for tally in tallies.values()], []
    for laporan in reports:
        fit = first(read, laporan)
        if fit is None:
            unrouted.append(laporan)
            continue
        tally = tallies[fit.aturan.pk]
        went = {row.gerai_id for row in laporan.disposisi.all() if row.status != StatusDisposisi.DIKEMBALIKAN}
        tally.caught += 1
        tally.sent += bool(went)
        tally.agreed += fit.aturan.kepada_id in went
    return list(tallies.values()), unrouted
