"""bin/pesan finds every text that a template or a module marks for translation, wherever it stands."""

import sys
from io import BytesIO

from babel.messages import extract

from tests.servers import ROOT

sys.path.insert(0, str(ROOT / "bin"))
import _messages

TEMPLATE = """{% load i18n %}
      <h1>{% translate "Mau urus apa?" %}</h1>
   <p title="{% translate 'Buka' context "loket" %}">{{ name|default:_("tanpa nama") }}</p>
{% blocktranslate count n=total trimmed %}
      {{ n }} orang, 10% dari semua
   {% plural %}
      {{ n }} orang-orang
{% endblocktranslate %}
{% translate "Ambil" as verb %} don't {% empty _("Belum ada") %}
"""
MODULE = """
label = gettext_lazy("Tiket")
words = ngettext("%(n)s menit", "%(n)s menit", 2)
state = pgettext_lazy("loket", "Istirahat")
not_marked = "Bukan pesan"
"""


def found(method, source):
    """What a source yields: (line, text or texts, context)."""
    rows = extract.extract(method, BytesIO(source.encode()), _messages.KEYWORDS, _messages.COMMENTS)
    return {(line, text, context) for line, text, _, context in rows}


def test_every_marked_text_of_a_template_is_found_on_its_line():
    assert found(_messages.from_template, TEMPLATE) == {
        (2, "Mau urus apa?", None),
        (3, "Buka", "loket"),
        (3, "tanpa nama", None),
        (4, ("%(n)s orang, 10%% dari semua", "%(n)s orang-orang"), None),
        (9, "Ambil", None),
        (9, "Belum ada", None),
    }


def test_every_marked_text_of_a_module_is_found_on_its_line():
    assert found("python", MODULE) == {
        (2, "Tiket", None),
        (3, ("%(n)s menit", "%(n)s menit"), None),
        (4, "Istirahat", "loket"),
    }
