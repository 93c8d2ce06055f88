"""Search that forgives: words of names and synonyms in memory, compared with rapidfuzz, the same on both databases.

Every word somebody types is compared with the vocabulary of the catalogue (a few thousand words, whatever the number
of rows); rows are then scored by the words they share, rare words counting more. So "perpanjng sim", "SIM hilang"
and "nomor antrian paspor" find what is meant.
"""

import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from heapq import nlargest
from itertools import chain
from math import log
from threading import Lock
from time import monotonic
from typing import Any

from django.db.models import Count, DateTimeField, Max, QuerySet, Value
from rapidfuzz import fuzz, process

from .models import Instansi, JenisLayanan, Layanan, Mpp

MAX_AGE = 300  # seconds; what the version does not show (a renamed mall) is seen after this
SHORT = 3  # letters: a word this short must be typed right, or be a beginning
BEGUN = 30  # words that begin like a typed one: no more are looked at
ALIKE = 74  # of 100: how like two words must be
NEAR = 0.55  # of the best score: what else is worth showing
ENOUGH = 0.38  # of the words' weight must be found, else nothing is

# Spellings outside KBBI that people write, and words for a first one; the catalogue is written in KBBI.
SPELLINGS = {
    "bikin": "baru",
    "buat": "baru",
    "membuat": "baru",
    "ektp": "ktp",
    "antri": "antrean",
    "antrian": "antrean",
    "apotik": "apotek",
    "ijin": "izin",
    "ijasah": "ijazah",
    "kwitansi": "kuitansi",
    "materai": "meterai",
    "nopol": "plat",
    "pasport": "paspor",
    "passport": "paspor",
    "praktek": "praktik",
    "pass": "pas",
    "resiko": "risiko",
    "sertipikat": "sertifikat",
}
# Words around what is meant.
_FILLERS = """
ada agar akan aku ambil antrean apa apakah atau bagaimana bagi bisa cara dan dari di dimana gimana harus
ingin ini itu ke kena layanan mau mengurus minta mohon nomor nya pelayanan pembuatan pengurusan saya tempat
tolong untuk urus urusan yang a an for get how i in make my need number of queue the to want where
"""
FILLERS = frozenset(_FILLERS.split())
QUEUE = frozenset({"antrean", "queue"})


def words(text: str) -> list[str]:
    """Lower-case words without accents, in KBBI spelling: "E-KTP & antrian" → ktp, antrean."""
    plain = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
    return [SPELLINGS.get(word, word) for word in re.findall(r"[a-z0-9]+", plain.replace("e-ktp", "ktp"))]


@dataclass
class Index:
    """Rows of one kind: for every word, which rows carry it and how much it counts there (1 in the name)."""

    _rows: dict[str, dict[int, float]] = field(default_factory=lambda: defaultdict(dict))
    _phrases: dict[int, list[str]] = field(default_factory=dict)
    _lengths: dict[int, int] = field(default_factory=dict)

    def add(self, pk: int, name: str, *others: tuple[str, float]) -> None:
        self._phrases[pk] = phrases = []
        self._lengths[pk] = max(1, len(set(words(name)) - FILLERS))
        for text, weight in [(name, 1.0), *others]:
            found = words(text)
            phrases.append(" ".join(sorted(found)))
            for word in found:
                self._rows[word][pk] = max(weight, self._rows[word].get(pk, 0.0))

    @cached_property
    def vocabulary(self) -> list[str]:
        return sorted(self._rows)

    @cached_property
    def _by_length(self) -> dict[int, list[str]]:
        lengths = defaultdict(list)
        for word in self.vocabulary:
            lengths[len(word)].append(word)
        return lengths

    def _rarity(self, word: str) -> float:
        return 1 + log((1 + len(self._phrases)) / (1 + len(self._rows[word])))

    def _begun(self, word: str) -> list[str]:
        """Words that begin so: of many, the ones on most rows."""
        here = self.vocabulary[bisect_left(self.vocabulary, word) : bisect_left(self.vocabulary, word + "~")]
        return nlargest(BEGUN, here, key=lambda known: len(self._rows[known]))

    def alike(self, word: str) -> dict[str, float]:
        """Words of the catalogue that may be meant by this one, with how surely (0–1)."""
        found = {known: 0.75 + 0.2 * len(word) / len(known) for known in self._begun(word)} if len(word) > 1 else {}
        if word in self._rows:
            found[word] = 1.0
        if not found and len(word) > SHORT:
            lengths = range(max(SHORT, len(word) - 2), len(word) + 3)
            near = process.extract(
                word, chain(*(self._by_length[n] for n in lengths)), scorer=fuzz.ratio, score_cutoff=ALIKE, limit=12
            )
            found = {known: 0.9 * score / 100 for known, score, _position in near}
        return found

    def find(self, sought: list[str], limit: int) -> list[int]:
        """Ids of the best rows, best first."""
        scores: dict[int, float] = defaultdict(float)
        total = 0.0
        for word in sought:
            alike = self.alike(word)
            worth = max((self._rarity(known) for known in alike), default=1 + log(1 + len(self._phrases)))
            total += worth
            best: dict[int, float] = {}
            for known, sure in alike.items():
                for pk, weight in self._rows[known].items():
                    best[pk] = max(best.get(pk, 0.0), sure * weight)
            for pk, share in best.items():
                scores[pk] += worth * share
        return self._ranked(scores, total, " ".join(sorted(sought)), limit)

    def _ranked(self, scores: dict[int, float], total: float, phrase: str, limit: int) -> list[int]:
        """Cut what is far from the best; among the nearly equal, the one with a phrase most like it comes first."""
        if not scores:
            return []
        top = max(scores.values())
        if top < ENOUGH * total:
            return []
        near = nlargest(3 * limit, ((score / total, pk) for pk, score in scores.items() if score >= NEAR * top))
        fine = [
            (
                score
                + 0.2 * max(fuzz.ratio(phrase, known) for known in self._phrases[pk]) / 100
                - 0.01 * self._lengths[pk],
                -pk,
            )
            for score, pk in near
        ]
        return [-pk for _score, pk in nlargest(limit, fine)]


