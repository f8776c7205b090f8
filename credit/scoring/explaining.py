"""A score explains itself: every fact with weight, article, paper and end, and what comes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from credit.scoring import ahead, formulas, selectors
from credit.scoring.models import PointEntry
from kernel import clock


def explain(
    uscc: str, valid_on: date, known_at: datetime, *, code: str = selectors.SCHEME,
    language: str = "zh",
) -> dict[str, Any]:  # fmt: skip
    """The score of a day as known at an instant, as plain values; points in millionths.

    ``base`` plus every ``millionths`` plus ``cut`` is ``score_millionths`` exactly. Contributions
    stand gravest first. Raises what :func:`credit.scoring.selectors.scheme` raises.
    """
    at = clock.start_of(valid_on)
    scheme, ledger = selectors.scheme(at, code), selectors.entries(uscc)
    found = formulas.score(ledger, scheme, valid_on, known_at)
    papers = {
        pk: (article, number)
        for pk, article, number in PointEntry.objects.filter(
            pk__in=[one.entry for one in found.contributions]
        ).values_list("pk", "article", "document_number")
    }
    return {
        "uscc": uscc,
        "valid_on": valid_on.isoformat(),
        "known_at": known_at.isoformat(),
        "scheme": {"code": scheme.code, "version": scheme.version, "sha256": scheme.sha256},
        "score_millionths": found.millionths,
        "grade": found.grade,
        "base": found.base,
        "cut": found.cut,
        "vetoed": found.vetoed,
        "contributions": [
            {
                "entry": one.entry,
                "item": one.item,
                "label": selectors.item_label(one.item, at, language, code),
                "category": one.category,
                "millionths": one.millionths,
                "article": papers[one.entry][0] or scheme.items[one.item].article,
                "document_number": papers[one.entry][1],
                "ends_on": one.ends_on.isoformat(),
            }
            for one in sorted(found.contributions, key=lambda one: (one.millionths, one.entry))
        ],
        "ahead": [
            {"day": turn.day.isoformat(), "grade": turn.grade, "score_millionths": turn.millionths}
            for turn in ahead.turns(ledger, scheme, valid_on, known_at)
        ],
    }
