"""Whether a lot must be tendered: order 16 of 2018 over plain values."""

from __future__ import annotations

from dataclasses import dataclass

from procurement.tendering.facts import LotFacts


@dataclass(frozen=True)
class Ground:
    """Why a lot must be tendered. code: budget, state, foreign or public. state_funds: the
    State's money is in it, so that it is tendered in the open."""

    code: str
    article: str

    @property
    def state_funds(self) -> bool:
        """Whether public money alone makes it mandatory."""
        return self.code in ("budget", "state")


def must_tender(facts: LotFacts) -> Ground | None:
    """The ground on which a lot must be tendered, or None.

    The contract reaches the threshold of its kind, together with the project's other lots of that
    kind, and the project is of a class that the order names.
    """
    project, limits = facts.project, facts.thresholds
    if project is None:
        return None
    single = limits.single.get(facts.form.kind)
    if single is None or facts.form.estimate_fen + facts.same_kind_fen < single:
        return None
    total = project.total_investment_fen
    budget = _sum(facts, frozenset({"budget"}))
    if budget >= limits.budget_fen and budget * 100 >= total * limits.budget_percent:
        return Ground("budget", limits.article)
    if _sum(facts, limits.state_sources) * 100 > total * limits.state_percent:
        return Ground("state", limits.article)
    if _sum(facts, limits.foreign_sources) > 0:
        return Ground("foreign", limits.article)
    if project.project_class in limits.public_classes:
        return Ground("public", limits.article)
    return None


def _sum(facts: LotFacts, sources: frozenset[str]) -> int:
    funding = facts.project.funding if facts.project else ()
    return sum(fen for source, fen in funding if source in sources)