@dataclass
class Catalogue:
    """The three indexes, and the version of the catalogue they were read from."""

    version: Any
    read_at: float
    jenis: Index
    mpp: Index
    instansi: Index


@dataclass(frozen=True)
class Offered:
    """A national type, at how many gerai of this portal it can be arranged, and the one if there is no other."""

    jenis: JenisLayanan
    places: int
    only: Layanan | None

    def get_absolute_url(self) -> str:
        return (self.only or self.jenis).get_absolute_url()


@dataclass(frozen=True)
class Found:
    """Types, then malls and offices. `queue`: the person asked for a number."""

    jenis: list[Offered]
    mpp: list[Mpp]
    instansi: list[Instansi]
    queue: bool = False

    def __len__(self) -> int:
        return len(self.jenis) + len(self.mpp) + len(self.instansi)


_lock = Lock()
_catalogue: Catalogue | None = None


def _version() -> Any:
    """One query that tells whether the catalogue changed: rows, newest id, last change of each kind."""
    never = Value(None, output_field=DateTimeField())
    kinds: list[tuple[Any, Any]] = [(JenisLayanan, Max("diubah_at")), (Mpp, never), (Instansi, never)]
    rows = [
        model.objects.order_by().values(kind=Value(number)).annotate(rows=Count("pk"), newest=Max("pk"), last=last)
        for number, (model, last) in enumerate(kinds)
    ]
    return sorted(tuple(row.values()) for row in rows[0].union(*rows[1:], all=True))


def _read(version: Any) -> Catalogue:
    jenis, mpp, instansi = Index(), Index(), Index()
    fields = ("pk", "nama", "nama_en", "sinonim", "instansi__singkatan")
    for pk, nama, english, sinonim, office in JenisLayanan.objects.order_by("pk").values_list(*fields):
        jenis.add(pk, nama, (english, 0.95), *((word, 0.9) for word in sinonim), (office, 0.4))
    for pk, nama, region, province in Mpp.objects.order_by("pk").values_list(
        "pk", "nama", "wilayah__nama", "wilayah__induk__nama"
    ):
        mpp.add(pk, nama, (region, 0.9), (province or "", 0.6))
    for pk, singkatan, nama, english in Instansi.objects.order_by("pk").values_list(
        "pk", "singkatan", "nama", "nama_en"
    ):
        instansi.add(pk, singkatan, (nama, 0.9), (english, 0.9))
    return Catalogue(version, monotonic(), jenis, mpp, instansi)


def catalogue() -> Catalogue:
    """The indexes of this process, read again when the catalogue changed."""
    global _catalogue
    version = _version()
    with _lock:
        known = _catalogue
        if known is None or known.version != version or monotonic() - known.read_at > MAX_AGE:
            known = _catalogue = _read(version)
    return known


def find(text: str, *, jenis: int = 20, places: int = 8) -> Found:
    """What these words may mean, best first: at most so many types, and so many malls and offices."""
    meant, queue = _meant(text)
    if not meant:
        running = Mpp.objects.running().select_related("wilayah") if queue else Mpp.objects.none()
        return Found([], list(running[:places]), [], queue)
    known = catalogue()
    return Found(
        _offered(known.jenis.find(meant, jenis)),
        _in_order(Mpp.objects.select_related("wilayah"), known.mpp.find(meant, places)),
        _in_order(Instansi.objects.all(), known.instansi.find(meant, places)),
        queue,
    )


def types(text: str, limit: int) -> list[int]:
    """Ids of the types that these words may mean."""
    meant, _queue = _meant(text)
    return catalogue().jenis.find(meant, limit) if meant else []


def near(slug: str, limit: int = 4) -> Found:
    """What a wrong address may have meant."""
    return find(slug.replace("-", " "), jenis=limit, places=2)


def _meant(text: str) -> tuple[list[str], bool]:
    """The words that are looked for, and whether the person asked for a number."""
    sought = words(text)
    queue = bool(QUEUE & set(sought))
    return [word for word in sought if word not in FILLERS] or ([] if queue else sought), queue


def _in_order(rows: QuerySet[Any], ids: list[int]) -> list[Any]:
    found = rows.in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]


def _offered(ids: list[int]) -> list[Offered]:
    """How many places offer each; however many those are, only a place that is the only one is read."""
    rows = Layanan.objects.offered().filter(jenis__in=ids)
    places = dict(rows.order_by().values_list("jenis").annotate(Count("pk")))
    alone = rows.filter(jenis__in=[pk for pk, n in places.items() if n == 1])
    only = {row.jenis_id: row for row in alone.select_related("jenis", "gerai__mpp", "gerai__instansi")}
    kinds = _in_order(JenisLayanan.objects.select_related("instansi"), ids)
    return [Offered(row, places.get(row.pk, 0), only.get(row.pk)) for row in kinds]
