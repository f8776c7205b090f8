"""Whose a member is: what they told, what the pool had of them, for whom they act here."""

from __future__ import annotations

from datetime import datetime

from kernel import clock
from kernel.parties.models import Membership
from procurement.evaluation import draw, rules
from procurement.evaluation.models import Expert, ExpertDraw


def jobs(expert: Expert) -> tuple[draw.Employment, ...]:
    """Employers for conflicts: one that was said to be left counts until that was said."""
    return tuple(
        draw.Employment(row["uscc"], max(row["until"], told) if row["until"] else "")
        for row in expert.employments
        for told in (row.get("told_on", ""),)
    )


def acts_for(person_id: int, at: datetime, years: int) -> frozenset[str]:
    """Credit codes of all for whom somebody acts here, or acted within so many years."""
    day = clock.legal_date(at)
    held = Membership.objects.filter(person_id=person_id, valid_from__lte=day)
    rows = held.exclude(valid_to__lt=draw.years_before(day, years)).order_by()
    return frozenset(rows.values_list("organisation__uscc", flat=True))


def at_draw(row: ExpertDraw, mine: rules.Seat | None) -> tuple[draw.Employment, ...]:
    """Employers of who acts, as the pool had them when the committee was formed."""
    if mine is None or not mine.code:
        return ()
    kept = next((one for one in row.pool if one["code"] == mine.code), None)
    return draw.from_json(kept).employments if kept else ()
