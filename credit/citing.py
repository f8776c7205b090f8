"""Articles as they are shown: with their mark where nobody has read the text."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from django.utils.translation import get_language, override

from kernel import clock
from kernel.regulation import marks
from kernel.regulation import selectors as law
from kernel.regulation.rows import Row


def language() -> str:
    """The language of the words asked for: ``zh`` or ``en``."""
    return "en" if (get_language() or "zh").startswith("en") else "zh"


def cited(row: Row, words: str) -> str:
    """A row's article in a language, marked where it must be."""
    article = row.article_en if words == "en" else row.article
    if not marks.must_be_marked(row.source):
        return article
    shape = "{} ({})" if words == "en" else "{}（{}）"
    # The mark in the article's language, not in that of whoever asks first and is remembered.
    with override("en" if words == "en" else "zh-hans"):
        return shape.format(article, marks.mark(row.source))


@lru_cache(maxsize=256)
def articles(code: str, day: date, words: str) -> dict[str, str]:
    """The articles (rows ``cite.…``) of a set of values on a legal day."""
    rows = law.resolve(code, clock.start_of(day)).rows
    return {key: cited(row, words) for row in rows if (key := row.key.partition("cite.")[2])}
