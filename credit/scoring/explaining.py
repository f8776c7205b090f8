"""A score explains itself: every fact with weight, article, paper and end, and what comes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from credit import citing
from credit.scoring import ahead as coming
from credit.scoring import formulas, selectors
from credit.scoring.models import PointEntry
from kernel import clock


def explain(
    uscc: str, valid_on: date, known_at: datetime, *, code: str = selectors.SCHEME,
    language: str = "zh", ahead: bool = True,
) -> dict[str, Any]:  # fmt: skip
    """The score of a day as known at an instant, as plain values; points in millionths.

    ``base`` plus every ``millionths`` plus ``cut`` is ``score_millionths`` exactly. Contributions
    stand gravest first. ahead: whether to look for what comes, which takes longer. Raises what
    :func:`credit.scoring.selectors.scheme` raises.
    """
    at = clock.start_of(valid_on)
    scheme, ledger = selectors.scheme(at, code), selectors.entries(uscc)
    found = formulas.score(ledger, scheme, valid_on, known_at)
    papers = {
        pk: (article, number, record)
        for pk, article, number, record in PointEntry.objects.filter(
            pk__in=[one.entry for one in found.contributions]
        ).values_list("pk", "article", "document_number", "record_id")
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
        "held_back": found.held_back,
        "contributions": [
            {
                "entry": one.entry,
                "item": one.item,
                "label": selectors.item_label(one.item, at, language, code),
                "category": one.category,
                "millionths": one.millionths,
                "article": papers[one.entry][0]
                or citing.cited(selectors.item_row(one.item, at, code), language),
                "document_number": papers[one.entry][1],
                "record": papers[one.entry][2],
                "ends_on": one.ends_on.isoformat(),
            }
            for one in sorted(found.contributions, key=lambda one: (one.millionths, one.entry))
        ],
        "ahead": [
            {"day": turn.day.isoformat(), "grade": turn.grade, "score_millionths": turn.millionths}
            for turn in (coming.turns(ledger, scheme, valid_on, known_at) if ahead else ())
        ],
    }
