"""Time between two acts, told by the periods of the law; what ``precedences.check`` is given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kernel.regulation import selectors
from kernel.regulation.due import Due, due, earliest_allowed, latest_before
from kernel.regulation.precedences import Act, Violation, check


@dataclass(frozen=True, slots=True)
class PeriodGaps:
    """Gaps by period keys, with the law valid when the earlier act was done."""

    def not_before(self, period_key: str, previous: Act, act: Act) -> datetime | None:
        """The bound if ``act`` came too soon (of a "before" period: if the other came too late)."""
        region, subject, moment = act.region, act.subject, previous.at
        _, row = selectors.find_period(period_key, moment, region, subject)
        if row["direction"] == "before":
            bound = latest_before(
                act.at, period_key, region=region, subject=subject, moment=moment, provisional=True
            )
            return _told(bound, previous.at >= bound.at)
        bound = earliest_allowed(
            previous.at, period_key, region=region, subject=subject, provisional=True
        )
        return _told(bound, act.at < bound.at)

    def not_after(self, period_key: str, previous: Act, act: Act) -> datetime | None:
        """The bound if ``act`` came too late."""
        end = due(previous.at, period_key, region=act.region, subject=act.subject, provisional=True)
        return _told(end, end.missed(act.at))


def _told(bound: Due, crossed: bool) -> datetime | None:
    # What rests on a year that nobody has confirmed binds nobody yet (ADR 0006).
    return bound.at if crossed and not bound.provisional else None


def violations(log: list[Act], at: datetime) -> list[Violation]:
    """Order and gaps of a log by the precedences valid at a legal moment."""
    return check(log, selectors.resolve("precedences", at), PeriodGaps())
