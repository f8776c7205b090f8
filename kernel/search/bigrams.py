"""Text as the index sees it, the same for what is entered and for what is asked. Pure.

Every character is folded by itself (NFKD, casefold, NFKD), and of that only letters and digits
stay: full width equals half width, ``（二期）`` equals ``二期``, and a code is found with or
without its hyphens. Since no character looks at its neighbours, a part of a text folds to a part
of the folded text. Each line is a run of its own; no hit runs across the end of a line.

A run becomes its overlapping pairs, Chinese, Latin and digits alike, so that a number is found by
any two characters of it, too. Whatever holds a text of two or more characters holds all of its
pairs; that it holds them in this order, the contains-check says.
"""

from __future__ import annotations

import unicodedata
from itertools import pairwise

SHORTEST = 2  # characters of a term
LONGEST = 100  # characters of a query as it was typed


class _Folded(dict[int, str]):
    """What each character becomes, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        plain = unicodedata.normalize("NFKD", chr(code)).casefold()
        kept = "".join(c for c in unicodedata.normalize("NFKD", plain) if c.isalnum())
        self[code] = kept
        return kept


_FOLDED = _Folded()


def fold(text: str) -> str:
    """A text's letters and digits, in the one form that is compared."""
    return text.translate(_FOLDED)


def fold_one(character: str) -> str:
    """What one character adds to a folded text; empty for punctuation."""
    return _FOLDED[ord(character)]


def runs(text: str) -> list[str]:
    """The folded lines of a text, without those that have nothing to be found by."""
    return [folded for line in text.splitlines() if len(folded := fold(line)) >= SHORTEST]


def bigrams(text: str) -> list[str]:
    """The overlapping pairs of a text's runs, in their order: ``道路桥`` is 道路, 路桥."""
    return [left + right for run in runs(text) for left, right in pairwise(run)]


def terms(query: str) -> list[str]:
    """The folded words of a query, each of which must be found; empty where none is long enough.

    Spaces divide words. Where a word has one character only, the spaces were part of what was
    looked for (``第 3 标段``), and the whole query is one word.
    """
    words = [folded for word in query.split() if (folded := fold(word))]
    if any(len(word) < SHORTEST for word in words):
        words = ["".join(words)]
    return [word for word in dict.fromkeys(words) if len(word) >= SHORTEST]
