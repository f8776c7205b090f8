"""Where in a text, as it was written, the words of a query stand. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from kernel.search.bigrams import fold, fold_one

Part = tuple[str, bool]
_AROUND = 24  # characters of an excerpt on each side of the first hit


def marked(text: str, words: Sequence[str]) -> tuple[Part, ...]:
    """A text cut into parts, each with whether it is a hit; joined they are the text."""
    hits = _hits(text, words)
    return tuple(
        ("".join(text[i] for i in places), hit)
        for hit, places in groupby(range(len(text)), key=lambda i: i in hits)
    )


def excerpt(text: str, words: Sequence[str]) -> tuple[Part, ...]:
    """The surroundings of the first hit in a text, marked; empty where there is none."""
    for line in text.splitlines():
        hits = _hits(line, words)
        if not hits:
            continue
        start, end = max(min(hits) - _AROUND, 0), min(min(hits) + 2 * _AROUND, len(line))
        before, after = "…" if start else "", "…" if end < len(line) else ""
        return marked(f"{before}{line[start:end]}{after}", words)
    return ()


def _hits(text: str, words: Sequence[str]) -> set[int]:
    """The places of the characters that belong to a hit, punctuation within it included."""
    origin = [place for place, c in enumerate(text) for _ in fold_one(c)]
    folded = fold(text)
    hits: set[int] = set()
    for word in words:
        for start in _found(folded, word):
            hits.update(range(origin[start], origin[start + len(word) - 1] + 1))
    return hits


def _found(folded: str, word: str) -> Iterator[int]:
    start = folded.find(word) if word else -1
    while start >= 0:
        yield start
        start = folded.find(word, start + 1)
