"""What clearing says of prices alone, before the detailed review. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from kernel.errors import Refusal
from procurement.evaluation.rules import EvaluationFacts, refuse


def price_findings(facts: EvaluationFacts) -> Iterator[tuple[int, Refusal]]:
    """What clearing says of prices alone: above the ceiling, very low, the same twice. Advice."""
    if facts.terms is None:
        return
    ceiling, percent = facts.terms.ceiling_fen, facts.numbers["clearing.low_percent"]
    for bid in facts.bids:
        if ceiling and bid.price_fen > ceiling:
            yield bid.bid_id, refuse(facts, "price_above_ceiling", "clearing.above_ceiling")
        if ceiling and bid.price_fen * 100 < ceiling * percent:
            yield bid.bid_id, refuse(facts, "price_low", "clearing.low_percent", percent=percent)
        twins = [
            other.name
            for other in facts.bids
            if other.bid_id != bid.bid_id and other.price_fen == bid.price_fen
        ]
        if twins:
            others = sorted(twins)
            yield bid.bid_id, refuse(facts, "price_twin", "clearing.equal_prices", others=others)
