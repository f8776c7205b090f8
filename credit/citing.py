"""Articles as they are shown: with their mark where nobody has read the text."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from kernel import clock
from kernel.regulation import selectors as law
from kernel.regulation.citing import as_written, cited, language, told

__all__ = ["articles", "as_written", "cited", "language", "told"]


@lru_cache(maxsize=256)
def articles(code: str, day: date, words: str) -> dict[str, str]:
    """The articles (rows ``cite.…``) of a set of values on a legal day."""
    rows = law.resolve(code, clock.start_of(day)).rows
    return {key: cited(row, words) for row in rows if (key := row.key.partition("cite.")[2])}
