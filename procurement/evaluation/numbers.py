"""What the rule sets of evaluation and of the bank say on a day, with their articles."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from kernel import clock
from kernel.regulation import selectors as law
from kernel.regulation.citing import cited
from procurement.evaluation.rules import Numbers

RULES = ("values.evaluation", "values.expert_bank")


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
        {key: cited(row, words) for key, row in rows.items()},
    )
