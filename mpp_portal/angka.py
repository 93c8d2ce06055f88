"""What all figures share: measures that carry their definition, a period, and the rows of their tables."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


@dataclass(frozen=True)
class Measure:
    """`value` takes a group: any row of figures with a name."""

    key: str
    name: Any
    unit: Any
    definition: Any
    value: Callable[[Any], float | None]


class PeriodForm(forms.Form):
    """From which day to which day is counted, both included; at most `longest` days at once."""

    longest = 92
    dari = forms.DateField(label=gettext_lazy("Dari"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    sampai = forms.DateField(label=gettext_lazy("Sampai"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        since, until = data.get("dari"), data.get("sampai")
        if since and until and since > until:
            self.add_error("sampai", _("Tanggal sampai tidak boleh sebelum tanggal dari."))
        elif since and until and (until - since).days >= self.longest:
            self.add_error("sampai", _("Paling lama %d hari sekaligus.") % self.longest)
        return data


def rows(parts: dict[str, list[Any]], scope: str, since: date, until: date, cut_off: str) -> Iterator[list[Any]]:
    """One row for each figure, with its definition, scope and cut-off. A group has a `name` and `values`."""
    heads = (_("Bagian"), _("Nama"), _("Ukuran"), _("Nilai"), _("Satuan"), _("Definisi"), _("Lingkup"), _("Dari"),
             _("Sampai"), _("Dihitung pada"))  # fmt: skip
    yield list(heads)
    about = [scope, since.isoformat(), until.isoformat(), cut_off]
    for title, groups in parts.items():
        for group in groups:
            for measure, value in group.values:
                if value is not None:
                    words = [str(text) for text in (measure.unit, measure.definition)]
                    yield [title, group.name, str(measure.name), value, *words, *about]
