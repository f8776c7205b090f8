"""Finding: by text, kind and region, the newest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from kernel.errors import NotFound, Refused
from kernel.search import bigrams, index
from kernel.search.kinds import kinds as all_kinds
from kernel.search.models import SearchEntry

LIMIT = 20
# Nobody reads further; counting further is what would make a common word slow.
MOST = 1_000


@dataclass(frozen=True)
class Hit:
    """One thing that was found. position: its place in the order, for ``before``."""

    kind: str
    key: str
    title: str
    number: str
    text: str
    url: str
    published_at: datetime
    region: str
    position: int


@dataclass(frozen=True)
class Found:
    """Hits, newest first. words: folded, as they were looked for. next: ``before`` of the rest."""

    hits: tuple[Hit, ...]
    words: tuple[str, ...]
    next: int | None


@dataclass(frozen=True)
class Counted:
    """Hits by kind; where not ``complete``, there are at least so many."""

    by_kind: Mapping[str, int]
    complete: bool

    @property
    def total(self) -> int:
        """Hits of all kinds."""
        return sum(self.by_kind.values())


_FIELDS = (
    "kind", "key", "title", "number", "text", "url", "published_at", "region", "position",
)  # fmt: skip


def find(
    text: str,
    *,
    kinds: Sequence[str] = (),
    region: str = "",
    limit: int = LIMIT,
    before: int | None = None,
) -> Found:
    """The newest things whose title, number or text contain every word of ``text``.

    Without text, the newest of all. Raises Refused ``search.query.too_short``, ``.too_long``,
    ``search.region.unknown`` and NotFound ``search.kind.unknown``, ``search.before.unknown``.
    """
    asked = _asked(text, kinds, region)
    if before is not None and not 0 < before < 2**63:
        raise NotFound.because("search.before.unknown", field="before")
    places = index.positions(asked, limit=limit + 1, before=before)
    rows = SearchEntry.objects.filter(position__in=places[:limit]).order_by("-position")
    hits = tuple(Hit(*row) for row in rows.values_list(*_FIELDS))
    return Found(hits, tuple(asked.words), places[limit - 1] if len(places) > limit else None)


def count(text: str, *, kinds: Sequence[str] = (), region: str = "") -> Counted:
    """How many hits there are of each kind, counted up to MOST. Raises as :func:`find`."""
    found = index.count(_asked(text, kinds, region), most=MOST)
    wanted = kinds or tuple(all_kinds())
    return Counted({code: found.get(code, 0) for code in wanted}, sum(found.values()) < MOST)


def _asked(text: str, kinds: Sequence[str], region: str) -> index.Asked:
    if len(text) > bigrams.LONGEST:
        raise Refused.because("search.query.too_long", field="q", longest=bigrams.LONGEST)
    words = bigrams.terms(text)
    if not words and text.strip():
        raise Refused.because("search.query.too_short", field="q", shortest=bigrams.SHORTEST)
    for code in kinds:
        if code not in all_kinds():
            raise NotFound.because("search.kind.unknown", field="kind")
    if region and not (len(region) == 6 and region.isascii() and region.isdigit()):
        raise Refused.because("search.region.unknown", field="region")
    return index.Asked(words, tuple(kinds), region)
