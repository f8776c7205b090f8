"""What the rule sets of evaluation and of the bank say on a day, with their articles."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from django.utils.translation import get_language

from kernel import clock
from kernel.regulation import marks
from kernel.regulation import selectors as law
from kernel.regulation.rows import Row
from kernel.web.words import with_note
from procurement.evaluation.rules import Numbers

RULES = ("values.evaluation", "values.expert_bank")


def language() -> str:
    """The rule sets' word for the active language."""
    return "en" if (get_language() or "zh").startswith("en") else "zh"


@lru_cache(maxsize=256)
def numbers(day: str, region: str, words: str) -> Numbers:
    """What the rule sets of a day say; rule sets are frozen, so a day's answer is too."""
    at = clock.start_of(date.fromisoformat(day))
    rows = {
        key: law.row(name, key, at, region)
        for name in RULES
        for key in law.resolve(name, at, region).by_key
    }
    return Numbers(
        {key: row["value"] for key, row in rows.items()},
        {key: _cited(row, words) for key, row in rows.items()},
    )


def _cited(row: Row, words: str) -> str:
    article = row.article_en if words == "en" else row.article
    if not marks.must_be_marked(row.source):
        return article
    return with_note(article, marks.mark(row.source))
