"""Restrictive clauses: texts of tender documents are searched for words that give them away."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

_AROUND = 12  # characters shown on each side of a hit


@dataclass(frozen=True)
class Suspicion:
    """What one row of the rule set looks for. clause: 1 to 7 of article 32."""

    key: str
    clause: int
    patterns: tuple[str, ...]
    advice: str
    article: str


@dataclass(frozen=True)
class Hit:
    """Words that were found. field: where; excerpt: the words with a few around them."""

    field: str
    words: str
    excerpt: str
    suspicion: Suspicion


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def hits(texts: Mapping[str, str], suspicions: Iterable[Suspicion]) -> Iterator[Hit]:
    """Every place where a text may restrict; each suspicion is told once for each text."""
    for suspicion in suspicions:
        for field, text in texts.items():
            if (found := _first(text, suspicion.patterns)) is not None:
                start, end = max(0, found.start() - _AROUND), found.end() + _AROUND
                yield Hit(field, found.group(), text[start:end], suspicion)


def _first(text: str, patterns: Iterable[str]) -> re.Match[str] | None:
    places = [found for p in patterns if (found := _compiled(p).search(text)) is not None]
    return min(places, key=lambda found: found.start(), default=None)
